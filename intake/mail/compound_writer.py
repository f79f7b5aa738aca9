"""Writes compound files (MS-CFB): a message within a .msg becomes a .msg of its own again."""

from __future__ import annotations

import struct
from collections.abc import Iterable

from intake.mail.compound import MAGIC, Tree

_MINI_CUTOFF, _MINI = 4096, 64
_FREE, _END, _FAT, _NO_ENTRY = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT, _BLACK = 1, 2, 5, 1
# The header names 109 FAT sectors; with the larger sectors these are enough for 400 MB.
_MOST_BYTES_OF_SMALL_SECTORS = 6_000_000


def write_compound(tree: Tree) -> bytes:
    """A compound file of the storages (dicts) and streams (bytes) in `tree`; the same for equal."""
    return _Writer(tree).run()


class _Writer:
    def __init__(self, tree: Tree) -> None:
        large = _size(tree) > _MOST_BYTES_OF_SMALL_SECTORS
        self._sector = 4096 if large else 512
        self._body = bytearray()
        self._fat: list[int] = []
        self._mini = bytearray()
        self._mini_fat: list[int] = []
        # Name, kind, left, right, child, start, size.
        self._entries: list[list[str | int]] = []
        self._tree = tree

    def run(self) -> bytes:
        self._add("Root Entry", _ROOT)
        self._entries[0][4] = self._add_storage(self._tree)
        mini_start = self._place(self._mini)
        self._entries[0][5:] = [mini_start, len(self._mini)]
        mini_fat = b"".join(struct.pack("<I", number) for number in self._mini_fat)
        mini_fat_start = self._place(mini_fat, fill=b"\xff")
        directory = b"".join(self._packed(entry) for entry in self._entries)
        directory_start = self._place(directory)
        return self._header(directory_start, mini_fat_start, len(mini_fat)) + bytes(self._body)

    def _add(self, name: str, kind: int) -> int:
        self._entries.append([name, kind, _NO_ENTRY, _NO_ENTRY, _NO_ENTRY, 0, 0])
        return len(self._entries) - 1

    def _add_storage(self, tree: Tree) -> int:
        """The entries of one storage; which of them is the root of their search tree."""
        numbers = []
        # MS-CFB 2.6.4: shorter names first, then by upper-case letters.
        for name in sorted(tree, key=lambda each: (len(each), each.upper())):
            content = tree[name]
            if isinstance(content, bytes):
                number = self._add(name, _STREAM)
                self._entries[number][5:] = [self._add_stream(content), len(content)]
            else:
                number = self._add(name, _STORAGE)
                self._entries[number][4] = self._add_storage(content)
            numbers.append(number)
        return self._balanced(numbers)

    def _balanced(self, numbers: list[int]) -> int:
        if not numbers:
            return _NO_ENTRY
        middle = len(numbers) // 2
        entry = self._entries[numbers[middle]]
        entry[2] = self._balanced(numbers[:middle])
        entry[3] = self._balanced(numbers[middle + 1 :])
        return numbers[middle]

    def _add_stream(self, content: bytes) -> int:
        if len(content) >= _MINI_CUTOFF:
            return self._place(content)
        if not content:
            return _END
        start = len(self._mini_fat)
        count = -(-len(content) // _MINI)
        self._mini_fat += [*range(start + 1, start + count), _END]
        self._mini += content.ljust(count * _MINI, b"\0")
        return start

    def _place(self, content: bytes | bytearray, fill: bytes = b"\0") -> int:
        """`content` in sectors of its own; the first of them."""
        if not content:
            return _END
        start = len(self._fat)
        count = -(-len(content) // self._sector)
        self._fat += [*range(start + 1, start + count), _END]
        self._body += content.ljust(count * self._sector, fill)
        return start

    def _packed(self, entry: list[str | int]) -> bytes:
        name, kind, left, right, child, start, size = entry
        raw = str(name).encode("utf-16-le")[:62]
        return struct.pack(
            "<64sH2B3I16sI2QIQ",
            *(raw, len(raw) + 2, kind, _BLACK, left, right, child, bytes(16), 0, 0, 0, start, size),
        )

    def _header(self, directory: int, mini_fat: int, mini_fat_bytes: int) -> bytes:
        """The header; the FAT is put at the end of the body."""
        per_sector = self._sector // 4
        count = 1
        while len(self._fat) + count > count * per_sector:
            count += 1
        first = len(self._fat)
        fat = [*self._fat, *([_FAT] * count)]
        fat += [_FREE] * (count * per_sector - len(fat))
        self._body += struct.pack(f"<{len(fat)}I", *fat)
        large = self._sector == 4096
        head = struct.pack(
            "<8s16s6H10I",
            *(MAGIC, bytes(16), 0x3E, 4 if large else 3, 0xFFFE, 12 if large else 9, 6, 0, 0),
            *(self._directory_sectors(directory) if large else 0, count, directory, 0),
            *(_MINI_CUTOFF, mini_fat, -(-mini_fat_bytes // self._sector), _END, 0),
        )
        places = [*range(first, first + count), *([_FREE] * (109 - count))]
        return (head + _words(places)).ljust(self._sector, b"\0")

    def _directory_sectors(self, start: int) -> int:
        return len(self._fat) - start


def _size(tree: Tree) -> int:
    contents = tree.values()
    return sum(len(each) if isinstance(each, bytes) else _size(each) for each in contents)


def _words(numbers: Iterable[int]) -> bytes:
    return b"".join(struct.pack("<I", number) for number in numbers)
