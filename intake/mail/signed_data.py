"""The mail inside an opaque S/MIME signature (RFC 8551 3.5.2): CMS SignedData, RFC 5652 5."""

from __future__ import annotations

from dataclasses import dataclass

_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_ENVELOPED_DATA = bytes.fromhex("2a864886f70d010703")
# Tags of BER (X.690 8.1.2).
_OCTETS, _OCTETS_IN_PIECES = 0x04, 0x24
_SEQUENCE, _EXPLICIT = 0x30, 0xA0
_HEAD_BYTES = 64
_MOST_PIECES = 100_000
_DEEPEST = 8


class _Malformed(ValueError):
    """Bytes that are no BER."""


@dataclass(frozen=True, slots=True)
class _Element:
    """One element; `end` is None where only two zero bytes will tell (X.690 8.1.3.6)."""

    tag: int
    start: int
    end: int | None


def is_enveloped(data: bytes) -> bool:
    """Whether `data` is encrypted for somebody (RFC 5652 6)."""
    return _ENVELOPED_DATA in data[:_HEAD_BYTES]


def find_signed_content(data: bytes) -> bytes | None:
    """What was signed, a MIME entity as a rule; None where `data` holds none or is damaged.

    The signature itself is not checked.
    """
    if _SIGNED_DATA not in data[:_HEAD_BYTES]:
        return None
    try:
        return _Reader(data).signed_content()
    except _Malformed:
        return None


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._pieces_left = _MOST_PIECES

    def signed_content(self) -> bytes | None:
        at = self._enter(0, _SEQUENCE)
        at = self._after(at)
        at = self._enter(at, _EXPLICIT)
        at = self._enter(at, _SEQUENCE)
        # The version and the digest algorithms come before the content.
        at = self._after(self._after(at))
        at = self._enter(at, _SEQUENCE)
        at = self._after(at)
        if self._data[at : at + 1] != bytes((_EXPLICIT,)):
            # A detached signature has its content beside it.
            return None
        return b"".join(self._octets(self._enter(at, _EXPLICIT), 0)[0])

    def _enter(self, at: int, tag: int) -> int:
        element = self._element(at)
        if element.tag != tag:
            raise _Malformed("another element than expected")
        return element.start

    def _octets(self, at: int, depth: int) -> tuple[list[bytes], int]:
        """The pieces of an octet string, and where it ends."""
        self._pieces_left -= 1
        if depth > _DEEPEST or self._pieces_left < 0:
            raise _Malformed("pieces without end")
        element = self._element(at)
        if element.tag == _OCTETS and element.end is not None:
            return [self._data[element.start : element.end]], element.end
        if element.tag != _OCTETS_IN_PIECES:
            raise _Malformed("no octet string")
        pieces: list[bytes] = []
        at = element.start
        while not self._ends(element, at):
            found, at = self._octets(at, depth + 1)
            pieces += found
        return pieces, at if element.end is not None else at + 2

    def _after(self, at: int, depth: int = 0) -> int:
        """Where the element at `at` ends."""
        self._pieces_left -= 1
        if depth > _DEEPEST or self._pieces_left < 0:
            raise _Malformed("elements without end")
        element = self._element(at)
        if element.end is not None:
            return element.end
        at = element.start
        while not self._ends(element, at):
            at = self._after(at, depth + 1)
        return at + 2

    def _ends(self, element: _Element, at: int) -> bool:
        if element.end is not None:
            return at >= element.end
        return self._data[at : at + 2] == b"\0\0"

    def _element(self, at: int) -> _Element:
        """X.690 8.1.3: a tag, then a length in one byte or in as many as the first says."""
        head = self._data[at : at + 2]
        if len(head) < 2:
            raise _Malformed("it ends too early")
        tag, length = head
        start = at + 2
        if length == 0x80:
            return _Element(tag, start, None)
        if length > 0x80:
            count = length & 0x7F
            if count > 8:
                raise _Malformed("a length longer than any")
            length = int.from_bytes(self._data[start : start + count], "big")
            start += count
        if start + length > len(self._data):
            raise _Malformed("it ends too early")
        return _Element(tag, start, start + length)
