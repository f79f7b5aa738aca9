"""What a mail costs the database: gather, record and commit at 1,000 and at 100,000 tickets.

Goal: under 1.2 ms of processor time a mail on SQLite, and within 10 % at both sizes.
Run it alone: `python -m bench.store [postgresql://…]`.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from intake.model import (
    Acknowledgement,
    Address,
    Attachment,
    Automatic,
    Decision,
    Keys,
    OutgoingMail,
    ParsedMail,
    Reason,
    SenderVerdict,
    SpamVerdict,
    ThreadVerdict,
    Triage,
)
from intake.settings.rules import Rules
from intake.store.database import Database, open_database
from intake.store.facts import gather
from intake.store.ledger import Received, record_received
from intake.store.mails import ClaimedMail, claim_received
from intake.store.record import record

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SIZES = (1_000, 100_000)
MEASURED = 1_000
ROUNDS = 5
WORDS = "my withdrawal of 250 USDT to the same address is pending since yesterday evening. " * 25
REASONS = tuple(
    Reason(f"reason-{n}", "A sentence that tells staff what this rests on.", 0.5, "a header: value")
    for n in range(12)
)


@dataclass(frozen=True)
class Cost:
    """Milliseconds a mail; the median of the rounds."""

    tickets: int
    cpu_ms: float
    wall_ms: float


@dataclass(frozen=True)
class Work:
    """One mail on the way to be recorded, decided before the clock starts."""

    claimed: ClaimedMail
    mail: ParsedMail
    keys: Keys
    decision: Decision


def main() -> None:
    """Prints both costs and how far they are apart."""
    with tempfile.TemporaryDirectory(prefix="intake-bench-") as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{Path(folder) / 'bench.db'}"
        costs = measure(url)
    for cost in costs:
        print(
            f"store {cost.tickets:>7,} tickets: {cost.cpu_ms:.2f} ms processor, "
            f"{cost.wall_ms:.2f} ms in all a mail, {1000 / cost.wall_ms:,.0f} mails/s"
        )
    growth = costs[-1].cpu_ms / costs[0].cpu_ms - 1
    print(f"store growth from {SIZES[0]:,} to {SIZES[-1]:,} tickets: {growth:+.1%} (goal: 10 %)")


def measure(url: str) -> list[Cost]:
    """The cost of a mail at each of SIZES, in one database that grows."""
    database = open_database(url)
    try:
        costs: list[Cost] = []
        there = 0
        for size in SIZES:
            _keep(database, range(there, size), batch=200)
            rounds = []
            for n in range(ROUNDS):
                start = size + n * MEASURED
                rounds.append(_keep(database, range(start, start + MEASURED), batch=1))
            there = size + ROUNDS * MEASURED
            cpu, wall = (median(column) for column in zip(*rounds, strict=True))
            costs.append(Cost(size, cpu, wall))
        return costs
    finally:
        database.close()


def _keep(database: Database, numbers: range, batch: int) -> tuple[float, float]:
    """Receives these mails and records them, `batch` in a transaction; what gather, record and
    commit cost of it: milliseconds of processor and in all, a mail.
    """
    cpu = wall = 0.0
    for start in range(numbers.start, numbers.stop, 200):
        works = _received_works(database, range(start, min(start + 200, numbers.stop)))
        began = time.process_time(), time.perf_counter()
        for at in range(0, len(works), batch):
            _record(database, works[at : at + batch])
        cpu += time.process_time() - began[0]
        wall += time.perf_counter() - began[1]
    return cpu / len(numbers) * 1000, wall / len(numbers) * 1000


def _received_works(database: Database, numbers: range) -> list[Work]:
    mails = [make_mail(n) for n in numbers]
    with database.write() as connection:
        entries = [_received(mail, n) for n, mail in zip(numbers, mails, strict=True)]
        record_received(connection, entries)
    with database.write() as connection:
        claimed = claim_received(connection, "bench", NOW, 600, len(mails))
    return [
        Work(claim, mail, make_keys(mail), make_decision(mail, bool(mail.references)))
        for claim, mail in zip(claimed, mails, strict=True)
    ]


def _record(database: Database, works: list[Work]) -> None:
    with database.read() as connection:
        facts = [gather(connection, work.keys, now=NOW, rules=RULES) for work in works]
    with database.write() as connection:
        for work, known in zip(works, facts, strict=True):
            record(
                connection,
                claimed=work.claimed,
                mail=work.mail,
                keys=work.keys,
                facts=known,
                decision=work.decision,
                at=work.claimed.received_at,
                deliver=True,
            )


RULES = Rules()


def _time(n: int) -> datetime:
    return NOW + timedelta(seconds=n)


def _sha256(n: int) -> str:
    return hashlib.sha256(b"%d" % n).hexdigest()


def _received(mail: ParsedMail, n: int) -> Received:
    return Received("support", "INBOX", 1, n + 1, mail.sha256, 5000, _time(n), mail.message_id)


def make_mail(n: int) -> ParsedMail:
    """Mail `n`: three in ten carry two screenshots, one in seven answers an earlier one."""
    files = tuple(
        Attachment(
            section=f"{part}",
            filename=f"Screenshot {n} {part}.png",
            content_type="image/png",
            declared_type="image/png",
            size_bytes=200_000,
            sha256=_sha256(-n * 10 - part),
            kind="screenshot",
            content_disposition="attachment",
        )
        for part in ((2, 3) if n % 10 < 3 else ())
    )
    answers = (f"{n - 206}@customer.example",) if n % 7 == 6 and n > 300 else ()
    return ParsedMail(
        sha256=_sha256(n),
        size_bytes=5000,
        message_id=f"{n}@customer.example",
        references=answers,
        author=Address(f"Customer {n}", f"c{n}", "customer.example"),
        subject=f"Withdrawal {n} is pending",
        language="en",
        text=WORDS,
        reply=WORDS,
        body_fingerprint=_sha256(n + 1_000_000_000),
        attachments=files,
    )


def make_keys(mail: ParsedMail) -> Keys:
    """Its keys."""
    author = mail.author.key if mail.author else None
    return Keys(
        sha256=mail.sha256,
        message_id=mail.message_id,
        body_fingerprint=mail.body_fingerprint,
        author=author,
        reply_address=author,
        referenced_ids=mail.references,
        tokens=(),
        subject_numbers=(),
        subject_key=mail.subject.lower(),
        candidate_numbers=tuple(mail.sha256[i : i + 12] for i in (0, 12, 24, 36)),
        image_hashes=tuple(a.sha256 for a in mail.attachments),
    )


def make_decision(mail: ParsedMail, joins: bool) -> Decision:
    """Opens a ticket and answers; or joins the ticket of the mail it answers."""
    if joins:
        ticket = _sha256(int(mail.references[0].split("@")[0]))[:12]
        answer = Acknowledgement(False, reasons=REASONS[:4])
    else:
        ticket = mail.sha256[:12]
        raw = b"Subject: received\r\n\r\n" + WORDS.encode()
        to = mail.author.addr_spec if mail.author else ""
        composed = OutgoingMail(f"{mail.sha256}@exchange.example", "", to, mail.subject, raw)
        answer = Acknowledgement(True, to, "received", "en", REASONS[:4], "v1", composed)
    return Decision(
        disposition="joins-ticket" if joins else "opens-ticket",
        ticket=ticket,
        automatic=Automatic("human", REASONS[:2]),
        spam=SpamVerdict("ham", 0.01, REASONS),
        sender=SenderVerdict("unknown", None, REASONS[:3]),
        thread=ThreadVerdict(ticket if joins else None, REASONS[:3]),
        triage=Triage("withdrawal", "normal", reasons=REASONS[:4]),
        acknowledgement=answer,
    )


if __name__ == "__main__":
    main()
