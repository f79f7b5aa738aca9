"""Files that hold files, small and whole, and what damage does to them."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from functools import lru_cache
from random import Random

from tests.fuzz.soups import MAGIC, NUMBERS

_NAMES = (
    "a.txt",
    "../../etc/passwd",
    "a/b\r\n.exe",
    "\u202egnp.exe",
    "a.docm",
    "中文.pdf",
    "a.eml",
)


@lru_cache(maxsize=1)
def files() -> tuple[bytes, ...]:
    """One of each container and picture that needs nothing but the standard library."""
    inner = b"From: a@b.example\r\nSubject: inner\r\n\r\nhello\r\n"
    return (
        _zip(zipfile.ZIP_DEFLATED),
        _zip(zipfile.ZIP_STORED),
        gzip.compress(_tar(), mtime=0),
        _tar(),
        bz2.compress(_tar()),
        lzma.compress(_tar()),
        tnef(),
        png(640, 480),
        b"GIF89a"
        + struct.pack("<HH", 3, 3)
        + b"\x80\0\0"
        + bytes(6)
        + b",\0\0\0\0\3\0\3\0\0\2\1D\0;",
        b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xc0\0\x0b\x08\1\0\1\0\1\1\x11\0\xff\xd9",
        b"BM" + struct.pack("<IIIIiiHHI", 58, 0, 54, 40, 1, -1, 1, 24, 0) + bytes(24),
        b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0",
        b"{\\rtf1\\ansi{\\fonttbl{\\f0 A;}}hello\\par {\\object\\objdata 0105}}",
        b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:x\r\nEND:VEVENT\r\n",
        inner,
    )


def _zip(method: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name in _NAMES:
            archive.writestr(zipfile.ZipInfo(name), name * 20, method)
    return stream.getvalue()


def _tar() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name in _NAMES:
            info = tarfile.TarInfo(name)
            info.size = 20
            archive.addfile(info, io.BytesIO(bytes(20)))
    return stream.getvalue()


def png(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds a single row."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(3 * min(width, 1000) + 1))
    chunks = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def tnef() -> bytes:
    """A winmail.dat ([MS-OXTNEF] 2.1) with a subject and one file."""
    attributes = (
        (1, 0x00089006, struct.pack("<I", 0x00010000)),
        (1, 0x00018004, b"subject\0"),
        (1, 0x0002800C, b"the text\r\n\0"),
        (2, 0x00069002, struct.pack("<HIHHII", 1, 0xFFFFFFFF, 0, 0, 0, 0)),
        (2, 0x00018010, b"a.txt\0"),
        (2, 0x0006800F, b"content"),
    )
    body = b"".join(
        struct.pack("<BII", level, name, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)
        for level, name, data in attributes
    )
    return struct.pack("<IH", 0x223E9F78, 1) + body


def damage(dice: Random, data: bytes) -> bytes:
    """`data` with a number set to an extreme, a piece lost, moved or repeated, or cut off."""
    changed = bytearray(data or b"\0")
    for _ in range(dice.choice((1, 1, 2, 4))):
        at = dice.randrange(len(changed) or 1)
        # Headers decide more than contents do, and stand at both ends.
        at = dice.choice((at, at % 64, max(0, len(changed) - 1 - at % 64)))
        action = dice.randrange(7)
        if action == 0:
            size = dice.choice((1, 2, 4, 8))
            number = dice.choice(NUMBERS) & ((1 << 8 * size) - 1)
            changed[at : at + size] = number.to_bytes(size, dice.choice(("little", "big")))
        elif action == 1:
            changed[at : at + 1] = bytes([(changed[at] if changed else 0) ^ 1 << dice.randrange(8)])
        elif action == 2:
            del changed[at : at + dice.choice((1, 4, 100))]
        elif action == 3:
            changed[at:at] = changed[: dice.choice((4, 50, 1000))] * dice.choice((1, 30))
        elif action == 4:
            del changed[at:]
        elif action == 5:
            changed[at:at] = dice.choice(MAGIC)
        else:
            changed[:8] = dice.choice(MAGIC)
    return bytes(changed)
