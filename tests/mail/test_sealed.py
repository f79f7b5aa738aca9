"""Mails inside envelopes: S/MIME, winmail.dat with RTF or HTML, PGP, and RTF itself."""

from __future__ import annotations

from base64 import encodebytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.mail.armour import take_off_armour
from intake.mail.cms import find_kind, open_signed
from intake.mail.enriched import read_enriched, read_richtext
from intake.mail.parse import parse_mail
from intake.mail.rtf import read_rtf

INNER = "Content-Type: text/plain; charset=utf-8\r\n\r\nGrüße, signed\r\n".encode()
SIGNED, ENVELOPED = "2a864886f70d010702", "2a864886f70d010703"


def ber(tag: int, *content: bytes, open_length: bool = False) -> bytes:
    """A BER element (X.690 8.1)."""
    data = b"".join(content)
    if open_length:
        return bytes((tag, 0x80)) + data + b"\0\0"
    size = b"" if len(data) < 128 else len(data).to_bytes((len(data).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(size) if size else len(data))) + size + data


def envelope(kind: str, content: bytes = INNER, *, open_length: bool = False) -> bytes:
    """A ContentInfo (RFC 5652 3) with `content`, in one piece or in several."""
    octets = ber(4, content)
    if open_length:
        octets = ber(0x24, ber(4, content[:9]), ber(4, content[9:]), open_length=True)
    inside = ber(0x30, ber(6, bytes.fromhex("2a864886f70d010701")), ber(0xA0, octets))
    body = ber(0x30, ber(2, b"\1"), ber(0x31), inside, open_length=open_length)
    return ber(0x30, ber(6, bytes.fromhex(kind)), ber(0xA0, body), open_length=open_length)


def smime(data: bytes) -> bytes:
    head = (
        b"Content-Type: application/pkcs7-mime; name=smime.p7m\nContent-Transfer-Encoding: base64\n"
    )
    return b"From: a@b.example\n" + head + b"\n" + encodebytes(data)


@pytest.mark.parametrize("open_length", [False, True])
def test_a_signed_envelope_shows_its_mail(open_length):
    mail = parse_mail(smime(envelope(SIGNED, open_length=open_length)))
    assert mail.text == "Grüße, signed"
    assert any("signed envelope" in defect for defect in mail.defects)
    assert mail.attachments[0].filename == "smime.p7m"


def test_an_envelope_in_an_envelope_is_opened_and_not_for_ever():
    wrapped = INNER
    for _ in range(2):
        head = b"Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        wrapped = head + encodebytes(envelope(SIGNED, wrapped))
    assert parse_mail(smime(envelope(SIGNED, wrapped))).text == "Grüße, signed"


def test_an_encrypted_mail_is_said_to_be():
    mail = parse_mail(smime(envelope(ENVELOPED)))
    assert mail.text == ""
    assert any("encrypted (S/MIME)" in defect for defect in mail.defects)


def test_a_damaged_envelope_is_said_to_be():
    assert any("damaged" in defect for defect in parse_mail(smime(b"0\x80" * 50)).defects)


def test_pgp_mime_is_said_to_be_encrypted():
    mail = parse_mail(
        b'From: a@b.example\nContent-Type: multipart/encrypted; boundary="x";'
        b' protocol="application/pgp-encrypted"\n\n--x\nContent-Type: application/pgp-encrypted\n\n'
        b"Version: 1\n\n--x\nContent-Type: application/octet-stream; name=encrypted.asc\n\n"
        b"-----BEGIN PGP MESSAGE-----\n\nhQ==\n-----END PGP MESSAGE-----\n--x--\n"
    )
    assert any("encrypted (PGP)" in defect for defect in mail.defects)
    assert mail.text == ""


@given(st.binary(max_size=200))
def test_any_bytes_are_an_envelope_or_none(data):
    assert find_kind(data) in (None, "signed", "encrypted", "compressed")
    assert open_signed(data) is None or find_kind(data) == "signed"


def test_a_million_open_lengths_end_soon():
    assert open_signed(b"\x30\x80" * 1_000_000) is None
    assert open_signed(b"\x30\x80" + b"\x05\x00" * 1_000_000) is None


@pytest.mark.parametrize(
    "rtf, text",
    [
        (rb"{\rtf1\ansi Gr\'fc\'dfe\par two\tab x\line y}", "Grüße\ntwo\tx\ny"),
        (rb"{\rtf1\ansi{\fonttbl{\f0\fcharset134 x;}}\f0 \'c4\'e3\'ba\'c3}", "你好"),
        (rb"{\rtf1\ansicpg1251 \'cf\'f0\'e8}", "При"),
        (rb"{\rtf1\uc1\u8364?5 \u-10179?\u-8704?}", "€5 \U0001f600"),
        (rb"{\rtf1{\info{\title no}}{\*\generator no}{\pict\bin3 }}}}yes\{\}}", "yes{}"),
        (rb"{\rtf1 a\v hidden\v0 b}", "ab"),
        (rb"{\rtf1 a{\b b}\plain c\~d\_e\emdash}", "abc\xa0d-e—"),
    ],
)
def test_rtf_is_read(rtf, text):
    assert read_rtf(rtf) == (text, False)


def test_html_wrapped_into_rtf_comes_out_again():
    rtf = (
        rb"{\rtf1\ansi\fromhtml1{\*\htmltag64 <p>}\htmlrtf \par \htmlrtf0 {\htmlrtf \b \htmlrtf0"
        rb"Gr\'fc\'dfe}{\*\htmltag84 &nbsp;}\htmlrtf \'a0\htmlrtf0 {\*\htmltag72 </p>}}"
    )
    assert read_rtf(rtf) == ("<p>Grüße&nbsp;</p>", True)


@given(st.binary(max_size=300) | st.text("{}\\'*uparhtmlf0123 ", max_size=300).map(str.encode))
def test_any_bytes_are_rtf_enough(data):
    text, _ = read_rtf(data)
    text.encode("utf-8")


def test_deep_rtf_ends():
    assert read_rtf(b"{" * 100_000 + b"x" + b"}" * 100_000) == ("x", False)


@pytest.mark.parametrize(
    "text, read",
    [
        ("a\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: X\n\nb\n", "a\nb\n"),
        (
            "say -----BEGIN PGP SIGNED MESSAGE----- here",
            "say -----BEGIN PGP SIGNED MESSAGE----- here",
        ),
        ("-----BEGIN PGP PUBLIC KEY BLOCK-----\nx\n", "-----BEGIN PGP PUBLIC KEY BLOCK-----\nx\n"),
    ],
)
def test_armour_is_taken_off(text, read):
    assert take_off_armour(text, []) == read


@given(st.lists(st.sampled_from(["-----BEGIN PGP SIGNED MESSAGE-----\n", "Hsh: x\n", "\n", "a\n"])))
def test_armour_off_any_text_keeps_the_words(lines):
    assert take_off_armour("".join(lines), []).count("a") == lines.count("a\n")


def test_enriched_and_rich_text_lose_their_marks():
    assert (
        read_enriched("<bold>a</bold>\nb\n\nc <<d>\n\n\n<nofill>e\nf</nofill>")
        == "a b\nc <d>\n\ne\nf"
    )
    assert read_richtext("a<nl>b\nc <lt>d>") == "a\nb c <d>"
