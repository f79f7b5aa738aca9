"""A mail cut at its joints, however broken it is, so that a mutation can hit one of them."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from itertools import pairwise

_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(rb"[^\n]*\n(?:[ \t][^\n]*\n)*|[^\n]+\Z")
_DELIMITER = re.compile(rb"^--[^\n]{1,200}(?:\n|\Z)", re.M)
_BASE64 = re.compile(rb"(?:^[A-Za-z0-9+/=]{20,998}\r?\n)+", re.M)


@dataclass(slots=True)
class Pieces:
    """The header fields with their folds and line ends, what parts them from the body, the body."""

    fields: list[bytes]
    gap: bytes
    body: bytes

    def whole(self) -> bytes:
        """The mail again."""
        return b"".join(self.fields) + self.gap + self.body


def cut(raw: bytes) -> Pieces:
    """`raw` as header fields and body; cut(raw).whole() == raw."""
    found = _BLANK_LINE.search(raw)
    if found is None:
        return Pieces(_FIELD.findall(raw), b"", b"")
    first_end = raw.index(b"\n", found.start()) + 1
    return Pieces(_FIELD.findall(raw[:first_end]), raw[first_end : found.end()], raw[found.end() :])


def cut_at_delimiters(raw: bytes) -> list[bytes]:
    """Runs of bytes that each begin at a line that looks like a delimiter, the first before any."""
    at = [0, *(found.start() for found in _DELIMITER.finditer(raw)), len(raw)]
    return [raw[start:end] for start, end in pairwise(at)]


def joints(raw: bytes) -> list[int]:
    """Offsets where something begins or ends: lines, fields, parameters, encoded words, parts."""
    found = re.finditer(rb"\r?\n|[;:=\"<>]|=\?|\?=|--", raw[:200_000])
    return [at for each in found for at in (each.start(), each.end())] or [0]


def base64_blocks(raw: bytes) -> list[tuple[int, int, bytes]]:
    """Start, end and decoded bytes of what lies in base64."""
    blocks = []
    for found in _BASE64.finditer(raw):
        try:
            blocks.append((found.start(), found.end(), base64.b64decode(found[0])))
        except binascii.Error:
            continue
    return blocks
