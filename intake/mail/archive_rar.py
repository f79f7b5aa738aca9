"""RAR archives, version 4 and 5, by the headers of their files (RARLAB technotes)."""

from __future__ import annotations

from dataclasses import dataclass, field

from intake.mail.archive_listing import MOST_ENTRIES, DamagedArchive, Listing, Names, is_bomb

_RAR_4, _RAR_5 = b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00"
# Block types of version 4 and 5.
_MAIN_4, _FILE_4, _END_4 = 0x73, 0x74, 0x7B
_FILE_5, _ENCRYPTION_5, _END_5 = 2, 4, 5
_LONGEST_HEADER_BYTES = 1 << 21


@dataclass(slots=True)
class _Seen:
    names: Names = field(default_factory=Names)
    encrypted: bool = False
    size: int = 0
    packed: int = 0

    def listing(self, *, broken: bool) -> Listing:
        bomb = is_bomb(self.size, self.packed)
        return Listing(self.names.all(), self.encrypted, bomb, broken, self.names.cut)


def is_rar(data: bytes) -> bool:
    """Whether `data` begins as a RAR archive."""
    return data.startswith((_RAR_4, _RAR_5))


def list_rar(data: bytes) -> Listing:
    """The files of a RAR; none where even their names are encrypted."""
    seen = _Seen()
    read = _read_5 if data.startswith(_RAR_5) else _read_4
    try:
        read(data, seen)
    except DamagedArchive:
        return seen.listing(broken=True)
    return seen.listing(broken=False)


def _read_4(data: bytes, seen: _Seen) -> None:
    at = len(_RAR_4)
    for _ in range(MOST_ENTRIES):
        if at >= len(data):
            return
        kind, flags, length = _int(data, at + 2, 1), _int(data, at + 3, 2), _int(data, at + 5, 2)
        if length < 7:
            raise DamagedArchive("a header shorter than itself")
        if kind == _END_4:
            return
        if kind == _MAIN_4 and flags & 0x80:
            seen.encrypted = True
            return
        added = _int(data, at + 7, 4) if flags & 0x8000 else 0
        if kind == _FILE_4:
            added = _file_4(data, at, flags, seen)
        at += length + added


def _file_4(data: bytes, at: int, flags: int, seen: _Seen) -> int:
    """One file; how long its packed bytes are."""
    packed, size, name_bytes = _int(data, at + 7, 4), _int(data, at + 11, 4), _int(data, at + 26, 2)
    start = at + 32
    if flags & 0x100:
        packed += _int(data, at + 32, 4) << 32
        size += _int(data, at + 36, 4) << 32
        start += 8
    name = data[start : start + name_bytes]
    if flags & 0xE0 != 0xE0:
        seen.names.add(_name_4(name) if flags & 0x200 else name)
    seen.encrypted |= bool(flags & 4)
    seen.size += size
    seen.packed += packed
    return packed


def _name_4(raw: bytes) -> str:
    """The name in UTF-16, written as differences to the one in the sender's own charset."""
    plain, nul, packed = raw.partition(b"\0")
    if not nul:
        return plain.decode("utf-8", "replace")
    high, at, bits, flags, out = packed[:1], 1, 0, 0, bytearray()
    while at < len(packed) and len(out) < 2 * _LONGEST_HEADER_BYTES:
        if not bits:
            flags, bits = packed[at], 8
            at += 1
        bits -= 2
        mode = flags >> bits & 3
        if mode == 0:
            out += packed[at : at + 1] + b"\0"
            at += 1
        elif mode == 1:
            out += packed[at : at + 1] + high
            at += 1
        elif mode == 2:
            out += packed[at : at + 2]
            at += 2
        else:
            at = _repeat_4(plain, packed, at, high, out)
    return bytes(out).decode("utf-16-le", "replace")


def _repeat_4(plain: bytes, packed: bytes, at: int, high: bytes, out: bytearray) -> int:
    """A run taken over from the plain name, moved and given a high byte where it says so."""
    length = _int(packed, at, 1)
    moved = bool(length & 0x80)
    move = _int(packed, at + 1, 1) if moved else 0
    start = len(out) // 2
    for byte in plain[start : start + (length & 0x7F) + 2]:
        out += bytes((byte + move & 0xFF,)) + (high if moved else b"\0")
    return at + (2 if moved else 1)


def _read_5(data: bytes, seen: _Seen) -> None:
    at = len(_RAR_5)
    for _ in range(MOST_ENTRIES):
        if at >= len(data):
            return
        length, start = _vint(data, at + 4)
        if not 0 < length <= _LONGEST_HEADER_BYTES:
            raise DamagedArchive("a header of no length")
        kind, at_field = _vint(data, start)
        flags, at_field = _vint(data, at_field)
        extra, at_field = _vint(data, at_field) if flags & 1 else (0, at_field)
        packed, at_field = _vint(data, at_field) if flags & 2 else (0, at_field)
        if kind == _END_5:
            return
        if kind == _ENCRYPTION_5:
            seen.encrypted = True
            return
        end = start + length
        if extra > length:
            raise DamagedArchive("more extra fields than the header is long")
        if kind == _FILE_5:
            seen.packed += packed
            _file_5(data, at_field, seen)
            seen.encrypted |= _has_encryption_5(data, end - extra, end)
        at = end + packed


def _file_5(data: bytes, at: int, seen: _Seen) -> None:
    flags, at = _vint(data, at)
    size, at = _vint(data, at)
    _, at = _vint(data, at)
    at += 4 * bool(flags & 2) + 4 * bool(flags & 4)
    _, at = _vint(data, at)
    _, at = _vint(data, at)
    name_bytes, at = _vint(data, at)
    if not flags & 1:
        seen.names.add(data[at : at + name_bytes].decode("utf-8", "replace"))
    # Flag 8: the size is not known.
    seen.size += 0 if flags & 8 else size


def _has_encryption_5(data: bytes, at: int, end: int) -> bool:
    while at < end:
        length, start = _vint(data, at)
        kind, _ = _vint(data, start)
        if kind == 1:
            return True
        at = start + max(length, 1)
    return False


def _vint(data: bytes, at: int) -> tuple[int, int]:
    """Seven bits a byte, lowest first; the number and where it ends."""
    number = 0
    for index in range(10):
        byte = _int(data, at + index, 1)
        number |= (byte & 0x7F) << 7 * index
        if byte < 0x80:
            return number, at + index + 1
    raise DamagedArchive("a number without end")


def _int(data: bytes, at: int, count: int) -> int:
    if at + count > len(data):
        raise DamagedArchive("it ends within a header")
    return int.from_bytes(data[at : at + count], "little")
