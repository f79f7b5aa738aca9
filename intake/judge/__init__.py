"""What we make of a mail: ParsedMail and Facts in, verdicts with reasons out. Floor 2."""
