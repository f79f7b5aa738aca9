"""What we answer, and whether. Floor 2."""
