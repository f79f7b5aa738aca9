"""A desk of its own on loopback: servers, sample mails, a live view. Floor 5."""
