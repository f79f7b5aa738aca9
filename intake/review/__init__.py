"""What staff and the company's own programs reach over HTTP."""
