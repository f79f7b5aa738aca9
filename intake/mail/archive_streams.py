"""Tarballs and files packed by gzip, bzip2 or xz: unpacked a little at a time, never kept."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Iterator
from typing import Protocol

from intake.mail.archive_listing import (
    MOST_ENTRIES,
    DamagedArchive,
    Listing,
    Names,
    is_bomb,
)

_GZIP, _BZIP2, _XZ = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0"
# What is unpacked at most to see names and the real ratio; more than makes a bomb.
_MOST_BYTES = {_GZIP: 20_000_000, _BZIP2: 12_000_000, _XZ: 12_000_000}
_XZ_MEMORY_BYTES = 100_000_000
_STEP_BYTES = 4096
_PIECE_BYTES = 1 << 20
_MOST_STREAMS = 1000
_BLOCK = 512
_MAGIC = slice(257, 262)
# POSIX.1-2001 pax: what is no file but says something about the next one.
_LONG_NAME, _PAX_NEXT, _PAX_ALL, _FOLDER = b"L", b"x", b"g", b"5"
_LONGEST_NAME_BYTES = 65_536


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Gunzip:
    """zlib's decompressor with the ways of the other two."""

    def __init__(self) -> None:
        self._engine = zlib.decompressobj(31)
        self.needs_input = True

    @property
    def eof(self) -> bool:
        return self._engine.eof

    @property
    def unused_data(self) -> bytes:
        return self._engine.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        out = self._engine.decompress(self._engine.unconsumed_tail + data, max_length)
        self.needs_input = len(out) < max_length and not self._engine.unconsumed_tail
        return out


def is_stream(data: bytes) -> bool:
    """Whether `data` is packed by gzip, bzip2 or xz."""
    return data.startswith(tuple(_MOST_BYTES))


def is_tar(data: bytes) -> bool:
    """Whether `data` begins with the header of a tar (POSIX.1-1988 and later)."""
    return data[_MAGIC] == b"ustar"


def list_tar(data: bytes) -> Listing:
    """The files of a tar. Raises DamagedArchive."""
    return _Tape(iter((data,))).listing()


def list_stream(data: bytes) -> Listing:
    """The files of a packed tar, or the name that a gzip header states (RFC 1952 2.3)."""
    unpacking = _Unpacking(data)
    tape = _Tape(unpacking.pieces())
    head = tape.take(_BLOCK)
    if is_tar(head):
        tape.put_back(head)
        listing = tape.listing()
        names, cut = listing.names, listing.cut or unpacking.stopped
    else:
        tape.skip(unpacking.most)
        names, cut = _gzip_name(data), False
    if not unpacking.unpacked and unpacking.broken:
        raise DamagedArchive("nothing can be unpacked")
    # RFC 1952 2.3.1: the last four bytes state the length modulo 2**32. Where all of it was
    # unpacked, the length is known; where the end is lost, they are anything.
    is_stated = unpacking.stopped and data.startswith(_GZIP)
    stated = int.from_bytes(data[-4:], "little") if is_stated else 0
    bomb = is_bomb(unpacking.unpacked, unpacking.taken) or is_bomb(stated, len(data))
    return Listing(names, bomb=bomb, broken=unpacking.broken, cut=cut)


class _Unpacking:
    """Bytes come out in pieces; how many, and of how many, is counted on the way."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._format = next(magic for magic in _MOST_BYTES if data.startswith(magic))
        self.most = _MOST_BYTES[self._format]
        self.unpacked = 0
        self.taken = 0
        self.stopped = False
        self.broken = False

    def pieces(self) -> Iterator[bytes]:
        """At most about `most` bytes, in pieces."""
        engine = self._engine()
        pending = self._next()
        for _ in range(_MOST_STREAMS):
            while not engine.eof:
                if engine.needs_input and not pending:
                    self.broken = True
                    return
                try:
                    piece = engine.decompress(pending, _PIECE_BYTES)
                except (zlib.error, OSError, lzma.LZMAError, EOFError, ValueError, MemoryError):
                    self.broken = True
                    return
                self.unpacked += len(piece)
                yield piece
                if self.unpacked >= self.most:
                    self.stopped = True
                    return
                pending = self._next() if engine.needs_input and not engine.eof else b""
            # Several streams one after the other are one file; what else follows is padding.
            pending = engine.unused_data + self._next()
            if not pending.startswith(self._format):
                return
            engine = self._engine()

    def _engine(self) -> _Decompressor:
        if self._format == _GZIP:
            return _Gunzip()
        if self._format == _BZIP2:
            return bz2.BZ2Decompressor()
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY_BYTES)

    def _next(self) -> bytes:
        step = self._data[self.taken : self.taken + _STEP_BYTES]
        self.taken += len(step)
        return step


class _Tape:
    """A tar read from front to end; Python's tarfile is slow or endless on hostile headers."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._piece = b""
        self._at = 0

    def take(self, count: int) -> bytes:
        """The next `count` bytes, fewer at the end."""
        out = []
        while count > 0 and self._fill():
            part = self._piece[self._at : self._at + count]
            self._at += len(part)
            count -= len(part)
            out.append(part)
        return b"".join(out)

    def skip(self, count: int) -> None:
        """Past the next `count` bytes."""
        while count > 0 and self._fill():
            step = min(count, len(self._piece) - self._at)
            self._at += step
            count -= step

    def put_back(self, head: bytes) -> None:
        """`head` is read again next."""
        self._piece, self._at = head + self._piece[self._at :], 0

    def _fill(self) -> bool:
        while self._at >= len(self._piece):
            piece = next(self._pieces, None)
            if piece is None:
                return False
            self._piece, self._at = piece, 0
        return True

    def listing(self) -> Listing:
        """The names of the files up to the end or the first block that is no header."""
        names = Names()
        title: bytes | None = None
        for _ in range(MOST_ENTRIES):
            head = self.take(_BLOCK)
            if len(head) < _BLOCK or not head.strip(b"\0"):
                break
            size, kind = _number(head[124:136]), head[156:157]
            if size is None or not is_tar(head):
                return Listing(names.all(), broken=True, cut=names.cut)
            padded = -(-size // _BLOCK) * _BLOCK
            if kind in (_LONG_NAME, _PAX_NEXT) and size <= _LONGEST_NAME_BYTES:
                content = self.take(padded)[:size]
                title = content.rstrip(b"\0") if kind == _LONG_NAME else _pax_path(content) or title
                continue
            self.skip(padded)
            if kind not in (_PAX_ALL, _PAX_NEXT, _LONG_NAME):
                if kind != _FOLDER:
                    names.add(title or _name(head))
                title = None
        return Listing(names.all(), cut=names.cut)


def _number(field: bytes) -> int | None:
    """Octal digits, or GNU's base 256 where the first bit is set; None for anything else."""
    if field[0] == 0x80:
        return int.from_bytes(field[4:], "big")
    digits = field.strip(b" \0")
    try:
        return int(digits or b"0", 8) if not digits.startswith(b"-") else None
    except ValueError:
        return None


def _name(head: bytes) -> bytes:
    name, prefix = (part.partition(b"\0")[0] for part in (head[:100], head[345:500]))
    return prefix + b"/" + name if prefix and head[257:263] == b"ustar\0" else name


def _pax_path(content: bytes) -> bytes | None:
    """The path in records of the form "length key=value"."""
    found = content.find(b" path=")
    if found < 0:
        return None
    return content[found + len(b" path=") :].partition(b"\n")[0]


def _gzip_name(data: bytes) -> tuple[str, ...]:
    if not data.startswith(_GZIP) or len(data) < 12 or not data[3] & 8:
        return ()
    start = 10 + (2 + int.from_bytes(data[10:12], "little") if data[3] & 4 else 0)
    names = Names()
    names.add(data[start : start + 300].partition(b"\0")[0])
    return names.all()
