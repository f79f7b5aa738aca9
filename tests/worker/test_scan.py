"""Files shown to a real clamd after the mail was answered; one that is away or chokes on a file."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from intake.settings.schema import Clamav, Reading
from intake.store.database import Database
from intake.store.helpers import all_helpers
from intake.store.views import HelperView
from intake.worker import scan
from tests.servers.clamd import EICAR, SIGNATURE, RunningClamd, running_clamd
from tests.worker.afterwards import afterwards, attachment_rows, the_ticket, work_off
from tests.worker.shop import Shop, make_shop, request

OFF = Reading(enabled=False)


@pytest.fixture(scope="module")
def clamd() -> Iterator[RunningClamd]:
    with running_clamd() as server:
        yield server


@pytest.fixture
def shop(database: Database, tmp_path: Path) -> Iterator[Shop]:
    yield from make_shop(database, tmp_path)


def mail_with(*files: bytes, name: str = "ann") -> bytes:
    mail = EmailMessage()
    mail["From"] = f"Li Na <{name}@customer.example>"
    mail["To"] = "support@exchange.example"
    mail["Message-ID"] = f"<{name}@customer.example>"
    mail["Subject"] = "Please help"
    mail.set_content(f"Hello, please see the files. Thanks, {name}\n")
    for number, data in enumerate(files, 1):
        mail.add_attachment(data, "application", "octet-stream", filename=f"file{number}.dat")
    return mail.as_bytes()


def scanned(shop: Shop) -> list[str]:
    return [row.scan for row in attachment_rows(shop)]


def helper(shop: Shop) -> HelperView:
    with shop.database.read() as connection:
        (found,) = all_helpers(connection)
    return found


def test_what_is_found_is_a_risk_of_the_file_and_an_event(shop: Shop, clamd: RunningClamd) -> None:
    shop.receive(mail_with(b"nothing bad", EICAR, bytes(3_000_000)))
    shop.process()
    assert work_off(shop, clamav=clamd.settings, reading=OFF) == 3
    assert scanned(shop) == ["clean", "found", "skipped"]
    clean, found, _ = attachment_rows(shop)
    assert "virus-found" not in clean.risk
    assert found.risk.split("\n").count("virus-found") == 1
    (event,) = [e for e in the_ticket(shop).events if e.kind == "virus-found"]
    assert event.text == f"The virus scanner found {SIGNATURE} in file2.dat."
    assert helper(shop).well
    assert helper(shop).text.startswith("ClamAV ")
    assert work_off(shop, clamav=clamd.settings, reading=OFF) == 0


def test_off_nobody_is_asked_and_switched_on_the_backlog_is(
    shop: Shop, clamd: RunningClamd
) -> None:
    shop.receive(mail_with(EICAR), request("bob"))
    shop.process()
    assert work_off(shop, reading=OFF) == 0
    assert scanned(shop) == ["waiting"]
    assert work_off(shop, clamav=clamd.settings, reading=OFF) == 1
    assert scanned(shop) == ["found"]


def test_the_same_bytes_are_asked_about_once(shop: Shop, clamd: RunningClamd) -> None:
    shop.receive(mail_with(EICAR, EICAR), mail_with(EICAR, name="bob"))
    shop.process()
    work_off(shop, clamav=clamd.settings, reading=OFF)
    clamd.stop()
    shop.receive(mail_with(EICAR, name="eve"))
    shop.process()
    assert work_off(shop, clamav=clamd.settings, reading=OFF) == 1
    clamd.start()
    assert scanned(shop) == ["found"] * 4


def test_away_it_is_left_alone_and_asked_again(
    shop: Shop, clamd: RunningClamd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "_FIRST_PAUSE_SECONDS", 0.3)
    clamd.stop()
    shop.receive(mail_with(b"x"))
    shop.process()
    work = afterwards(shop, clamav=clamd.settings, reading=OFF)
    assert work.take_turn() == 0
    assert not helper(shop).well
    assert "away" in helper(shop).text
    assert scanned(shop) == ["waiting"]
    clamd.start()
    assert work.take_turn() == 0
    threading.Event().wait(0.4)
    assert work.take_turn() == 1
    work.end()
    assert helper(shop).well
    kinds = [kind for kind in shop.event_kinds() if kind.startswith("clamav")]
    assert kinds == ["clamav-away", "clamav-back"]
    assert scanned(shop) == ["clean"]


def test_a_file_it_chokes_on_does_not_hold_up_the_others(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection drops at this file every time, and at no other."""
    monkeypatch.setattr(scan, "_FIRST_PAUSE_SECONDS", 0.01)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                connection, _ = listening.accept()
                with connection:
                    asked = connection.recv(1 << 20)
                    if asked.startswith(b"zVERSION"):
                        connection.sendall(b"ClamAV 1\0")
                        continue
                    while not asked.endswith(b"\0\0\0\0"):
                        asked += connection.recv(1 << 20)
                    if b"poison" not in asked:
                        connection.sendall(b"stream: OK\0")

        threading.Thread(target=serve, daemon=True).start()
        settings = Clamav(socket=f"127.0.0.1:{listening.getsockname()[1]}", timeout_seconds=2)
        shop.receive(mail_with(b"before", b"poison"))
        shop.process()
        work = afterwards(shop, clamav=settings, reading=OFF)
        for _ in range(100):
            work.take_turn()
            if scanned(shop) == ["clean", "skipped"]:
                break
            threading.Event().wait(0.05)
        work.end()
    assert scanned(shop) == ["clean", "skipped"]
