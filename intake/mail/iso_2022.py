"""Text that switches charsets with escape sequences (RFC 1468, 1554, 1557), as it is sent."""

from __future__ import annotations

import re

# What only these codecs know: Korean, JIS X 0213, and the Chinese and Greek of ISO-2022-JP-2.
_OTHERS = (
    (b"\x1b$)C", "iso2022_kr"),
    (b"\x1b$(O", "iso2022_jp_2004"),
    (b"\x1b$(P", "iso2022_jp_2004"),
    (b"\x1b$(Q", "iso2022_jp_2004"),
    (b"\x1b$A", "iso2022_jp_2"),
    (b"\x1b$(C", "iso2022_jp_2"),
    (b"\x1b.", "iso2022_jp_2"),
)
_ESCAPE = re.compile(rb"\x1b(\$\(?[@BD]|\([BJIH])")


def decode_iso_2022(data: bytes) -> str | None:
    """The text in `data`, None where its escape sequences are of no charset of this family.

    The characters that Windows added to JIS X 0208 (rows 13 and 89 to 119) are read too.
    """
    for mark, name in _OTHERS:
        if mark in data:
            return data.decode(name, "replace")
    if not _ESCAPE.search(data):
        return None
    try:
        return data.decode("iso2022_jp_ext")
    except UnicodeDecodeError:
        pass
    pieces = _ESCAPE.split(data)
    out = [pieces[0].decode("ascii", "replace")]
    for mode, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        out.append(_decode_piece(mode, piece))
    return "".join(out)


def _decode_piece(mode: bytes, piece: bytes) -> str:
    if mode == b"(I":
        return bytes(byte | 0x80 for byte in piece).decode("cp932", "replace")
    if mode.startswith(b"("):
        return piece.decode("ascii", "replace")
    if mode == b"$(D":
        # JIS X 0212: EUC-JP has it behind 8F.
        return _JIS_PAIR.sub(rb"\x8f\g<0>", _raise(piece)).decode("euc_jp", "replace")
    if len(piece) > _LONGEST_PIECE_BYTES:
        return _raise(piece).decode("euc_jp", "replace")
    # RFC 1468: a line break ends a run; some forget to switch back before it.
    return b"".join(
        _to_shift_jis(part) if index % 2 == 0 else part
        for index, part in enumerate(_BREAK.split(piece))
    ).decode("cp932", "replace")


# Characters that only Windows has are not worth the time in more than any text is long.
_LONGEST_PIECE_BYTES = 100_000
_BREAK = re.compile(rb"([\r\n]+)")
_JIS_PAIR = re.compile(rb"[\xa1-\xfe]{2}")


def _raise(piece: bytes) -> bytes:
    return piece.translate(_RAISED)


_RAISED = bytes(byte | 0x80 if 0x21 <= byte <= 0x7E else byte for byte in range(256))


def _to_shift_jis(piece: bytes) -> bytes:
    """JIS X 0208 row and cell bytes in the arrangement of Shift_JIS; others stay as they are."""
    out = bytearray()
    at = 0
    while at < len(piece):
        row = piece[at]
        if not 0x21 <= row <= 0x7E or at + 1 >= len(piece):
            out.append(row)
            at += 1
            continue
        cell = piece[at + 1]
        lead = (row + 1) // 2 + (0x70 if row < 0x5F else 0xB0)
        trail = cell + (0x1F if cell < 0x60 else 0x20) if row % 2 else cell + 0x7E
        out += bytes((lead, min(trail, 0xFC)))
        at += 2
    return bytes(out)
