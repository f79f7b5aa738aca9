"""Real databases, a real parser process, the shipped rules."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from intake import pipeline
from intake.errors import DatabaseUnavailable, ParserUnavailable, StaleFacts
from intake.store.database import Database
from intake.store.ledger import Imported, record_imported
from intake.store.mails import claim_received, quarantined_mail, release_claims
from intake.worker import process
from intake.worker.process import free_dead_claims, free_own_claims, headers_of
from tests.worker.shop import NOW, Shop, make_shop, request, sha

A, B, C = request("ann"), request("bob"), request("cy")


@pytest.fixture
def shop(database: Database, tmp_path: Path) -> Iterator[Shop]:
    yield from make_shop(database, tmp_path)


class Crash(BaseException):
    """The process ends here."""


def crash_at(name: str, nth: int = 1) -> Callable[[str], None]:
    left = [nth]

    def step(reached: str) -> None:
        left[0] -= reached == name
        if reached == name and left[0] == 0:
            raise Crash

    return step


def test_each_mail_becomes_a_ticket_and_one_planned_acknowledgement(shop: Shop) -> None:
    shop.receive(A, B, C)
    assert shop.process() == 3
    assert shop.process() == 0
    assert shop.states(A, B, C) == ["processed"] * 3
    assert len(shop.tickets()) == 3
    assert [row.state for row in shop.outbox()] == ["planned"] * 3
    assert {row.recipient for row in shop.outbox()} == {
        f"{name}@customer.example" for name in ("ann", "bob", "cy")
    }


@pytest.mark.usefixtures("traps")
@pytest.mark.parametrize(
    ("subject", "code"),
    [("hang", "over-budget"), ("explode", "over-budget"), ("die", "unreadable")],
)
def test_a_mail_that_cannot_be_read_is_set_aside_and_the_others_go_on(
    shop: Shop, subject: str, code: str
) -> None:
    bad = request("eve", subject)
    shop.receive(A, bad, B)
    assert shop.process() == 3
    assert shop.states(A, bad, B) == ["processed", "quarantined", "processed"]
    with shop.database.read() as connection:
        found = quarantined_mail(connection, sha(bad))
    assert found.error_code == code
    assert found.headers_text is not None
    assert "Message-ID: <eve@customer.example>" in found.headers_text
    assert "my withdrawal" not in found.headers_text
    assert "quarantined" in shop.event_kinds()
    assert shop.blobs.get(sha(bad)) == bad


def test_a_mail_that_cannot_be_decided_is_set_aside(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = pipeline.keys_of

    def fails(mail: Any, rules: Any) -> Any:
        if mail.message_id.startswith("bob"):
            raise RecursionError("too deep")
        return real(mail, rules)

    monkeypatch.setattr(pipeline, "keys_of", fails)
    shop.receive(A, B, C)
    shop.process()
    assert shop.states(A, B, C) == ["processed", "quarantined", "processed"]
    assert shop.mail(B).error_code == "undecidable"


def test_a_mail_whose_bytes_are_gone_is_set_aside(shop: Shop) -> None:
    shop.receive(A, B)
    shop.blobs.path(sha(A)).unlink()
    shop.process()
    assert shop.states(A, B) == ["quarantined", "processed"]
    assert shop.mail(A).error_code == "blob-missing"


@pytest.mark.parametrize("step", ["before-record-commit", "after-record-commit"])
@pytest.mark.parametrize("nth", [1, 2])
def test_a_crash_at_any_step_leaves_one_ticket_and_one_acknowledgement_a_mail(
    shop: Shop, step: str, nth: int
) -> None:
    shop.receive(A, B, C)
    with pytest.raises(Crash):
        shop.process(crash_at(step, nth))
    shop.process()
    assert shop.states(A, B, C) == ["processed"] * 3
    assert (len(shop.tickets()), len(shop.outbox())) == (3, 3)


def test_when_the_database_goes_away_the_rest_is_put_back_and_no_attempt_counts(
    shop: Shop,
) -> None:
    def away(_step: str) -> None:
        raise DatabaseUnavailable("gone")

    shop.receive(A, B)
    for _ in range(shop.limits.attempts + 2):
        with pytest.raises(DatabaseUnavailable):
            shop.process(away)
    assert [shop.mail(raw).attempts for raw in (A, B)] == [0, 0]
    shop.process()
    assert shop.states(A, B) == ["processed"] * 2


def test_what_could_not_be_put_back_is_freed_later(shop: Shop) -> None:
    shop.receive(A, B)
    with shop.database.write() as connection:
        claim_received(connection, shop.owner, NOW, 300, 10)
    assert shop.process() == 0
    free_own_claims(shop.database, "host:boot:1:2:other")
    assert shop.process() == 0
    free_own_claims(shop.database, shop.owner)
    assert [shop.mail(raw).attempts for raw in (A, B)] == [0, 0]
    assert shop.process() == 2


def test_where_no_parser_starts_the_mails_wait(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/nonexistent/python")
    shop.receive(A)
    with pytest.raises(ParserUnavailable):
        shop.process()
    monkeypatch.undo()
    assert shop.states(A) == ["received"]
    assert shop.process() == 1


def test_a_mail_that_brings_the_daemon_down_again_and_again_is_set_aside(shop: Shop) -> None:
    dead = shop.owner.rsplit(":", 2)[0] + ":1:dead"
    shop.receive(A, B)
    for _ in range(shop.limits.attempts):
        with shop.database.write() as connection:
            (claimed,) = claim_received(connection, dead, NOW, 300, 1)
            assert claimed.sha256 == sha(A)
        assert free_dead_claims(shop.database) == 1
    shop.process()
    assert shop.states(A, B) == ["quarantined", "processed"]
    assert f"died {shop.limits.attempts} times" in shop.mail(A).error_text


def test_only_the_dead_lose_what_they_have_in_hand(shop: Shop) -> None:
    shop.receive(A)
    with shop.database.write() as connection:
        claim_received(connection, shop.owner, NOW, 300, 1)
    assert free_dead_claims(shop.database) == 0
    with shop.database.write() as connection:
        release_claims(connection, shop.owner)
        claim_received(connection, "elsewhere:boot:1:2:x", NOW, 300, 1)
    assert free_dead_claims(shop.database) == 0


def test_stale_facts_are_gathered_again_but_not_for_ever(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, stale = process.record, [3]

    def races(*args: Any, **kwargs: Any) -> Any:
        if stale[0]:
            stale[0] -= 1
            raise StaleFacts("somebody was first")
        return real(*args, **kwargs)

    monkeypatch.setattr(process, "record", races)
    shop.receive(A)
    shop.process()
    assert shop.states(A) == ["processed"]
    stale[0] = 1000
    shop.receive(B)
    shop.process()
    assert shop.states(B) == ["quarantined"]


def test_two_workers_at_once_share_the_mails(shop: Shop, tmp_path: Path) -> None:
    raws = [request(f"name{n}") for n in range(40)]
    shop.receive(*raws)
    other = Shop(shop.database, tmp_path)
    counts: list[int] = []

    def work(one: Shop) -> None:
        while count := one.process(limit=3):
            counts.append(count)

    threads = [threading.Thread(target=work, args=(one,)) for one in (shop, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    other.parser.close()
    assert sum(counts) == 40
    assert (len(shop.tickets()), len(shop.outbox())) == (40, 40)


def test_told_to_stop_it_puts_the_rest_back(shop: Shop) -> None:
    told = threading.Event()

    def step(name: str) -> None:
        if name == "after-record-commit":
            told.set()

    shop.receive(A, B, C)
    assert shop.process(step, stopping=told.is_set) == 1
    assert shop.states(A, B, C) == ["processed", "received", "received"]
    assert [shop.mail(raw).attempts for raw in (B, C)] == [0, 0]
    assert shop.process() == 2


@pytest.mark.usefixtures("traps")
def test_told_to_stop_it_does_not_wait_for_a_mail_that_is_being_read(
    database: Database, tmp_path: Path
) -> None:
    for shop in make_shop(database, tmp_path, parse_seconds=60):
        slow = request("eve", "sleep")
        told = threading.Event()
        shop.receive(slow)
        threading.Timer(1, told.set).start()
        assert shop.process(stopping=told.is_set) == 0
        assert shop.states(slow) == ["received"]


@pytest.mark.parametrize("acknowledge", [False, True])
def test_imported_mails_are_acknowledged_only_when_asked(shop: Shop, acknowledge: bool) -> None:
    entries = [Imported(shop.blobs.put(A), len(A), NOW)]
    with shop.database.write() as connection:
        record_imported(connection, entries, acknowledge=acknowledge)
    shop.process()
    assert len(shop.tickets()) == 1
    assert [row.state for row in shop.outbox()] == ["planned" if acknowledge else "suppressed"]


def test_headers_of_anything() -> None:
    assert headers_of(b"A: b\r\nC: d\r\n\r\nbody") == "A: b\nC: d"
    assert headers_of(b"A: \xff\0") == "A: \ufffd\ufffd"
    assert headers_of(b"") == ""
    assert len(headers_of(b"x" * 1_000_000)) == 65_536
