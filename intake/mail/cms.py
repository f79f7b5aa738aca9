"""S/MIME envelopes (RFC 5652, RFC 8551): what kind one is, and the mail that a signed one holds.

Nothing is decrypted and no signature is checked: a signed envelope holds its mail in the clear.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["signed", "encrypted", "compressed"]
# RFC 5652 4, RFC 5083 2, RFC 3274 1.1: object identifiers as they are encoded.
_KINDS: dict[bytes, Kind] = {
    bytes.fromhex("2a864886f70d010702"): "signed",
    bytes.fromhex("2a864886f70d010703"): "encrypted",
    bytes.fromhex("2a864886f70d010706"): "encrypted",
    bytes.fromhex("2a864886f70d0109100117"): "encrypted",
    bytes.fromhex("2a864886f70d0109100109"): "compressed",
}
_SEQUENCE, _OID, _OCTETS, _CONTEXT_0 = 0x30, 0x06, 0x04, 0xA0
_CONSTRUCTED = 0x20
_DEEPEST = 20
_MOST_ELEMENTS = 100_000
_OPEN_LENGTH = 0x80
_END = b"\0\0"


class _DamagedEnvelope(ValueError):
    """The bytes are no BER (X.690), or end too early."""


@dataclass(frozen=True, slots=True)
class _Element:
    """One BER element: its tag, and where its content lies; `end` is after its end mark."""

    tag: int
    start: int
    stop: int
    end: int


def find_kind(data: bytes) -> Kind | None:
    """What the envelope in `data` (BER or DER) does with its mail; None where it is none."""
    try:
        return _KINDS.get(_Reader(data).content_type())
    except _DamagedEnvelope:
        return None


def open_signed(data: bytes) -> bytes | None:
    """The signed mail (a MIME part with its header) in `data`; None where there is none in it."""
    reader = _Reader(data)
    try:
        if _KINDS.get(reader.content_type()) != "signed":
            return None
        outer = reader.read(0, len(data))
        signed = reader.child(reader.child(outer, _CONTEXT_0), _SEQUENCE)
        # RFC 5652 5.1: version, digest algorithms, then the content, in a sequence of its own.
        content = reader.child(signed, _SEQUENCE)
        return b"".join(reader.octets(reader.child(content, _CONTEXT_0), 0))
    except _DamagedEnvelope:
        return None


class _Reader:
    """BER elements of `data`, up to a number that no honest envelope has."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._left = _MOST_ELEMENTS

    def content_type(self) -> bytes:
        """RFC 5652 3: the object identifier that begins every envelope."""
        outer = self.read(0, len(self._data))
        if outer.tag != _SEQUENCE:
            raise _DamagedEnvelope
        name = self.child(outer, _OID)
        return self._data[name.start : name.stop]

    def read(self, at: int, limit: int, depth: int = 0) -> _Element:
        """The element at `at`. X.690 8.1: tag, length, content; a length may be left open."""
        self._left -= 1
        if at + 2 > limit or depth > _DEEPEST or self._left < 0:
            raise _DamagedEnvelope
        tag, length = self._data[at], self._data[at + 1]
        at += 2
        if length == _OPEN_LENGTH:
            stop = at
            while self._data[stop : stop + 2] != _END:
                stop = self.read(stop, limit, depth + 1).end
            return _Element(tag, at, stop, stop + 2)
        if length > _OPEN_LENGTH:
            size = length & 0x7F
            if size > 8 or at + size > limit:
                raise _DamagedEnvelope
            length = int.from_bytes(self._data[at : at + size], "big")
            at += size
        # What is cut off at the end is still worth showing.
        stop = min(at + length, limit)
        return _Element(tag, at, stop, stop)

    def child(self, parent: _Element, tag: int) -> _Element:
        """The first child with `tag`."""
        for element in self._children(parent):
            if element.tag == tag:
                return element
        raise _DamagedEnvelope

    def octets(self, parent: _Element, depth: int) -> Iterator[bytes]:
        """The pieces of an octet string, which may be made of octet strings (X.690 8.7)."""
        if depth > _DEEPEST:
            raise _DamagedEnvelope
        for element in self._children(parent):
            if element.tag == _OCTETS:
                yield self._data[element.start : element.stop]
            elif element.tag == _OCTETS | _CONSTRUCTED:
                yield from self.octets(element, depth + 1)

    def _children(self, parent: _Element) -> Iterator[_Element]:
        at = parent.start
        while at < parent.stop:
            element = self.read(at, parent.stop)
            yield element
            at = element.end
