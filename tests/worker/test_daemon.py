"""The daemon as a process of its own: told to stop, killed, doubled, and left without a server."""

from __future__ import annotations

import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from intake.errors import DatabaseUnavailable
from intake.store.database import Database, open_database
from intake.store.lease import acquire, holder
from intake.worker.owner import is_alive, is_dead, new_owner
from tests.servers.oddimap import OddImap, Talk, running
from tests.servers.postgres import running_cluster
from tests.servers.smtp_sink import Sink, running_sink
from tests.worker.shop import CONFIG, Shop, request

PROGRAM = Path(sys.executable).parent / "intake"
QUICK = 8.0


class Daemon:
    """`intake run` on a database and a folder."""

    def __init__(self, url: str, folder: Path, sink: Sink, *settings: str, wait: bool = False):
        overrides = [
            f"database.url={url}",
            f"storage.dir={folder / 'blobs'}",
            "smtp.host=127.0.0.1",
            f"smtp.port={sink.port}",
            "smtp.security=plain",
            "smtp.poll_seconds=0.1",
            "smtp.retry_first_seconds=0.5",
            "log.format=json",
            *settings,
        ]
        words = [str(PROGRAM), "run", "--config", str(CONFIG)]
        for one in overrides:
            words += ["--set", one]
        self.log = folder / f"log-{time.monotonic_ns()}"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(words + ["--wait"] * wait, stdout=log, stderr=log)

    def told(self) -> str:
        return self.log.read_text()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> float:
        """Seconds until it had ended."""
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(40)
        return time.monotonic() - began


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Daemon]]:
    started: list[Daemon] = []

    def begin(*args: Any, **changes: Any) -> Daemon:
        started.append(Daemon(*args, **changes))
        return started[-1]

    yield begin
    for daemon in started:
        if daemon.process.poll() is None:
            daemon.process.kill()
            daemon.process.wait()


@pytest.fixture
def sink() -> Iterator[Sink]:
    with running_sink() as running:
        yield running


@pytest.fixture
def shop(database: Database, tmp_path: Path) -> Shop:
    return Shop(database, tmp_path)


def until(condition: Callable[[], object], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.05)


def lease_of(database: Database) -> str | None:
    with database.read() as connection:
        held = holder(connection, "daemon")
    return held.owner if held is not None else None


def all_sent(shop: Shop, count: int) -> Callable[[], bool]:
    return lambda: [row.state for row in shop.outbox()] == ["sent"] * count


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_works_and_ends_in_good_order(
    start: Callable[..., Daemon],
    database_url: str,
    shop: Shop,
    sink: Sink,
    tmp_path: Path,
    number: signal.Signals,
) -> None:
    raws = [request(f"name{n}") for n in range(5)]
    shop.receive(*raws)
    daemon = start(database_url, tmp_path, sink)
    until(all_sent(shop, 5))
    assert lease_of(shop.database) is not None
    assert daemon.stop(number) < QUICK
    assert daemon.process.returncode == 0
    assert lease_of(shop.database) is None
    assert shop.states(*raws) == ["processed"] * 5
    assert len(sink.raws) == 5
    assert "customer.example" not in daemon.told()
    assert "Traceback" not in daemon.told()


def test_a_second_one_refuses_or_takes_its_turn(
    start: Callable[..., Daemon], database_url: str, shop: Shop, sink: Sink, tmp_path: Path
) -> None:
    first = start(database_url, tmp_path, sink)
    until(lambda: lease_of(shop.database))
    second = start(database_url, tmp_path, sink)
    assert second.process.wait(30) == 4
    assert "Another daemon" in second.told()
    third = start(database_url, tmp_path, sink, "schedule.lease_seconds=2", wait=True)
    until(lambda: "waiting" in third.told())
    owner = lease_of(shop.database)
    first.stop()
    until(lambda: lease_of(shop.database) not in (None, owner), 5)
    shop.receive(request("ann"))
    until(all_sent(shop, 1))
    assert third.stop() < QUICK


def test_after_kill_minus_nine_the_next_goes_on_at_once(
    start: Callable[..., Daemon], database_url: str, shop: Shop, sink: Sink, tmp_path: Path
) -> None:
    """Not after the leases, which are minutes long here and by default."""
    taken: list[str] = []

    def slow(recipient: str) -> str:
        taken.append(recipient)
        time.sleep(0.1)
        return "250 taken"

    sink.at_data = slow
    shop.receive(*(request(f"name{n}") for n in range(30)))
    daemon = start(database_url, tmp_path, sink, "schedule.lease_seconds=600")
    until(lambda: len(taken) > 3)
    daemon.stop(signal.SIGKILL)
    start(database_url, tmp_path, sink, "schedule.lease_seconds=600")
    until(all_sent(shop, 30))
    assert len(shop.tickets()) == 30
    assert len(set(sink.raws)) == 30
    assert len(sink.raws) <= 31


def test_it_does_not_wait_for_a_mail_server_that_hangs(
    start: Callable[..., Daemon], database_url: str, shop: Shop, sink: Sink, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        shop.receive(request("ann"), request("bob"))
        daemon = start(database_url, tmp_path, sink, f"smtp.port={port}")
        connection, _ = silent.accept()
        until(lambda: [row.state for row in shop.outbox()] == ["sending", "planned"])
        assert daemon.stop() < QUICK
        connection.close()
    assert [row.state for row in shop.outbox()] == ["retrying", "planned"]
    start(database_url, tmp_path, sink)
    until(all_sent(shop, 2))


@pytest.mark.usefixtures("traps")
def test_nor_for_a_mail_that_takes_for_ever(
    start: Callable[..., Daemon], database_url: str, shop: Shop, sink: Sink, tmp_path: Path
) -> None:
    slow = request("eve", "sleep")
    shop.receive(request("ann"), slow)
    daemon = start(database_url, tmp_path, sink, "limits.parse_seconds=600")
    until(all_sent(shop, 1))
    time.sleep(0.5)
    assert daemon.stop() < QUICK
    row = shop.mail(slow)
    assert (row.state, row.attempts, row.lease_owner) == ("received", 0, None)


def test_nor_for_a_mailbox_that_says_nothing(
    start: Callable[..., Daemon],
    sqlite_url: str,
    sink: Sink,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And while it says nothing, the others are polled and the rest of the work is done."""
    monkeypatch.setenv("ODD_PASSWORD", "s3cret")
    silent = OddImap(odd={"greeting": lambda _talk: time.sleep(60)})
    good = OddImap(mails={1: request("ann")})
    with running(silent), running(good):
        boxes = [
            f"mailboxes.{name}.{key}={value}"
            for name, odd in (("silent", silent), ("good", good))
            for key, value in {
                "host": "localhost",
                "port": odd.port,
                "security": "plain",
                "username": "desk",
                "password.env": "ODD_PASSWORD",
            }.items()
        ]
        often = "schedule.poll_interval_seconds=0.3"
        daemon = start(sqlite_url, tmp_path, sink, often, "schedule.jitter_seconds=0", *boxes)
        until(lambda: sink.raws)
        until(lambda: good.connections > 3)
        assert silent.connections == 1
        assert daemon.stop() < QUICK


def test_a_mailbox_that_fails_is_told_of_and_the_daemon_goes_on(
    start: Callable[..., Daemon],
    sqlite_url: str,
    sink: Sink,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nonsense(talk: Talk) -> None:
        talk.send(random.Random(1).randbytes(5000))

    monkeypatch.setenv("ODD_PASSWORD", "s3cret")
    with running(OddImap(odd={"greeting": nonsense})) as odd:
        daemon = start(
            sqlite_url,
            tmp_path,
            sink,
            "mailboxes.odd.host=localhost",
            f"mailboxes.odd.port={odd.port}",
            "mailboxes.odd.security=plain",
            "mailboxes.odd.username=desk",
            "mailboxes.odd.password.env=ODD_PASSWORD",
            "schedule.poll_interval_seconds=0.2",
            "schedule.backoff_first_seconds=0.2",
        )
        until(lambda: odd.connections > 2)
        assert "mailbox has trouble" in daemon.told()
        assert daemon.stop() < QUICK


def test_a_database_that_goes_away_and_returns(
    start: Callable[..., Daemon], sink: Sink, tmp_path: Path
) -> None:
    with running_cluster() as cluster:
        url = cluster.create("intake")
        shop = Shop(open_database(url), tmp_path)
        shop.receive(request("ann"))
        daemon = start(url, tmp_path, sink, "schedule.lease_seconds=2")
        until(all_sent(shop, 1))
        shop.database.close()
        cluster.stop()
        until(lambda: "trouble" in daemon.told())
        time.sleep(3)
        assert daemon.process.poll() is None
        cluster.start()
        shop.receive(*(request(f"name{n}") for n in range(10)))
        until(all_sent(shop, 11), 60)
        shop.database.close()
        assert daemon.stop() < QUICK
        cluster.stop()
        cluster.start()
    assert len(sink.raws) == 11


def test_a_daemon_that_lost_its_lease_stops(
    start: Callable[..., Daemon], database_url: str, shop: Shop, sink: Sink, tmp_path: Path
) -> None:
    """As when it was suspended, and another machine took over."""
    daemon = start(database_url, tmp_path, sink, "schedule.lease_seconds=1.5")
    until(lambda: lease_of(shop.database))
    suspend(daemon, shop.database, database_url)
    time.sleep(2)
    with taken_over(shop.database):
        daemon.process.send_signal(signal.SIGCONT)
        daemon.process.wait(QUICK)
        assert "taken over" in daemon.told()
        assert lease_of(shop.database) == "elsewhere:boot:1:2:x"


def suspend(daemon: Daemon, database: Database, url: str) -> None:
    """Stops it between two of its transactions: one it holds open would keep everybody away."""
    for _ in range(100):
        daemon.process.send_signal(signal.SIGSTOP)
        time.sleep(0.05)
        if not holds_a_lock(database, url):
            return
        daemon.process.send_signal(signal.SIGCONT)
        time.sleep(0.05)
    raise AssertionError("the daemon is always in a transaction")


def holds_a_lock(database: Database, url: str) -> bool:
    if url.startswith("sqlite"):
        try:
            with closing(sqlite3.connect(str(make_url(url).database), timeout=0)) as connection:
                connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        return False
    try:
        with database.write() as connection:
            connection.execute(text("SELECT 1 FROM lease FOR UPDATE NOWAIT"))
    except (DatabaseUnavailable, DBAPIError):
        return True
    return False


@contextmanager
def taken_over(database: Database) -> Iterator[None]:
    with database.write() as connection:
        assert acquire(connection, "daemon", "elsewhere:boot:1:2:x", 60, datetime.now(UTC))
    yield


def test_owners() -> None:
    me = new_owner()
    host, boot, pid, start, word = me.split(":")
    assert is_alive(me)
    assert not is_dead(me)
    for gone in (
        f"{host}:{boot}:{pid}:1:{word}",
        f"{host}:otherboot:{pid}:{start}:{word}",
        f"{host}:{boot}:4194300:{start}:{word}",
    ):
        assert is_dead(gone)
        assert not is_alive(gone)
    for unknown in (f"elsewhere:{boot}:{pid}:{start}:{word}", "", "a:b", me.replace(":", " ")):
        assert not is_dead(unknown)
        assert not is_alive(unknown)


def test_a_process_that_nobody_buried_is_dead() -> None:
    program = "from intake.worker.owner import new_owner; print(new_owner(), flush=True)"
    child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert child.stdout is not None
    owner = child.stdout.read().decode().strip()
    until(lambda: is_dead(owner))
    child.wait()
    assert is_dead(owner)
