"""Compressed RTF (MS-OXRTFCP), the form in which Outlook carries the text of a mail."""

from __future__ import annotations

_COMPRESSED, _PLAIN = b"LZFu", b"MELA"
_HEADER_BYTES = 16
_WINDOW = 4096
# 2.1.2.1: what the window holds at the beginning.
_START = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    b"\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
    b"\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
# Texts are far smaller; larger ones are pictures, which are attached as well.
_MOST_BYTES = 3_000_000


def decompress_rtf(data: bytes) -> bytes:
    """The RTF in `data`, as far as it can be read and at most 3 MB; b"" where it is none."""
    size = min(int.from_bytes(data[4:8], "little"), _MOST_BYTES)
    kind = data[8:12]
    if kind == _PLAIN:
        return data[_HEADER_BYTES : _HEADER_BYTES + size]
    if kind != _COMPRESSED:
        return b""
    out = bytearray(_START)
    at, end, most = _HEADER_BYTES, len(data), size + len(_START)
    while at < end and len(out) < most:
        flags = data[at]
        at += 1
        for bit in range(8):
            if at >= end:
                break
            if not flags >> bit & 1:
                out.append(data[at])
                at += 1
                continue
            if at + 1 >= end:
                at = end
                break
            token = data[at] << 8 | data[at + 1]
            at += 2
            distance = (len(out) - (token >> 4)) % _WINDOW
            if not distance or distance > len(out):
                # 2.2.2: a reference to the place that is written next ends it all.
                return bytes(out[len(_START) : most])
            _repeat(out, distance, (token & 0xF) + 2)
    return bytes(out[len(_START) : most])


def _repeat(out: bytearray, distance: int, count: int) -> None:
    start = len(out) - distance
    if distance >= count:
        out += out[start : start + count]
    else:
        pattern = out[start:]
        out += (pattern * (count // distance + 1))[:count]
