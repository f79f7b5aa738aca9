"""What the server is told once the bytes are safe, and what happens when it does not listen."""

from __future__ import annotations

import pytest

from intake.outside.imap import ImapSession
from intake.worker import mailbox_login
from tests.servers.account import Account, letter
from tests.worker.conftest import MakeDesk

MAILS = ("one", "two", "three")


def deliver(account: Account) -> None:
    account.deliver(*(letter(name) for name in MAILS))


@pytest.mark.parametrize(
    ("after", "flag"), [("flag", b"\\Flagged"), ("keyword", b"$Intake"), ("nothing", None)]
)
def test_flag_keyword_or_nothing(
    account: Account, desk_for: MakeDesk, after: str, flag: bytes | None
) -> None:
    deliver(account)
    desk = desk_for(after=after)
    assert desk.poll().told == (3 if flag else 0)
    assert account.flags() == dict.fromkeys((1, 2, 3), {flag} if flag else set())
    assert desk.untold() == 0


def test_move_into_a_folder_that_is_made_on_the_way(account: Account, desk_for: MakeDesk) -> None:
    deliver(account)
    desk = desk_for(after="move", move_to="Erledigt/Büro")
    assert desk.poll().told == 3
    assert account.subjects() == []
    assert account.subjects("Erledigt/Büro") == list(MAILS)


def test_delete_takes_our_mails_and_no_others(account: Account, desk_for: MakeDesk) -> None:
    deliver(account)
    desk = desk_for(after="nothing")
    desk.poll()
    account.deliver(letter("new"))
    with account.client() as staff:
        staff.select_folder("INBOX")
        staff.delete_messages([2])
    desk.configure(account.mailbox(after="delete"))
    assert desk.poll().told == 1
    # Changing the setting does not reach back, and what staff marked is theirs.
    assert account.subjects() == list(MAILS)
    assert account.flags()[2] == {b"\\Deleted"}


@pytest.mark.parametrize("after", ["move", "delete"])
def test_servers_without_the_commands_for_it(
    account: Account, desk_for: MakeDesk, monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    def poor(*arguments: object) -> ImapSession:
        session = login(*arguments)  # type: ignore[arg-type]
        session.capabilities -= {b"MOVE", b"UIDPLUS"}
        return session

    login = mailbox_login.connect
    monkeypatch.setattr(mailbox_login, "connect", poor)
    deliver(account)
    desk = desk_for(after=after)
    result = desk.poll()
    assert "only marked as deleted" in result.notices[0]
    assert account.flags() == {uid: {b"\\Deleted"} for uid in (1, 2, 3)}
    assert account.subjects("Processed") == (list(MAILS) if after == "move" else [])
    assert desk.poll().told == 0


def test_a_server_that_refuses_is_asked_again(account: Account, desk_for: MakeDesk) -> None:
    deliver(account)
    desk = desk_for(after="move", move_to="No/" + "x" * 300)
    result = desk.poll()
    assert (result.new, result.told, result.error_kind) == (3, 0, "refused")
    assert account.subjects() == list(MAILS)
    assert desk.poll().told == 0
    desk.configure(account.mailbox(after="move"))
    account.deliver(letter("four"))
    assert desk.poll().told == 4
    assert account.subjects("Processed") == [*MAILS, "four"]
    assert desk.health().error_kind is None


def test_mails_that_staff_took_away_before_we_told(account: Account, desk_for: MakeDesk) -> None:
    deliver(account)
    desk = desk_for(after="move")
    desk.poll_until("before-flag")
    with account.client() as staff:
        staff.select_folder("INBOX")
        staff.delete_messages([1, 2])
        staff.expunge()
    desk.poll()
    assert account.subjects("Processed") == ["three"]
    assert desk.untold() == 0
