"""A real SMTP server that keeps what it is given, and answers as the test wants.

`python -m tests.servers.smtp_sink [FOLDER]` runs one of its own, prints its port, keeps every mail
as a file where there is a folder, and ends when standard input does.
"""

from __future__ import annotations

import ssl
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers.dovecot import free_ports

Answer = Callable[[str], str]


def _take(_recipient: str) -> str:
    return "250 taken"


@dataclass(slots=True)
class Taken:
    """One mail it took: envelope and bytes as they came over the wire."""

    envelope_sender: str
    recipients: list[str]
    raw: bytes


@dataclass
class Sink:
    """`at_recipient` and `at_data` give the answers to RCPT and to the end of DATA.

    An answer of "drop" closes the connection without a word; "take and drop" keeps the mail first,
    as a server that dies before its 250 is heard. With a `folder` mails outlive the process.
    """

    at_recipient: Answer = _take
    at_data: Answer = _take
    taken: list[Taken] = field(default_factory=list)
    connections: int = 0
    port: int = field(default_factory=lambda: free_ports(1)[0])
    folder: Path | None = None
    international: bool = True
    _lock: Lock = field(default_factory=Lock)

    @property
    def raws(self) -> list[bytes]:
        """The bytes of everything it took."""
        with self._lock:
            return [mail.raw for mail in self.taken]

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self,
        _server: SMTP,
        session: Session,
        _envelope: Envelope,
        hostname: str,
        answers: list[str],
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return answers

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.at_recipient(address)
        if answer == "drop":
            server.transport.close()
        elif answer.startswith("2"):
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return answer

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        answer = self.at_data(envelope.rcpt_tos[0])
        if answer == "take and drop" or answer.startswith("2"):
            self._keep(envelope)
        if answer.endswith("drop"):
            server.transport.close()
        return answer

    def _keep(self, envelope: Envelope) -> None:
        raw = envelope.original_content or b""
        with self._lock:
            sender = (envelope.mail_from or "").removeprefix("<>")
            self.taken.append(Taken(sender, list(envelope.rcpt_tos), raw))
            if self.folder is not None:
                name = f"{time.time_ns()}-{len(self.taken)}.eml"
                (self.folder / f".{name}").write_bytes(raw)
                (self.folder / f".{name}").rename(self.folder / name)


@contextmanager
def running_sink(
    sink: Sink | None = None,
    *,
    password: str | None = None,
    tls: ssl.SSLContext | None = None,
    implicit_tls: bool = False,
) -> Iterator[Sink]:
    """A started server; with `tls` it offers STARTTLS (or speaks TLS at once)."""
    sink = sink or Sink()

    def log_in(
        _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object
    ) -> AuthResult:
        good = isinstance(data, LoginPassword) and data.password.decode() == password
        return AuthResult(success=good, handled=False)

    controller = Controller(
        sink,
        hostname="127.0.0.1",
        port=sink.port,
        enable_SMTPUTF8=sink.international,
        ssl_context=tls if implicit_tls else None,
        tls_context=None if implicit_tls else tls,
        authenticator=log_in if password else None,
        auth_required=password is not None,
        auth_require_tls=False,
    )
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


if __name__ == "__main__":
    with running_sink(Sink(folder=Path(sys.argv[1]) if sys.argv[1:] else None)) as main_sink:
        print(main_sink.port, flush=True)
        sys.stdin.read()
