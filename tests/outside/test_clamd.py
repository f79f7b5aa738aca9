"""The real clamd, and servers that are away, slow, or no clamd at all."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from pydantic import ValidationError

from intake.errors import ConfigError, ScannerUnavailable
from intake.outside.clamd import Clamd, ScanResult, read_address
from intake.settings.schema import Clamav
from tests.servers.clamd import EICAR, SIGNATURE, STREAM_MAX_BYTES, RunningClamd, running_clamd


@pytest.fixture(scope="module")
def server() -> Iterator[RunningClamd]:
    with running_clamd() as running:
        yield running


@contextmanager
def odd(behave: Callable[[socket.socket], None]) -> Iterator[Clamav]:
    """A server that does what `behave` does with its one connection."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                behave(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        port = listening.getsockname()[1]
        yield Clamav(socket=f"127.0.0.1:{port}", timeout_seconds=0.5)
        thread.join(5)


def test_clean_found_and_empty(server: RunningClamd) -> None:
    clamd = Clamd(server.settings)
    assert clamd.version().startswith("ClamAV ")
    assert clamd.scan(b"hello") == ScanResult("clean")
    assert clamd.scan(b"") == ScanResult("clean")
    assert clamd.scan(EICAR) == ScanResult("found", SIGNATURE)
    assert clamd.scan(bytes(STREAM_MAX_BYTES // 2)) == ScanResult("clean")


def test_too_large_for_it_and_for_us(server: RunningClamd) -> None:
    result = Clamd(server.settings).scan(bytes(STREAM_MAX_BYTES * 3))
    assert (result.state, "StreamMaxLength" in result.detail) == ("skipped", True)
    small = server.settings.model_copy(update={"max_bytes": 10})
    result = Clamd(small).scan(EICAR)
    assert (result.state, "clamav.max_bytes" in result.detail) == ("skipped", True)


def test_away_and_back(server: RunningClamd) -> None:
    clamd = Clamd(server.settings)
    server.stop()
    with pytest.raises(ScannerUnavailable, match=r"away: .*clamd\.ctl: No such file"):
        clamd.scan(b"x")
    server.start()
    assert clamd.scan(EICAR).state == "found"


def test_nobody_at_the_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(ScannerUnavailable, match="refused"):
        Clamd(Clamav(socket=f"tcp://127.0.0.1:{port}")).scan(b"x")


def drip(connection: socket.socket) -> None:
    """A byte now and then, so that no single read takes too long."""
    for _ in range(20):
        try:
            connection.sendall(b"s")
        except OSError:
            return
        threading.Event().wait(0.1)


@pytest.mark.parametrize(
    ("behave", "words"),
    [
        (lambda c: threading.Event().wait(2), "within 0.5 s"),
        (drip, "within 0.5 s"),
        (lambda c: None, "away"),
        (lambda c: c.sendall(b"220 mail.example ESMTP\r\n"), "away"),
        (lambda c: (c.recv(1 << 20), c.sendall(b"stream: what? ERROR\0")), r"says: what\? ERROR"),
        (lambda c: (c.recv(1 << 20), c.sendall(b"x" * 100_000)), "away"),
    ],
)
def test_no_clamd_at_all(behave: Callable[[socket.socket], None], words: str) -> None:
    with odd(behave) as settings, pytest.raises(ScannerUnavailable, match=words):
        Clamd(settings).scan(b"x")


def test_the_bytes_on_the_wire() -> None:
    heard: list[bytes] = []

    def listen(connection: socket.socket) -> None:
        while not b"".join(heard).endswith(b"\0\0\0\0"):
            heard.append(connection.recv(1 << 20))
        connection.sendall(b"stream: OK\0")

    with odd(listen) as settings:
        assert Clamd(settings).scan(b"a" * 65_537) == ScanResult("clean")
    said = b"zINSTREAM\0\0\1\0\0" + b"a" * 65_536 + b"\0\0\0\1a\0\0\0\0"
    assert b"".join(heard) == said


def test_places() -> None:
    assert read_address("/run/clamav/clamd.ctl") == "/run/clamav/clamd.ctl"
    assert read_address("unix:/run/clamd") == "/run/clamd"
    assert read_address("tcp://scan.example:3310") == ("scan.example", 3310)
    assert read_address("[::1]:3310") == ("::1", 3310)
    with pytest.raises(ConfigError, match=r"clamav\.socket"):
        read_address("nowhere")
    with pytest.raises(ValidationError, match="host:port"):
        Clamav(socket="nowhere")
