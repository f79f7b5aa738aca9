"""The connection under imapclient: every wait ends, and no answer fills the memory."""

from __future__ import annotations

import imaplib
import io
import ipaddress
import socket
import ssl
import time
from typing import TYPE_CHECKING

from imapclient import IMAPClient

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

_LEAST_BYTES_PER_SECOND = 256
_BUFFER_BYTES = 64 * 1024
_LINE_BYTES = 1_000_000


class _PatientStream(io.RawIOBase):
    """Reads a socket, and gives up on a server that is silent, trickles or never ends.

    A time-out on each read alone would let a server that sends a byte a minute hold us for days:
    every `seconds` it must have sent at least 256 bytes for each of them, or be done.
    """

    def __init__(self, sock: socket.socket, seconds: float, answer_limit: int) -> None:
        self.sock = sock
        self._seconds = seconds
        self._answer_limit = answer_limit
        self.begin_answer()

    def begin_answer(self) -> None:
        """A command goes out: time and bytes count from now."""
        self._left = self._answer_limit
        self._begin_window()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """io.RawIOBase. Raises TimeoutError, and imaplib's abort for an endless answer."""
        wait = self._window_end - time.monotonic()
        if wait <= 0:
            if self._window_bytes < self._seconds * _LEAST_BYTES_PER_SECOND:
                raise TimeoutError(f"{self._window_bytes} bytes in {self._seconds:g} seconds")
            self._begin_window()
            wait = self._seconds
        self.sock.settimeout(wait)
        try:
            count = self.sock.recv_into(buffer)
        except TimeoutError:
            raise TimeoutError(f"no answer within {self._seconds:g} seconds") from None
        self._window_bytes += count
        self._left -= count
        if self._left < 0:
            raise imaplib.IMAP4.abort(f"an answer of more than {self._answer_limit:,} bytes")
        return count

    def _begin_window(self) -> None:
        self._window_end = time.monotonic() + self._seconds
        self._window_bytes = 0


class Wire(imaplib.IMAP4):
    """imaplib's connection with our socket, our time-outs and our bounds.

    `tls` None leaves it plain until STARTTLS. `loopback_only` refuses to talk to another machine.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        tls: ssl.SSLContext | None,
        loopback_only: bool,
        connect_seconds: float,
        read_seconds: float,
        answer_limit: int,
    ) -> None:
        self._tls = tls
        self._loopback_only = loopback_only
        self._connect_seconds = connect_seconds
        self._read_seconds = read_seconds
        self._answer_limit = answer_limit
        self._reader: io.BufferedReader[_PatientStream] | None = None
        super().__init__(host, port)

    def open(self, host: str = "", port: int = 0, timeout: float | None = None) -> None:
        """Called by imaplib. Raises OSError."""
        self.host, self.port = host, port
        sock = socket.create_connection((host, port), timeout or self._connect_seconds)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            peer = sock.getpeername()[0].partition("%")[0]
            if self._loopback_only and not ipaddress.ip_address(peer).is_loopback:
                raise OSError(f"{host} is another machine: without TLS passwords could be read")
            # The time-out set above bounds the whole handshake, not each of its reads.
            self.sock = self._tls.wrap_socket(sock, server_hostname=host) if self._tls else sock
        except BaseException:
            sock.close()
            raise
        self.file = self.sock.makefile("rb")

    def read(self, size: int) -> bytes:
        """A literal. An announced size beyond all bounds is refused before memory is asked for."""
        if size > self._answer_limit:
            raise self.abort(f"a literal of {size:,} bytes")
        return self._stream().read(size)

    def readline(self) -> bytes:
        """One line, bounded as imaplib bounds it."""
        line = self._stream().readline(_LINE_BYTES + 1)
        if len(line) > _LINE_BYTES:
            raise self.abort(f"a line of more than {_LINE_BYTES:,} bytes")
        return line

    def send(self, data: ReadableBuffer) -> None:
        """Sends all within the read time-out."""
        self._stream().raw.begin_answer()
        self.sock.settimeout(self._read_seconds)
        self.sock.sendall(data)

    def _stream(self) -> io.BufferedReader[_PatientStream]:
        """The reader of the present socket. STARTTLS changes it, and what a stranger may have
        put into the plain stream beforehand is dropped with its reader."""
        if self._reader is None or self._reader.raw.sock is not self.sock:
            raw = _PatientStream(self.sock, self._read_seconds, self._answer_limit)
            self._reader = io.BufferedReader(raw, _BUFFER_BYTES)
        return self._reader


class Client(IMAPClient):  # type: ignore[misc] # the library is not typed
    """imapclient over a Wire."""

    def __init__(self, wire: Wire, *, tls: bool) -> None:
        self.wire = wire
        super().__init__(wire.host, wire.port, ssl=tls)
        # imapclient turns on imaplib's debugging to feed its own logger, so every literal is
        # written out as text (repr) twice and thrown away: nine tenths of the time of a fetch.
        wire.debug = 0
        self.normalise_times = False

    def _create_IMAP4(self) -> Wire:  # noqa: N802 - the library's name
        return self.wire
