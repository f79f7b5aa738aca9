"""Sends mails byte for byte over one SMTP connection that is kept (RFC 5321)."""

from __future__ import annotations

import ipaddress
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType

from intake.errors import DeliveryDeferred, DeliveryRefused
from intake.settings.schema import Smtp

_LINE_END = re.compile(rb"\r\n|\r|\n")
# RFC 5321 4.1.2, without quoting: what we send to must never carry a command of its own.
_UNSAFE = re.compile(r"[\x00-\x20\x7f<>]")


class SmtpSession:
    """One connection, opened when the first mail goes out and reopened where it was lost."""

    def __init__(self, settings: Smtp, password: str | None) -> None:
        self._settings = settings
        self._password = password
        self._client: smtplib.SMTP | None = None

    def send(self, envelope_sender: str, recipient: str, raw: bytes) -> str:
        """Sends `raw`; the server's words when it took it.

        Raises DeliveryDeferred (4yz, time-out, no connection) and DeliveryRefused (5yz, or an
        address that cannot be an address).
        """
        for address in (envelope_sender, recipient):
            if _UNSAFE.search(address):
                raise DeliveryRefused("The address holds characters that no address may have.")
        if not recipient:
            raise DeliveryRefused("There is no recipient.")
        with self._troubles():
            client = self._begin(envelope_sender, recipient, raw)
            _check(client.rcpt(recipient), "recipient")
            code, words = client.data(_LINE_END.sub(b"\r\n", raw))
            _check((code, words), "mail")
            return f"{code} {words.decode('utf-8', 'replace')}"

    def check(self) -> None:
        """Connects, logs in and says NOOP. Raises as `send`."""
        with self._troubles():
            _check(self._connected().noop(), "greeting")

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
        options = self._options(client, envelope_sender, recipient, raw)
        try:
            answer = client.mail(envelope_sender, options)
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

    def _options(
        self, client: smtplib.SMTP, envelope_sender: str, recipient: str, raw: bytes
    ) -> list[str]:
        options = []
        if client.has_extn("8bitmime") and not raw.isascii():
            options.append("BODY=8BITMIME")  # RFC 6152
        if not (envelope_sender + recipient).isascii():
            if not client.has_extn("smtputf8"):
                raise DeliveryRefused("The mail server takes no international addresses.")
            options.append("SMTPUTF8")  # RFC 6531 3.4
            client.command_encoding = "utf-8"
        else:
            client.command_encoding = "ascii"
        return options

    def _connected(self) -> smtplib.SMTP:
        if self._client is None:
            self._client = self._connect()
        return self._client

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        context = ssl.create_default_context(cafile=settings.ca_file)
        timeout = settings.timeout_seconds
        if settings.security == "tls":
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.host, settings.port, timeout=timeout, context=context
            )
        else:
            if settings.security == "plain" and not is_loopback(settings.host):
                raise DeliveryDeferred(
                    f"smtp.security = plain is for the loopback, not for {settings.host}."
                )
            client = smtplib.SMTP(settings.host, settings.port, timeout=timeout)
        try:
            self._introduce(client, context)
        except BaseException:
            client.close()
            raise
        return client

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
        except DeliveryDeferred:
            self._drop()
            raise
        except DeliveryRefused:
            # RFC 5321 4.1.1.5: the next mail must not find what is left of this one.
            if self._client is not None:
                with suppress(OSError, smtplib.SMTPException):
                    self._client.rset()
            raise
        except smtplib.SMTPAuthenticationError as error:
            self._drop()
            words = "The mail server refuses user name or password."
            raise DeliveryDeferred(words, smtp_code=error.smtp_code) from error
        except smtplib.SMTPResponseException as error:
            self._drop()
            words = f"The mail server said {error.smtp_code} {_text(error.smtp_error)}."
            final = isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500
            kind = DeliveryRefused if final else DeliveryDeferred
            raise kind(words, smtp_code=error.smtp_code) from error
        except (smtplib.SMTPException, OSError, UnicodeError, ValueError) as error:
            self._drop()
            host = f"{self._settings.host}:{self._settings.port}"
            raise DeliveryDeferred(f"No use of the mail server {host}: {error}.") from error

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine by a name or address that never leaves it."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check(answer: tuple[int, bytes], what: str) -> None:
    """RFC 5321 4.2.1: 2yz done, 5yz never, anything else later."""
    code, words = answer
    if 200 <= code < 300:
        return
    said = f"The mail server refused the {what}: {code} {_text(words)}"
    if 500 <= code < 600:
        raise DeliveryRefused(said, smtp_code=code)
    raise DeliveryDeferred(said, smtp_code=code)


def _text(words: bytes | str) -> str:
    return words if isinstance(words, str) else words.decode("utf-8", "replace")
