"""7z archives by the header at their end (7zFormat.txt of the LZMA SDK), which may be packed."""

from __future__ import annotations

import lzma
from dataclasses import dataclass, field

from intake.mail.archive_listing import DamagedArchive, Listing, Names, is_bomb

_MAGIC = b"7z\xbc\xaf\x27\x1c"
_HEADER_START = 32
# Property ids of the format.
_END, _HEADER, _ARCHIVE, _MORE, _STREAMS, _FILES = 0, 1, 2, 3, 4, 5
_PACK, _UNPACK, _SUB, _SIZE, _CRC, _FOLDER = 6, 7, 8, 9, 10, 11
_UNPACK_SIZE, _COUNTS, _NAMES, _ENCODED = 12, 13, 17, 23
_AES = b"\x06\xf1\x07\x01"
_LZMA, _LZMA2, _COPY = b"\x03\x01\x01", b"\x21", b"\x00"
# A header lists names; this is enough for tens of thousands.
_LARGEST_HEADER_BYTES = 4_000_000
_MOST_ITEMS = 100_000


@dataclass(slots=True)
class _Folder:
    """One run of packed streams: its methods with their properties, and what comes out."""

    coders: list[tuple[bytes, bytes]] = field(default_factory=list)
    outputs: int = 0
    sizes: list[int] = field(default_factory=list)
    has_crc: bool = False

    @property
    def size(self) -> int:
        return max(self.sizes, default=0)

    @property
    def is_encrypted(self) -> bool:
        return any(method == _AES for method, _ in self.coders)


@dataclass(slots=True)
class _Streams:
    packed_at: int = 0
    packed_sizes: list[int] = field(default_factory=list)
    folders: list[_Folder] = field(default_factory=list)

    @property
    def is_encrypted(self) -> bool:
        return any(folder.is_encrypted for folder in self.folders)


def is_seven(data: bytes) -> bool:
    """Whether `data` begins as a 7z archive."""
    return data.startswith(_MAGIC)


def list_seven(data: bytes) -> Listing:
    """The files of a 7z; none where even their names are encrypted. Raises DamagedArchive."""
    start = _HEADER_START + int.from_bytes(data[12:20], "little")
    length = int.from_bytes(data[20:28], "little")
    if not length:
        return Listing()
    if start + length > len(data) or len(data) < _HEADER_START:
        raise DamagedArchive("the header is not there")
    header = data[start : start + length]
    encrypted = False
    # A packed header may be packed again.
    for _ in range(4):
        if header[:1] != bytes((_ENCODED,)):
            break
        streams = _Reader(header[1:]).streams()
        if streams.is_encrypted:
            return Listing(encrypted=True)
        header = _unpack(data, streams)
    return _list_header(header, len(data), encrypted=encrypted)


def _list_header(header: bytes, archive_bytes: int, *, encrypted: bool) -> Listing:
    reader = _Reader(header)
    if reader.byte() != _HEADER:
        raise DamagedArchive("no header where it should be")
    kind = reader.byte()
    if kind == _ARCHIVE:
        reader.skip_properties()
        kind = reader.byte()
    if kind == _MORE:
        reader.streams()
        kind = reader.byte()
    streams = _Streams()
    if kind == _STREAMS:
        streams = reader.streams()
        kind = reader.byte()
    names = reader.names() if kind == _FILES else Names()
    total = sum(folder.size for folder in streams.folders)
    packed = min(sum(streams.packed_sizes), archive_bytes)
    return Listing(
        names.all(),
        encrypted=encrypted or streams.is_encrypted,
        bomb=is_bomb(total, packed),
        cut=names.cut,
    )


def _unpack(data: bytes, streams: _Streams) -> bytes:
    """A packed header; only what is used for headers is known."""
    if not streams.folders or not streams.packed_sizes or len(streams.folders[0].coders) != 1:
        raise DamagedArchive("a header packed in no known way")
    folder = streams.folders[0]
    method, properties = folder.coders[0]
    start = _HEADER_START + streams.packed_at
    packed = data[start : start + streams.packed_sizes[0]]
    if folder.size > _LARGEST_HEADER_BYTES:
        raise DamagedArchive("a header too large to be one")
    if method == _COPY:
        return packed
    if method == _LZMA and len(properties) >= 5:
        literal, rest = properties[0] % 9, properties[0] // 9
        filters = {"id": lzma.FILTER_LZMA1, "lc": literal, "lp": rest % 5, "pb": rest // 5}
    elif method == _LZMA2:
        filters = {"id": lzma.FILTER_LZMA2}
    else:
        raise DamagedArchive("a header packed in no known way")
    # The dictionary an archive asks for may be gigabytes; more than comes out is never used.
    filters["dict_size"] = max(folder.size, 4096)
    try:
        engine = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[filters])
        return engine.decompress(packed, folder.size)
    except (lzma.LZMAError, ValueError, EOFError, MemoryError) as error:
        raise DamagedArchive("a header that cannot be unpacked") from error


class _Reader:
    """A header from front to end. Everything raises DamagedArchive past its end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def byte(self) -> int:
        return self.take(1)[0]

    def take(self, count: int) -> bytes:
        if count < 0 or self._at + count > len(self._data):
            raise DamagedArchive("it ends within its header")
        self._at += count
        return self._data[self._at - count : self._at]

    def number(self) -> int:
        """As many further bytes as the first has leading ones, then the rest of its bits."""
        first = self.byte()
        for extra in range(8):
            mask = 0x80 >> extra
            if not first & mask:
                low = int.from_bytes(self.take(extra), "little")
                return low + ((first & (mask - 1)) << 8 * extra)
        return int.from_bytes(self.take(8), "little")

    def count(self) -> int:
        number = self.number()
        if number > _MOST_ITEMS:
            raise DamagedArchive("more items than any archive has")
        return number

    def skip_properties(self) -> None:
        while self.number() != _END:
            self.take(self.number())

    def streams(self) -> _Streams:
        found = _Streams()
        while (kind := self.byte()) != _END:
            if kind == _PACK:
                self._pack_info(found)
            elif kind == _UNPACK:
                self._unpack_info(found)
            elif kind == _SUB:
                self._sub_streams(found)
            else:
                raise DamagedArchive("an unknown kind of streams")
        return found

    def _pack_info(self, found: _Streams) -> None:
        found.packed_at = self.number()
        count = self.count()
        while (kind := self.byte()) != _END:
            if kind == _SIZE:
                found.packed_sizes = [self.number() for _ in range(count)]
            elif kind == _CRC:
                self._digests(count)

    def _unpack_info(self, found: _Streams) -> None:
        if self.byte() != _FOLDER:
            raise DamagedArchive("streams without folders")
        count = self.count()
        if self.byte():
            raise DamagedArchive("folders that stand elsewhere")
        found.folders = [self._folder() for _ in range(count)]
        while (kind := self.byte()) != _END:
            if kind == _UNPACK_SIZE:
                for folder in found.folders:
                    folder.sizes = [self.number() for _ in range(folder.outputs)]
            elif kind == _CRC:
                for folder, known in zip(found.folders, self._digests(count), strict=True):
                    folder.has_crc = known

    def _folder(self) -> _Folder:
        folder = _Folder()
        inputs = 0
        for _ in range(self.count()):
            flags = self.byte()
            method = self.take(flags & 0x0F)
            taken, given = (self.count(), self.count()) if flags & 0x10 else (1, 1)
            properties = self.take(self.number()) if flags & 0x20 else b""
            folder.coders.append((method, properties))
            inputs += taken
            folder.outputs += given
        if folder.outputs > _MOST_ITEMS:
            raise DamagedArchive("more items than any archive has")
        bound = max(0, folder.outputs - 1)
        for _ in range(2 * bound):
            self.number()
        packed = inputs - bound
        for _ in range(packed if packed > 1 else 0):
            self.number()
        return folder

    def _sub_streams(self, found: _Streams) -> None:
        counts = [1] * len(found.folders)
        kind = self.byte()
        if kind == _COUNTS:
            counts = [self.count() for _ in found.folders]
            kind = self.byte()
        if kind == _SIZE:
            for count in counts:
                for _ in range(count - 1):
                    self.number()
            kind = self.byte()
        while kind != _END:
            if kind == _CRC:
                self._digests(
                    sum(
                        0 if count == 1 and folder.has_crc else count
                        for count, folder in zip(counts, found.folders, strict=True)
                    )
                )
            kind = self.byte()

    def _digests(self, count: int) -> list[bool]:
        """Skips checksums; which of `count` items have one."""
        if count > _MOST_ITEMS:
            raise DamagedArchive("more items than any archive has")
        known = [True] * count
        if not self.byte():
            bits = self.take((count + 7) // 8)
            known = [bool(bits[index // 8] & 0x80 >> index % 8) for index in range(count)]
        self.take(4 * sum(known))
        return known

    def names(self) -> Names:
        """The names of the files, from where the list of them begins."""
        names = Names()
        self.count()
        while (kind := self.number()) != _END:
            content = self.take(self.number())
            if kind == _NAMES and content[:1] == b"\0":
                for name in content[1:].decode("utf-16-le", "replace").split("\0"):
                    names.add(name)
        return names
