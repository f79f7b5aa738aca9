"""A support mailbox made up by the thousand, the same for the same seed.

Used by the whole-system tests and by bench/. Sizes follow the desk's real mix: plain letters of
about 5 KB, HTML of about 60 KB, letters with two screenshots and a PDF of about 800 KB.
"""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Literal

Kind = Literal["new", "follow-up", "spam", "automatic"]
Size = Literal["5k", "60k", "800k"]

START = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
DESK = "support@exchange.example"

_SENTENCES = (
    "I placed a limit order this morning and it is still open although the price was reached.",
    "My withdrawal has been pending since yesterday and the page gives no reason for it.",
    "The authenticator app was on my old phone, which I no longer have.",
    "I have attached what the page shows when I press confirm.",
    "Could you please look into it and tell me what you need from me?",
    "The deposit has forty confirmations on the chain but my balance has not changed.",
    "I tried another browser and the result is the same.",
    "My account was opened three years ago and I never had a problem before.",
    "The amount left my bank on Friday according to the statement.",
    "I would like to know which fee was taken and why it differs from the table on your page.",
    "Support chat told me to write to this address.",
    "The verification page says that my document cannot be read.",
)
_SUBJECTS = (
    "Withdrawal pending",
    "Deposit not credited",
    "Order not executed",
    "Lost my authenticator",
    "Question about fees",
    "Document rejected",
    "Cannot log in",
    "API returns an error",
)
_SPAM = (
    "Dear friend, I am the widow of a late minister and wish to transfer USD 18,500,000 to you. "
    "Kindly reply with your bank details for this confidential business. You keep 40 percent.",
    "Congratulations!!! You have won the international lottery. Claim your prize of $2,500,000 "
    "now, click here http://192.0.2.77/claim and pay the small processing fee.",
    "Our certified crypto recovery experts get your stolen bitcoin back, 100% guaranteed. Contact "
    "our hacker on WhatsApp today and send your seed phrase to start the recovery.",
    "We offer first page Google ranking and SEO backlinks for your website at the lowest price. "
    "Buy cheap viagra and cialis online, no prescription needed. http://bit.ly/cheap-pills",
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One generated mail and what should become of it."""

    raw: bytes
    kind: Kind
    size: Size
    sender: str
    message_id: str
    parent: str | None = None


def generate(
    count: int, *, seed: int = 1, sizes: tuple[float, float, float] = (0.6, 0.3, 0.1)
) -> Iterator[Sample]:
    """`count` mails: 15 % follow-ups, 20 % spam, 5 % automatic, the rest new requests.

    `sizes` are the shares of 5 KB, 60 KB and 800 KB among all; spam and automatic mail is always
    small. A follow-up answers an earlier new request of the same sender by In-Reply-To.
    """
    dice = random.Random(seed)
    sizes = (max(sizes[0] - 0.25, 0.0), sizes[1], sizes[2])
    opened: list[Sample] = []
    for index in range(count):
        roll = dice.random()
        size: Size = dice.choices(("5k", "60k", "800k"), sizes)[0]
        kind: Kind = "new"
        if roll < 0.15 and opened:
            kind = "follow-up"
        elif 0.15 <= roll < 0.35:
            kind, size = "spam", "5k"
        elif 0.35 <= roll < 0.40:
            kind, size = "automatic", "5k"
        sample = _mail(dice, seed, index, kind, size, opened)
        if kind == "new":
            opened.append(sample)
        yield sample


def _mail(
    dice: random.Random, seed: int, index: int, kind: Kind, size: Size, opened: list[Sample]
) -> Sample:
    parent = dice.choice(opened) if kind == "follow-up" else None
    sender = parent.sender if parent else f"person{index}.{seed}@mail{index % 40}.example"
    message_id = f"m{index}.{seed}.{dice.getrandbits(48):x}@{sender.partition('@')[2]}"
    at = START + timedelta(seconds=30 * index)
    subject = f"{dice.choice(_SUBJECTS)} {dice.randrange(10**6)}"
    if parent:
        subject = "Re: " + subject_of(parent)
    head = [
        f"Return-Path: <{sender}>",
        f"Received: from mx.{sender.partition('@')[2]} (mx [198.51.100.{index % 250}]) by"
        f" mx.exchange.example with ESMTPS id q{index}; {format_datetime(at)}",
        f"From: Person {index} <{sender}>",
        f"To: Example Exchange Support <{DESK}>",
        f"Subject: {subject}",
        f"Date: {format_datetime(at)}",
        f"Message-ID: <{message_id}>",
        "MIME-Version: 1.0",
    ]
    if parent:
        head += [f"In-Reply-To: <{parent.message_id}>", f"References: <{parent.message_id}>"]
    if kind == "automatic":
        head += ["Auto-Submitted: auto-replied", "X-Auto-Response-Suppress: All"]
    raw = _body(dice, head, kind, size, index)
    return Sample(raw, kind, size, sender, message_id, parent.message_id if parent else None)


def subject_of(sample: Sample) -> str:
    """The Subject of a generated mail, without reply marks."""
    line = next(x for x in sample.raw.split(b"\r\n") if x.startswith(b"Subject: "))
    return line[9:].decode().removeprefix("Re: ")


def _body(dice: random.Random, head: list[str], kind: Kind, size: Size, index: int) -> bytes:
    if kind == "spam":
        text = "\n\n".join(dice.sample(_SPAM, 2)) + f"\n\nRef {dice.getrandbits(40):x}\n"
        return _plain(head, text)
    if kind == "automatic":
        return _plain(head, f"I am out of the office until Monday. Ticket {index}.\n")
    if size == "5k":
        return _plain(head, _letter(dice, 5_000))
    if size == "60k":
        return _html(dice, head)
    return _with_files(dice, head)


def _letter(dice: random.Random, length: int) -> str:
    words = [f"Hello,\n\nmy UID is {dice.randrange(10**7, 10**8)}."]
    total = 0
    while total < length - 200:
        paragraph = " ".join(dice.choice(_SENTENCES) for _ in range(3))
        words.append(paragraph + f" Reference {dice.randrange(10**6)}.")
        total += len(paragraph) + 20
    return "\n\n".join(words) + "\n\nKind regards\nPerson\n"


def _plain(head: list[str], text: str) -> bytes:
    lines = [*head, "Content-Type: text/plain; charset=utf-8", "", *text.split("\n")]
    return "\r\n".join(lines).encode()


def _html(dice: random.Random, head: list[str]) -> bytes:
    cell = '<td style="font-family:Arial,sans-serif;font-size:14px;padding:4px 8px;">'
    rows = [
        f"<tr>{cell}{dice.choice(_SENTENCES)}</td>{cell}{dice.randrange(10**6)}</td></tr>"
        for _ in range(230)
    ]
    text = _letter(dice, 1_500)
    page = (
        f"<html><body><p>{text.replace(chr(10), '<br>' + chr(10))}</p><table>"
        + "\r\n".join(rows)
        + "</table></body></html>"
    )
    lines = [*head, "Content-Type: text/html; charset=utf-8", "", page.replace("\n\n", "\n")]
    return "\r\n".join(lines).replace("\r\n", "\n").replace("\n", "\r\n").encode()


def _with_files(dice: random.Random, head: list[str]) -> bytes:
    edge = "=_generated"
    parts = [
        "\r\n".join(head).encode(),
        f'Content-Type: multipart/mixed; boundary="{edge}"'.encode(),
        b"",
        f"--{edge}\r\nContent-Type: text/plain; charset=utf-8\r\n".encode(),
        _letter(dice, 2_000).replace("\n", "\r\n").encode(),
    ]
    for name, media_type, magic in (
        ("Screenshot_1.png", "image/png", _png_head(1170, 2532)),
        ("Screenshot_2.png", "image/png", _png_head(1920, 1080)),
        ("statement.pdf", "application/pdf", b"%PDF-1.7\n"),
    ):
        payload = magic + dice.randbytes(195_000)
        encoded = base64.encodebytes(payload).replace(b"\n", b"\r\n").rstrip()
        parts += [
            f"--{edge}\r\nContent-Type: {media_type}; name={name}\r\n"
            f"Content-Disposition: attachment; filename={name}\r\n"
            f"Content-Transfer-Encoding: base64\r\n".encode(),
            encoded,
        ]
    return b"\r\n".join([*parts, f"--{edge}--".encode(), b""])


def _png_head(width: int, height: int) -> bytes:
    return (
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
        + width.to_bytes(4, "big")
        + height.to_bytes(4, "big")
        + b"\x08\x02\x00\x00\x00"
    )
