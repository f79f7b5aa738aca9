"""Against a real SMTP server that answers as each test wants."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme

from intake.errors import DeliveryDeferred, DeliveryRefused
from intake.outside.smtp import SmtpSession, is_loopback
from intake.settings.schema import Smtp
from tests.servers.smtp_sink import Sink, running_sink

LI = "li.na@customer.example"
RAW = b"Subject: We have it\r\nMessage-ID: <a@b>\r\n\r\nThank you.\r\n"


@contextmanager
def session_on(sink: Sink, password: str | None = None, **changes: Any) -> Iterator[SmtpSession]:
    values = {"host": "localhost", "port": sink.port, "security": "plain", "timeout_seconds": 2}
    with SmtpSession(Smtp(**(values | changes)), password) as session:
        yield session


@pytest.fixture
def sink() -> Iterator[Sink]:
    with running_sink() as running:
        yield running


def answers(*words: str) -> Callable[[str], str]:
    """Gives these answers in turn, then takes everything."""
    left = list(words)
    return lambda _recipient: left.pop(0) if left else "250 taken"


@pytest.mark.parametrize(
    "body",
    [
        b".\r\n..\r\n...\r\n.hidden\r\nend\r\n.\r\n",
        b"\r\n\r\n\r\n",
        b"no line end",
        b"x" * 998 + b"\r\n" + b"y" * 998 + b"\r\n",
        "Grüße 您好\r\n".encode(),
        b"\xff\xfe\x00 raw\r\n" * 5000,
    ],
    ids=["dots", "empty lines", "no end", "long lines", "eight bits", "any bytes"],
)
def test_it_arrives_byte_for_byte(sink: Sink, body: bytes) -> None:
    raw = b"Subject: x\r\n\r\n" + body
    with session_on(sink) as session:
        assert session.send("", LI, raw).startswith("250")
    arrived = raw if raw.endswith(b"\r\n") else raw + b"\r\n"
    assert sink.raws == [arrived]


def test_no_line_end_of_ours_can_hide_a_command(sink: Sink) -> None:
    """A lone LF or CR around a dot ends a mail for some servers and not for others."""
    raw = b"Subject: x\n\nfirst\n.\nMAIL FROM:<a@b>\r.\rQUIT\n.\r\nlast\r\n"
    with session_on(sink) as session:
        session.send("", LI, raw)
    wanted = b"Subject: x\r\n\r\nfirst\r\n.\r\nMAIL FROM:<a@b>\r\n.\r\nQUIT\r\n.\r\nlast\r\n"
    assert sink.raws == [wanted]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@b@c.example",
        "a@c.example\r\nRCPT TO:<d@c.example>",
        "a@c.example> SIZE=1",
        "a@c.example,d@c.example",
        "a(remark)@c.example",
        "Li Na <li@c.example>",
        "<li@c.example>",
        '"a\r\nb"@c.example',
        "a@c.example\0",
        "a\x85b@c.example",
    ],
)
def test_what_is_not_exactly_one_address_is_never_said(sink: Sink, address: str) -> None:
    with session_on(sink) as session:
        with pytest.raises(DeliveryRefused):
            session.send("", address, RAW)
        if address:
            with pytest.raises(DeliveryRefused):
                session.send(address, LI, RAW)
    assert sink.connections == 0


def test_envelopes_are_said_as_they_are(sink: Sink) -> None:
    wanted = [
        ("", LI),
        ("bounces+1@exchange.example", '"li na"@customer.example'),
        ("a@exchange.example", "o'neil+tag@[192.0.2.7]"),
        ("a@exchange.example", "李娜@例子.example"),
    ]
    with session_on(sink) as session:
        for sender, recipient in wanted:
            session.send(sender, recipient, RAW)
    assert [(mail.envelope_sender, *mail.recipients) for mail in sink.taken] == wanted
    assert sink.connections == 1


def test_an_international_domain_reaches_a_server_of_the_old_kind() -> None:
    with running_sink(Sink(international=False)) as sink, session_on(sink) as session:
        session.send("", "li@bücher.example", RAW)
        with pytest.raises(DeliveryRefused, match="international"):
            session.send("", "李娜@customer.example", RAW)
        session.send("", LI, RAW)
    assert [mail.recipients for mail in sink.taken] == [["li@xn--bcher-kva.example"], [LI]]


@pytest.mark.parametrize(
    ("answer", "error", "server_wide"),
    [
        ("550 5.1.1 no such user", DeliveryRefused, False),
        ("452 4.2.2 mailbox full", DeliveryDeferred, False),
        ("421 4.3.2 closing", DeliveryDeferred, True),
        ("drop", DeliveryDeferred, True),
        ("what do you mean", DeliveryDeferred, True),
        ("600 nonsense", DeliveryDeferred, True),
    ],
)
@pytest.mark.parametrize("place", ["at_recipient", "at_data"])
def test_a_refusal_says_whom_it_is_about_and_the_next_mail_goes_out(
    place: str, answer: str, error: type[Exception], server_wide: bool
) -> None:
    sink = Sink(**{place: answers(answer)})  # type: ignore[arg-type]
    with running_sink(sink), session_on(sink) as session:
        with pytest.raises(error) as caught:
            session.send("", LI, RAW)
        assert caught.value.server_wide is server_wide  # type: ignore[attr-defined]
        session.send("", LI, RAW + b"second\r\n")
    assert sink.raws == [RAW + b"second\r\n"]
    assert sink.connections == 1 + server_wide


def test_a_server_that_dies_after_taking_it_counts_as_not_taken() -> None:
    sink = Sink(at_data=answers("take and drop"))
    with running_sink(sink), session_on(sink) as session:
        with pytest.raises(DeliveryDeferred):
            session.send("", LI, RAW)
        session.send("", LI, RAW)
    assert sink.raws == [RAW, RAW]


def test_a_connection_that_was_closed_while_idle_is_opened_again(tmp_path: Path) -> None:
    sink = Sink()
    with session_on(sink) as session:
        for _ in range(2):
            with running_sink(sink):
                session.send("", LI, RAW)
    assert (len(sink.raws), sink.connections) == (2, 2)


def test_tls_is_verified(tmp_path: Path) -> None:
    authority, stranger = trustme.CA(), trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    files = {}
    for name, ca in (("ours", authority), ("theirs", stranger)):
        files[name] = str(tmp_path / f"{name}.pem")
        ca.cert_pem.write_to_path(files[name])
    for security in ("tls", "starttls"):
        with running_sink(tls=context, implicit_tls=security == "tls") as sink:
            with session_on(sink, security=security, ca_file=files["ours"]) as session:
                session.send("", LI, RAW)
            for changes in (
                {"ca_file": files["theirs"]},
                {"ca_file": None},
                {"ca_file": files["ours"], "host": "127.0.0.1"},
                {"ca_file": str(tmp_path / "none.pem")},
            ):
                with (
                    session_on(sink, **({"security": security} | changes)) as session,
                    pytest.raises(DeliveryDeferred),
                ):
                    session.send("", LI, RAW)
            assert len(sink.taken) == 1


def test_starttls_is_insisted_on(sink: Sink) -> None:
    with session_on(sink, security="starttls") as session, pytest.raises(DeliveryDeferred):
        session.send("", LI, RAW)
    assert sink.taken == []


def test_plain_text_never_leaves_the_machine() -> None:
    with session_on(Sink(), host="192.0.2.1") as session, pytest.raises(DeliveryDeferred) as caught:
        session.send("", LI, RAW)
    assert "plain" in str(caught.value)
    assert all(is_loopback(host) for host in ("127.0.0.9", "::1", "localhost"))
    assert not any(is_loopback(host) for host in ("192.0.2.1", "localhost.evil.example"))


def test_passwords() -> None:
    with running_sink(password="right") as sink:
        with session_on(sink, "right", username="desk") as session:
            session.check()
            session.send("", LI, RAW)
        for password, username in (("wrong", "desk"), (None, "desk"), ("right", None)):
            with session_on(sink, password, username=username) as session:
                with pytest.raises(DeliveryDeferred) as caught:
                    session.send("", LI, RAW)
                assert caught.value.server_wide
                assert str(password) not in str(caught.value)
    assert len(sink.taken) == 1


def test_nobody_there() -> None:
    with session_on(Sink()) as session, pytest.raises(DeliveryDeferred) as caught:
        session.check()
    assert caught.value.server_wide


@pytest.mark.parametrize("words", [b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"554 go away\r\n"])
def test_what_is_no_smtp_server_ends_in_time(words: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_say, args=(server, words), daemon=True).start()
        sink = Sink(port=server.getsockname()[1])
        began = time.monotonic()
        with session_on(sink, timeout_seconds=0.5) as session:
            with pytest.raises(DeliveryDeferred) as caught:
                session.send("", LI, RAW)
            assert caught.value.server_wide
    assert time.monotonic() - began < 3


def _say(server: socket.socket, words: bytes) -> None:
    connection, _ = server.accept()
    with connection:
        connection.sendall(words)
        time.sleep(2)


def test_a_send_that_hangs_can_be_ended_from_outside() -> None:
    hanging = threading.Event()

    def hang(_recipient: str) -> str:
        hanging.set()
        time.sleep(1.5)
        return "250 late"

    sink = Sink(at_data=hang)
    with running_sink(sink), session_on(sink, timeout_seconds=30) as session:
        caught: list[Exception] = []

        def send() -> None:
            try:
                session.send("", LI, RAW)
            except DeliveryDeferred as error:
                caught.append(error)

        thread = threading.Thread(target=send)
        thread.start()
        assert hanging.wait(5)
        session.abort()
        thread.join(1)
        assert not thread.is_alive()
    assert caught
