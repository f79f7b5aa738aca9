"""What the header of an image says: size, maker, camera; its pixels are never decoded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from intake.mail.exif import ExifFacts, read_exif

_PNG = b"\x89PNG\r\n\x1a\n"
_MOST_SEGMENTS = 200
# Text beside the pixels is read so far and no further.
_LONGEST_TEXT = 4_000
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis")


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """What is known without decoding. `scan_at` is where the entropy-coded data of a JPEG begins.

    `maker` are the words of the program that wrote it, as far as it left any.
    """

    size: tuple[int, int] | None = None
    maker: str = ""
    camera: bool = False
    transparent: bool = False
    animated: bool = False
    scan_at: int = 0


def find_dimensions(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels as the header of an image states them; None where none does."""
    if data.startswith(_PNG) and len(data) >= 24:
        return _pair(data[16:20], data[20:24], "big")
    if data.startswith((b"GIF87a", b"GIF89a")) and len(data) >= 10:
        return _pair(data[6:8], data[8:10], "little")
    if data.startswith(b"\xff\xd8"):
        return _read_jpeg(data).size
    if data.startswith(b"BM") and len(data) >= 26:
        width, height = _pair(data[18:22], data[22:26], "little")
        return width, height if height < 1 << 31 else (1 << 32) - height
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _webp_dimensions(data)
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return _heif_dimensions(data)
    if data.startswith((b"II*\0", b"MM\0*")):
        return read_exif(data).size
    return None


def read_header(data: bytes) -> ImageHeader:
    """All that the header tells that helps to say what the image is for."""
    if data.startswith(_PNG):
        return _read_png(data)
    if data.startswith(b"\xff\xd8"):
        return _read_jpeg(data)
    if data.startswith(b"GIF8"):
        return _read_gif(data)
    size = find_dimensions(data)
    if data.startswith(b"RIFF"):
        return _read_webp(data, size)
    heif = data[4:8] == b"ftyp"
    return ImageHeader(size, camera=heif and data[8:12] not in (b"avif", b"avis"))


def _pair(width: bytes, height: bytes, order: Literal["big", "little"]) -> tuple[int, int]:
    return int.from_bytes(width, order), int.from_bytes(height, order)


def _read_png(data: bytes) -> ImageHeader:
    """The chunks before the pixels (PNG 5.6)."""
    size = find_dimensions(data)
    transparent = data[25:26] in (b"\x04", b"\x06")
    animated = False
    words: list[str] = []
    exif = ExifFacts()
    at = 8
    for _ in range(_MOST_SEGMENTS):
        length = int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + min(length, _LONGEST_TEXT)]
        if kind in (b"tEXt", b"iTXt"):
            words.append(body.replace(b"\0", b" ").decode("utf-8", "replace"))
        elif kind == b"eXIf":
            exif = read_exif(body)
        elif kind == b"tRNS":
            transparent = True
        elif kind == b"acTL":
            animated = True
        elif kind in (b"IDAT", b"IEND", b""):
            break
        at += 12 + length
    maker = " ".join([*words, exif.maker])[:_LONGEST_TEXT]
    return ImageHeader(size, maker, exif.camera, transparent, animated)


def _read_jpeg(data: bytes) -> ImageHeader:
    """ITU T.81 B.2: a chain of segments with lengths, up to the first scan."""
    size: tuple[int, int] | None = None
    exif = ExifFacts()
    words: list[str] = []
    at = 2
    for _ in range(_MOST_SEGMENTS):
        at = data.find(b"\xff", at)
        if at < 0 or at + 9 > len(data):
            break
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if 0xD0 <= marker <= 0xD9 or marker in (0x00, 0x01):
            at += 2
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = _pair(data[at + 5 : at + 7], data[at + 7 : at + 9], "big")
            size = size or (width, height)
        elif marker == 0xE1 and data.startswith(b"Exif\0\0", at + 4):
            exif = read_exif(data[at + 10 : at + 2 + length])
        elif marker == 0xFE or (marker == 0xE1 and data.startswith(b"http", at + 4)):
            text = data[at + 4 : at + 4 + min(length, _LONGEST_TEXT)]
            words.append(text.decode("utf-8", "replace"))
        elif marker == 0xDA:
            maker = " ".join([*words, exif.maker])[:_LONGEST_TEXT]
            return ImageHeader(size, maker, exif.camera, scan_at=at + 2 + length)
        at += 2 + length
    return ImageHeader(size, exif.maker, exif.camera)


def _webp_dimensions(data: bytes) -> tuple[int, int] | None:
    form = data[12:16]
    if form == b"VP8X" and len(data) >= 30:
        width, height = _pair(data[24:27], data[27:30], "little")
        return width + 1, height + 1
    if form == b"VP8 " and len(data) >= 30:
        width, height = _pair(data[26:28], data[28:30], "little")
        return width & 0x3FFF, height & 0x3FFF
    if form == b"VP8L" and len(data) >= 25:
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None


def _read_webp(data: bytes, size: tuple[int, int] | None) -> ImageHeader:
    """RFC 9649 2.7: the flags of the extended header."""
    flags = data[20] if data[12:16] == b"VP8X" and len(data) > 20 else 0
    at = data.rfind(b"EXIF", max(0, len(data) - 70_000)) if flags & 0x08 else -1
    exif = read_exif(data[at + 8 :].removeprefix(b"Exif\0\0")) if at >= 0 else ExifFacts()
    return ImageHeader(size, exif.maker, exif.camera, bool(flags & 0x10), bool(flags & 0x02))


def _read_gif(data: bytes) -> ImageHeader:
    """GIF89a 23: a second graphic control extension is a second frame."""
    first = data.find(b"\x21\xf9\x04")
    animated = first >= 0 and data.find(b"\x21\xf9\x04", first + 8) >= 0
    transparent = first >= 0 and bool(int.from_bytes(data[first + 3 : first + 4], "big") & 1)
    return ImageHeader(find_dimensions(data), transparent=transparent, animated=animated)


def _heif_dimensions(data: bytes) -> tuple[int, int] | None:
    """ISO 23008-12 6.5.3: the largest extent stated is the picture, the others are its tiles."""
    head = data[:100_000]
    sizes = [
        _pair(
            head[found.end() + 4 : found.end() + 8], head[found.end() + 8 : found.end() + 12], "big"
        )
        for found in re.finditer(b"ispe", head)
    ]
    if not sizes:
        return None
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    turned = head.find(b"irot")
    if turned >= 0 and head[turned + 4 : turned + 5] in (b"\x01", b"\x03"):
        return height, width
    return width, height
