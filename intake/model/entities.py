"""Character references of HTML, however long."""

from __future__ import annotations

import html
import re

# No character has a number of so many digits, and int() refuses 4,300.
_ENDLESS = re.compile(r"&#[0-9]{4000,};?")


def unescape(text: str) -> str:
    """html.unescape(text), also where a number is longer than Python turns into one at once."""
    try:
        return html.unescape(text)
    except ValueError:
        return html.unescape(_ENDLESS.sub("\ufffd", text))
