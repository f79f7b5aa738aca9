"""What one transaction writes about one mail, and that a second run is harmless."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from intake.errors import StaleFacts
from intake.model import Automatic, ThreadVerdict
from intake.store import desk
from intake.store.database import Database
from intake.store.export import export_tickets
from intake.store.judgement import load_decision
from intake.store.record import record
from tests.store.desk_of_mails import (
    NOW,
    a_decision,
    a_mail,
    an_attachment,
    claim,
    facts_for,
    joins,
    keep,
    keys_for,
    number_of,
    receive,
)


def test_a_mail_opens_a_ticket_with_all_that_belongs_to_it(database: Database) -> None:
    mail = a_mail("first", attachments=(an_attachment("a"), an_attachment("b")))
    result = keep(database, mail)
    assert result.ticket == number_of("first")
    assert result.outbox_id is not None
    with database.read() as connection:
        view = desk.ticket(connection, number_of("first").lower())
        stored = load_decision(connection, mail.sha256)
    assert view.ticket.waiting_since == NOW
    assert view.ticket.state == "open"
    assert view.participants == ("chen.wei@customer.example",)
    assert [a.filename for a in view.conversation[0].attachments] == ["a.png", "b.png"]
    assert view.conversation[0].attachments[0].risk == ("none", "at all")
    assert [o.state for o in view.outgoing] == ["planned"]
    assert [e.kind for e in view.events] == ["ticket-opened", "acknowledgement-planned"]
    assert stored.decision == a_decision(mail)
    assert stored.facts.taken_numbers == ()


def test_a_second_run_changes_nothing(database: Database) -> None:
    mail = a_mail("first")
    receive(database, mail)
    (claimed,) = claim(database)
    keys = keys_for(mail)
    facts = facts_for(database, keys)
    results = []
    for _ in range(2):
        with database.write() as connection:
            results.append(
                record(
                    connection,
                    claimed=claimed,
                    mail=mail,
                    keys=keys,
                    facts=facts,
                    decision=a_decision(mail),
                    at=NOW,
                    deliver=True,
                )
            )
    assert results[0].ticket == results[1].ticket
    assert results[0].outbox_id == results[1].outbox_id
    assert [r.again for r in results] == [False, True]
    with database.read() as connection:
        assert len(desk.queue(connection, view="all")) == 1
        assert desk.status(connection, NOW).outbox == {"planned": 1}


def test_a_follow_up_joins_and_a_chaser_keeps_the_place_in_the_queue(database: Database) -> None:
    ticket = keep(database, a_mail("first")).ticket
    assert ticket is not None
    later, latest = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
    chaser = a_mail("second")
    asks = joins(chaser, ticket, thread=ThreadVerdict(ticket, chaser=True))
    keep(database, chaser, asks, at=later)
    with database.read() as connection:
        view = desk.ticket(connection, ticket)
    assert (view.ticket.waiting_since, view.ticket.chasers_in_row) == (NOW, 1)
    assert "chaser" in [e.kind for e in view.events]
    answer = a_mail("third")
    keep(database, answer, joins(answer, ticket), at=latest)
    with database.read() as connection:
        view = desk.ticket(connection, ticket)
    assert (view.ticket.waiting_since, view.ticket.chasers_in_row) == (NOW, 0)
    assert view.ticket.messages == 3
    assert view.ticket.updated_at == latest


def test_a_machine_that_joins_does_not_put_the_ticket_back_in_the_queue(database: Database) -> None:
    ticket = keep(database, a_mail("first")).ticket
    assert ticket is not None
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE ticket SET state = 'waiting', waiting_since = NULL")
    away = a_mail("second")
    keep(database, away, joins(away, ticket, automatic=Automatic("auto-reply")))
    with database.read() as connection:
        view = desk.ticket(connection, ticket)
    assert (view.ticket.state, view.ticket.waiting_since) == ("waiting", None)
    human = a_mail("third")
    keep(database, human, joins(human, ticket), at=NOW + timedelta(hours=1))
    with database.read() as connection:
        view = desk.ticket(connection, ticket)
    assert view.ticket.state == "open"
    assert view.ticket.waiting_since == NOW + timedelta(hours=1)


def test_a_taken_number_is_stale(database: Database) -> None:
    first, second = a_mail("first"), a_mail("second")
    keep(database, first)
    clash = replace(a_decision(second), ticket=number_of("first"))
    with pytest.raises(StaleFacts):
        keep(database, second, clash)
    (claimed,) = claim(database, at=NOW + timedelta(hours=1))
    assert claimed.attempts == 2
    with database.read() as connection:
        assert desk.status(connection, NOW).tickets == {"open": 1}


def test_a_ticket_that_is_gone_is_stale(database: Database) -> None:
    mail = a_mail("first")
    with pytest.raises(StaleFacts):
        keep(database, mail, joins(mail, "NONE-NONE"))


def test_the_same_mail_with_other_trace_headers_is_a_duplicate(database: Database) -> None:
    mail = a_mail("first")
    keep(database, mail)
    again = a_mail("again", message_id=mail.message_id, body_fingerprint=mail.body_fingerprint)
    facts = facts_for(database, keys_for(again))
    assert facts.duplicate_of == mail.sha256
    result = keep(database, again, a_decision(again, "duplicate"))
    assert (result.ticket, result.outbox_id) == (number_of("first"), None)
    with database.read() as connection:
        status = desk.status(connection, NOW)
        lines = list(export_tickets(connection))
    assert status.mails == {"processed": 1, "duplicate": 1}
    assert status.tickets == {"open": 1}
    assert [m["state"] for m in lines[0]["messages"]] == ["processed", "duplicate", "planned"]
    assert len(lines) == 1


def test_two_mails_that_share_a_message_id_are_both_kept(database: Database) -> None:
    first = a_mail("first")
    second = a_mail("second", message_id=first.message_id)
    keep(database, first)
    assert facts_for(database, keys_for(second)).duplicate_of is None
    keep(database, second)
    with database.read() as connection:
        assert desk.status(connection, NOW).tickets == {"open": 2}


def test_mails_without_message_id_are_kept(database: Database) -> None:
    for name in ("first", "second"):
        keep(database, a_mail(name, message_id=None, body_fingerprint="same"))
    with database.read() as connection:
        assert desk.status(connection, NOW).tickets == {"open": 2}


def test_spam_opens_no_ticket_and_gets_no_answer(database: Database) -> None:
    mail = a_mail("first")
    assert keep(database, mail, a_decision(mail, "spam")).ticket is None
    with database.read() as connection:
        status = desk.status(connection, NOW)
        lines = list(export_tickets(connection))
    assert (status.tickets, status.outbox) == ({}, {})
    assert [(line["ticket"], line["state"]) for line in lines] == [(None, "spam")]


def test_an_import_composes_but_sends_nothing(database: Database) -> None:
    mail = a_mail("first")
    result = keep(database, mail, deliver=False)
    assert result.outbox_id is None
    with database.read() as connection:
        view = desk.ticket(connection, number_of("first"))
        stored = load_decision(connection, mail.sha256)
    assert [(o.state, o.next_at) for o in view.outgoing] == [("suppressed", None)]
    assert "imported" in view.outgoing[0].reason
    assert stored.decision == a_decision(mail)
    assert facts_for(database, keys_for(a_mail("second"))).recent_acknowledgements == ()
