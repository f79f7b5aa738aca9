"""A mailbox, a daemon, a screenshot: the ticket learns from it after the mail was answered."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from intake.outside.ocr import find_engine
from intake.store.desk import events
from intake.store.views import EventView
from intake.worker.opening import OpenDesk
from tests.servers.account import Account
from tests.servers.clamd import EICAR, SIGNATURE, running_clamd
from tests.servers.smtp_sink import running_sink
from tests.whole.desk import daemon, open_with, overrides, wait_until_quiet
from tests.worker.afterwards import mail_with, screenshot
from tests.worker.shop import Shop, request
from tests.worker.test_daemon import Daemon, until
from tests.worker.test_examine import TRAPS

pytestmark = pytest.mark.skipif(find_engine() is None, reason="the extra ocr is not installed")
SHOT = screenshot("Order rejected", "Order no. 2026112300017", "Error code: ERR_4031")


def told(desk: OpenDesk) -> list[EventView]:
    with desk.database.read() as connection:
        return events(connection, limit=100)


def kinds(desk: OpenDesk) -> list[str]:
    return [event.kind for event in told(desk)]


def test_the_ticket_gets_the_order_number_from_the_picture(
    account: Account, database_url: str, tmp_path: Path
) -> None:
    mail = mail_with(SHOT, EICAR)
    with running_sink() as sink, running_clamd() as clamd:
        settings = overrides(tmp_path, database_url, account, sink)
        settings.append(f"clamav.socket={clamd.socket}")
        account.deliver(mail)
        with daemon(settings) as desk:
            wait_until_quiet(desk, 1)
            until(lambda: "words-read" in kinds(desk), 60)
            until(lambda: "virus-found" in kinds(desk), 60)
        assert len(sink.raws) == 1
        with daemon(settings) as desk:
            time.sleep(3)
            found = told(desk)
    assert len(sink.raws) == 1
    (read,) = [event for event in found if event.kind == "words-read"]
    assert "order ID 2026112300017 in Screenshot_1.png" in read.text
    (virus,) = [event for event in found if event.kind == "virus-found"]
    assert SIGNATURE in virus.text
    assert len([event for event in found if event.kind == "acknowledgement-planned"]) == 1


def test_nothing_waits_for_a_picture_and_a_killed_daemon_leaves_it_to_the_next(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its process sleeps over the first picture; mails are answered meanwhile."""
    (tmp_path / "sitecustomize.py").write_text(TRAPS)
    with running_sink() as sink:
        desk = open_with([f"database.url={sqlite_url}", f"storage.dir={tmp_path / 'blobs'}"])
        shop = Shop(desk.database, tmp_path)
        shop.receive(mail_with(screenshot("Error code: ERR_4031", size=(612, 400))))
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        settings = ("reading.picture_seconds=600", "schedule.lease_seconds=600")
        first = Daemon(sqlite_url, tmp_path, sink, *settings)
        until(lambda: len(sink.raws) == 1)
        until(lambda: children(first.process.pid, "picture_child"))
        shop.receive(*(request(f"name{n}") for n in range(5)))
        until(lambda: len(sink.raws) == 6)
        first.stop(signal.SIGKILL)
        monkeypatch.delenv("PYTHONPATH")
        second = Daemon(sqlite_url, tmp_path, sink, *settings)
        until(lambda: "words-read" in kinds(desk), 60)
        assert second.stop() < 8
        shop.parser.close()
        desk.close()
    assert len(sink.raws) == 6
    assert kinds(desk).count("words-read") == 1


def children(parent: int, module: str) -> list[int]:
    """The processes of `parent` that run a module of this name."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and is_child(entry, parent, module.encode()):
            found.append(int(entry.name))
    return found


def is_child(entry: Path, parent: int, module: bytes) -> bool:
    try:
        words = (entry / "stat").read_text().rsplit(")", 1)[1].split()
        return int(words[1]) == parent and module in (entry / "cmdline").read_bytes()
    except OSError:
        return False


def test_the_process_ends_when_there_is_nothing_to_look_at(sqlite_url: str, tmp_path: Path) -> None:
    with running_sink() as sink:
        desk = open_with([f"database.url={sqlite_url}", f"storage.dir={tmp_path / 'blobs'}"])
        shop = Shop(desk.database, tmp_path)
        running = Daemon(sqlite_url, tmp_path, sink, "reading.idle_seconds=3")

        def has_child() -> bool:
            return bool(children(running.process.pid, "picture_child"))

        shop.receive(request("bob"))
        until(lambda: len(sink.raws) == 1)
        time.sleep(3)
        assert not has_child()
        shop.receive(mail_with(SHOT))
        until(has_child)
        until(lambda: "words-read" in kinds(desk), 60)
        until(lambda: not has_child(), 20)
        running.stop()
        assert running.process.returncode == 0
        shop.parser.close()
        desk.close()
