"""Mails from nothing: random headers over a random tree of parts with random contents."""

from __future__ import annotations

import base64
import binascii
from random import Random

from tests.fuzz import soups
from tests.fuzz.containers import damage, files


def build(dice: Random) -> bytes:
    """A mail, mostly well formed, its lines ending in CRLF or LF."""
    end = dice.choice((b"\r\n", b"\n"))
    head = [
        b"From: " + soups.field_value(dice, "From"),
        b"Subject: " + soups.field_value(dice, "X"),
    ]
    for _ in range(dice.randint(0, 8)):
        name = dice.choice(soups.FIELDS)
        if not name.startswith("Content-"):
            head.append(name.encode() + b": " + soups.field_value(dice, name))
    dice.shuffle(head)
    return end.join(head) + end + _part(dice, end, 0)


def _part(dice: Random, end: bytes, depth: int) -> bytes:
    kind = dice.random()
    if depth < 5 and kind < 0.35:
        return _multipart(dice, end, depth)
    if depth < 5 and kind < 0.42:
        return b"Content-Type: message/rfc822" + end * 2 + _part(dice, end, depth + 1)
    return _leaf(dice, end)


def _multipart(dice: Random, end: bytes, depth: int) -> bytes:
    mark = dice.choice((b"a", b"ab", b"a-b", b"=_%d" % depth, b"a b", b"----=_Part_%d" % depth))
    kind = dice.choice([each for each in soups.TYPES if each.startswith("multipart/")])
    head = b"Content-Type: " + kind.encode() + b'; boundary="' + mark + b'"' + end * 2
    parts = [_part(dice, end, depth + 1) for _ in range(dice.randint(0, 4))]
    body = b"".join(b"--" + mark + end + part + end for part in parts)
    return head + body + dice.choice((b"--" + mark + b"--" + end, b""))


def _leaf(dice: Random, end: bytes) -> bytes:
    kind = dice.random()
    if kind < 0.3:
        content, media_type = soups.soup(dice, soups.LINES, 30, "\n"), b"text/plain"
    elif kind < 0.6:
        content, media_type = soups.soup(dice, soups.TAGS, 120), b"text/html"
    else:
        content = dice.choice(files())
        content = damage(dice, content) if dice.random() < 0.7 else content
        media_type = dice.choice(soups.TYPES).encode()
    head = b"Content-Type: " + media_type + b"; " + soups.soup(dice, soups.PARAMETERS, 2, "; ")
    if dice.random() < 0.5:
        head += end + b"Content-Disposition: " + soups.field_value(dice, "Content-Disposition")
    encoding = dice.randrange(4)
    if encoding == 0:
        head += end + b"Content-Transfer-Encoding: base64"
        content = base64.encodebytes(content).replace(b"\n", end)
    elif encoding == 1:
        head += end + b"Content-Transfer-Encoding: quoted-printable"
        content = binascii.b2a_qp(content)
    return head + end * 2 + content
