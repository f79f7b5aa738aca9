"""A mailbox and a mail server of the demo's own, on free ports of the loopback."""

from __future__ import annotations

import imaplib
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from threading import Lock

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from intake.errors import MailboxUnreachable

USER = "support"
_START_SECONDS = 60
_STARTS = 3


class DemoMailbox:
    """An in-memory IMAP server in a process of its own; it is gone when the demo ends."""

    def __init__(self) -> None:
        self.port = free_port()
        self.password = secrets.token_urlsafe(12)
        program = "from pymap.main import main; main()"
        options = ["--host", "127.0.0.1", "--port", str(self.port), "--no-tls"]
        user = ["dict", "--demo-user", USER, "--demo-password", self.password]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and words
            [sys.executable, "-c", program, *options, *user],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def deliver(self, raw: bytes) -> None:
        """Puts one mail into the INBOX. Raises MailboxUnreachable."""
        try:
            with imaplib.IMAP4("127.0.0.1", self.port, timeout=10) as client:
                client.login(USER, self.password)
                client.append("INBOX", "", "", raw)
        except (OSError, imaplib.IMAP4.error) as error:
            raise MailboxUnreachable(f"the demo mailbox does not answer: {error}") from error

    def wait_until_up(self) -> None:
        """Returns when it accepts connections.

        Raises MailboxUnreachable where it ended at once, or after 60 seconds.
        """
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise MailboxUnreachable("the demo mailbox did not start")

    def close(self) -> None:
        """Ends the process."""
        self._process.terminate()
        self._process.wait(5)


@dataclass(frozen=True, slots=True)
class SentMail:
    """What the demo's SMTP server was given."""

    recipient: str
    subject: str
    text: str


class _Collector:
    """Takes every mail and sends none on."""

    def __init__(self) -> None:
        self.mails: list[SentMail] = []
        self._lock = Lock()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        mail = message_from_bytes(envelope.original_content or b"", policy=default)
        body = mail.get_body(("plain",))
        text = str(body.get_content()) if body is not None else ""
        with self._lock:
            self.mails.append(SentMail(envelope.rcpt_tos[0], str(mail["Subject"]), text))
        return "250 taken by the demo, sent nowhere"


class DemoSink:
    """An SMTP server that keeps what it is given and sends nothing anywhere."""

    def __init__(self) -> None:
        self.port = free_port()
        self._collector = _Collector()
        self._controller = Controller(self._collector, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    @property
    def mails(self) -> list[SentMail]:
        """Everything taken so far, oldest first."""
        return list(self._collector.mails)

    def close(self) -> None:
        """Stops listening."""
        self._controller.stop()


def free_port() -> int:
    """A port of the loopback that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def demo_servers() -> Iterator[tuple[DemoMailbox, DemoSink]]:
    """Both servers, up; both gone afterwards."""
    sink = DemoSink()
    mailbox = DemoMailbox()
    try:
        for _ in range(_STARTS - 1):
            # Somebody else may take the free port before the mailbox does.
            with suppress(MailboxUnreachable):
                mailbox.wait_until_up()
                break
            mailbox.close()
            mailbox = DemoMailbox()
        else:
            mailbox.wait_until_up()
        yield mailbox, sink
    finally:
        mailbox.close()
        sink.close()
