"""PGP written into a text (RFC 9580 6 and 7): the signed words without what surrounds them."""

from __future__ import annotations

import re

_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
_SIGNATURE_END = "-----END PGP SIGNATURE-----"
_ENCRYPTED = "-----BEGIN PGP MESSAGE-----"
# RFC 9580 7.2: lines that begin with a dash were given another one and a space.
_ESCAPED = re.compile(r"^- (?=-|From )", re.M)
# RFC 9580 7.1: "Hash: SHA256" and the like, then an empty line.
_ARMOUR_HEADER = re.compile(r"(?:[ \t]*[A-Za-z]{2,20}:[^\n]{0,200}\n)*[ \t]*(?:\n|\Z)")
_IS_ENCRYPTED = "The mail is encrypted (PGP); its text cannot be read here."
_IS_SIGNED = "The text is signed (PGP); the signature was not checked."


def take_off_armour(text: str, defects: list[str]) -> str:
    """`text` as it was before it was signed; an encrypted one stays and is said to be so."""
    if "-----BEGIN PGP " not in text:
        return text
    if _find_line(text, _ENCRYPTED, 0) >= 0:
        defects.append(_IS_ENCRYPTED)
    out = []
    at = 0
    while (start := _find_line(text, _SIGNED, at)) >= 0:
        header = _ARMOUR_HEADER.match(text, _next_line(text, start))
        body = header.end() if header else _next_line(text, start)
        end = _find_line(text, _SIGNATURE, body)
        out += [text[at:start], _ESCAPED.sub("", text[body : end if end >= 0 else len(text)])]
        if end < 0:
            at = len(text)
            break
        closing = _find_line(text, _SIGNATURE_END, end)
        at = _next_line(text, closing) if closing >= 0 else len(text)
    if out:
        defects.append(_IS_SIGNED)
    return "".join([*out, text[at:]])


def _find_line(text: str, line: str, at: int) -> int:
    """Where `line` stands at the beginning of a line, from `at` on; -1 for nowhere."""
    while (found := text.find(line, at)) > 0 and text[found - 1] != "\n":
        at = found + 1
    return found


def _next_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1
