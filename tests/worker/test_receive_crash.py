"""Whatever step a poll dies at: nothing is lost, nothing is there twice, the server is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update

from intake.errors import StorageError
from intake.store.lease import acquire
from intake.store.tables import LEASE
from intake.worker.owner import new_owner
from intake.worker.poll import lease_name
from tests.servers.account import Account, letter
from tests.worker.conftest import MakeDesk
from tests.worker.desk import NAME

RAWS = [letter(f"mail {n}", size_bytes=30_000) for n in range(8)]
STEPS = (
    "after-fetch",
    "after-blob",
    "before-receive-commit",
    "after-receive-commit",
    "before-flag",
    "after-flag",
)


@pytest.mark.parametrize("after", ["flag", "move", "delete"])
@pytest.mark.parametrize("name", STEPS)
def test_a_crash_at_each_step(account: Account, desk_for: MakeDesk, name: str, after: str) -> None:
    account.deliver(*RAWS)
    desk = desk_for(after=after)
    desk.poll_until(name)
    if name in STEPS[:3]:
        # Not committed: the server must not have been told anything.
        assert account.flags() == {uid: set() for uid in range(1, 9)}
        assert desk.mails() == []
    elif name != "after-flag":
        assert desk.untold() == 3
        assert len(account.flags()) == 8
    result = desk.poll()
    assert (result.error, result.missing, result.known) == (None, 0, 0)
    assert desk.mails() == RAWS
    assert desk.untold() == 0
    expected = {"flag": {uid: {b"\\Flagged"} for uid in range(1, 9)}, "move": {}, "delete": {}}
    assert account.flags() == expected[after]
    assert len(account.subjects("Processed")) == (8 if after == "move" else 0)


@pytest.mark.parametrize("name", STEPS[:4])
def test_a_crash_where_the_server_is_told_nothing(
    account: Account, desk_for: MakeDesk, name: str
) -> None:
    account.deliver(*RAWS)
    desk = desk_for()
    desk.poll_until(name)
    desk.poll()
    assert desk.mails() == RAWS


def test_a_crash_and_then_new_numbers(account: Account, desk_for: MakeDesk) -> None:
    account.deliver(*RAWS)
    desk = desk_for(after="flag")
    desk.poll_until("after-receive-commit")
    account.bump_uidvalidity()
    result = desk.poll()
    assert (result.new, result.known) == (5, 3)
    assert desk.mails() == RAWS
    assert set(map(frozenset, account.flags().values())) == {frozenset({b"\\Flagged"})}


def test_what_was_to_be_deleted_stays_once_the_setting_says_so(
    account: Account, desk_for: MakeDesk
) -> None:
    account.deliver(*RAWS)
    desk = desk_for(after="delete")
    desk.poll_until("before-flag")
    desk.configure(account.mailbox(after="nothing"))
    assert desk.poll().told == 0
    assert desk.untold() == 0
    desk.configure(account.mailbox(after="delete"))
    desk.poll()
    assert len(account.subjects()) == 8


def test_the_disk_is_full(account: Account, desk_for: MakeDesk) -> None:
    account.deliver(*RAWS)
    desk = desk_for(after="delete")
    root = desk.blobs.root
    root.rmdir()
    root.write_bytes(b"")  # whatever is written below it fails
    with pytest.raises(StorageError):
        desk.poll()
    assert account.flags() == {uid: set() for uid in range(1, 9)}
    assert desk.health().error_kind == "storage"
    root.unlink()
    root.mkdir()
    assert desk.poll().new == 8
    assert desk.mails() == RAWS
    assert account.subjects() == []
    assert desk.events() == ["mailbox-storage", "mailbox-recovered"]


def test_a_second_poll_while_one_is_at_work(account: Account, desk_for: MakeDesk) -> None:
    account.deliver(*RAWS)
    desk = desk_for()
    others = []

    def step(name: str) -> None:
        if name == "after-fetch":
            others.append(desk.poll(minutes=0))

    assert desk.poll(step).new == 8
    assert {other.skipped for other in others} == {"another poll of this mailbox is at work"}
    assert desk.poll().skipped is None


def test_the_lease_of_a_dead_process_is_taken_over_at_once(
    account: Account, desk_for: MakeDesk
) -> None:
    account.deliver(*RAWS)
    desk = desk_for()
    host, boot, _pid, _start, random = new_owner().split(":")
    with desk.database.write() as connection:
        dead = f"{host}:{boot}:999999999:1:{random}"
        assert acquire(connection, lease_name(NAME), dead, 3600, desk.now())
    assert desk.poll().new == 8


def test_the_lease_of_another_machine_runs_out_by_itself(
    account: Account, desk_for: MakeDesk
) -> None:
    desk = desk_for()
    with desk.database.write() as connection:
        acquire(connection, lease_name(NAME), "elsewhere:boot:1:1:x", 90, desk.now())
    assert desk.poll().skipped == "another poll of this mailbox is at work"
    assert desk.poll().skipped is None


def test_a_poll_that_overslept_its_lease_records_nothing_more(
    account: Account, desk_for: MakeDesk
) -> None:
    account.deliver(*RAWS)
    desk = desk_for(after="delete")

    def lose(step: str) -> None:
        if step == "after-blob":
            with desk.database.write() as connection:
                connection.execute(update(LEASE).values(owner="another", epoch=99))

    result = desk.poll(lose)
    assert result.skipped is not None
    assert "took over" in result.skipped
    assert desk.mails() == []
    assert len(account.flags()) == 8
    with desk.database.write() as connection:
        connection.execute(update(LEASE).values(owner=None))
    assert desk.poll().new == 8


def test_blobs_of_a_poll_that_died_are_used_again(
    account: Account, desk_for: MakeDesk, tmp_path: Path
) -> None:
    account.deliver(*RAWS)
    desk = desk_for()
    desk.poll_until("after-blob")
    before = {path: path.stat().st_mtime_ns for path in desk.blobs.root.rglob("*/*/*")}
    assert len(before) == 3
    desk.poll()
    assert all(path.stat().st_mtime_ns == at for path, at in before.items())
