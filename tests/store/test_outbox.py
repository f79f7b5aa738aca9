"""The way of an outgoing mail through its states, and what a crash leaves behind."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from intake.store import desk, outbox
from intake.store.database import Database
from intake.store.outbox import OutboxMail
from tests.store.desk_of_mails import NOW, a_mail, an_answer, keep, number_of

SOON, LATER = NOW + timedelta(minutes=1), NOW + timedelta(hours=1)


def take(database: Database, at: datetime = NOW, owner: str = "me") -> list[OutboxMail]:
    with database.write() as connection:
        return outbox.claim_due(connection, owner, at, 10)


def begin(database: Database, mail: OutboxMail, owner: str = "me", at: datetime = NOW) -> bool:
    with database.write() as connection:
        return outbox.mark_sending(connection, mail.id, owner, at)


def state(database: Database, name: str = "first") -> tuple[str, int, list[str]]:
    with database.read() as connection:
        view = desk.ticket(connection, number_of(name))
    (row,) = view.outgoing
    return row.state, row.attempts, [e.kind for e in view.events]


def test_planned_sending_sent(database: Database) -> None:
    mail = a_mail("first")
    keep(database, mail)
    answer = an_answer(mail, number_of("first")).mail
    assert answer is not None
    (claimed,) = take(database)
    assert (claimed.raw, claimed.message_id) == (answer.raw, answer.message_id)
    assert (claimed.envelope_sender, claimed.recipient) == ("", "chen.wei@customer.example")
    assert (claimed.attempts, claimed.first_at) == (0, None)
    assert begin(database, claimed)
    assert state(database)[:2] == ("sending", 1)
    assert take(database, LATER) == [], "it may be on its way: only a crash gives it back"
    with database.write() as connection:
        outbox.mark_sent(connection, claimed.id, SOON, "250 2.0.0 Ok: queued as 4F")
        outbox.mark_sent(connection, claimed.id, SOON, "250 again")
        assert outbox.next_due(connection) is None
        row = desk.ticket(connection, number_of("first")).outgoing[0]
    assert (row.finished_at, row.response) == (SOON, "250 2.0.0 Ok: queued as 4F")
    assert state(database)[2].count("acknowledgement-sent") == 1
    assert take(database, LATER) == []


def test_a_claimed_mail_is_nobody_elses_until_its_lease_ends(database: Database) -> None:
    keep(database, a_mail("first"))
    (mine,) = take(database)
    assert take(database, SOON, "other") == []
    (theirs,) = take(database, LATER, "other")
    assert not begin(database, mine)
    assert begin(database, theirs, "other")
    assert not begin(database, theirs, "other"), "an attempt begins once"


def test_what_is_put_back_did_not_count(database: Database) -> None:
    keep(database, a_mail("first"))
    (mine,) = take(database)
    with database.write() as connection:
        outbox.release(connection, mine.id, "other", SOON)
    assert take(database, SOON) == []
    with database.write() as connection:
        outbox.release(connection, mine.id, "me", SOON)
        assert outbox.next_due(connection) == SOON
    (again,) = take(database, SOON)
    assert again.attempts == 0


def test_deferred_and_tried_again(database: Database) -> None:
    keep(database, a_mail("first"))
    (claimed,) = take(database)
    begin(database, claimed)
    with database.write() as connection:
        outbox.mark_retrying(connection, claimed.id, NOW, SOON, "451 try later")
        assert outbox.next_due(connection) == SOON
    assert state(database)[0] == "retrying"
    assert take(database) == []
    (again,) = take(database, SOON)
    assert (again.attempts, again.first_at) == (1, NOW)
    assert begin(database, again, at=SOON)
    with database.write() as connection:
        outbox.mark_failed(connection, again.id, LATER, "550 no such user")
    found, attempts, kinds = state(database)
    assert (found, attempts) == ("failed", 2)
    assert kinds[-2:] == ["acknowledgement-deferred", "acknowledgement-failed"]
    assert take(database, LATER + timedelta(days=3)) == []


@pytest.mark.parametrize(("policy", "expected"), [("resend", "retrying"), ("hold", "held")])
def test_after_a_crash_in_the_middle(database: Database, policy: str, expected: str) -> None:
    keep(database, a_mail("first"))
    keep(database, a_mail("second"))
    interrupted, untouched = take(database, owner="dead")
    begin(database, interrupted, "dead")
    with database.write() as connection:
        settled = outbox.settle_interrupted(connection, policy, SOON)  # type: ignore[arg-type]
    assert settled == 1
    assert state(database, "first")[0] == expected
    assert state(database, "second")[0] == "planned"
    again = {mail.id: mail for mail in take(database, SOON)}
    assert untouched.id in again
    assert (interrupted.id in again) == (policy == "resend")
    if policy == "resend":
        assert again[interrupted.id].message_id == interrupted.message_id
        assert again[interrupted.id].raw == interrupted.raw


def test_only_the_dead_ones_are_settled(database: Database) -> None:
    keep(database, a_mail("first"))
    (alive,) = take(database)
    begin(database, alive)
    with database.write() as connection:
        assert outbox.settle_interrupted(connection, "resend", SOON, owner="dead") == 0
        assert outbox.settle_interrupted(connection, "resend", SOON, owner="me") == 1
