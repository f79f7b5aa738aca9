"""Parameters of Content-Type and Content-Disposition: name="a.pdf", RFC 2231 and what is sent."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from intake.mail.charset import decode, find_codec
from intake.mail.headers import clean, read_value

_PARAMETER = re.compile(
    rb""";\s*([A-Za-z0-9_*-]{1,60})\s*=\s*(?:"((?:[^"\\]|\\.)*)"(?=\s*(?:;|$))|([^;]*))""", re.S
)
# RFC 2231 3 and 4: name*, name*0, name*0*.
_SECTION = re.compile(r"([a-z0-9_-]+)\*(?:(\d{1,3})(\*?))?$")
_FOLD = re.compile(rb"\r?\n[ \t]*")
_MOST_PARAMETERS = 200
_LONGEST_BYTES = 60_000


def parse_parameters(raw: bytes, hint: str | None = None) -> dict[str, str]:
    """Lower-case parameter names and readable values of a header value; raises nothing."""
    raw = raw[:_LONGEST_BYTES]
    if b"=" not in raw:
        return {}
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bool, bytes]]] = {}
    for found in list(_PARAMETER.finditer(raw))[:_MOST_PARAMETERS]:
        name = found[1].decode("ascii").lower()
        value = found[2] if found[2] is not None else found[3].strip().strip(b'"')
        section = _SECTION.match(name)
        if section:
            number, encoded = int(section[2] or 0), section[2] is None or bool(section[3])
            pieces.setdefault(section[1], {})[number] = (encoded, _FOLD.sub(b"", value))
        elif name not in plain:
            plain[name] = _read(value, hint)
    for name, numbered in pieces.items():
        # RFC 2231 is exact where the plain form of the same name is a fall-back.
        joined = _join(numbered, hint)
        if joined:
            plain[name] = joined
    return plain


def _read(value: bytes, hint: str | None) -> str:
    if b"\\" in value:
        value = re.sub(rb'\\(["\\])', rb"\1", value)
    if b"\n" in value:
        value = _FOLD.sub(b" " if b"=?" not in value else b"\n ", value)
    return read_value(value, hint, as_written=True)


def _join(numbered: dict[int, tuple[bool, bytes]], hint: str | None) -> str:
    charset: str | None = None
    data = b""
    for number in sorted(numbered):
        encoded, value = numbered[number]
        if encoded and number == min(numbered) and value.count(b"'") >= 2:
            name, _, value = value.split(b"'", 2)
            charset = name.decode("ascii", "replace") or None
        data += unquote_to_bytes(value) if encoded or (charset and b"%" in value) else value
    if b"=?" in data:
        return read_value(data, hint, as_written=True)
    return clean(decode(data, charset if find_codec(charset) else None, hint)[0])
