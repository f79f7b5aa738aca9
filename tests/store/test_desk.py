"""What staff and programs read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake.errors import NotFound
from intake.store import desk, lease
from intake.store.database import Database
from intake.store.export import PAGE, export_tickets
from intake.store.ledger import Oversize, record_oversize
from intake.store.mailboxes import (
    load_health,
    load_or_create_desk_key,
    load_refresh_token,
    save_health,
    save_refresh_token,
)
from intake.store.mails import quarantine
from intake.store.views import MailboxHealth
from tests.store.desk_of_mails import (
    NOW,
    a_decision,
    a_mail,
    an_answer,
    keep,
    number_of,
    receive,
    sha,
)


def numbers(entries: list) -> list[str]:
    return [entry.number for entry in entries]


def test_who_waits_longest_comes_first_in_pages(database: Database) -> None:
    # Two of them since the same moment.
    for name, minutes in (("late", 9), ("first", 0), ("middle", 5), ("twin", 5)):
        keep(database, a_mail(name), at=NOW + timedelta(minutes=minutes))
    with database.read() as connection:
        page = desk.queue(connection, limit=2)
        rest = desk.queue(connection, limit=2, after=page[-1].id)
        end = desk.queue(connection, limit=2, after=rest[-1].id)
        newest = desk.queue(connection, view="all", limit=3)
        older = desk.queue(connection, view="all", limit=3, after=newest[-1].id)
    assert numbers([*page, *rest]) == [number_of(n) for n in ("first", "middle", "twin", "late")]
    assert end == []
    assert numbers([*newest, *older]) == [number_of(n) for n in ("twin", "middle", "first", "late")]


def test_what_is_answered_or_closed_leaves_the_queue(database: Database) -> None:
    for name in ("open", "waiting", "closed"):
        keep(database, a_mail(name))
    with database.write() as connection:
        for name in ("waiting", "closed"):
            connection.exec_driver_sql(
                f"UPDATE ticket SET state = '{name}', waiting_since = NULL"
                f" WHERE number = '{number_of(name)}'"
            )
        assert numbers(desk.queue(connection)) == [number_of("open")]
        assert len(desk.queue(connection, view="open")) == 2
        assert len(desk.queue(connection, view="all")) == 3


def test_a_ticket_that_is_not_there(database: Database) -> None:
    with database.read() as connection, pytest.raises(NotFound, match="K7QM"):
        desk.ticket(connection, "K7QM-42XD")


def test_events_can_be_followed(database: Database) -> None:
    keep(database, a_mail("first"))
    with database.read() as connection:
        (latest,) = desk.events(connection, limit=1)
        before = desk.events(connection)
    assert latest == before[-1]
    assert [e.kind for e in before] == ["received", "ticket-opened", "acknowledgement-planned"]
    assert [e.ticket for e in before] == [None, number_of("first"), number_of("first")]
    assert {e.sha256 for e in before} == {sha("first")}
    assert before[2].data["reasons"][0]["code"] == "first-mail"
    keep(database, a_mail("second"))
    with database.read() as connection:
        news = desk.events(connection, after_id=latest.id, limit=2)
        assert [e.kind for e in news] == ["received", "ticket-opened"]
        assert desk.events(connection, after_id=10_000) == []


def test_the_whole_house_at_a_glance(database: Database) -> None:
    keep(database, a_mail("first"))
    receive(database, a_mail("second"), a_mail("broken"), at=NOW + timedelta(minutes=1))
    health = MailboxHealth("support", NOW, NOW, "BYE", "unreachable", 2, NOW, NOW, 7)
    with database.write() as connection:
        quarantine(connection, sha("broken"), "too-deep", "60 levels", None, NOW)
        save_health(connection, health)
        lease.acquire(connection, "daemon", "host:1", 15, NOW)
        status = desk.status(connection, NOW + timedelta(minutes=5))
    assert status.mails == {"processed": 1, "received": 1, "quarantined": 1}
    assert status.oldest_received_seconds == 240
    assert (status.tickets, status.longest_waiting_seconds) == ({"open": 1}, 300)
    assert (status.outbox, status.oldest_unsent_seconds) == ({"planned": 1}, 300)
    assert status.mailboxes == (health,)
    assert [found.owner for found in status.leases] == ["host:1"]


def test_an_empty_house(database: Database) -> None:
    with database.read() as connection:
        status = desk.status(connection, NOW)
        assert load_health(connection, "support") == MailboxHealth("support")
        assert list(export_tickets(connection)) == []
    assert (status.mails, status.oldest_received_seconds, status.mailboxes) == ({}, None, ())


def test_export_is_as_promised(database: Database) -> None:
    first, spam = a_mail("first"), a_mail("spam")
    keep(database, first)
    keep(database, spam, a_decision(spam, "spam"))
    receive(database, a_mail("broken"))
    large = Oversize("support", "INBOX", 7, 9, 40_000_000, NOW, "Subject: film", "film@x.example")
    with database.write() as connection:
        quarantine(connection, sha("broken"), "too-deep", "60 levels", None, NOW)
        record_oversize(connection, [large])
        lines = list(export_tickets(connection))
    answer = an_answer(first, number_of("first")).mail
    assert answer is not None
    outgoing = lines[0]["messages"].pop()
    assert lines[0] == {
        "ticket": number_of("first"),
        "subject": "Withdrawal pending",
        "state": "open",
        "customer": None,
        "channel": "email",
        "created_at": NOW.isoformat(),
        "messages": [
            {
                "sha256": first.sha256,
                "message_id": first.message_id,
                "direction": "in",
                "at": NOW.isoformat(),
                "state": "processed",
            }
        ],
    }
    assert (outgoing["direction"], outgoing["state"]) == ("out", "planned")
    assert outgoing["message_id"] == answer.message_id
    assert [(line["ticket"], line["state"]) for line in lines[1:]] == [
        (None, "spam"),
        (None, "quarantined"),
        (None, "too-large"),
    ]
    assert [line["messages"][0]["sha256"] for line in lines[1:]] == [
        spam.sha256,
        sha("broken"),
        None,
    ]


def test_export_goes_on_after_the_first_page(database: Database) -> None:
    many = [a_mail(f"{n}") for n in range(PAGE + 3)]
    receive(database, *many)
    with database.read() as connection:
        lines = list(export_tickets(connection))
    assert [line["messages"][0]["sha256"] for line in lines] == [mail.sha256 for mail in many]


def test_the_key_of_the_desk_is_made_once(database: Database) -> None:
    with database.write() as connection:
        assert load_or_create_desk_key(connection, b"first\0\xff") == b"first\0\xff"
    with database.write() as connection:
        assert load_or_create_desk_key(connection, b"second") == b"first\0\xff"


def test_the_newest_refresh_token_is_kept_for_each_mailbox(database: Database) -> None:
    with database.write() as connection:
        assert load_refresh_token(connection, "support") is None
        for token in ("old", "new"):
            save_refresh_token(connection, "support", token, NOW)
        save_refresh_token(connection, "sales", "other", NOW)
        assert load_refresh_token(connection, "support") == "new"
