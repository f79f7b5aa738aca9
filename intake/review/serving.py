"""Serves the application beside whatever else the program does, in a thread of its own."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import structlog
import uvicorn

from intake.errors import ConfigError, IntakeError
from intake.review.app import create_app
from intake.settings.review import Review
from intake.worker.directory_keys import refresh_keys
from intake.worker.opening import OpenDesk

# For requests that are under way when the program ends.
_GRACE_SECONDS = 3
# After a port that was taken, or a database that was away.
_AGAIN_SECONDS = 1.0

log = structlog.get_logger("http")


@contextmanager
def serving(desk: OpenDesk, now: Callable[[], datetime]) -> Iterator[str | None]:
    """Serves until the block ends. Gives the URL; None where nothing is served, or not yet.

    An address that is taken is logged and tried again: mails do not wait for it. Raises
    ConfigError where the certificate cannot be used.
    """
    if not desk.settings.review.listen:
        yield None
        return
    server = _Server(desk, now)
    server.start()
    try:
        yield server.url
    finally:
        server.stop()


class _Server:
    """The server, and the thread that it runs on."""

    def __init__(self, desk: OpenDesk, now: Callable[[], datetime]) -> None:
        self._desk = desk
        self._server = uvicorn.Server(_configure(desk, now))
        self._stopping = threading.Event()
        self._told = ""
        self._thread = threading.Thread(target=self._run, name="http", daemon=True)
        self._listener: socket.socket | None = None
        self.url: str | None = None

    def start(self) -> None:
        """Listens if it can, and goes on in its thread."""
        self._listen()
        self._thread.start()

    def stop(self) -> None:
        """Ends, with what is under way."""
        self._stopping.set()
        self._server.should_exit = True
        self._thread.join(_GRACE_SECONDS + 2)

    def _run(self) -> None:
        while not self._stopping.is_set():
            if self._listener is None:
                self._stopping.wait(_AGAIN_SECONDS)
                self._listen()
            elif self._refresh():
                self._server.run(sockets=[self._listener])
                return
            else:
                self._stopping.wait(_AGAIN_SECONDS)
        if self._listener is not None:
            self._listener.close()

    def _listen(self) -> None:
        review = self._desk.settings.review
        try:
            self._listener = _listen(review)
        except OSError as error:
            why = error.strerror or str(error)
            self._tell(f"review.listen: cannot listen on {review.listen}: {why}")
            return
        scheme = "https" if review.tls_key else "http"
        self.url = f"{scheme}://{_shown(review.host)}:{self._listener.getsockname()[1]}"
        log.info("serving", url=self.url)

    def _refresh(self) -> bool:
        # The daemon does it too, before its first mail. Who connects meanwhile waits.
        try:
            refresh_keys(self._desk.database, self._desk.settings.identity)
        except IntakeError as error:
            self._tell(str(error))
            return False
        return True

    def _tell(self, reason: str) -> None:
        if reason != self._told:
            log.error("nothing is served over HTTP yet; it is tried again", reason=reason)
            self._told = reason


def _configure(desk: OpenDesk, now: Callable[[], datetime]) -> uvicorn.Config:
    review = desk.settings.review
    trusted = [str(network) for network in review.trusted_proxies]
    config = uvicorn.Config(
        create_app(desk, now),
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        ws="none",
        proxy_headers=bool(trusted),
        forwarded_allow_ips=trusted or None,
        ssl_certfile=review.tls_certificate or None,
        ssl_keyfile=review.tls_key or None,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    try:
        config.load()
    except (OSError, ssl.SSLError) as error:
        names = f"{review.tls_certificate} and {review.tls_key}"
        raise ConfigError(f"review.tls_certificate, review.tls_key: {names}: {error}") from error
    return config


def _listen(review: Review) -> socket.socket:
    family, kind, protocol, _, where = socket.getaddrinfo(
        review.host, review.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(where)
        # From now on nobody is turned away: they wait until the thread serves.
        listener.listen(128)
    except BaseException:
        listener.close()
        raise
    return listener


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
