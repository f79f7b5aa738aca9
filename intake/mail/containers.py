"""Files that hold files: winmail.dat is opened, archives are only listed, never unpacked."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
import zlib
from dataclasses import dataclass

from tnefparse import TNEF

from intake.mail.charset import decode

_MOST_ENTRIES = 1000
# What one archive may claim to become; beyond it, it is meant to fill a disk.
_BOMB_BYTES = 1_000_000_000
_BOMB_RATIO = 200
_BOMB_LEAST_BYTES = 10_000_000
_TAR_MAGIC = slice(257, 262)


@dataclass(frozen=True, slots=True)
class Inner:
    """A file inside a container: its name as written, "" for none, and its bytes."""

    name: str
    data: bytes
    content_id: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What an archive says it holds."""

    names: tuple[str, ...] = ()
    encrypted: bool = False
    bomb: bool = False
    broken: bool = False


def open_tnef(data: bytes, defects: list[str]) -> list[Inner]:
    """The files in a winmail.dat (MS-OXTNEF) in order, its text as body.html or body.rtf last."""
    # tnefparse raises whatever damaged input leads it to, here and where it decompresses RTF.
    try:
        tnef = TNEF(data, do_checksum=False)
    except Exception:
        defects.append("A winmail.dat is damaged and could not be opened.")
        return []
    inner = []
    for attachment in tnef.attachments:
        try:
            name = attachment.long_filename()
        except (UnicodeDecodeError, AttributeError):
            name = bytes(attachment._name)
        content = attachment.data
        if content:
            inner.append(Inner(_as_text(name).strip("\0 "), _as_bytes(content)))
    if tnef.htmlbody:
        inner.append(Inner("body.html", _as_bytes(tnef.htmlbody)))
    try:
        rtf = tnef.rtfbody
    except Exception:
        rtf = None
    if rtf:
        inner.append(Inner("body.rtf", _as_bytes(rtf)))
    return inner[:_MOST_ENTRIES]


def _as_text(name: str | bytes) -> str:
    return decode(name, None)[0] if isinstance(name, bytes) else str(name)


def _as_bytes(content: bytes | str) -> bytes:
    return content.encode("utf-8", "replace") if isinstance(content, str) else bytes(content)


def list_archive(data: bytes, content_type: str) -> Listing | None:
    """What is in a zip, tar, gz, 7z or rar; None where it is no archive we can list."""
    try:
        if data.startswith(b"PK"):
            return _list_zip(data)
        if data.startswith(b"\x1f\x8b"):
            return _list_gzip(data)
        if data[_TAR_MAGIC] == b"ustar":
            return _list_tar(io.BytesIO(data))
        if data.startswith(b"Rar!\x1a\x07"):
            return _list_rar(data)
        if data.startswith(b"7z\xbc\xaf\x27\x1c"):
            return Listing()
    except (zipfile.BadZipFile, tarfile.TarError, OSError, EOFError, ValueError, struct.error):
        return Listing(broken=True)
    except (zlib.error, RuntimeError, OverflowError, MemoryError):
        return Listing(broken=True)
    return None


def _list_zip(data: bytes) -> Listing:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
    total = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    # Overlapping entries claim more packed bytes than there are.
    bomb = _is_bomb(total, max(packed, 1)) or packed > len(data) * 2
    encrypted = any(entry.flag_bits & 1 for entry in entries)
    names = tuple(entry.filename for entry in entries[:_MOST_ENTRIES])
    return Listing(names, encrypted=encrypted, bomb=bomb)


def _is_bomb(total: int, packed: int) -> bool:
    return total > _BOMB_BYTES or (total > _BOMB_LEAST_BYTES and total > packed * _BOMB_RATIO)


def _list_gzip(data: bytes) -> Listing:
    """The name in a gzip header (RFC 1952 2.3), or the names of the tar in it."""
    # The last four bytes are the length modulo 2**32.
    total = int.from_bytes(data[-4:], "little")
    bomb = _is_bomb(total, len(data))
    with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
        head = stream.read(512)
    if head[_TAR_MAGIC] == b"ustar" and not bomb:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            inside = stream.read(_BOMB_LEAST_BYTES)
        return _list_tar(io.BytesIO(inside))
    name: tuple[str, ...] = ()
    if data[3] & 8:
        start = 10 + (2 + int.from_bytes(data[10:12], "little") if data[3] & 4 else 0)
        raw = data[start : data.find(b"\0", start)]
        name = (decode(raw, None)[0],)
    return Listing(name, bomb=bomb)


def _list_tar(stream: io.BytesIO) -> Listing:
    names = []
    with tarfile.open(fileobj=stream, mode="r:") as archive:
        for entry in archive:
            names.append(entry.name)
            if len(names) >= _MOST_ENTRIES:
                break
    return Listing(tuple(names))


def _list_rar(data: bytes) -> Listing:
    """Whether a RAR is encrypted (RAR 5 header type 4, RAR 4 block and file flags)."""
    if data[6:8] == b"\x01\0":
        return Listing(encrypted=data[13:14] == b"\x04" or data[12:13] == b"\x04")
    archive_flags = int.from_bytes(data[10:12], "little")
    file_flags = int.from_bytes(data[23:25], "little") if data[22:23] == b"\x74" else 0
    return Listing(encrypted=bool(archive_flags & 0x80 or file_flags & 4))
