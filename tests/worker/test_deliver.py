"""The outbox against a real SMTP server that takes, defers, refuses, drops and dies."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from intake.errors import DatabaseUnavailable
from intake.outside.smtp import SmtpSession
from intake.settings.schema import Smtp
from intake.store import desk
from intake.store.database import Database
from intake.store.outbox import claim_due, mark_sending
from intake.store.tables import OUTBOX
from intake.worker.deliver import Delivery, settle_dead
from intake.worker.owner import new_owner
from tests.servers.smtp_sink import Sink, running_sink
from tests.store.desk_of_mails import NOW, a_mail, keep, number_of

STEPS = ("before-smtp", "after-smtp-250", "after-sent-commit")


class Crash(BaseException):
    """The process ends here."""


def crash_at(name: str, nth: int = 1) -> Callable[[str], None]:
    left = [nth]

    def step(reached: str) -> None:
        left[0] -= reached == name
        if reached == name and left[0] == 0:
            raise Crash

    return step


class Post:
    """A desk with something in its outbox, and a clock."""

    def __init__(self, database: Database, sink: Sink, **settings: Any) -> None:
        self.database, self.sink = database, sink
        values = {"host": "127.0.0.1", "port": sink.port, "security": "plain"}
        self.settings = Smtp(**(values | {"timeout_seconds": 1} | settings))
        self.clock = NOW
        self.session = SmtpSession(self.settings, None)

    def now(self) -> datetime:
        return self.clock

    def plan(self, *names: str) -> None:
        for name in names:
            keep(self.database, a_mail(name))

    def delivery(self, owner: str = "me", **changes: Any) -> Delivery:
        return Delivery(
            self.database, self.session, self.settings, owner=owner, now=self.now, **changes
        )

    def rows(self) -> list[Any]:
        with self.database.read() as connection:
            return list(connection.execute(select(OUTBOX).order_by(OUTBOX.c.id)))

    def states(self) -> list[str]:
        return [row.state for row in self.rows()]

    def events(self, name: str) -> list[str]:
        with self.database.read() as connection:
            kinds = [e.kind for e in desk.ticket(connection, number_of(name)).events]
        return [kind for kind in kinds if kind.startswith("acknowledgement-")]


@pytest.fixture
def sink() -> Iterator[Sink]:
    with running_sink() as running:
        yield running


@pytest.fixture
def post(database: Database, sink: Sink) -> Iterator[Post]:
    made = Post(database, sink)
    yield made
    made.session.close()


def answers(*words: str) -> Callable[[str], str]:
    left = list(words)
    return lambda _recipient: left.pop(0) if left else "250 taken"


def test_what_is_planned_is_what_arrives(post: Post) -> None:
    post.plan("one", "two", "three")
    delivery = post.delivery()
    assert delivery.deliver_due() == 3
    assert delivery.deliver_due() == 0
    rows = post.rows()
    assert [(r.state, r.attempts, r.finished_at, r.owner) for r in rows] == [
        ("sent", 1, NOW, None)
    ] * 3
    assert all(row.response.startswith("250") for row in rows)
    assert post.sink.raws == [row.raw + b"\r\n" for row in rows]
    assert post.sink.connections == 1
    assert post.events("two").count("acknowledgement-sent") == 1


def test_steps_and_commits_are_in_the_order_that_a_crash_needs(post: Post) -> None:
    """`sending` is kept before a byte goes out; `sent` only after the 250."""
    post.plan("one", "two")
    seen: list[tuple[str, list[str]]] = []
    post.delivery(step=lambda name: seen.append((name, post.states()))).deliver_due()
    assert seen == [
        ("before-smtp", ["sending", "planned"]),
        ("after-smtp-250", ["sending", "planned"]),
        ("after-sent-commit", ["sent", "sending"]),
        ("before-smtp", ["sent", "sending"]),
        ("after-smtp-250", ["sent", "sending"]),
        ("after-sent-commit", ["sent", "sent"]),
    ]


def test_a_deferred_mail_is_tried_again_with_growing_waits_until_it_is_too_old(
    post: Post,
) -> None:
    post.sink.at_data = lambda _: "451 4.7.1 try later"
    post.plan("one")
    delivery = post.delivery()
    waits = []
    while post.states() != ["failed"]:
        assert delivery.deliver_due() == 0
        (row,) = post.rows()
        if row.state == "retrying":
            assert "try later" in row.reason
            waits.append((row.next_at - post.clock).total_seconds())
            post.clock = row.next_at - timedelta(seconds=1)
            delivery.deliver_due()
            assert post.rows()[0].attempts == row.attempts, "not before its time"
            post.clock = row.next_at
    assert 45 <= waits[0] <= 60
    assert 90 <= waits[1] <= 120
    assert max(waits) <= post.settings.retry_limit_seconds
    assert timedelta(hours=48) <= post.clock - NOW <= timedelta(hours=50)
    assert post.events("one")[-1] == "acknowledgement-failed"
    assert post.sink.raws == []


def test_a_refused_mail_fails_at_once_and_the_ticket_says_so(post: Post) -> None:
    post.sink.at_recipient = answers("550 5.1.1 no such user")
    post.plan("one", "two")
    assert post.delivery().deliver_due() == 1
    assert post.states() == ["failed", "sent"]
    assert "no such user" in post.rows()[0].reason
    assert post.events("one")[-1] == "acknowledgement-failed"


def test_one_greylisted_mail_after_another_does_not_hold_up_the_rest(post: Post) -> None:
    post.sink.at_recipient = answers(*["450 4.2.0 greylisted"] * 6)
    post.plan(*(f"mail{n}" for n in range(8)))
    assert post.delivery().deliver_due() == 2
    assert post.states() == ["retrying"] * 6 + ["sent"] * 2


def test_when_the_server_is_down_the_rest_waits_untried(database: Database) -> None:
    post = Post(database, Sink())
    post.plan(*(f"mail{n}" for n in range(6)))
    assert post.delivery().deliver_due() == 0
    assert post.states() == ["retrying"] * 2 + ["planned"] * 4
    assert [row.attempts for row in post.rows()] == [1, 1, 0, 0, 0, 0]
    with running_sink(post.sink):
        assert post.delivery().deliver_due() == 0, "not before its time"
        post.clock += timedelta(seconds=61)
        assert post.delivery().deliver_due() == 6
        post.session.close()
    assert post.states() == ["sent"] * 6


def test_a_connection_lost_before_the_answer_is_tried_again_under_the_same_id(
    post: Post,
) -> None:
    post.sink.at_data = answers("take and drop")
    post.plan("one")
    delivery = post.delivery()
    assert delivery.deliver_due() == 0
    post.clock += timedelta(minutes=2)
    assert delivery.deliver_due() == 1
    assert len(post.sink.raws) == 2
    assert len(set(post.sink.raws)) == 1


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("nth", [1, 2])
def test_a_crash_at_any_step_sends_again_only_what_may_not_have_been_sent(
    post: Post, step: str, nth: int
) -> None:
    post.plan("one", "two", "three")
    dead = new_owner().rsplit(":", 2)[0] + ":1:dead"
    with pytest.raises(Crash):
        post.delivery(dead, step=crash_at(step, nth)).deliver_due()
    assert settle_dead(post.database, post.settings, post.clock) == 1
    while post.delivery().deliver_due():
        pass
    assert post.states() == ["sent"] * 3
    again = len(post.sink.raws) - 3
    assert again == (step == "after-smtp-250")
    assert len(set(post.sink.raws)) == 3


@pytest.mark.parametrize(("step", "held"), [("before-smtp", 1), ("after-smtp-250", 1)])
def test_or_holds_it_for_a_person(database: Database, sink: Sink, step: str, held: int) -> None:
    post = Post(database, sink, after_crash="hold")
    post.plan("one", "two")
    dead = new_owner().rsplit(":", 2)[0] + ":1:dead"
    with pytest.raises(Crash):
        post.delivery(dead, step=crash_at(step)).deliver_due()
    assert settle_dead(post.database, post.settings, post.clock) == held
    assert post.delivery().deliver_due() == 1
    assert post.states() == ["held", "sent"]
    assert post.events("one")[-1] == "acknowledgement-held"
    post.session.close()


def test_what_a_living_sender_has_in_hand_is_left_to_it(post: Post) -> None:
    post.plan("one")
    alive = new_owner()
    with post.database.write() as connection:
        (mail,) = claim_due(connection, alive, NOW, 10)
        assert mark_sending(connection, mail.id, alive, NOW)
    assert settle_dead(post.database, post.settings, NOW) == 0
    assert post.states() == ["sending"]


class Flaky:
    """A database whose `n`-th write from now on fails, before or after its commit."""

    def __init__(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        self._real = database.write
        self.fails_at: tuple[int, str] | None = None
        self.count = 0
        monkeypatch.setattr(database, "write", self.write)

    def write(self) -> Any:
        flaky, real = self, self._real()

        class Turn:
            def __enter__(self) -> Any:
                flaky.count += 1
                if flaky.fails_at == (flaky.count, "before"):
                    raise DatabaseUnavailable("gone")
                return real.__enter__()

            def __exit__(self, *error: Any) -> Any:
                result = real.__exit__(*error)
                if flaky.fails_at == (flaky.count, "after"):
                    raise DatabaseUnavailable("gone, with the answer to COMMIT")
                return result

        return Turn()


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("place", [1, 2, 3, 4])
def test_a_database_that_goes_away_at_any_commit_and_returns(
    post: Post, monkeypatch: pytest.MonkeyPatch, place: int, when: str
) -> None:
    """claim, first sending, sent and second sending, last sent: none is lost or sent twice."""
    post.plan("one", "two")
    flaky = Flaky(post.database, monkeypatch)
    flaky.fails_at = (place, when)
    delivery = post.delivery()
    with pytest.raises(DatabaseUnavailable):
        delivery.deliver_due()
    post.clock += timedelta(seconds=1)
    while delivery.deliver_due():
        pass
    assert post.states() == ["sent", "sent"]
    assert len(post.sink.raws) == len(set(post.sink.raws)) == 2


def test_told_to_stop_it_puts_the_rest_back_at_once(post: Post) -> None:
    told = threading.Event()

    def step(name: str) -> None:
        if name == "after-smtp-250":
            told.set()

    post.plan("one", "two", "three")
    assert post.delivery(step=step, stopping=told.is_set).deliver_due() == 1
    assert post.states() == ["sent", "planned", "planned"]
    assert post.delivery("other").deliver_due() == 2


def test_two_senders_at_once_send_each_mail_once(post: Post, tmp_path: Path) -> None:
    names = [f"mail{n}" for n in range(30)]
    post.plan(*names)
    other = Post(post.database, post.sink)
    counts: list[int] = []

    def work(one: Post, owner: str) -> None:
        delivery = one.delivery(owner)
        while count := delivery.deliver_due(4):
            counts.append(count)
            time.sleep(0)

    threads = [
        threading.Thread(target=work, args=pair) for pair in ((post, "one"), (other, "other"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    other.session.close()
    assert sum(counts) == 30
    assert len(set(post.sink.raws)) == len(post.sink.raws) == 30


def test_no_address_is_logged(post: Post, capsys: pytest.CaptureFixture[str]) -> None:
    post.sink.at_recipient = answers("550 5.1.1 <chen.wei@customer.example> is unknown")
    post.plan("one", "two")
    post.delivery().deliver_due()
    printed = "".join(capsys.readouterr())
    assert "mail sent" in printed
    assert "550" in printed
    assert "chen.wei" not in printed
