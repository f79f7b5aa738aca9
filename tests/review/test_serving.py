"""Where it listens, and where it refuses to."""

from __future__ import annotations

import errno
import os
import socket
import ssl
import subprocess
import time
from pathlib import Path

import httpx
import pytest
from structlog.testing import capture_logs

from intake.errors import ConfigError
from intake.review.serving import serving
from intake.settings.load import load_settings
from intake.store.database import open_database
from intake.worker.opening import OpenDesk
from tests.review.conftest import CONFIG, READER, Clock, make_desk

IN_USE = os.strerror(errno.EADDRINUSE)


@pytest.mark.parametrize(
    ("listen", "more", "good"),
    [
        ("127.0.0.1:8025", (), True),
        ("localhost:8025", (), True),
        ("[::1]:8025", (), True),
        ("127.8.9.1:1", (), True),
        ("0.0.0.0:8025", (), False),
        ("[::]:8025", (), False),
        ("desk.example:8025", (), False),
        ("0.0.0.0:8025", ('review.trusted_proxies=["10.0.0.0/8"]',), True),
        ("0.0.0.0:8025", ("review.tls_certificate=a.pem", "review.tls_key=b.pem"), True),
        ("127.0.0.1:8025", ("review.tls_key=b.pem",), False),
        ("127.0.0.1:8025", ('review.trusted_proxies=["desk"]',), False),
        ("127.0.0.1", (), False),
        ("127.0.0.1:70000", (), False),
        (":8025", (), False),
    ],
)
def test_the_open_network_wants_tls(listen: str, more: tuple[str, ...], good: bool) -> None:
    settings = [f"review.listen={listen}", *more]
    if good:
        assert load_settings(CONFIG, settings, {}).review.listen == listen
    else:
        with pytest.raises(ConfigError, match="review"):
            load_settings(CONFIG, settings, {})


def test_nothing_is_served_unless_told(sqlite_url: str, tmp_path: Path, clock: Clock) -> None:
    database = open_database(sqlite_url)
    with serving(make_desk(database, tmp_path, "review.listen="), clock) as url:
        assert url is None
    database.close()


def test_a_port_that_is_taken_is_told_and_tried_again(
    desk: OpenDesk, clock: Clock, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        taken = make_desk(desk.database, tmp_path / "b", f"review.listen=127.0.0.1:{port}")
        with capture_logs() as logged, serving(taken, clock) as url:
            assert url is None
            told = [line["reason"] for line in logged if line["log_level"] == "error"]
            assert told == [f"review.listen: cannot listen on 127.0.0.1:{port}: {IN_USE}"]
            other.close()
            assert answers(f"http://127.0.0.1:{port}/api/v1/customers") == 401


def answers(url: str) -> int:
    """The status of `url` once it is served."""
    deadline = time.monotonic() + 30
    while True:
        try:
            return httpx.get(url).status_code
        except httpx.ConnectError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def test_it_is_gone_afterwards(desk: OpenDesk, clock: Clock) -> None:
    with serving(desk, clock) as url:
        assert httpx.get(f"{url}/api/v1/customers").status_code == 401
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/api/v1/customers")


def test_with_a_certificate(desk: OpenDesk, clock: Clock, tmp_path: Path) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*made, *names, *files], check=True, capture_output=True)
    settings = (f"review.tls_certificate={certificate}", f"review.tls_key={key}")
    secure = make_desk(desk.database, tmp_path / "b", "review.listen=localhost:0", *settings)
    trust = ssl.create_default_context(cafile=str(certificate))
    with serving(secure, clock) as url:
        assert url is not None
        assert url.startswith("https://localhost:")
        bearer = {"Authorization": f"Bearer {READER}"}
        answer = httpx.get(f"{url}/api/v1/customers", headers=bearer, verify=trust)
    assert answer.json() == {"customers": [], "next": None}


def test_a_certificate_that_is_none(desk: OpenDesk, clock: Clock, tmp_path: Path) -> None:
    (tmp_path / "no.pem").write_text("nothing")
    for name in ("no.pem", "missing.pem"):
        file = tmp_path / name
        settings = (f"review.tls_certificate={file}", f"review.tls_key={file}")
        broken = make_desk(desk.database, tmp_path / "b", *settings)
        with pytest.raises(ConfigError, match=r"review\.tls_certificate"):
            serving(broken, clock).__enter__()


def test_only_a_trusted_proxy_tells_who_asks(desk: OpenDesk, clock: Clock, tmp_path: Path) -> None:
    def tries(url: str | None) -> list[int]:
        return [
            httpx.get(
                f"{url}/api/v1/customers",
                headers={"Authorization": "Bearer x", "X-Forwarded-For": f"192.0.2.{n}"},
            ).status_code
            for n in range(12)
        ]

    with serving(desk, clock) as url:
        assert tries(url)[-1] == 429
    proxied = make_desk(desk.database, tmp_path / "b", 'review.trusted_proxies=["127.0.0.0/8"]')
    with serving(proxied, clock) as url:
        assert tries(url) == [401] * 12
