"""What arrives in a mailbox of a real Dovecot is received, once, and nobody sees a trace."""

from __future__ import annotations

import pytest

from intake.errors import NotFound
from intake.settings.schema import Settings
from intake.worker.receive import poll_mailbox
from tests.generate import generate
from tests.servers.account import Account, letter
from tests.worker.conftest import MakeDesk


@pytest.mark.parametrize("security", ["tls", "starttls", "plain"])
def test_new_mails_are_received_byte_for_byte_and_once(
    account: Account, desk_for: MakeDesk, security: str
) -> None:
    raws = [letter("one"), letter("two"), b"\r\nno header, no Message-ID\r\n"]
    account.deliver(*raws)
    port = account.server.tls_port if security == "tls" else account.server.port
    desk = desk_for(security=security, port=port)
    result = desk.poll()
    assert (result.new, result.known, result.missing, result.error) == (3, 0, 0, None)
    assert result.size_bytes == sum(map(len, raws))
    assert desk.mails() == raws
    assert desk.poll().new == 0
    account.deliver(letter("three"))
    assert desk.poll().new == 1
    assert desk.health().last_success_at == desk.now()


def test_no_flag_changes(account: Account, desk_for: MakeDesk) -> None:
    account.deliver(letter("one"), letter("two"))
    desk_for().poll()
    assert account.flags() == {1: set(), 2: set()}


def test_what_staff_opened_answered_or_flagged_is_received_too(
    account: Account, desk_for: MakeDesk
) -> None:
    account.deliver(letter("opened"), seen=True)
    account.deliver(letter("new"))
    with account.client() as staff:
        staff.select_folder("INBOX")
        staff.add_flags([2], ["\\Seen", "\\Answered", "$Junk", "\\Flagged"])
    desk = desk_for()
    assert desk.poll().new == 2
    with account.client() as staff:
        staff.select_folder("INBOX")
        staff.set_flags([1, 2], [])
    result = desk.poll()
    assert (result.new, result.known, result.missing) == (0, 0, 0)


def test_a_week_of_backlog(account: Account, desk_for: MakeDesk) -> None:
    raws = [sample.raw for sample in generate(120, sizes=(0.8, 0.2, 0.0))]
    account.deliver_all(raws)
    desk = desk_for()
    backlogs: list[int] = []
    result = desk.poll(
        lambda step: backlogs.append(desk.health().backlog) if step == "after-fetch" else None
    )
    assert (result.new, result.missing) == (120, 0)
    assert sorted(desk.mails()) == sorted(raws)
    assert max(backlogs) == 120
    assert desk.health().backlog == 0


def test_new_numbers_for_all_mails(account: Account, desk_for: MakeDesk) -> None:
    raws = [letter(f"mail {n}") for n in range(20)]
    account.deliver(*raws)
    desk = desk_for()
    desk.poll()
    account.bump_uidvalidity()
    account.deliver(letter("after the restore"))
    result = desk.poll()
    assert (result.new, result.known, result.missing) == (1, 20, 0)
    assert "numbered the mails of folder INBOX" in result.notices[0]
    assert desk.mails() == [*raws, letter("after the restore")]
    assert desk.events() == ["folder-renumbered"]
    assert desk.poll().notices == ()


def test_the_same_bytes_twice_are_one_mail(account: Account, desk_for: MakeDesk) -> None:
    account.deliver(letter("one"), letter("one"))
    desk = desk_for()
    result = desk.poll()
    assert (result.new, result.known) == (1, 1)
    assert desk.mails() == [letter("one")]
    assert desk.poll().known == 0


def test_two_mails_that_share_a_message_id_are_both_kept(
    account: Account, desk_for: MakeDesk
) -> None:
    account.deliver(letter("one"), letter("one") + b"P.S. something else\r\n")
    desk = desk_for()
    assert desk.poll().new == 2
    assert {row.message_id for row in desk.rows("received")} == {"one@customer.example"}


def test_several_folders_and_one_that_is_gone(account: Account, desk_for: MakeDesk) -> None:
    with account.client() as staff:
        staff.create_folder("Büro")
        staff.append("Büro", letter("two"))
    account.deliver(letter("one"))
    desk = desk_for(folders=("Nowhere", "INBOX", "Büro"))
    result = desk.poll()
    assert result.new == 2
    assert result.error is not None
    assert "Nowhere" in result.error
    health = desk.health()
    assert (health.error_kind, health.failures, health.next_attempt_at) == ("refused", 0, None)
    assert desk.poll().skipped is None


def test_a_mail_over_the_limit_is_shown_and_left_where_it_is(
    account: Account, desk_for: MakeDesk
) -> None:
    video = (
        b"From: Chen Wei <chen@customer.example>\r\nSubject: The video\r\nMessage-ID: <v@c.example>"
        b"\r\nMIME-Version: 1.0\r\nContent-Type: video/mp4; name=screen.mp4\r\n\r\n"
    ) + b"A" * 60_000
    account.deliver(letter("one"), video, letter("two"))
    desk = desk_for(after="delete", limits={"mail_bytes": 50_000})
    result = desk.poll()
    assert (result.new, result.too_large, result.told, result.missing) == (2, 1, 2, 0)
    (row,) = desk.rows("too-large")
    assert "Subject: The video" in row.headers_text
    assert "video/mp4, screen.mp4, 60,000 bytes encoded" in row.headers_text
    assert (row.message_id, row.size_bytes) == ("v@c.example", len(video))
    assert account.subjects() == ["The video"]
    assert not desk.blobs.exists(row.sha256)
    assert desk.poll().too_large == 0
    account.bump_uidvalidity()
    desk.poll()
    assert len(desk.rows("too-large")) == 1


def test_mails_that_come_and_go_meanwhile(account: Account, desk_for: MakeDesk) -> None:
    account.deliver(*(letter(f"mail {n}", size_bytes=60_000) for n in range(4)))
    desk = desk_for()
    done: list[str] = []

    def step(name: str) -> None:
        if name == "after-fetch" and not done:
            done.append(name)
            account.deliver(letter("late"))
            with account.client() as staff:
                staff.select_folder("INBOX")
                staff.delete_messages([3])
                staff.expunge()

    result = desk.poll(step)
    assert (result.new, result.known, result.missing, result.error) == (4, 0, 0, None)
    assert desk.mails()[-1] == letter("late")


def test_a_mailbox_that_is_not_configured(desk_for: MakeDesk) -> None:
    desk = desk_for()
    with pytest.raises(NotFound, match="nobody"):
        poll_mailbox("nobody", Settings(), desk.database, desk.blobs, now=desk.now)
