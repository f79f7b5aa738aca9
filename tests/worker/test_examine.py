"""Pictures looked at after the mail was answered: words into the triage, once, whatever happens."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from intake.errors import ParserUnavailable
from intake.outside.ocr import NOT_INSTALLED, find_engine
from intake.settings.schema import Reading
from intake.store.database import Database
from intake.store.pictures import claim
from intake.store.tables import IDENTIFIER
from intake.worker.afterwards import Afterwards
from tests.worker.afterwards import (
    afterwards,
    attachment_rows,
    mail_with,
    picture_rows,
    screenshot,
    the_ticket,
    work_off,
)
from tests.worker.desk import Crash
from tests.worker.shop import NOW, Shop, make_shop, sha

needs_ocr = pytest.mark.skipif(find_engine() is None, reason="the extra ocr is not installed")
ORDER = screenshot("Order rejected", "Order no. 2026112300017", "Error code: ERR_4031")
OFF = Reading(enabled=False)


@pytest.fixture
def shop(database: Database, tmp_path: Path) -> Iterator[Shop]:
    yield from make_shop(database, tmp_path)


def identifiers(shop: Shop) -> set[tuple[str, str, str]]:
    (message,) = the_ticket(shop).conversation
    found = message.decision["triage"]["identifiers"]
    return {(i["kind"], i["value"], i["where"]) for i in found}


def event_kinds(shop: Shop) -> list[str]:
    return [event.kind for event in the_ticket(shop).events]


@needs_ocr
def test_the_ticket_learns_what_its_screenshot_says(shop: Shop) -> None:
    shop.receive(mail_with(ORDER))
    shop.process()
    before = the_ticket(shop)
    assert identifiers(shop) == set()
    assert work_off(shop) == 1
    assert identifiers(shop) >= {
        ("order_id", "2026112300017", "Screenshot_1.png"),
        ("error_code", "ERR_4031", "Screenshot_1.png"),
    }
    after = the_ticket(shop)
    (event,) = [e for e in after.events if e not in before.events]
    assert event.kind == "words-read"
    assert "order ID 2026112300017 in Screenshot_1.png" in event.text
    with shop.database.read() as connection:
        named = connection.execute(select(IDENTIFIER.c.kind, IDENTIFIER.c.value)).all()
    assert ("order_id", "2026112300017") in [tuple(row) for row in named]
    assert [o.id for o in after.outgoing] == [o.id for o in before.outgoing]
    assert after.ticket.messages == before.ticket.messages
    assert after.ticket.updated_at == before.ticket.updated_at
    (attachment,) = attachment_rows(shop)
    (picture,) = picture_rows(shop)
    assert attachment.look is None
    assert attachment.perceptual_hash == picture.perceptual_hash
    assert picture.thumbnail.startswith(b"RIFF")
    assert picture.state == "read"
    assert work_off(shop) == 0
    assert the_ticket(shop) == after


@needs_ocr
def test_the_same_picture_is_read_once_and_serves_every_mail(shop: Shop) -> None:
    """The second was decided before the words were known, the third with them."""
    shop.receive(mail_with(ORDER), mail_with(ORDER, name="bob"))
    shop.process()
    reads: list[str] = []
    assert work_off(shop, reads.append) == 2
    assert reads.count("after-look-commit") == 1
    assert reads.count("after-words-commit") == 2
    shop.receive(mail_with(ORDER, name="eve"))
    shop.process()
    assert work_off(shop, reads.append) == 1
    assert reads.count("after-words-commit") == 2
    for line in shop.tickets():
        assert line["ticket"]
    assert len(picture_rows(shop)) == 1


def test_without_ocr_pictures_are_looked_at_and_read_once_it_is_there(shop: Shop) -> None:
    shop.receive(mail_with(ORDER))
    shop.process()
    assert work_off(shop, reading=OFF) == 1
    (picture,) = picture_rows(shop)
    assert (picture.state, picture.words) == ("seen", None)
    assert "reading.enabled" in picture.reason
    assert picture.perceptual_hash
    assert picture.thumbnail
    assert attachment_rows(shop)[0].look == "unread"
    assert work_off(shop, reading=OFF) == 0
    assert event_kinds(shop) == ["ticket-opened", "acknowledgement-planned"]
    if find_engine():
        assert work_off(shop) == 1
        assert attachment_rows(shop)[0].look is None
        assert "words-read" in event_kinds(shop)


def test_a_picture_that_cannot_be_opened_is_told_of_once(shop: Shop) -> None:
    broken = ORDER[:2000]
    shop.receive(mail_with(broken, broken))
    shop.process()
    assert work_off(shop, reading=OFF) >= 1
    (picture,) = picture_rows(shop)
    assert (picture.state, picture.reason) == ("failed", "The image is damaged.")
    assert event_kinds(shop).count("picture-failed") == 2
    assert work_off(shop, reading=OFF) == 0


def test_spam_and_machines_have_no_pictures_looked_at(shop: Shop) -> None:
    shop.receive(mail_with(ORDER, Auto_Submitted="auto-replied"))
    shop.process()
    assert shop.tickets() == []
    assert work_off(shop) == 0
    assert picture_rows(shop) == []


@needs_ocr
def test_of_one_mail_only_so_many_pictures_are_read(shop: Shop) -> None:
    shots = [screenshot(f"Error code: E-{2000 + n}") for n in range(3)]
    shop.receive(mail_with(*shots))
    shop.process()
    assert work_off(shop, reading=Reading(pictures_per_mail=2)) == 3
    by_hash = {row.sha256: row for row in picture_rows(shop)}
    assert [by_hash[sha(shot)].state for shot in shots] == ["read", "read", "seen"]
    assert "pictures_per_mail" in by_hash[sha(shots[2])].reason
    assert {row.look for row in attachment_rows(shop)} == {None}
    # Alone in a mail of its own it is read.
    shop.receive(mail_with(shots[2], name="bob"))
    shop.process()
    assert work_off(shop, reading=Reading(pictures_per_mail=2)) == 1
    assert {row.state for row in picture_rows(shop)} == {"read"}


@needs_ocr
@pytest.mark.parametrize(
    "step",
    ["before-look-commit", "after-look-commit", "before-words-commit", "after-words-commit"],
)
def test_a_crash_at_any_step_leaves_nothing_half(shop: Shop, step: str) -> None:
    def die(reached: str) -> None:
        if reached == step:
            raise Crash

    shop.receive(mail_with(ORDER))
    shop.process()
    with pytest.raises(Crash):
        work_off(shop, die)
    with shop.database.write() as connection:
        connection.exec_driver_sql("UPDATE picture SET lease_owner = NULL, lease_until = NULL")
    assert work_off(shop) == 1
    assert event_kinds(shop).count("words-read") == 1
    assert len(identifiers(shop)) == 2
    (picture,) = picture_rows(shop)
    assert picture.attempts == 0


def test_what_another_is_at_is_left_alone_and_a_dead_one_is_not(shop: Shop) -> None:
    shop.receive(mail_with(ORDER))
    shop.process()
    with shop.database.write() as connection:
        assert claim(connection, sha(ORDER), "elsewhere:boot:1:2:x", NOW, 60) == 1
        assert claim(connection, sha(ORDER), "me", NOW, 60) is None
    assert work_off(shop, reading=OFF) == 0
    host, boot = shop.owner.split(":")[:2]
    with shop.database.write() as connection:
        connection.exec_driver_sql(f"UPDATE picture SET lease_owner = '{host}:{boot}:4194300:1:x'")
    assert work_off(shop, reading=OFF) == 1


def test_a_picture_that_intake_died_over_again_and_again_is_given_up(shop: Shop) -> None:
    shop.receive(mail_with(ORDER))
    shop.process()
    with shop.database.write() as connection:
        for _ in range(3):
            assert claim(connection, sha(ORDER), shop.owner, NOW, -1)
    assert work_off(shop, reading=OFF) == 1
    (picture,) = picture_rows(shop)
    assert picture.reason == "Intake died 3 times while looking at this picture."


TRAPS = """
import os, signal, time
from intake.mail import pictures
_real = pictures.examine_picture
def examine_picture(data, limits=None):
    picture = _real(data, limits)
    if picture.width == 611:
        os.kill(os.getpid(), signal.SIGKILL)
    if picture.width == 612:
        time.sleep(60)
    if picture.width == 613:
        bytearray(8_000_000_000)
    if picture.width == 614:
        print("a library talks", flush=True)
    return picture
pictures.examine_picture = examine_picture
"""


@pytest.mark.parametrize(
    ("width", "reason"),
    [
        (611, "The process that opened it died."),
        (612, "It could not be opened within 1 s."),
        (613, "more memory than there is|bytes of memory to open"),
        (614, None),
    ],
)
def test_what_a_picture_does_to_its_process(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: int, reason: Any
) -> None:
    (tmp_path / "sitecustomize.py").write_text(TRAPS)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    bad, good = screenshot("a", size=(width, 400)), screenshot("b", size=(700, 400))
    shop.receive(mail_with(bad, good))
    shop.process()
    assert work_off(shop, reading=Reading(enabled=False, picture_seconds=1)) == 2
    rows = {row.sha256: row for row in picture_rows(shop)}
    assert rows[sha(good)].state == "seen"
    if reason is None:
        assert rows[sha(bad)].state == "seen"
    else:
        assert rows[sha(bad)].state == "failed"
        assert any(part in rows[sha(bad)].reason for part in reason.split("|"))


BLOCKED = """
import sys
class Block:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("rapidocr", "onnxruntime", "cv2", "numpy"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Block())
"""


@needs_ocr
def test_ocr_that_does_not_start_stops_nothing(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is there for the daemon and not for its child, as after an upgrade that went wrong."""
    (tmp_path / "sitecustomize.py").write_text(BLOCKED)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    shop.receive(mail_with(ORDER), mail_with(screenshot("x"), name="bob"))
    shop.process()
    assert work_off(shop) == 2
    rows = picture_rows(shop)
    assert {(row.state, row.reason) for row in rows} == {("seen", NOT_INSTALLED)}
    assert all(row.thumbnail for row in rows)
    monkeypatch.delenv("PYTHONPATH")
    assert work_off(shop) == 2


def test_it_ends_at_once_when_told_to_and_the_picture_waits(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(TRAPS)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    shop.receive(mail_with(screenshot("a", size=(612, 400))))
    shop.process()
    work: Afterwards = afterwards(shop, reading=OFF)
    threading.Timer(1.5, work.give_up).start()
    with pytest.raises(ParserUnavailable, match="stopping"):
        work.take_turn()
    work.end()
    (picture,) = picture_rows(shop)
    assert (picture.state, picture.attempts, picture.lease_owner) == ("waiting", 0, None)
