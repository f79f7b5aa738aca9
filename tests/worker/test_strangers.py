"""People who share a subject, or answer one that is not theirs, are kept apart every time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.store.database import Database
from intake.store.export import export_tickets
from tests.worker.shop import Shop, make_shop

SUBJECTS = (
    "Re: withdrawal",
    "withdrawal",
    "Re: Re: Help",
    "回复：提现",
    "Fwd: order",
    "(no subject)",
)
PEOPLE = 40


@pytest.fixture
def shop(database: Database, tmp_path: Path) -> Iterator[Shop]:
    yield from make_shop(database, tmp_path, parse_seconds=20)


def letter(writer: str, nth: int, subject: str, answers: str = "") -> bytes:
    answered = f"In-Reply-To: <{answers}>\r\n" if answers else ""
    return (
        f"From: {writer} <{writer}@mailbox{int(writer[1:]) % 7}.example>\r\n"
        f"To: support@exchange.example\r\nSubject: {subject}\r\n{answered}"
        f"Message-ID: <{writer}.{nth}@mailbox.example>\r\n"
        "Date: Mon, 23 Nov 2026 09:58:00 +0000\r\n\r\n"
        f"I am {writer}, this is my mail number {nth}, about account {int(writer[1:]) * 7919}.\r\n"
    ).encode()


def writers_of_tickets(shop: Shop) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    with shop.database.read() as connection:
        for line in export_tickets(connection):
            for message in line["messages"]:
                if message["message_id"].endswith("@mailbox.example"):
                    found[line["ticket"]].add(message["message_id"].partition(".")[0])
    return found


def test_everyday_subjects_join_nobody_with_another(shop: Shop) -> None:
    people = [f"p{n}" for n in range(PEOPLE)]
    first = [letter(who, 1, SUBJECTS[n % len(SUBJECTS)]) for n, who in enumerate(people)]
    again = [letter(who, 2, SUBJECTS[n % len(SUBJECTS)]) for n, who in enumerate(people)]
    shop.receive(*first, *again)
    while shop.process():
        pass
    found = writers_of_tickets(shop)
    assert len(found) == PEOPLE
    assert all(len(writers) == 1 for writers in found.values())


def test_the_number_in_anothers_subject_opens_nothing(shop: Shop) -> None:
    shop.receive(letter("p1", 1, "Withdrawal of Monday"))
    shop.process()
    (number,) = writers_of_tickets(shop)
    subjects = (f"Re: [#{number}] Withdrawal of Monday", f"[#{number}]", f"AW: Ticket #{number}")
    shop.receive(*(letter(f"p{n}", 1, subject) for n, subject in enumerate(subjects, 2)))
    while shop.process():
        pass
    found = writers_of_tickets(shop)
    assert found[number] == {"p1"}
    assert len(found) == 1 + len(subjects)
