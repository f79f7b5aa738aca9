"""What a mail says: bytes in, ParsedMail out, no opinion. Floor 2."""
