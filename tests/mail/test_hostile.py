"""Mail that was made to hurt: each is read or refused within two seconds, and never raises else."""

from __future__ import annotations

import base64
import io
import random
import time
import zipfile
import zlib
from pathlib import Path

import pytest

from intake.errors import BudgetExceeded
from intake.mail.parse import parse_mail

HEAD = b"From: a@b.example\r\nSubject: x\r\n"
MULTIPART = HEAD + b"Content-Type: multipart/mixed; boundary=a\r\n\r\n"
BASE64 = b"Content-Transfer-Encoding: base64\r\n\r\n"
MAILS = sorted((Path(__file__).parent.parent / "mails").rglob("*.eml"))


def _nested(levels: int) -> bytes:
    opening = b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n"
    return HEAD + b"".join(opening % (level, level) for level in range(levels)) + b"\r\nhi"


def _zip_bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(30_000_000))
    return stream.getvalue()


def _gzip_bomb() -> bytes:
    packer = zlib.compressobj(wbits=31)
    return packer.compress(bytes(30_000_000)) + packer.flush()


REFUSED = {
    "10,000 parts": MULTIPART + b"--a\r\n\r\nhi\r\n" * 10_000,
    "500 levels": _nested(500),
    "header line of 1 MB": HEAD + b"X: " + b"a" * 1_000_001 + b"\r\n\r\nhi",
    "100,000 headers": HEAD + b"X: b\r\n" * 100_000 + b"\r\nhi",
}
READ = {
    "49 levels": _nested(48),
    "From of brackets": b"From: " + b"<" * 900_000 + b"\r\n\r\nhi",
    "From of quotes": b"From: " + b'"' * 900_000 + b"\r\n\r\nhi",
    "From of comments": b"From: " + b"(" * 900_000 + b"\r\n\r\nhi",
    "From of encoded words": b"From: " + b"=?utf-8?q?a" * 80_000 + b"\r\n\r\nhi",
    "Subject of questions": b"Subject: =?u?q?" + b"?" * 900_000 + b"\r\n\r\nhi",
    "parameters": HEAD + b"Content-Type: text/plain" + b';a="b' * 150_000 + b"\r\n\r\nhi",
    "delimiters that are none": MULTIPART + b"--ab\r\n" * 1_000_000,
    "lines of dashes": MULTIPART + b"-\n" * 2_000_000,
    "one line": b"a" * 10_000_000,
    "NUL bytes": bytes(5_000_000),
    "uuencode that never ends": HEAD + b"\r\n" + b"begin 644 a\n" * 300_000,
    "base64 of nothing": HEAD + b"Content-Type: image/png\r\n" + BASE64 + b"=A" * 3_000_000,
    "open tags": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 200_000,
    "every byte": HEAD + b"\r\n" + bytes(range(128, 256)) * 20_000,
    "flowed": HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"a \r\n" * 500_000,
}


@pytest.mark.parametrize("case", REFUSED)
def test_more_than_the_budget_is_refused(case):
    start = time.perf_counter()
    with pytest.raises(BudgetExceeded):
        parse_mail(REFUSED[case])
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize("case", READ)
def test_hostile_mail_is_read_in_time(case):
    start = time.perf_counter()
    parse_mail(READ[case])
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize("name, bomb", [("a.zip", _zip_bomb()), ("a.gz", _gzip_bomb())])
def test_a_bomb_is_recognised_and_not_unpacked(name, bomb):
    part = f"Content-Type: application/octet-stream; name={name}\r\n".encode()
    mail = parse_mail(HEAD + part + BASE64 + base64.encodebytes(bomb))
    assert "archive-bomb" in mail.attachments[0].risk


@pytest.mark.parametrize("seed", range(40))
def test_mutated_mails_never_raise(seed):
    dice = random.Random(seed)
    for _ in range(10):
        lines = dice.choice(MAILS).read_bytes().split(b"\n")
        for _ in range(dice.randrange(1, 6)):
            at = dice.randrange(len(lines))
            other = dice.choice(MAILS).read_bytes().split(b"\n")
            action = dice.randrange(4)
            if action == 0:
                lines.insert(at, dice.choice(other))
            elif action == 1:
                lines[at] = dice.randbytes(dice.randrange(1, 60))
            elif action == 2:
                lines[at:at] = lines[at : at + 20]
            else:
                lines[at] = lines[at][: dice.randrange(len(lines[at]) + 1)] + b"=?\0\r\xff--"
        mail = parse_mail(b"\n".join(lines))
        shown = [mail.subject, mail.text, mail.reply, *(value for _, value in mail.headers)]
        assert all("\0" not in text and text.encode("utf-8") is not None for text in shown)
        assert all(value.isprintable() or value > " " for _, value in mail.headers)
        assert not any("\n" in value or "\r" in value for _, value in mail.headers)
