"""The bytes of an outgoing mail, read back by the standard library."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.reply.mime import Part, encode_words, fold_ids, quote_name, render_mail

# Lines as templates give them: anything printable, LF between them.
LINES = st.text(alphabet=st.characters(exclude_categories=("C", "Z")) | st.just(" "))
SHOWN = LINES.map(lambda text: " ".join(text.split()))


def read(raw: bytes) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(raw, policy=policy.default))


def content(part: EmailMessage) -> str:
    return str(part.get_content()).replace("\r\n", "\n")


def header(name: str, value: str) -> str:
    raw = render_mail([(name, value)], (Part("plain", "x\n"),), "seed")
    return str(read(raw)[name])


@given(SHOWN)
def test_unstructured_headers_come_back(text):
    assert header("Subject", encode_words(text, "Subject")) == text


@pytest.mark.parametrize(
    "text",
    ["plain", "提现没有到账" * 20, "x" * 300, "word " * 60 + "end", "=?utf-8?q?not_encoded?=", "é"],
)
def test_header_lines_are_short(text):
    raw = render_mail([("Subject", encode_words(text, "Subject"))], (Part("plain", ""),), "")
    assert all(len(line) <= 78 for line in raw.split(b"\r\n"))
    assert raw.isascii()
    assert header("Subject", encode_words(text, "Subject")) == " ".join(text.split())


@given(SHOWN)
def test_names_come_back(name):
    raw = render_mail([("From", quote_name(name, "a@b.example", "From"))], (Part("plain", ""),), "")
    # policy.default of 3.11 keeps the space between encoded words of a phrase (RFC 2047 6.2).
    shown, addr_spec = parseaddr(message_from_bytes(raw)["From"])
    assert addr_spec == "a@b.example"
    assert str(make_header(decode_header(shown))) == name


@given(LINES, LINES)
def test_bodies_come_back(first, second):
    text = f"{first}\n{second}.\n"
    parts = (Part("plain", text), Part("html", f"<p>{text}</p>\n"))
    message = read(render_mail([], parts, "seed"))
    assert message.get_content_type() == "multipart/alternative"
    plain, html = message.iter_parts()
    assert content(plain) == text
    assert content(html) == f"<p>{text}</p>\n"
    assert not message.defects
    assert not plain.defects


@given(LINES)
def test_every_line_is_short_and_ascii(text):
    raw = render_mail([], (Part("plain", text * 20), Part("html", text)), "seed")
    assert raw.isascii()
    assert all(len(line) <= 78 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")


def test_one_part_needs_no_multipart():
    message = read(render_mail([], (Part("plain", "hello\n"),), "seed"))
    assert message.get_content_type() == "text/plain"
    assert content(message) == "hello\n"


def test_the_boundary_is_of_the_seed_and_in_no_part():
    def boundary(seed: str) -> str:
        text = "--=_" + "a" * 32 + "\n"
        raw = render_mail([], (Part("plain", text), Part("html", text)), seed)
        assert raw.count(b"\r\n--=_") == 3
        return str(read(raw).get_boundary())

    assert boundary("a") == boundary("a") != boundary("b")


def test_ids_stand_one_a_line_and_unencoded():
    ids = [f"{i}.{'x' * 120}@long.example" for i in range(5)]
    raw = render_mail([("References", fold_ids(ids))], (Part("plain", ""),), "")
    assert b"=?" not in raw
    unfolded = message_from_bytes(raw)["References"].replace("\r\n", "")
    assert unfolded.split() == [f"<{message_id}>" for message_id in ids]


@pytest.mark.parametrize(
    "value", ["a\r\nBcc: x", "a\nBcc: x", "a\rb", "a\0b", "a\r\n \r\nb", "a\r\n"]
)
def test_a_value_cannot_leave_its_header(value):
    with pytest.raises(ValueError, match="header Subject"):
        render_mail([("Subject", value)], (Part("plain", ""),), "")
