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

from intake.errors import ConfigError
from intake.review.app import create_app
from intake.settings.review import Review
from intake.worker.directory_keys import refresh_keys
from intake.worker.opening import OpenDesk

# For requests that are under way when the program ends.
_GRACE_SECONDS = 3

log = structlog.get_logger("http")


@contextmanager
def serving(desk: OpenDesk, now: Callable[[], datetime]) -> Iterator[str | None]:
    """Serves until the block ends; the URL, None where review.listen is empty.

    Raises ConfigError where the address is taken or the certificate cannot be used.
    """
    review = desk.settings.review
    if not review.listen:
        yield None
        return
    refresh_keys(desk.database, desk.settings.identity)
    server = uvicorn.Server(_configure(desk, now))
    with _listen(review) as listener:
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [listener]}, name="http", daemon=True
        )
        scheme = "https" if review.tls_key else "http"
        url = f"{scheme}://{_shown(review.host)}:{listener.getsockname()[1]}"
        thread.start()
        log.info("serving", url=url)
        try:
            yield url
        finally:
            server.should_exit = True
            thread.join(_GRACE_SECONDS + 2)


def _configure(desk: OpenDesk, now: Callable[[], datetime]) -> uvicorn.Config:
    review = desk.settings.review
    trusted = [str(network) for network in review.trusted_proxies]
    config = uvicorn.Config(
        create_app(desk, now),
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
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
    try:
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
    except OSError as error:
        why = error.strerror or error
        raise ConfigError(f"review.listen: cannot listen on {review.listen}: {why}") from error
    return listener


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
