"""Compound files (MS-CFB): the container of .msg, .doc, .xls and of encrypted Office documents.

A reader of our own, because every count in such a file is a stranger's: chains may loop, streams
may share their bytes, a directory may hold millions of entries.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER = struct.Struct("<8s16s6H10I")
_ENTRY = struct.Struct("<64sH2B3I16sI2QIQ")
_HEADER_BYTES = 512
_DIFAT_IN_HEADER = 109
_MINI_CUTOFF = 4096
_MINI_BYTES = 64
_NOTHING = 0xFFFFFFFA
_STORAGE, _ROOT = 1, 5
_MOST_ENTRIES = 20_000
_SLACK_BYTES = 1_000_000

Tree = dict[str, "bytes | Tree"]


class DamagedCompound(ValueError):
    """A compound file that cannot be read, or one that asks for more than it can hold."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A storage (a folder) or a stream (a file)."""

    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int

    @property
    def is_storage(self) -> bool:
        """Whether it holds other entries."""
        return self.kind in (_STORAGE, _ROOT)


class Compound:
    """A compound file, read where it is asked for. Raises DamagedCompound."""

    def __init__(self, data: bytes) -> None:
        if len(data) < _HEADER_BYTES or not data.startswith(MAGIC):
            raise DamagedCompound("no compound file")
        self._data = data
        fields = _HEADER.unpack_from(data)
        shift, first_directory = fields[5], fields[11]
        first_mini, first_difat = fields[14], fields[16]
        if shift not in (9, 12):
            raise DamagedCompound("a sector size that does not exist")
        self._sector_bytes = 1 << shift
        self._sectors = len(data) // self._sector_bytes
        # Streams of one file never hold more than the file: beyond it they share their bytes.
        self._left = 2 * len(data) + _SLACK_BYTES
        self._fat = self._load_fat(first_difat)
        self.entries = self._load_entries(first_directory)
        self._visits_left = 4 * len(self.entries)
        self._mini_fat = _words(self._chained(first_mini, len(data)))
        root = self.entries[0]
        self._mini = self._chained(root.start, min(root.size, len(data)))

    def children(self, storage: Entry) -> dict[str, Entry]:
        """What lies in a storage, by name, in the order of the names."""
        found: dict[str, Entry] = {}
        seen: set[int] = set()
        pending = [storage.child]
        while pending:
            number = pending.pop()
            if number < len(self.entries) and number not in seen:
                seen.add(number)
                entry = self.entries[number]
                found[entry.name] = entry
                self._visits_left -= 1
                pending += (entry.left, entry.right)
        if self._visits_left < 0:
            raise DamagedCompound("storages that hold one another")
        return dict(sorted(found.items()))

    def read(self, stream: Entry, most: int | None = None) -> bytes:
        """The first `most` bytes of a stream, or all; fewer where the file ends too early."""
        size = min(stream.size, len(self._data))
        size = size if most is None else min(size, most)
        self._left -= size
        if self._left < 0:
            raise DamagedCompound("streams that hold more than the file")
        if stream.size >= _MINI_CUTOFF:
            return self._chained(stream.start, size)
        pieces = []
        for sector in _chain(self._mini_fat, stream.start, -(-size // _MINI_BYTES)):
            pieces.append(self._mini[sector * _MINI_BYTES : (sector + 1) * _MINI_BYTES])
        return b"".join(pieces)[:size]

    def tree(self, storage: Entry, depth: int = 0) -> Tree:
        """A storage with all that is in it."""
        if depth > 20:
            raise DamagedCompound("storages nested without end")
        return {
            name: self.tree(entry, depth + 1) if entry.is_storage else self.read(entry)
            for name, entry in self.children(storage).items()
        }

    def _sector(self, number: int) -> bytes:
        # The header fills a sector of its own.
        start = (number + 1) * self._sector_bytes
        return self._data[start : start + self._sector_bytes]

    def _chained(self, start: int, size: int) -> bytes:
        chain = _chain(self._fat, start, min(-(-size // self._sector_bytes), self._sectors))
        return b"".join(map(self._sector, chain))[:size]

    def _load_fat(self, difat: int) -> array[int]:
        numbers = _words(self._data[76 : 76 + 4 * _DIFAT_IN_HEADER])
        for _ in range(self._sectors):
            if difat >= _NOTHING or len(numbers) > self._sectors + _DIFAT_IN_HEADER:
                break
            more = _words(self._sector(difat))
            if not more:
                break
            difat = more.pop()
            numbers.extend(more)
        fat = array("I")
        for number in numbers:
            if number < self._sectors and len(fat) <= self._sectors:
                fat.extend(_words(self._sector(number)))
        return fat

    def _load_entries(self, start: int) -> list[Entry]:
        raw = self._chained(start, _MOST_ENTRIES * _ENTRY.size)
        entries = []
        for fields in _ENTRY.iter_unpack(raw[: len(raw) // _ENTRY.size * _ENTRY.size]):
            name = fields[0][: max(0, min(fields[1], 64) - 2)].decode("utf-16-le", "replace")
            size = fields[12] & 0xFFFFFFFF if self._sector_bytes == 512 else fields[12]
            kind, left, right, child, start = (fields[index] for index in (2, 4, 5, 6, 11))
            entries.append(Entry(name, kind, left, right, child, start, size))
        if not entries or entries[0].kind != _ROOT:
            raise DamagedCompound("no root entry")
        return entries


def _chain(fat: array[int], sector: int, most: int) -> Iterator[int]:
    """The sectors from `sector` on, at most `most`, so that a loop ends."""
    for _ in range(most):
        if sector >= len(fat):
            return
        yield sector
        sector = fat[sector]


def _words(raw: bytes) -> array[int]:
    words = array("I", raw[: len(raw) // 4 * 4])
    if sys.byteorder == "big":
        words.byteswap()
    return words
