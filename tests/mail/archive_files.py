"""Archives built in memory, ordinary and hostile."""

from __future__ import annotations

import io
import lzma
import struct
import tarfile
import zipfile
import zlib

import py7zr


def build_zip(*names: str, content: bytes = b"x", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip whose files all hold `content`."""
    return zip_of(dict.fromkeys(names, content), method)


def zip_of(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of names and contents."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def build_tar(*names: str, size: int = 700) -> bytes:
    """A tar in Python's usual format (pax), with long names where they are long."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = size
            archive.addfile(member, io.BytesIO(bytes(size)))
    return stream.getvalue()


def build_seven(*names: str, password: str | None = None, hide: bool = False) -> bytes:
    """A 7z; `hide` encrypts the names as well."""
    stream = io.BytesIO()
    with py7zr.SevenZipFile(stream, "w", password=password, header_encryption=hide) as archive:
        for name in names:
            archive.writestr("content of " + name, name)
    return stream.getvalue()


def build_seven_1(*names: str, dictionary: int = 1 << 16) -> bytes:
    """A 7z as the first program of the kind writes it: its header packed by LZMA, not LZMA 2."""
    joined = b"\0" + b"".join(name.encode("utf-16-le") + b"\0\0" for name in names)
    header = b"\x01\x05" + bytes((len(names),)) + b"\x11" + _seven(len(joined)) + joined + b"\0\0"
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16}]
    packed = lzma.compress(header, lzma.FORMAT_RAW, filters=filters)
    coder = b"\x01\x23\x03\x01\x01\x05\x5d" + struct.pack("<I", dictionary)
    folders = b"\x07\x0b\x01\0" + coder + b"\x0c" + _seven(len(header)) + b"\0"
    encoded = b"\x17\x06\0\x01\x09" + _seven(len(packed)) + b"\0" + folders + b"\0"
    start = struct.pack("<QQI", len(packed), len(encoded), 0)
    return b"7z\xbc\xaf\x27\x1c\0\4" + bytes(4) + start + packed + encoded


def _seven(number: int) -> bytes:
    """A number below 16,384 as 7z writes it."""
    return bytes((number,)) if number < 128 else bytes((0x80 | number >> 8, number & 0xFF))


def build_rar_4(*names: str, flags: int = 0, archive_flags: int = 0, size: int = 5) -> bytes:
    """A RAR of version 4 with stored files; `flags` 4: encrypted, `archive_flags` 0x80: names."""
    out = [b"Rar!\x1a\x07\x00", _block_4(0x73, archive_flags, bytes(6))]
    for name in names:
        raw = name.encode()
        fields = struct.pack("<IIBIIBBHI", 5, size, 2, 0, 0, 29, 0x30, len(raw), 32)
        out += [_block_4(0x74, 0x8000 | flags, fields + raw), b"12345"]
    return b"".join([*out, _block_4(0x7B, 0, b"")])


def _block_4(kind: int, flags: int, fields: bytes) -> bytes:
    head = struct.pack("<BHH", kind, flags, len(fields) + 7) + fields
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head


def build_rar_5(*names: str, encrypted: bool = False, hide: bool = False, size: int = 5) -> bytes:
    """A RAR of version 5; `hide` puts the encryption header first, as with encrypted names."""
    out = [b"Rar!\x1a\x07\x01\x00"]
    if hide:
        return b"".join([*out, _block_5(4, b"\0\0\x0f" + bytes(16))])
    out.append(_block_5(1, b"\0"))
    extra = vint(34) + b"\x01" + bytes(33) if encrypted else b""
    for name in names:
        raw = name.encode()
        fields = b"\0" + vint(size) + b"\x20" + b"\0" + b"\1" + vint(len(raw)) + raw
        out += [_block_5(2, fields, extra, packed=5), b"12345"]
    return b"".join([*out, _block_5(5, b"\0")])


def _block_5(kind: int, fields: bytes, extra: bytes = b"", packed: int = 0) -> bytes:
    flags = (1 if extra else 0) | (2 if packed else 0)
    head = vint(kind) + vint(flags)
    head += vint(len(extra)) if extra else b""
    head += vint(packed) if packed else b""
    head += fields + extra
    sized = vint(len(head)) + head
    return struct.pack("<I", zlib.crc32(sized)) + sized


def vint(number: int) -> bytes:
    """Seven bits a byte, lowest first."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*out, number))


def overlapping_zip(copies: int) -> bytes:
    """A zip whose entries all name the same packed bytes, as the well-known bombs do.

    What is packed does not pack well: only that it is shared can tell.
    """
    kernel = zip_of({"a": b"".join(struct.pack("<I", zlib.crc32(b"%d" % n)) for n in range(9000))})
    start = kernel.index(b"PK\x01\x02")
    end = kernel.index(b"PK\x05\x06")
    entry = kernel[start:end]
    tail = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, copies, copies, len(entry) * copies, start, 0
    )
    return kernel[:start] + entry * copies + tail


def forged_zip(real: int, stated: int) -> bytes:
    """A zip whose only file states another size than comes out of it."""
    raw = bytearray(zip_of({"a.bin": bytes(real)}))
    struct.pack_into("<I", raw, raw.index(b"PK\x01\x02") + 24, stated)
    return bytes(raw)


def nested_zip(depth: int) -> bytes:
    """Zips within zips."""
    data = zip_of({"end.txt": b"x"})
    for _ in range(depth):
        data = zip_of({"inner.zip": data})
    return data
