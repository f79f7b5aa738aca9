"""Servers in trouble: told in health, waited for with growing pauses, never the end of a poll."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from intake.errors import DatabaseUnavailable
from intake.store.database import Database, open_database
from tests.servers.account import Account, letter
from tests.servers.dovecot import running_dovecot
from tests.servers.oddimap import Behaviour, OddImap, Talk, hang_up, refuse, running
from tests.worker.conftest import MakeDesk
from tests.worker.desk import Desk

MakeOddDesk = Callable[[OddImap], Desk]


def letters(count: int) -> dict[int, bytes]:
    return {uid: letter(f"mail {uid}") for uid in range(1, count + 1)}


def test_a_server_that_goes_away_and_comes_back(database: Database, tmp_path: Path) -> None:
    with running_dovecot() as server:
        account = Account(server)
        raws = [letter(f"mail {n}", size_bytes=60_000) for n in range(6)]
        account.deliver(*raws)
        desk = Desk(account.mailbox(after="flag"), database, tmp_path)
        fetches: list[str] = []

        def step(name: str) -> None:
            if name == "after-fetch":
                fetches.append(name)
                if len(fetches) == 3:
                    server.stop()

        result = desk.poll(step)
        assert result.error_kind == "unreachable"
        assert 2 <= result.new < 6
        health = desk.health()
        assert health.failures == 1
        assert health.backlog > 0
        assert (desk.poll(force=True).new, desk.health().failures) == (0, 2)
        server.start()
        desk.wait(hours=1)
        result = desk.poll()
        assert (result.error, result.missing, result.known) == (None, 0, 0)
        assert sorted(desk.mails()) == sorted(raws)
        assert account.flags() == {uid: {b"\\Flagged"} for uid in range(1, 7)}
        assert desk.events() == ["mailbox-unreachable", "mailbox-recovered"]


def test_sessions_cut_in_the_middle_are_opened_again(database: Database, tmp_path: Path) -> None:
    with running_dovecot() as server:
        account = Account(server)
        account.deliver(*(letter(f"mail {n}", size_bytes=60_000) for n in range(4)))
        desk = Desk(account.mailbox(), database, tmp_path)
        cut: list[int] = []

        def step(name: str) -> None:
            if name == "after-blob" and not cut:
                cut.append(server.cut_sessions())

        result = desk.poll(step)
        assert cut[0] > 0
        assert (result.new, result.error) == (4, None)


@pytest.mark.parametrize("behaviour", [hang_up, refuse("NO [SERVERBUG] cannot"), refuse("OK")])
def test_one_mail_that_a_server_cannot_give_holds_up_no_other(
    odd_desk: MakeOddDesk, behaviour: Behaviour
) -> None:
    def stumble(talk: Talk) -> None:
        if "BODY" in talk.line and 2 in map(int, talk.line.split()[2].split(",")):
            behaviour(talk)
        else:
            talk.server._answer(talk, bytes)

    with running(OddImap(letters(3), {"UID FETCH": stumble})) as odd:
        desk = odd_desk(odd)
        result = desk.poll()
        assert (result.new, result.missing, result.error) == (2, 1, None)
        assert (desk.poll().new, desk.health().missing) == (0, 1)
        assert desk.events().count("mails-missing") == 1
        assert desk.health().last_success_at == desk.now()
        odd.odd = {}
        desk.poll()
        assert (len(desk.mails()), desk.health().missing) == (3, 0)


def test_growing_pauses_that_outlive_a_restart(odd_desk: MakeOddDesk) -> None:
    with running(OddImap(letters(1), {"greeting": hang_up})) as odd:
        desk = odd_desk(odd)
        pauses: list[timedelta] = []
        for _ in range(12):
            assert desk.poll(force=True).error_kind == "unreachable"
            attempt = desk.health().next_attempt_at
            assert attempt is not None
            pauses.append(attempt - desk.now())
        assert timedelta(seconds=11) <= pauses[0] <= timedelta(seconds=15)
        assert pauses[5] > pauses[2] > pauses[0]
        assert max(pauses) <= timedelta(minutes=30)
        connections = odd.connections
        waiting = desk.poll()
        assert waiting.skipped is not None
        assert "waits until" in waiting.skipped
        assert odd.connections == connections
        odd.odd = {}
        desk.wait(minutes=30)
        assert desk.poll().new == 1
        health = desk.health()
        assert (health.failures, health.next_attempt_at, health.last_error) == (0, None, None)


def test_a_refused_password_is_not_tried_again_soon(odd_desk: MakeOddDesk) -> None:
    no = refuse("NO [AUTHENTICATIONFAILED] no")
    with running(OddImap(letters(1), {"AUTHENTICATE": no})) as odd:
        desk = odd_desk(odd)
        assert desk.poll().error_kind == "login-refused"
        for _ in range(14):
            assert desk.poll().skipped is not None
        assert odd.connections == 1
        assert "Check user name and secret" in (desk.health().last_error or "")
        odd.odd = {}
        desk.wait(minutes=3)
        assert desk.poll().new == 1
        assert desk.events() == ["mailbox-login-refused", "mailbox-recovered"]


def test_a_throttling_server_is_given_time(odd_desk: MakeOddDesk) -> None:
    busy = refuse("NO [LIMIT] Too many simultaneous connections")
    with running(OddImap(letters(1), {"AUTHENTICATE": busy})) as odd:
        desk = odd_desk(odd)
        assert desk.poll().error_kind == "throttled"
        assert (desk.health().next_attempt_at or desk.now()) > desk.now() + timedelta(seconds=85)


def test_a_secret_that_is_not_there(odd_desk: MakeOddDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(OddImap(letters(1))) as odd:
        desk = odd_desk(odd)
        monkeypatch.delenv("ODD_PASSWORD")
        result = desk.poll()
        assert (result.error_kind, odd.connections) == ("secret-unavailable", 0)
        assert "ODD_PASSWORD" in (result.error or "")


@pytest.mark.parametrize("command", ["EXAMINE", "NOOP", "UID SEARCH", "UID FETCH"])
@pytest.mark.parametrize(
    "behaviour", [hang_up, lambda t: t.send(b"what?\r\n"), lambda t: t.say("BYE now")]
)
def test_a_server_that_fails_at_any_command(
    odd_desk: MakeOddDesk, command: str, behaviour: Behaviour
) -> None:
    with running(OddImap(letters(2), {command: behaviour})) as odd:
        desk = odd_desk(odd)
        result = desk.poll()
        assert (result.new, result.error_kind) == (0, "unreachable")
        odd.odd = {}
        assert desk.poll(force=True).new == 2


def test_a_size_that_is_only_an_estimate(odd_desk: MakeOddDesk) -> None:
    mails = {1: letter("small"), 2: letter("large", size_bytes=1_200_000), 3: letter("end")}

    def estimate(talk: Talk) -> None:
        if "SIZE" not in talk.line:
            talk.server._answer(talk, bytes)
            return
        for uid in mails:
            talk.say(f"{uid} FETCH (UID {uid} RFC822.SIZE {400 if uid < 3 else 'NIL'})")
        talk.done()

    with running(OddImap(mails, {"UID FETCH": estimate})) as odd:
        desk = odd_desk(odd)
        result = desk.poll()
        assert (result.new, result.too_large, result.missing) == (2, 1, 0)
        assert "Subject: large" in desk.rows("too-large")[0].headers_text


def test_a_database_that_goes_away_leaves_the_server_untouched(
    account: Account, sqlite_url: str, tmp_path: Path
) -> None:
    account.deliver(letter("one"))
    database = open_database(sqlite_url)
    desk = Desk(account.mailbox(after="delete"), database, tmp_path)

    def rename(old: str, new: str) -> None:
        with database.write() as connection:
            connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))

    with pytest.raises(DatabaseUnavailable):
        desk.poll(lambda step: rename("ledger", "away") if step == "after-blob" else None)
    assert account.flags() == {1: set()}
    rename("away", "ledger")
    assert (desk.poll().new, account.subjects()) == (1, [])
    database.close()


def test_a_database_server_that_drops_us_leaves_the_server_untouched(
    account: Account, postgres_url: str, tmp_path: Path
) -> None:
    account.deliver(letter("one"))
    database = open_database(postgres_url)
    desk = Desk(account.mailbox(after="delete"), database, tmp_path)
    drop = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )

    def step(name: str) -> None:
        if name == "before-receive-commit":
            with database.read() as connection:
                connection.execute(drop)

    with pytest.raises(DatabaseUnavailable):
        desk.poll(step)
    assert account.flags() == {1: set()}
    desk.wait(minutes=5)
    assert (desk.poll().new, account.subjects()) == (1, [])
    database.close()


def test_memory_is_that_of_a_batch_and_not_of_the_mailbox(
    account: Account, desk_for: MakeDesk
) -> None:
    account.deliver_all(letter(f"mail {n}", size_bytes=400_000) for n in range(60))
    desk = desk_for(limits={"batch_bytes": 1_000_000})
    tracemalloc.start()
    try:
        assert desk.poll().new == 60
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 6_000_000
