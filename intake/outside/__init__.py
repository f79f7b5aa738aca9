"""What leaves the process: IMAP, SMTP, tokens. Floor 2."""
