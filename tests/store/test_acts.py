"""Merge, split and move: everything goes along, and undoing puts everything back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from intake.errors import ActRefused, NotFound, StaleFacts
from intake.model import Customer, Identifier, SenderVerdict, Triage
from intake.store.acts import acts_of, merge, move, split, undo
from intake.store.database import Database
from intake.store.desk import queue, ticket
from intake.store.tables import IDENTIFIER, MENTION, OUTBOX, PARTICIPANT, TICKET
from tests.store.desk_of_mails import (
    NOW,
    a_decision,
    a_mail,
    facts_for,
    joins,
    keep,
    keys_for,
    number_of,
    sha,
)

A, B = number_of("a"), number_of("b")
LATER = NOW + timedelta(hours=1)


def with_order(decision: Any, value: str) -> Any:
    triage = Triage("withdrawal", "high", identifiers=(Identifier("order_id", value),))
    return replace(decision, triage=triage)


@pytest.fixture
def desk(database: Database) -> Database:
    """Ticket A with mails a and a2, ticket B with mail b; each names an order."""
    keep(database, a_mail("a", references=("old@x",)), with_order(a_decision(a_mail("a")), "1"))
    keep(database, a_mail("a2", references=("a@customer.example",)), joins(a_mail("a2"), A))
    keep(
        database,
        a_mail("b", subject="Other"),
        with_order(a_decision(a_mail("b", subject="Other")), "2"),
        at=NOW + timedelta(minutes=1),
    )
    return database


def everything(database: Database) -> dict[str, Any]:
    """All that acts may change, except the acts themselves and what is told about them."""
    with database.read() as connection:
        return {
            table.name: sorted(
                map(str, connection.execute(select(*columns)).all()),
            )
            for table, columns in (
                (TICKET, [TICKET]),
                (PARTICIPANT, [PARTICIPANT]),
                (MENTION, [MENTION]),
                (IDENTIFIER, [IDENTIFIER]),
                (OUTBOX, [OUTBOX.c.mail_id, OUTBOX.c.ticket_id, OUTBOX.c.state]),
            )
        }


def mails_of(database: Database, number: str) -> list[str]:
    with database.read() as connection:
        return [message.sha256 for message in ticket(connection, number).conversation]


def test_merging_takes_everything_along(desk: Database) -> None:
    with desk.write() as connection:
        merge(connection, A, B, by="Mira", at=LATER)
    assert mails_of(desk, B) == [sha("a"), sha("a2"), sha("b")]
    with desk.read() as connection:
        merged = ticket(connection, B)
        assert {mail.state for mail in merged.outgoing} == {"planned", "suppressed"}
        assert len(merged.outgoing) == 3
        assert merged.ticket.messages == 3
        assert merged.ticket.waiting_since == NOW
        kinds = {event.kind for event in merged.events}
        assert {"ticket-opened", "joined", "acknowledgement-planned", "act"} <= kinds
        assert [entry.number for entry in queue(connection)] == [B]
        assert [entry.number for entry in queue(connection, view="open")] == [B]
        assert acts_of(connection, B)[0].by == "Mira"


def test_what_belonged_to_a_merged_ticket_finds_the_other(desk: Database) -> None:
    with desk.write() as connection:
        merge(connection, A, B, by="Mira", at=LATER)
    mail = a_mail("c", in_reply_to=("a@customer.example",), subject="Re: x")
    facts = facts_for(desk, keys_for(mail, subject_numbers=(A,)))
    assert facts.merged == ((A, B),)
    assert {known.ticket for known in facts.known_messages} == {B}
    (known,) = facts.tickets
    assert known.number == B
    assert set(known.identifiers) == {("order_id", "1"), ("order_id", "2")}


def test_a_mail_decided_before_the_merge_is_gathered_again(desk: Database) -> None:
    with desk.write() as connection:
        merge(connection, A, B, by="Mira", at=LATER)
    with pytest.raises(StaleFacts):
        keep(desk, a_mail("late"), joins(a_mail("late"), A))


def test_two_customers_are_not_merged_by_mistake(database: Database) -> None:
    for name, customer in (("a", "1"), ("b", "2")):
        sender = SenderVerdict("verified", Customer(customer, "N", f"{name}@x.example"))
        keep(database, a_mail(name), a_decision(a_mail(name), sender=sender))
    with pytest.raises(ActRefused, match="two customers"), database.write() as connection:
        merge(connection, A, B, by="Mira", at=LATER)
    with database.write() as connection:
        merge(connection, A, B, by="Mira", at=LATER, anyway=True)


def test_splitting_opens_a_ticket_for_these_mails(desk: Database) -> None:
    with desk.write() as connection:
        _, number = split(connection, [sha("a2")], [A, "NEW1-0000"], by="Mira", at=LATER)
    assert number == "NEW1-0000"
    assert mails_of(desk, A) == [sha("a")]
    assert mails_of(desk, number) == [sha("a2")]
    with desk.read() as connection:
        made = ticket(connection, number).ticket
        assert (made.state, made.messages, made.category) == ("open", 1, "withdrawal")
        assert made.waiting_since == NOW


def test_moving_a_mail(desk: Database) -> None:
    with desk.write() as connection:
        move(connection, [sha("a2")], B, by="Mira", at=LATER)
    assert mails_of(desk, A) == [sha("a")]
    assert mails_of(desk, B) == [sha("a2"), sha("b")]
    facts = facts_for(desk, keys_for(a_mail("c", in_reply_to=("a2@customer.example",))))
    assert {known.ticket for known in facts.known_messages} == {B}


@pytest.mark.parametrize("act", ["merge", "split", "move"])
def test_undoing_puts_everything_back(desk: Database, act: str) -> None:
    before = everything(desk)
    number = "NEW1-0000"
    with desk.write() as connection:
        if act == "merge":
            done = merge(connection, A, B, by="Mira", at=LATER)
        elif act == "split":
            done, number = split(connection, [sha("a2")], [number], by="Mira", at=LATER)
        else:
            done = move(connection, [sha("a2")], B, by="Mira", at=LATER)
    assert everything(desk) != before
    with desk.write() as connection:
        undo(connection, done, by="Jonas", at=LATER)
    after = everything(desk)
    after["ticket"] = [row for row in after["ticket"] if number not in row]
    assert after == before
    with pytest.raises(ActRefused, match="undone before, by Jonas"), desk.write() as connection:
        undo(connection, done, by="Jonas", at=LATER)


def test_the_number_of_an_undone_split_leads_back(desk: Database) -> None:
    with desk.write() as connection:
        act, number = split(connection, [sha("a2")], ["NEW1-0000"], by="Mira", at=LATER)
        undo(connection, act, by="Mira", at=LATER)
    facts = facts_for(desk, keys_for(a_mail("c"), subject_numbers=(number,)))
    assert facts.merged == ((number, A),)


def test_only_the_last_act_on_a_mail_can_be_undone(desk: Database) -> None:
    with desk.write() as connection:
        first = move(connection, [sha("a2")], B, by="Mira", at=LATER)
        split(connection, [sha("a2")], ["NEW1-0000"], by="Mira", at=LATER)
    with pytest.raises(ActRefused, match="moved mail"), desk.write() as connection:
        undo(connection, first, by="Mira", at=LATER)


def test_undoing_a_merge_keeps_what_came_since(desk: Database) -> None:
    with desk.write() as connection:
        act = merge(connection, A, B, by="Mira", at=LATER)
    keep(desk, a_mail("new"), joins(a_mail("new"), B), at=LATER + timedelta(hours=1))
    with desk.write() as connection:
        undo(connection, act, by="Mira", at=LATER + timedelta(hours=2))
    assert mails_of(desk, A) == [sha("a"), sha("a2")]
    assert mails_of(desk, B) == [sha("b"), sha("new")]
    with desk.read() as connection:
        assert {entry.number for entry in queue(connection)} == {A, B}


def test_what_cannot_be_done_changes_nothing(desk: Database) -> None:
    before = everything(desk)
    for error, act in (
        (ActRefused, lambda c: merge(c, A, A, by="M", at=LATER)),
        (NotFound, lambda c: merge(c, A, "ZZZZ-ZZZZ", by="M", at=LATER)),
        (ActRefused, lambda c: move(c, [sha("a")], A, by="M", at=LATER)),
        (ActRefused, lambda c: move(c, [sha("b")], A, by="M", at=LATER)),
        (ActRefused, lambda c: split(c, [sha("a"), sha("a2")], ["N"], by="M", at=LATER)),
        (ActRefused, lambda c: split(c, [sha("a"), sha("b")], ["N"], by="M", at=LATER)),
        (NotFound, lambda c: move(c, [sha("nothing")], A, by="M", at=LATER)),
        (NotFound, lambda c: undo(c, 99, by="M", at=LATER)),
    ):
        with pytest.raises(error), desk.write() as connection:
            act(connection)
    assert everything(desk) == before


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 3)), max_size=6))
def test_any_acts_undone_in_turn_leave_the_desk_as_it_was(
    sqlite_template: Any, acts: list[tuple[int, int, int]]
) -> None:
    database = sqlite_template()
    before = everything(database)
    done: list[int] = []
    mails = [sha("a"), sha("a2"), sha("b"), sha("c")]
    tickets = [A, B, number_of("c"), "NEW1-0000"]
    for kind, one, other in acts:
        try:
            with database.write() as connection:
                if kind == 0:
                    act = merge(connection, tickets[one], tickets[other], by="M", at=LATER)
                elif kind == 1:
                    act = move(connection, [mails[one]], tickets[other], by="M", at=LATER)
                else:
                    act, _ = split(connection, [mails[one]], ["NEW1-0000"], by="M", at=LATER)
        except (ActRefused, NotFound, StopIteration):
            continue
        done.append(act)
    for act in reversed(done):
        with database.write() as connection:
            undo(connection, act, by="M", at=LATER)
    after = everything(database)
    after["ticket"] = [row for row in after["ticket"] if "NEW1-0000" not in row]
    assert after == before
    database.close()


@pytest.fixture
def sqlite_template(tmp_path: Any) -> Any:
    """Makes small desks, each in a file of its own."""
    from itertools import count

    from intake.store.database import open_database

    numbers = count()

    def make() -> Database:
        database = open_database(f"sqlite:///{tmp_path / f'{next(numbers)}.db'}")
        keep(database, a_mail("a"), with_order(a_decision(a_mail("a")), "1"))
        keep(database, a_mail("a2"), joins(a_mail("a2"), A))
        keep(database, a_mail("b"), with_order(a_decision(a_mail("b")), "2"))
        keep(database, a_mail("c"))
        return database

    return make
