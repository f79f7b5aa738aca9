"""Servers that answer nonsense, too slowly, too much or not at all."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from intake.errors import (
    LoginRefused,
    MailboxError,
    MailboxRefusal,
    MailboxThrottled,
    MailboxUnreachable,
)
from intake.outside.credentials import Secret
from intake.outside.imap import ImapSession, connect
from intake.outside.imap_errors import AnswerUnreadable
from intake.settings.schema import Limits, Mailbox, Schedule
from intake.settings.section import SecretSource
from tests.servers.account import letter
from tests.servers.oddimap import Behaviour, OddImap, Talk, hang_up, refuse, running

SCHEDULE = Schedule(connect_timeout_seconds=0.5, read_timeout_seconds=0.5)
LIMITS = Limits(mail_bytes=100_000, batch_bytes=50_000)


def mailbox(port: int, **changes: str) -> Mailbox:
    return Mailbox(
        host="localhost",
        port=port,
        username="desk",
        password=SecretSource(env="UNUSED"),
        **{"security": "plain", **changes},
    )


@contextmanager
def session(odd: OddImap) -> Iterator[ImapSession]:
    with running(odd):
        opened = connect(mailbox(odd.port), SCHEDULE, LIMITS, Secret("secret"))
        opened.folder_open("INBOX")
        yield opened
        opened.close()


def silence(talk: Talk) -> None:
    with suppress(OSError):
        talk.sock.settimeout(10)
        while talk.sock.recv(1000):
            pass


def trickle(talk: Talk) -> None:
    """A byte every tenth of a second: no single read ever times out."""
    for byte in b"* OK " + b"x" * 1000:
        talk.send(bytes([byte]))
        time.sleep(0.1)


@pytest.mark.parametrize(
    "greeting",
    [
        lambda t: t.send(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
        lambda t: t.send(b"\x16\x03\x01\x00\xff\xfe\r\n" * 5),
        lambda t: t.send(b"* OK " + b"x" * 1_100_000),
        lambda t: t.say("BYE we are closed"),
        lambda t: t.send(b"* OK {99999999999}\r\n"),
        lambda t: t.send(b"+\r\n* NO\r\nA1\r\n"),
        hang_up,
        silence,
        trickle,
    ],
)
def test_whoever_answers_there_it_ends_soon_and_with_our_error(greeting: Behaviour) -> None:
    started = time.monotonic()
    with running(OddImap(odd={"greeting": greeting})) as odd, pytest.raises(MailboxUnreachable):
        connect(mailbox(odd.port), SCHEDULE, LIMITS, Secret("secret"))
    assert time.monotonic() - started < 3


def test_a_tls_handshake_that_never_comes() -> None:
    with running(OddImap(odd={"greeting": silence})) as odd:
        started = time.monotonic()
        with pytest.raises(MailboxUnreachable, match="too slow"):
            connect(mailbox(odd.port, security="tls"), SCHEDULE, LIMITS, Secret("secret"))
        assert time.monotonic() - started < 3


def test_nobody_listens() -> None:
    with pytest.raises(MailboxUnreachable, match="Nobody listens"):
        connect(mailbox(1), SCHEDULE, LIMITS, Secret("secret"))


def test_a_host_without_address() -> None:
    unknown = mailbox(143, security="tls").model_copy(update={"host": "nowhere.invalid"})
    with pytest.raises(MailboxUnreachable, match="cannot be resolved"):
        connect(unknown, SCHEDULE, LIMITS, Secret("secret"))


def test_plain_connections_stay_on_this_machine() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing, chooses our own address
        except OSError:
            pytest.skip("this machine has no address but the loopback")
        own = probe.getsockname()[0]
    with socket.create_server((own, 0)) as listener:
        there = mailbox(listener.getsockname()[1]).model_copy(update={"host": own})
        with pytest.raises(MailboxUnreachable, match="another machine"):
            connect(there, SCHEDULE, LIMITS, Secret("secret"))


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", LoginRefused),
        ("NO [EXPIRED] change your password", LoginRefused),
        ("NO Login failed.", LoginRefused),
        ("BAD what?", LoginRefused),
        ("NO [UNAVAILABLE] Temporary authentication failure.", MailboxUnreachable),
        ("NO [LIMIT] Rate limit hit", MailboxThrottled),
        ("NO [ALERT] Too many simultaneous connections. (Failure)", MailboxThrottled),
        ("NO Request is throttled. Suggested Backoff Time: 92415 milliseconds", MailboxThrottled),
    ],
)
def test_what_a_refused_login_means(answer: str, error: type[MailboxError]) -> None:
    odd = OddImap(odd={"AUTHENTICATE": refuse(answer)})
    with running(odd), pytest.raises(error) as caught:
        connect(mailbox(odd.port), SCHEDULE, LIMITS, Secret("very-secret"))
    assert type(caught.value) is error
    assert "very-secret" not in str(caught.value)


@pytest.mark.parametrize("behaviour", [hang_up, silence, lambda t: t.say("BYE going down")])
def test_a_connection_lost_in_the_login_is_no_wrong_password(behaviour: Behaviour) -> None:
    odd = OddImap(odd={"AUTHENTICATE": behaviour})
    with running(odd), pytest.raises(MailboxUnreachable):
        connect(mailbox(odd.port), SCHEDULE, LIMITS, Secret("secret"))


def test_a_login_that_ends_in_throttling() -> None:
    def shed(talk: Talk) -> None:
        talk.say("BYE Too many connections from your address")
        hang_up(talk)

    with running(OddImap(odd={"greeting": shed})) as odd, pytest.raises(MailboxThrottled):
        connect(mailbox(odd.port), SCHEDULE, LIMITS, Secret("secret"))


def cut_literal(talk: Talk) -> None:
    talk.send(b"* 1 FETCH (UID 1 BODY[] {5000}\r\nSubject: half")
    hang_up(talk)


def slow_literal(talk: Talk) -> None:
    talk.send(b"* 1 FETCH (UID 1 BODY[] {5000}\r\n")
    trickle(talk)


def endless(talk: Talk) -> None:
    for _ in range(100_000):
        talk.say("OK [ALERT] " + "still working on it " * 50)


@pytest.mark.parametrize(
    "behaviour",
    [
        cut_literal,
        slow_literal,
        endless,
        silence,
        hang_up,
        lambda t: t.send(b"* 1 FETCH (UID 1 BODY[] {4000000000}\r\n"),
        lambda t: t.send(b"what?\r\n"),
        lambda t: t.send(b"* 1 FETCH (UID 1 RFC822.SIZE 12\n"),
    ],
)
def test_a_fetch_that_breaks_the_connection(behaviour: Behaviour) -> None:
    started = time.monotonic()
    with session(OddImap({1: letter("one")}, {"UID FETCH": behaviour})) as opened:
        with pytest.raises(MailboxUnreachable) as caught:
            list(opened.fetch_bodies([1]))
        assert not isinstance(caught.value, AnswerUnreadable)
    assert time.monotonic() - started < 5


def nonsense(*lines: str) -> Behaviour:
    def answer(talk: Talk) -> None:
        for line in lines:
            talk.say(line)
        talk.done()

    return answer


@pytest.mark.parametrize(
    "line",
    [
        "1 FETCH (UID 1 BODY[]",
        "1 FETCH (UID x BODY[] NIL)",
        "1 FETCH UID 1",
        "1 FETCH ((((((((",
        "FETCH (UID 1)",
        "1 FETCH " + "(" * 3000,
    ],
)
def test_an_answer_without_sense_leaves_the_connection_usable(line: str) -> None:
    odd = OddImap({1: letter("one"), 2: letter("two")}, {"UID FETCH 1 ": nonsense(line)})
    with session(odd) as opened:
        with pytest.raises(AnswerUnreadable):
            list(opened.fetch_bodies([1]))
        assert [mail.raw for mail in opened.fetch_bodies([2])] == [letter("two")]


@pytest.mark.parametrize("value", ["NIL", '""', "{0}\r\n"])
def test_a_mail_of_nothing_is_no_mail(value: str) -> None:
    odd = OddImap({1: b"x"}, {"UID FETCH": nonsense(f"1 FETCH (UID 1 BODY[] {value})")})
    with session(odd) as opened:
        assert list(opened.fetch_bodies([1])) == []


def test_mails_nobody_asked_for_are_left_out() -> None:
    news = nonsense("9 FETCH (FLAGS (\\Seen))", "1 FETCH (UID 1 BODY[] abc)", "3 FETCH (UID 3 X 1)")
    with session(OddImap({1: b"abc"}, {"UID FETCH": news})) as opened:
        assert [(mail.uid, mail.raw) for mail in opened.fetch_bodies([1])] == [(1, b"abc")]


def test_a_fetch_that_is_refused() -> None:
    with session(OddImap({1: b"x"}, {"UID FETCH": refuse("NO [SERVERBUG] broken mail")})) as opened:
        with pytest.raises(MailboxRefusal, match="broken mail"):
            list(opened.fetch_bodies([1]))
        assert opened.uid_ranges() == [(1, 1)]


@pytest.mark.parametrize("answer", ["ESEARCH UID ALL 1:*", "ESEARCH UID ALL 0", "SEARCH one two"])
def test_a_list_of_uids_that_is_none(answer: str) -> None:
    with (
        session(OddImap({1: b"x"}, {"UID SEARCH": nonsense(answer)})) as opened,
        pytest.raises(AnswerUnreadable),
    ):
        opened.uid_ranges()


def test_a_folder_without_uidvalidity() -> None:
    with (
        pytest.raises(MailboxRefusal, match="no UIDVALIDITY"),
        session(OddImap(odd={"EXAMINE": nonsense("0 EXISTS")})),
    ):
        pass


def test_logging_out_never_hangs_or_raises() -> None:
    for behaviour in (silence, hang_up, refuse("BAD no")):
        with session(OddImap(odd={"LOGOUT": behaviour})) as opened:
            opened.logout()
    assert threading.active_count() < 50
