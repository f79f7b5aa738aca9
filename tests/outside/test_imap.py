"""Against a real Dovecot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from intake.errors import LoginRefused, MailboxRefusal, MailboxUnreachable
from intake.outside import imap
from intake.outside.credentials import Secret
from intake.outside.imap import ImapSession, connect
from intake.settings.schema import Limits, Schedule
from tests.servers.account import Account, letter
from tests.servers.dovecot import Dovecot
from tests.servers.oddimap import OddImap, running

SCHEDULE = Schedule(connect_timeout_seconds=5, read_timeout_seconds=5)


@contextmanager
def session(account: Account, **changes: Any) -> Iterator[ImapSession]:
    secret = Secret(account.password)
    opened = connect(account.mailbox(**changes), SCHEDULE, Limits(), secret)
    yield opened
    opened.logout()


@pytest.mark.parametrize("security", ["tls", "starttls", "plain"])
def test_mails_come_byte_for_byte_over_every_kind_of_connection(
    account: Account, security: str
) -> None:
    raws = [
        letter("one"),
        letter("two", size_bytes=900_000),
        b"\r\n\xff\xfe\r\nno head\r\n",
    ]
    account.deliver(*raws)
    port = account.server.tls_port if security == "tls" else account.server.port
    with session(account, security=security, port=port) as opened:
        state = opened.folder_open("INBOX")
        assert (state.exists, state.writable) == (3, False)
        assert opened.uid_ranges() == [(1, 3)]
        assert opened.sizes([1, 2, 3, 4]) == {n: len(raw) for n, raw in enumerate(raws, 1)}
        fetched = list(opened.fetch_bodies([1, 2, 3, 4]))
    assert [mail.raw for mail in fetched] == raws
    assert all(mail.internal_date is not None for mail in fetched)


def test_fetching_leaves_no_trace(account: Account) -> None:
    account.deliver(letter("one"))
    with session(account) as opened:
        opened.folder_open("INBOX")
        opened.sizes([1])
        list(opened.fetch_bodies([1]))
        opened.fetch_outline(1)
    with account.client() as staff:
        assert staff.select_folder("INBOX")[b"RECENT"] == 1
        assert set(staff.get_flags([1])[1]) == {b"\\Recent"}


@pytest.mark.parametrize("password", ["s3cret", "Pässwörd 密码", 'quo"te\\slash', "a b {5}"])
def test_any_password(dovecot: Dovecot, password: str) -> None:
    with session(Account(dovecot, password=password)) as opened:
        assert b"UIDPLUS" in opened.capabilities


def test_the_login_command_where_there_is_no_other(account: Account) -> None:
    odd = OddImap(capabilities="IMAP4rev1")
    with running(odd):
        mailbox = account.mailbox(port=odd.port, username='a "desk" \\ of ours')
        connect(mailbox, SCHEDULE, Limits(), Secret('pa"ss')).logout()
    assert 'LOGIN "a \\"desk\\" \\\\ of ours" "pa\\"ss"' in odd.seen_commands


def test_a_password_that_the_server_cannot_take(account: Account) -> None:
    with (
        running(OddImap(capabilities="IMAP4rev1")) as odd,
        pytest.raises(LoginRefused, match="ASCII"),
    ):
        connect(account.mailbox(port=odd.port), SCHEDULE, Limits(), Secret("Pässwörd"))
    with (
        running(OddImap(capabilities="IMAP4rev1 LOGINDISABLED")) as odd,
        pytest.raises(LoginRefused, match="takes no passwords"),
    ):
        connect(account.mailbox(port=odd.port), SCHEDULE, Limits(), Secret("secret"))


def test_a_wrong_password(account: Account) -> None:
    with pytest.raises(LoginRefused, match="refused the login of desk"):
        connect(account.mailbox(), SCHEDULE, Limits(), Secret("wrong"))


def test_an_untrusted_certificate(account: Account) -> None:
    mailbox = account.mailbox(security="tls", port=account.server.tls_port, ca_file=None)
    with pytest.raises(MailboxUnreachable, match="certificate is not trusted"):
        connect(mailbox, SCHEDULE, Limits(), Secret(account.password))


def test_a_ca_file_that_is_not_there(account: Account) -> None:
    mailbox = account.mailbox(security="starttls", ca_file="/nowhere/ca.pem")
    with pytest.raises(MailboxUnreachable, match="ca_file"):
        connect(mailbox, SCHEDULE, Limits(), Secret(account.password))


def test_a_certificate_for_another_name(account: Account) -> None:
    mailbox = account.mailbox(security="starttls", host="127.0.0.2")
    with pytest.raises(MailboxUnreachable):
        connect(mailbox, SCHEDULE, Limits(), Secret(account.password))


def test_no_secret_without_tls(account: Account) -> None:
    with (
        running(OddImap()) as odd,
        pytest.raises(MailboxUnreachable, match="offers no STARTTLS"),
    ):
        connect(
            account.mailbox(port=odd.port, security="starttls"), SCHEDULE, Limits(), Secret("x")
        )
    assert not any(line.startswith(("LOGIN", "AUTH")) for line in odd.seen_commands)


@pytest.mark.parametrize("esearch", [True, False])
@pytest.mark.parametrize("window", [4, 50_000])
def test_the_list_of_uids_in_parts(
    account: Account, monkeypatch: pytest.MonkeyPatch, esearch: bool, window: int
) -> None:
    monkeypatch.setattr(imap, "_WINDOW", window)
    account.deliver(*(letter(f"mail {n}") for n in range(14)))
    with account.client() as staff:
        staff.select_folder("INBOX")
        staff.delete_messages([2, 3, 9])
        staff.uid_expunge([2, 3, 9])
    with session(account) as opened:
        opened.capabilities -= frozenset() if esearch else {b"ESEARCH"}
        opened.folder_open("INBOX")
        assert opened.uid_ranges() == [(1, 1), (4, 8), (10, 14)]
        account.deliver(letter("late"))
        assert opened.uid_ranges() == [(1, 1), (4, 8), (10, 15)]


def test_an_empty_folder_and_one_that_becomes_empty(account: Account) -> None:
    with session(account, after="delete") as opened:
        state = opened.folder_open("INBOX", writable=True)
        assert opened.uid_ranges() == []
        account.deliver(letter("one"))
        assert opened.uid_ranges() == [(1, 1)]
        opened.tell([1], account.mailbox(after="delete"), state)
        assert opened.uid_ranges() == []


def test_a_folder_with_a_name_of_this_world(account: Account) -> None:
    with account.client() as staff:
        staff.create_folder("Kunden & Büro/客户")
        staff.append("Kunden & Büro/客户", letter("one"))
    with session(account) as opened:
        assert opened.folder_open("Kunden & Büro/客户").exists == 1


def test_a_folder_that_is_not_there(account: Account) -> None:
    account.deliver(letter("one"))
    with session(account) as opened:
        with pytest.raises(MailboxRefusal, match="opening folder Nowhere"):
            opened.folder_open("Nowhere")
        assert opened.folder_open("INBOX").exists == 1


def test_the_outline_of_a_large_mail(account: Account) -> None:
    raw = (
        b"Subject: Statement\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n"
        b"\r\n--x\r\n\r\nHello\r\n--x\r\nContent-Type: application/pdf\r\n"
        b"Content-Disposition: attachment; filename=may.pdf\r\n\r\n"
        + b"%PDF" * 50
        + b"\r\n--x--\r\n"
    )
    account.deliver(raw)
    with session(account) as opened:
        opened.folder_open("INBOX")
        outline = opened.fetch_outline(1)
        assert opened.fetch_outline(9) is None
    assert outline is not None
    assert outline.headers.startswith(b"Subject: Statement\r\n")
    assert outline.parts == (
        "text/plain, 5 bytes encoded",
        "application/pdf, may.pdf, 200 bytes encoded",
    )
