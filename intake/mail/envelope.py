"""What surrounds a mail in files and mailboxes and is not part of it."""

from __future__ import annotations

import codecs
import re

# mbox: "From sender date"; only ever the first line.
_MBOX_LINE = re.compile(rb"\s*>?From (?![ \t]*:)[^\n]*\n")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def prepare(raw: bytes) -> tuple[bytes, list[str]]:
    """The mail itself, with LF or CRLF line ends, and what had to be taken off or changed.

    Deterministic, so that a section number means the same every time.
    """
    defects = []
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raw = raw.decode("utf-16", "replace").encode()
        defects.append("The mail was saved as UTF-16.")
    if raw.startswith(b"\0"):
        raw = raw.lstrip(b"\0")
        defects.append("NUL bytes stood before the mail.")
    if raw.startswith(_BYTE_ORDER_MARK):
        raw = raw[len(_BYTE_ORDER_MARK) :]
        defects.append("A byte order mark stood before the mail.")
    if b"\n" not in raw and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
        defects.append("The lines of the mail end in CR alone.")
    if raw[:1] in (b"\n", b"\r", b" ", b"\t") and raw.strip():
        lead = len(raw) - len(raw.lstrip(b" \t\r\n"))
        if re.match(rb"(?:>?From |[A-Za-z][!-9;-~]{0,60}:)", raw[lead : lead + 80]):
            raw = raw[lead:]
            defects.append("Empty lines stood before the header.")
    found = _MBOX_LINE.match(raw)
    return (raw[found.end() :] if found else raw), defects
