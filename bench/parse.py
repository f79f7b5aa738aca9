"""Mails and megabytes a second through parse_mail, beside bare mail-parser and bare stdlib.

The rivals only take a mail apart; parse_mail also turns HTML into text, finds the newest reply
and its language, and describes every file. `less reply, language` is parse_mail without these two.
"""

from __future__ import annotations

import base64
import email
import random
import time
import tracemalloc
from collections.abc import Callable, Sequence

import mailparser
from rich.console import Console
from rich.table import Table

from intake.mail import parse
from intake.mail.newest import Newest
from intake.mail.parse import parse_mail
from tests.generate import generate

_ROUNDS = 3
_MAILS = 40
Reader = Callable[[bytes], object]


def main() -> None:
    """Print both tables."""
    console = Console()
    table = Table(title="Parsing", title_justify="left", box=None, pad_edge=False)
    for heading in ("size", "reader", "mails/s", "MB/s", "x mail-parser"):
        table.add_column(heading, justify="right" if heading != "reader" else "left")
    for size in ("5k", "60k", "800k"):
        mails = _mails(size)
        readers: tuple[tuple[str, Reader], ...] = (
            ("mail-parser alone", mailparser.parse_from_bytes),
            ("stdlib email alone", email.message_from_bytes),
            ("parse_mail", parse_mail),
            ("  less reply, language", _take_apart),
        )
        base = 0.0
        for name, reader in readers:
            rate = measure(reader, mails)
            base = base or rate
            megabytes = rate * sum(map(len, mails)) / len(mails) / 1e6
            table.add_row(size, name, f"{rate:.0f}", f"{megabytes:.1f}", f"{rate / base:.2f}")
    console.print(table)
    console.print(_memory_table())


def _mails(size: str) -> list[bytes]:
    return [sample.raw for sample in generate(600) if sample.size == size][:_MAILS]


def measure(reader: Reader, mails: Sequence[bytes]) -> float:
    """Mails a second, the best of a few rounds."""
    best = float("inf")
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        for mail in mails:
            reader(mail)
        best = min(best, time.perf_counter() - start)
    return len(mails) / best


def _take_apart(raw: bytes) -> object:
    """parse_mail without the work that nobody else does."""
    kept = parse.find_newest, parse.find_language
    parse.find_newest = _all_new
    parse.find_language = lambda text: None
    try:
        return parse_mail(raw)
    finally:
        parse.find_newest, parse.find_language = kept


def _all_new(text: str, *, subject: str = "", html: str | None = None) -> Newest:
    return Newest(text)


def _memory_table() -> Table:
    table = Table(title="Peak memory", title_justify="left", box=None, pad_edge=False)
    for heading in ("mail of", "size", "peak above the mail", "x mail"):
        table.add_column(heading, justify="left" if heading == "mail of" else "right")
    for name, make in _LARGE:
        for megabytes in (1, 5, 25):
            raw = make(megabytes * 1_000_000)
            tracemalloc.start()
            parse_mail(raw)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            size = f"{len(raw) / 1e6:.0f} MB"
            table.add_row(name, size, f"{peak / 1e6:.0f} MB", f"{peak / len(raw):.2f}")
    return table


def _texts(content_type: str, line: bytes, size_bytes: int, encoding: str = "8bit") -> bytes:
    head = f"From: a@b.example\r\nContent-Type: {content_type}; charset=utf-8\r\n"
    head += f"Content-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode() + line * (size_bytes // len(line))


def _plain(size_bytes: int) -> bytes:
    return _texts("text/plain", b"Where is my withdrawal? \xe6\x8f\x90\xe5\xb8\x81\r\n", size_bytes)


def _page(size_bytes: int) -> bytes:
    line = b'<tr><td style=3D"padding:4px">Order</td><td>=E6=8F=90</td></tr>=\r\n'
    return _texts("text/html", line, size_bytes, "quoted-printable")


def _pictures(size_bytes: int) -> bytes:
    picture = base64.encodebytes(b"\x89PNG\r\n\x1a\n" + random.Random(1).randbytes(size_bytes // 3))
    part = (
        b"--b\r\nContent-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + picture.replace(b"\n", b"\r\n")
    )
    head = b"From: a@b.example\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    return head + part * 2 + b"--b--\r\n"


_LARGE: tuple[tuple[str, Callable[[int], bytes]], ...] = (
    ("pictures", _pictures),
    ("plain text", _plain),
    ("HTML", _page),
)


if __name__ == "__main__":
    main()
