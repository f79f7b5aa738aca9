"""Sends mails byte for byte over one SMTP connection that is kept (RFC 5321)."""

from __future__ import annotations

import ipaddress
import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any

from intake.errors import DeliveryDeferred, DeliveryRefused
from intake.settings.schema import Smtp

_LINE_END = re.compile(rb"\r\n|\r|\n")
# RFC 5321 4.1.2, wider only in what RFC 6531 adds: an address must never carry a command of its
# own, a second address or a comment.
_ATOMS = r"[^\x00-\x20\x7f-\xa0\u2028\u2029<>()\[\]\\,;:@\"]+"
_QUOTED = r"\"(?:[^\x00-\x1f\x7f-\xa0\"\\]|\\[\x20-\x7e])*\""
_ADDRESS = re.compile(rf"(?:{_ATOMS}|{_QUOTED})@(?:{_ATOMS}|\[[0-9A-Za-z:.]+\])")

# RFC 4954 6: it wants another login than ours, which says nothing about the mail.
_LOG_IN = frozenset({530, 534, 535, 538})


class SmtpSession:
    """One connection, opened when the first mail goes out and reopened where it was lost."""

    def __init__(self, settings: Smtp, password: str | None) -> None:
        self._settings = settings
        self._password = password
        self._client: smtplib.SMTP | None = None
        self._opening: smtplib.SMTP | None = None

    def send(self, envelope_sender: str, recipient: str, raw: bytes) -> str:
        """Sends `raw`; the server's words when it took it.

        Raises DeliveryDeferred (4yz, time-out, no connection) and DeliveryRefused (5yz, or an
        address that cannot be an address).
        """
        if not _ADDRESS.fullmatch(recipient):
            raise DeliveryRefused("The recipient is no address that mail can be sent to.")
        if envelope_sender and not _ADDRESS.fullmatch(envelope_sender):
            raise DeliveryRefused("smtp.envelope_sender is no address.")
        with self._troubles():
            client = self._begin(envelope_sender, recipient, raw)
            _check(client.docmd("RCPT", f"TO:<{_on_wire(client, recipient)}>"), "recipient")
            # RFC 5321 2.3.8: a CR or LF of its own is never sent. smtplib stuffs dots (4.5.2).
            code, words = client.data(_LINE_END.sub(b"\r\n", raw))
            _check((code, words), "mail")
            return f"{code} {_text(words)}"

    def check(self) -> None:
        """Connects, logs in and says NOOP. Raises as `send`."""
        with self._troubles():
            _check(self._connected().noop(), "greeting")

    def abort(self) -> None:
        """Ends what another thread waits for in `send`, which then raises DeliveryDeferred."""
        for client in (self._client, self._opening):
            connection = client.sock if client is not None else None
            if connection is not None:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Says QUIT, if there is a connection."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(OSError, smtplib.SMTPException):
                client.quit()

    def __enter__(self) -> SmtpSession:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def _begin(self, envelope_sender: str, recipient: str, raw: bytes) -> smtplib.SMTP:
        """MAIL FROM, on a new connection where the server has closed the one we kept."""
        kept = self._client is not None
        client = self._connected()
        options = _options(client, envelope_sender, recipient, raw)
        sender = _on_wire(client, envelope_sender)
        try:
            answer = client.docmd("MAIL", " ".join((f"FROM:<{sender}>", *options)))
        except smtplib.SMTPServerDisconnected:
            if not kept:
                raise
            self._drop()
            return self._begin(envelope_sender, recipient, raw)
        if kept and answer[0] == 421:  # RFC 5321 3.8: the server closes an idle connection.
            self._drop()
            return self._begin(envelope_sender, recipient, raw)
        _check(answer, "sender")
        return client

    def _connected(self) -> smtplib.SMTP:
        if self._client is None:
            self._client = self._connect()
        return self._client

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        context = ssl.create_default_context(cafile=settings.ca_file)
        timeout = settings.timeout_seconds
        if settings.security == "tls":
            client: _Client = _TlsClient(
                settings.host, settings.port, self._begun, timeout=timeout, context=context
            )
        else:
            if settings.security == "plain" and not is_loopback(settings.host):
                raise DeliveryDeferred(
                    f"smtp.security = plain is for the loopback, not for {settings.host}.",
                    server_wide=True,
                )
            client = _Client(settings.host, settings.port, self._begun, timeout=timeout)
        try:
            self._introduce(client, context)
        except BaseException:
            client.close()
            raise
        return client

    def _begun(self, client: smtplib.SMTP) -> None:
        """`abort` has to reach a connection before its greeting comes, too."""
        self._opening = client

    def _introduce(self, client: smtplib.SMTP, context: ssl.SSLContext) -> None:
        if client.sock is not None:
            client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.ehlo_or_helo_if_needed()
        if self._settings.security == "starttls":
            client.starttls(context=context)
            client.ehlo()
        if self._settings.username is not None:
            client.login(self._settings.username, self._password or "")

    @contextmanager
    def _troubles(self) -> Iterator[None]:
        """Turns what smtplib and the network raise into the two that callers know."""
        try:
            yield
        except (DeliveryDeferred, DeliveryRefused) as error:
            if error.server_wide:
                self._drop()
            else:
                # RFC 5321 4.1.1.5: the next mail must not find what is left of this one.
                self._reset()
            raise
        except smtplib.SMTPAuthenticationError as error:
            self._drop()
            raise _everywhere("The mail server refuses user name or password.", error) from error
        except smtplib.SMTPDataError as error:
            self._reset()
            _check((error.smtp_code, _bytes(error.smtp_error)), "mail")
            raise _everywhere("The mail server answers out of turn.", error) from error
        except smtplib.SMTPResponseException as error:
            self._drop()
            words = f"The mail server said {error.smtp_code} {_text(_bytes(error.smtp_error))}."
            raise _everywhere(words, error) from error
        except (smtplib.SMTPException, OSError, UnicodeError, ValueError) as error:
            self._drop()
            host = f"{self._settings.host}:{self._settings.port}"
            words = f"No use of the mail server {host}: {error}."
            raise DeliveryDeferred(words, server_wide=True) from error

    def _reset(self) -> None:
        if self._client is None:
            return
        try:
            code, _ = self._client.rset()
        except (OSError, smtplib.SMTPException):
            code = 0
        if code != 250:
            self._drop()

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()


class _Client(smtplib.SMTP):
    """Tells `begun` about itself before it connects, which smtplib does while it is made."""

    def __init__(
        self, host: str, port: int, begun: Callable[[smtplib.SMTP], None], **options: Any
    ) -> None:
        self._begun = begun
        super().__init__(host, port, **options)

    def connect(
        self, host: str = "localhost", port: int = 0, source_address: Any = None
    ) -> tuple[int, bytes]:
        self._begun(self)
        return super().connect(host, port, source_address)


class _TlsClient(_Client, smtplib.SMTP_SSL):
    """The same, with TLS from the first byte (RFC 8314 3.3)."""


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine by a name or address that never leaves it."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _options(client: smtplib.SMTP, sender: str, recipient: str, raw: bytes) -> list[str]:
    """The parameters of MAIL FROM, and the encoding of the commands of this mail."""
    options = []
    eight_bit = not raw.isascii()
    if eight_bit and client.has_extn("8bitmime"):
        options.append("BODY=8BITMIME")  # RFC 6152 3
    international = not (sender + recipient).isascii() or (
        eight_bit and not _header_block(raw).isascii()
    )
    client.command_encoding = "ascii"
    if international and client.has_extn("smtputf8"):
        options.append("SMTPUTF8")  # RFC 6531 3.4
        client.command_encoding = "utf-8"
    return options


def _on_wire(client: smtplib.SMTP, address: str) -> str:
    """The address as this server takes it; a domain can always be said in ASCII (RFC 5891)."""
    if address.isascii() or client.has_extn("smtputf8"):
        return address
    local_part, _, domain = address.rpartition("@")
    if not local_part.isascii():
        raise DeliveryRefused("The mail server takes no international addresses.")
    try:
        return f"{local_part}@{domain.encode('idna').decode()}"
    except UnicodeError:
        raise DeliveryRefused("The domain of the recipient cannot exist.") from None


def _header_block(raw: bytes) -> bytes:
    return _LINE_END.sub(b"\n", raw).partition(b"\n\n")[0]


def _check(answer: tuple[int, bytes], what: str) -> None:
    """RFC 5321 4.2.1: 2yz done, 5yz never, anything else later."""
    code, words = answer
    if 200 <= code < 300:
        return
    said = f"The mail server refused the {what}: {code} {_text(words)}"
    if 500 <= code < 600 and code not in _LOG_IN:
        raise DeliveryRefused(said, smtp_code=code)
    about_mail = 400 <= code < 500 and code != 421
    raise DeliveryDeferred(said, smtp_code=code, server_wide=not about_mail)


def _everywhere(words: str, error: smtplib.SMTPResponseException) -> DeliveryDeferred:
    return DeliveryDeferred(words, smtp_code=error.smtp_code, server_wide=True)


def _text(words: bytes) -> str:
    return words.decode("utf-8", "replace")


def _bytes(words: bytes | str) -> bytes:
    return words.encode() if isinstance(words, str) else words
