"""The mail inside an opaque S/MIME signature."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.mail.signed_data import find_signed_content, is_enveloped

OBJECT = bytes.fromhex("06092a864886f70d0107")
SIGNED, ENVELOPED, DATA = OBJECT + b"\2", OBJECT + b"\3", OBJECT + b"\1"
MAIL = b"Content-Type: text/plain\r\n\r\n" + b"hello " * 100


def ber(tag: int, *parts: bytes, endless: bool = False) -> bytes:
    body = b"".join(parts)
    if endless:
        return bytes((tag, 0x80)) + body + b"\0\0"
    size = len(body)
    length = bytes((size,)) if size < 128 else b"\x82" + size.to_bytes(2, "big")
    return bytes((tag,)) + length + body


def signed(content: bytes, *, endless: bool = False) -> bytes:
    """A SignedData without signers; `endless` in the form that programs stream."""
    algorithms = ber(0x31, ber(0x30, bytes.fromhex("0609608648016503040201")), endless=endless)
    encapsulated = ber(0x30, DATA, content, endless=endless)
    body = ber(0x30, b"\2\1\1", algorithms, encapsulated, ber(0x31), endless=endless)
    return ber(0x30, SIGNED, ber(0xA0, body, endless=endless), endless=endless)


def octets(*pieces: bytes) -> bytes:
    return ber(0x24, *(ber(4, piece) for piece in pieces), endless=True)


@pytest.mark.parametrize("endless", [False, True], ids=["der", "ber"])
@pytest.mark.parametrize(
    "content",
    [
        ber(4, MAIL),
        ber(0x24, ber(4, MAIL[:7]), ber(4, MAIL[7:])),
        octets(MAIL[:10], MAIL[10:200], MAIL[200:]),
        octets(MAIL),
    ],
    ids=["whole", "counted-pieces", "pieces", "one-piece"],
)
def test_what_was_signed_comes_out(content, endless):
    data = signed(ber(0xA0, content, endless=endless), endless=endless)
    assert find_signed_content(data) == MAIL
    assert not is_enveloped(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        signed(b""),
        signed(ber(0xA0, ber(4, MAIL)))[:200],
        ber(0x30, ENVELOPED, ber(0xA0, b"x" * 200)),
        ber(0x30, SIGNED, b"\x24\x80" * 5000),
        ber(0x30, SIGNED),
        b"\x30\x80" * 20 + SIGNED,
    ],
)
def test_there_is_none(data):
    assert find_signed_content(data) is None


def test_pieces_without_end_are_refused():
    pieces = b"\4\0" * 200_000
    assert (
        find_signed_content(signed(ber(0xA0, b"\x24\x80" + pieces, endless=True), endless=True))
        is None
    )


def test_an_encrypted_mail_is_told():
    assert is_enveloped(ber(0x30, ENVELOPED, ber(0xA0, b"x" * 200)))


STREAMED = signed(ber(0xA0, octets(MAIL[:9], MAIL[9:]), endless=True), endless=True)


@given(st.lists(st.tuples(st.integers(0, len(STREAMED)), st.binary(max_size=3)), max_size=8))
@settings(max_examples=300, deadline=None)
def test_damage_raises_nothing(changes):
    raw = bytearray(STREAMED)
    for at, value in changes:
        raw[at : at + len(value)] = value
    found = find_signed_content(bytes(raw))
    assert found is None or len(found) <= len(raw)
