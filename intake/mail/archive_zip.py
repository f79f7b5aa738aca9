"""Zip archives by their directory (APPNOTE 6.3), the sizes it states held against the real ones.

The standard library reads a directory of any length into objects, hence the reading of our own.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from intake.mail.archive_listing import (
    MOST_ENTRIES,
    DamagedArchive,
    Listing,
    Names,
    is_bomb,
)
from intake.mail.eicar import TEST_FILE_SIZES, is_test_file

_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_LONGEST_TAIL_BYTES = 66_000
_NOT_HERE = 0xFFFFFFFF
_STORED, _DEFLATED, _AES = 0, 8, 99
_UTF_8 = 0x800
_HEAD_BYTES = 2048
_SUSPICIOUS_RATIO = 100
_MOST_PROBED = 20
_MOST_UNPACKED_BYTES = 20_000_000
_ARCHIVES = (b".zip", b".jar")
_DEEPEST = 6
_LARGEST_INNER_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class _Entry:
    name: bytes
    flags: int
    method: int
    packed: int
    size: int
    at: int

    @property
    def is_encrypted(self) -> bool:
        """APPNOTE 4.4.4 bit 0, and the mark of WinZip's AES."""
        return bool(self.flags & 1) or self.method == _AES

    @property
    def title(self) -> bytes | str:
        return self.name.decode("utf-8", "replace") if self.flags & _UTF_8 else self.name


def list_zip(data: bytes, depth: int = 0) -> Listing:
    """The files of a zip and its dangers. Raises DamagedArchive where there is nothing to list."""
    broken = False
    try:
        entries = list(_directory(data))
    except DamagedArchive:
        # A download that broke off has no directory, but each file has a header of its own.
        entries, broken = list(_local_headers(data)), True
    if broken and not entries:
        raise DamagedArchive("no directory and no files")
    names = Names()
    for entry in entries:
        names.add(entry.title)
    open_entries = [entry for entry in entries if not entry.is_encrypted]
    total = sum(entry.size for entry in entries)
    return Listing(
        names.all(),
        encrypted=len(open_entries) < len(entries),
        bomb=is_bomb(total, min(sum(entry.packed for entry in entries), len(data)))
        or (not broken and _overlap(entries))
        or _is_forged(data, open_entries)
        or _nests_on(data, open_entries, depth, total),
        broken=broken,
        cut=names.cut,
        test_file=_holds_test_file(data, open_entries),
    )


def _directory(data: bytes) -> Iterator[_Entry]:
    at, end = _directory_place(data)
    for _ in range(MOST_ENTRIES):
        if at + _ENTRY.size > end:
            return
        fields = _ENTRY.unpack_from(data, at)
        if fields[0] != b"PK\x01\x02":
            raise DamagedArchive("no entry where the directory has one")
        flags, method = fields[3], fields[4]
        packed, size, name_bytes, extra_bytes, comment_bytes = fields[8:13]
        start = at + _ENTRY.size
        extra = data[start + name_bytes : start + name_bytes + extra_bytes]
        offset = fields[16]
        if _NOT_HERE in (packed, size, offset):
            size, packed, offset = _zip64(extra, size, packed, offset)
        yield _Entry(data[start : start + name_bytes], flags, method, packed, size, offset)
        at = start + name_bytes + extra_bytes + comment_bytes


def _directory_place(data: bytes) -> tuple[int, int]:
    """Where the directory starts and ends (APPNOTE 4.3.16, 4.3.14)."""
    found = data.rfind(b"PK\x05\x06", max(0, len(data) - _LONGEST_TAIL_BYTES))
    if found < 0 or found + _END.size > len(data):
        raise DamagedArchive("no end of the directory")
    size, offset = _END.unpack_from(data, found)[5:7]
    end = found
    if _NOT_HERE in (size, offset):
        end = data.rfind(b"PK\x06\x06", max(0, found - _LONGEST_TAIL_BYTES), found)
        if end < 0 or end + _END_64.size > len(data):
            raise DamagedArchive("no end of the directory")
        size = _END_64.unpack_from(data, end)[8]
    # Counted from its end, it is found even where something was put before the archive.
    if size > end:
        raise DamagedArchive("a directory larger than the file")
    return end - size, end


def _zip64(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """APPNOTE 4.5.3: the fields that hold all ones stand in the extra field, in this order."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            wide = iter(
                struct.unpack_from(f"<{length // 8}Q", extra[at + 4 :].ljust(length, b"\0"))
            )
            size, packed, offset = (
                next(wide, field) if field == _NOT_HERE else field
                for field in (size, packed, offset)
            )
            break
        at += 4 + length
    return size, packed, offset


def _local_headers(data: bytes) -> Iterator[_Entry]:
    at = data.find(b"PK\x03\x04")
    for _ in range(MOST_ENTRIES):
        if at < 0 or at + _LOCAL.size > len(data):
            return
        _, _, flags, method, _, _, _, packed, size, name_bytes, extra_bytes = _LOCAL.unpack_from(
            data, at
        )
        name = data[at + _LOCAL.size : at + _LOCAL.size + name_bytes]
        yield _Entry(name, flags, method, packed, size, at)
        at = data.find(b"PK\x03\x04", at + _LOCAL.size + name_bytes + extra_bytes + packed)


def _overlap(entries: list[_Entry]) -> bool:
    """Files that share their bytes: only bombs are built so."""
    places = sorted((entry.at, entry.packed) for entry in entries if entry.packed)
    return any(
        following < at + _LOCAL.size + packed for (at, packed), (following, _) in pairwise(places)
    )


def _is_forged(data: bytes, entries: list[_Entry]) -> bool:
    """Whether more comes out of the largest files than the directory says, or far too much."""
    largest = sorted(entries, key=lambda entry: -entry.packed)[:_MOST_PROBED]
    left = _MOST_UNPACKED_BYTES
    for entry in largest:
        if entry.method != _DEFLATED:
            continue
        head = _member(data, entry, _HEAD_BYTES * _SUSPICIOUS_RATIO, _HEAD_BYTES)
        if len(head) > entry.size:
            return True
        if len(head) == _HEAD_BYTES * _SUSPICIOUS_RATIO:
            unpacked, taken = _count(data, entry, left)
            left -= unpacked
            if unpacked > entry.size or is_bomb(unpacked, taken):
                return True
        if left <= 0:
            break
    return False


def _count(data: bytes, entry: _Entry, most: int) -> tuple[int, int]:
    """How many bytes come out of an entry, at most about `most`, and of how many; none kept."""
    packed = _packed_bytes(data, entry)
    stream = zlib.decompressobj(-15)
    unpacked = taken = 0
    pending = b""
    try:
        while unpacked <= most and (pending or taken < len(packed)) and not stream.eof:
            if not pending:
                pending = packed[taken : taken + 65536]
                taken += len(pending)
            unpacked += len(stream.decompress(pending, 1 << 20))
            pending = stream.unconsumed_tail
    except zlib.error:
        pass
    return unpacked, taken - len(pending)


def _packed_bytes(data: bytes, entry: _Entry) -> bytes:
    if entry.at + _LOCAL.size > len(data):
        return b""
    name_bytes, extra_bytes = struct.unpack_from("<2H", data, entry.at + 26)
    start = entry.at + _LOCAL.size + name_bytes + extra_bytes
    return data[start : start + entry.packed]


def _member(data: bytes, entry: _Entry, most: int, head: int | None = None) -> bytes:
    """At most `most` bytes of a file in the archive, from the first `head` packed bytes."""
    packed = _packed_bytes(data, entry)[:head]
    if entry.method == _STORED:
        return packed[:most]
    try:
        return zlib.decompressobj(-15).decompress(packed, most)
    except zlib.error:
        return b""


def _holds_test_file(data: bytes, entries: list[_Entry]) -> bool:
    small = [e for e in entries if e.size in TEST_FILE_SIZES and e.method in (_STORED, _DEFLATED)]
    return any(is_test_file(_member(data, entry, 128)) for entry in small[:_MOST_PROBED])


def _nests_on(data: bytes, entries: list[_Entry], depth: int, total: int) -> bool:
    """Whether the archives inside it, followed along one line, unpack without end or to a bomb."""
    inner = [entry for entry in entries if entry.name.lower().endswith(_ARCHIVES)]
    if not inner:
        return False
    if depth >= _DEEPEST:
        return True
    chosen = max(inner, key=lambda entry: min(entry.size, _LARGEST_INNER_BYTES))
    content = _member(data, chosen, _LARGEST_INNER_BYTES)
    if not content.startswith(b"PK\x03\x04"):
        return False
    try:
        return list_zip(content, depth + 1).bomb
    except DamagedArchive:
        return False
