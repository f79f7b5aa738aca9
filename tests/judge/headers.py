"""Mails from header blocks as they stand in a file: what the authentication tests are about."""

from __future__ import annotations

import textwrap

from intake.mail.parse import parse_mail
from intake.model import ParsedMail

AUTHOR = "From: Alice Moreau <alice.moreau@posteo.example>"


def mail_with(head: str, author: str = AUTHOR, text: str = "Hello.") -> ParsedMail:
    """The mail whose header begins with `head` and names `author`."""
    top = textwrap.dedent(head).strip("\n")
    lines = [line for line in (top, author, "To: support@exchange.example") if line]
    block = "\n".join((*lines, "Subject: Withdrawal", "Message-ID: <x@mail.example>"))
    return parse_mail(f"{block}\n\n{text}\n".encode())
