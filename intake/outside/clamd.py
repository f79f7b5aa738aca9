"""Asks a ClamAV daemon about files, over the socket of clamd(8): zINSTREAM, zVERSION."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from intake.errors import ConfigError, ScannerUnavailable
from intake.settings.schema import Clamav

_LENGTH = struct.Struct(">I")
_CHUNK = 65_536
# An answer is a line; what sends more does not speak this protocol.
_LONGEST_ANSWER = 4096


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What ClamAV says of one file. `detail` is the signature, or why it was not scanned."""

    state: Literal["clean", "found", "skipped"]
    detail: str = ""


class Clamd:
    """A connection for each question, so that nothing is left over from one file to the next."""

    def __init__(self, settings: Clamav) -> None:
        self._settings = settings
        self._address = read_address(settings.socket)

    def version(self) -> str:
        """Program and database, such as `ClamAV 1.4.3/27500/Mon ...`. Raises ScannerUnavailable."""
        return self._ask(b"zVERSION\0", b"")

    def scan(self, data: bytes) -> ScanResult:
        """What it finds in `data`; larger than clamav.max_bytes is not sent.

        Raises ScannerUnavailable where it is away, slow, or answers anything else.
        """
        most = self._settings.max_bytes
        if len(data) > most:
            return ScanResult("skipped", f"larger than {most:,} bytes (clamav.max_bytes)")
        answer = self._ask(b"zINSTREAM\0", data).removeprefix("stream: ")
        if answer == "OK":
            return ScanResult("clean")
        if answer.endswith(" FOUND"):
            return ScanResult("found", answer.removesuffix(" FOUND"))
        if "size limit exceeded" in answer:
            return ScanResult("skipped", "larger than clamd takes (its StreamMaxLength)")
        raise ScannerUnavailable(f"ClamAV says: {answer[:200]}")

    def _ask(self, command: bytes, data: bytes) -> str:
        until = time.monotonic() + self._settings.timeout_seconds
        try:
            with self._connected() as connection:
                try:
                    _send(connection, command, data, until)
                except (BrokenPipeError, ConnectionResetError):
                    # It closes on what is too large, having said so.
                    return _receive(connection, until)
                return _receive(connection, until)
        except TimeoutError:
            seconds = self._settings.timeout_seconds
            raise ScannerUnavailable(f"ClamAV did not answer within {seconds:g} s.") from None
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise ScannerUnavailable(f"ClamAV is away: {self._settings.socket}: {why}.") from error

    @contextmanager
    def _connected(self) -> Iterator[socket.socket]:
        if isinstance(self._address, tuple):
            made = socket.create_connection(self._address, self._settings.timeout_seconds)
        else:
            made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with made as connection:
            if isinstance(self._address, str):
                connection.settimeout(self._settings.timeout_seconds)
                connection.connect(self._address)
            yield connection


def read_address(written: str) -> str | tuple[str, int]:
    """`/path`, `unix:/path`, `host:port` or `tcp://host:port`. Raises ConfigError."""
    place = written.removeprefix("unix:").removeprefix("tcp://")
    if place.startswith("/"):
        return place
    host, colon, port = place.rpartition(":")
    if not colon or not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ConfigError(f"clamav.socket: expected /path or host:port, got {written!r}")
    return host.strip("[]"), int(port)


def _send(connection: socket.socket, command: bytes, data: bytes, until: float) -> None:
    """clamd(8): chunks, each after its length in four bytes, network order; an empty one ends."""
    _limit(connection, until)
    connection.sendall(command)
    if not command.startswith(b"zINSTREAM"):
        return
    rest = memoryview(data)
    while rest:
        _limit(connection, until)
        chunk, rest = rest[:_CHUNK], rest[_CHUNK:]
        connection.sendall(_LENGTH.pack(len(chunk)) + chunk)
    connection.sendall(_LENGTH.pack(0))


def _receive(connection: socket.socket, until: float) -> str:
    """One answer, which ends with a NUL."""
    answer = b""
    while not answer.endswith(b"\0"):
        _limit(connection, until)
        piece = connection.recv(_LONGEST_ANSWER)
        if not piece or len(answer) > _LONGEST_ANSWER:
            raise ConnectionResetError
        answer += piece
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()


def _limit(connection: socket.socket, until: float) -> None:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    connection.settimeout(left)
