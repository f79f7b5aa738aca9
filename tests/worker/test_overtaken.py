"""Answers that come before the mails they answer: whatever the order, one conversation."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from intake.store import desk
from intake.store.acts import acts_of, split, undo
from intake.store.database import Database, open_database
from tests.store.people import a_customer, register
from tests.worker.shop import NOW, Shop, make_shop, sha


@pytest.fixture
def shop(database: Database, tmp_path: Path) -> Iterator[Shop]:
    yield from make_shop(database, tmp_path, parse_seconds=20)


def letter(name: str, answers: str | None = None, subject: str = "Payment of March") -> bytes:
    answered = f"In-Reply-To: <{answers}@firm.example>\r\n" if answers else ""
    return (
        f"From: {name.title()} <{name}@firm.example>\r\nTo: support@exchange.example\r\n"
        f"Message-ID: <{name}@firm.example>\r\nSubject: {subject}\r\n{answered}"
        f"Date: Mon, 23 Nov 2026 09:58:00 +0000\r\n\r\n"
        f"I am {name}, and this is what I know about the payment.\r\n"
    ).encode()


CHAIN = {
    "ann": letter("ann"),
    "bob": letter("bob", "ann", "Re: Payment of March"),
    "cleo": letter("cleo", "bob", "Re: Payment of March"),
    "dan": letter("dan", "cleo", "Re: Payment of March"),
}


def deal_with(shop: Shop, *raws: bytes) -> None:
    for raw in raws:
        shop.receive(raw)
        assert shop.process() == 1


def tickets(shop: Shop) -> dict[str, list[str]]:
    """Live tickets and the hashes of their mails."""
    with shop.database.read() as connection:
        numbers = [row.number for row in desk.queue(connection, view="all")]
        views = {number: desk.ticket(connection, number) for number in numbers}
    return {
        number: sorted(mail.sha256 for mail in view.conversation)
        for number, view in views.items()
        if view.ticket.state != "merged"
    }


@pytest.mark.parametrize("order", list(itertools.permutations(CHAIN)))
def test_any_order_ends_in_one_ticket(sqlite_shop: Shop, order: tuple[str, ...]) -> None:
    deal_with(sqlite_shop, *(CHAIN[name] for name in order))
    (mails,) = tickets(sqlite_shop).values()
    assert mails == sorted(map(sha, CHAIN.values()))


@pytest.fixture
def sqlite_shop(tmp_path: Path, sqlite_url: str) -> Iterator[Shop]:
    database = open_database(sqlite_url)
    yield from make_shop(database, tmp_path, parse_seconds=20)
    database.close()


def test_the_merge_is_told_and_can_be_undone(shop: Shop) -> None:
    deal_with(shop, CHAIN["ann"], CHAIN["cleo"])
    first, second = sorted(tickets(shop), key=lambda n: sha(CHAIN["ann"]) not in tickets(shop)[n])
    deal_with(shop, CHAIN["bob"])
    assert list(tickets(shop)) == [first]
    with shop.database.read() as connection:
        view = desk.ticket(connection, first)
        (act,) = acts_of(connection, first)
        assert acts_of(connection, second) == [act]
    assert (act.kind, act.by) == ("merged", "Intake")
    told = [event.text for event in view.events if event.kind == "act-of-intake"]
    assert told == [
        f"Intake merged ticket {second} into this one. Its mail answers one that came after it."
    ]
    bob = next(mail for mail in view.conversation if mail.sha256 == sha(CHAIN["bob"]))
    assert bob.decision["thread"]["takes_in"] == [second]
    assert "overtaken" in [reason["code"] for reason in bob.decision["thread"]["reasons"]]
    # Each got its acknowledgement when it came, and none again.
    assert len([mail for mail in view.outgoing if mail.state != "suppressed"]) == 2
    with shop.database.write() as connection:
        undo(connection, act.id, by="Mira", at=NOW + timedelta(hours=1))
    assert tickets(shop) == {
        first: sorted([sha(CHAIN["ann"]), sha(CHAIN["bob"])]),
        second: [sha(CHAIN["cleo"])],
    }


def test_an_answer_to_two_tickets_puts_them_beside_each_other(shop: Shop) -> None:
    other = letter("eve", subject="Another payment")
    both = letter("fay", "ann").replace(
        b"In-Reply-To:", b"References: <eve@firm.example> <ann@firm.example>\r\nIn-Reply-To:"
    )
    deal_with(shop, CHAIN["ann"], other, both)
    held = tickets(shop)
    (joined,) = (number for number, mails in held.items() if sha(both) in mails)
    (beside,) = (number for number, mails in held.items() if sha(other) in mails)
    assert sha(CHAIN["ann"]) in held[joined]
    with shop.database.read() as connection:
        assert desk.ticket(connection, joined).links == ((beside, "also-answers"),)


def test_what_a_person_parted_stays_apart(shop: Shop) -> None:
    deal_with(shop, CHAIN["ann"], CHAIN["cleo"], CHAIN["dan"])
    (number,) = (n for n, mails in tickets(shop).items() if sha(CHAIN["dan"]) in mails)
    with shop.database.write() as connection:
        at = NOW + timedelta(minutes=1)
        split(connection, [sha(CHAIN["dan"])], ["ZZZZ-2222"], by="Mira", at=at)
    deal_with(shop, CHAIN["bob"])
    held = tickets(shop)
    assert held[number] == [sha(CHAIN["cleo"])]
    assert held["ZZZZ-2222"] == [sha(CHAIN["dan"])]
    (first,) = (n for n, mails in held.items() if sha(CHAIN["ann"]) in mails)
    with shop.database.read() as connection:
        assert (number, "also-answers") in desk.ticket(connection, first).links


def test_never_across_customers(shop: Shop) -> None:
    register(
        shop.database,
        a_customer("1", "Ann", "ann@firm.example"),
        a_customer("3", "Cleo", "cleo@firm.example"),
    )
    deal_with(shop, CHAIN["ann"], CHAIN["cleo"], CHAIN["bob"])
    assert len(tickets(shop)) >= 2
    assert all(
        not {sha(CHAIN["ann"]), sha(CHAIN["cleo"])} <= set(mails)
        for mails in tickets(shop).values()
    )


def test_only_where_the_policy_says_so(shop: Shop) -> None:
    threading = shop.rules.threading.model_copy(update={"merge_overtaken": False})
    shop.rules = shop.rules.model_copy(update={"threading": threading})
    deal_with(shop, CHAIN["ann"], CHAIN["cleo"], CHAIN["bob"])
    assert len(tickets(shop)) == 2
