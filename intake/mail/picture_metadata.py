"""A copy of an image without where and with what it was taken, its pixels untouched.

Nothing is decoded or compressed again: segments that are not needed to show the picture are left
out. What follows the end of the picture goes too: cropping programs have left the uncropped one
there, and telephones put films there. The colour profile and the orientation stay.
"""

from __future__ import annotations

import re
import zlib

from intake.errors import UnreadablePicture
from intake.mail.exif import read_exif

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP mDCV cLLI sBIT bKGD hIST pHYs sPLT "
    b"acTL fcTL fdAT".split()
)
_WEBP_KEPT = (b"VP8X", b"VP8 ", b"VP8L", b"ICCP", b"ANIM", b"ANMF", b"ALPH")
_GIF_KEPT = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
# Inside a scan a marker is anything but a stuffed byte, a restart or a fill (ITU T.81 B.1.1.5).
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def strip_metadata(data: bytes) -> bytes:
    """The picture alone: no Exif but the orientation, no comments, no XMP, no thumbnails.

    For PNG, JPEG, GIF, WebP and BMP. Raises UnreadablePicture for other types and where the
    structure is too damaged to say what is what.
    """
    if data.startswith(_PNG):
        return _strip_png(data)
    if data.startswith(b"\xff\xd8\xff"):
        return _strip_jpeg(data)
    if data.startswith((b"GIF87a", b"GIF89a")):
        return _strip_gif(data)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _strip_webp(data)
    if data.startswith(b"BM"):
        return data
    raise UnreadablePicture("Images of this type cannot be shown without what they tell beside.")


def _orientation_only(orientation: int) -> bytes:
    """A TIFF structure with tag 274 and nothing else."""
    entry = b"\x01\x12\x00\x03\x00\x00\x00\x01" + orientation.to_bytes(2, "big") + b"\0\0"
    return b"MM\0*\x00\x00\x00\x08\x00\x01" + entry + bytes(4)


def _strip_png(data: bytes) -> bytes:
    kept = [_PNG]
    at = 8
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        kind, end = data[at + 4 : at + 8], at + 12 + length
        if kind in _PNG_KEPT:
            kept.append(data[at:end])
        elif kind == b"eXIf":
            orientation = read_exif(data[at + 8 : end - 4]).orientation
            if orientation > 1:
                kept.append(_png_chunk(b"eXIf", _orientation_only(orientation)))
        if kind == b"IEND":
            return b"".join(kept)
        at = end
    return b"".join(kept)


def _png_chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(kind + body).to_bytes(4, "big")
    return len(body).to_bytes(4, "big") + kind + body + checksum


def _strip_jpeg(data: bytes) -> bytes:
    kept = [b"\xff\xd8"]
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise UnreadablePicture("The image is damaged.")
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xD9:
            break
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if end > len(data):
            raise UnreadablePicture("The image is damaged.")
        kept.append(_kept_segment(marker, data[at:end]))
        if marker == 0xDA:
            found = _MARKER.search(data, end)
            scan_end = found.start() if found else len(data)
            kept.append(data[end:scan_end])
            end = scan_end
        at = max(end, at + 2)
    return b"".join(kept) + b"\xff\xd9"


def _kept_segment(marker: int, segment: bytes) -> bytes:
    if marker == 0xE0:
        # A JFIF header may hold a small copy of the picture before it was cropped: none then.
        whole = len(segment) >= 16 and segment[4:9] == b"JFIF\0"
        return segment[:2] + b"\0\x10" + segment[4:16] + b"\0\0" if whole else b""
    if marker == 0xE1 and segment[4:10] == b"Exif\0\0":
        orientation = read_exif(segment[10:]).orientation
        if orientation == 1:
            return b""
        body = b"Exif\0\0" + _orientation_only(orientation)
        return b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body
    if marker == 0xE2:
        return segment if segment[4:16] == b"ICC_PROFILE\0" else b""
    if marker == 0xEE:
        # How the colours are coded: without it a CMYK picture is shown in wrong ones.
        return segment if segment[4:9] == b"Adobe" else b""
    return b"" if 0xE0 <= marker <= 0xEF or marker == 0xFE else segment


def _strip_webp(data: bytes) -> bytes:
    """RFC 9649 2.7; the extended header says which chunks follow."""
    kept: list[bytes] = []
    orientation = 1
    at, end = 12, min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    while at + 8 <= end:
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        kind, after = data[at : at + 4], at + 8 + length + length % 2
        body = data[at + 8 : min(at + 8 + length, end)]
        if kind in _WEBP_KEPT:
            # Of one that is cut off as much as came, so that it does not take in what follows.
            kept.append(_webp_chunk(kind, body))
        elif kind == b"EXIF":
            orientation = read_exif(body.removeprefix(b"Exif\0\0")).orientation
        at = after
    if not kept:
        raise UnreadablePicture("The image is damaged.")
    if orientation > 1:
        kept.append(_webp_chunk(b"EXIF", _orientation_only(orientation)))
    if kept[0].startswith(b"VP8X") and len(kept[0]) > 8:
        flags = kept[0][8] & ~0x0C | (0x08 if orientation > 1 else 0)
        kept[0] = kept[0][:8] + bytes([flags]) + kept[0][9:]
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _webp_chunk(kind: bytes, body: bytes) -> bytes:
    return kind + len(body).to_bytes(4, "little") + body + bytes(len(body) % 2)


def _strip_gif(data: bytes) -> bytes:
    """GIF89a: comments and foreign applications' blocks are left out.

    Of a picture that is cut off all that came is kept and closed, so that what is put at the end
    is not read as a piece of it.
    """
    at = 13 + _table_bytes(data[10:11])
    if len(data) < at:
        raise UnreadablePicture("The image is damaged.")
    kept = [data[:at]]
    while at < len(data):
        start, kind = at, data[at : at + 1]
        if kind == b"\x2c":
            blocks = at + 11 + _table_bytes(data[at + 9 : at + 10])
            at, last = _after_blocks(data, blocks)
            if at <= len(data):
                kept.append(data[start:at])
            elif last <= len(data):
                kept += [data[start:last], _cut_block(data[last:]), b"\0"]
        elif kind == b"\x21":
            at, _ = _after_blocks(data, at + 2)
            label = data[start + 1 : start + 2]
            wanted = label == b"\xf9" or (
                label == b"\xff" and data[start + 3 : start + 14] in _GIF_KEPT
            )
            if wanted and at <= len(data):
                kept.append(data[start:at])
        else:
            break
    return b"".join(kept) + b"\x3b"


def _table_bytes(packed: bytes) -> int:
    """The size of the colour table that a packed field announces."""
    return 3 << (packed[0] & 7) + 1 if packed and packed[0] & 0x80 else 0


def _after_blocks(data: bytes, at: int) -> tuple[int, int]:
    """Where the sub-blocks from `at` on end, and where the last of them begins.

    GIF89a 15: each begins with its length, and one of length 0 ends them. They end beyond the
    data where they are cut off.
    """
    last = at
    while at < len(data) and data[at]:
        last = at
        at += 1 + data[at]
    return at + 1, last if at > len(data) else at


def _cut_block(block: bytes) -> bytes:
    """The beginning of a sub-block, as one that says how much there is of it."""
    return bytes((len(block) - 1,)) + block[1:] if len(block) > 1 else b""
