"""Secrets stay out of the database, and whoever is shown one is on record first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from intake.errors import ActRefused, BlobMissing
from intake.model.differences import find_differences
from intake.outside.ocr import find_engine
from intake.store.database import Database
from intake.store.desk import events, queue, status
from intake.store.judgement import load_decision
from intake.store.shown import secrets_in
from intake.store.tables import MESSAGE
from intake.worker.dry_run import decide_again
from intake.worker.showing import read_original, show_secrets, show_ticket
from tests.worker.afterwards import mail_with, picture_rows, screenshot, the_ticket, work_off
from tests.worker.shop import NOW, Shop, make_shop, request, sha

needs_ocr = pytest.mark.skipif(find_engine() is None, reason="the extra ocr is not installed")
MAIL = request("ann", "my password is Tramonto-1987", "The password Tramonto-1987 fails.")
PLAIN = request("bob")
LONG_AGO = NOW.replace(year=2000)


@pytest.fixture
def shop(database: Database, tmp_path: Path) -> Iterator[Shop]:
    yield from make_shop(database, tmp_path)


def kinds(shop: Shop) -> list[str]:
    with shop.database.read() as connection:
        return [event.kind for event in events(connection, limit=500)]


def show(shop: Shop, by: str) -> str:
    (line,) = shop.tickets()
    view = show_secrets(shop.database, shop.blobs, shop.parser, line["ticket"], by=by, at=NOW)
    return repr(view)


def test_the_database_holds_marks(shop: Shop) -> None:
    shop.receive(MAIL, PLAIN)
    shop.process()
    with shop.database.read() as connection:
        rows = connection.execute(select(MESSAGE).order_by(MESSAGE.c.id)).all()
        assert secrets_in(connection, sha(MAIL)) == ("password",)
        assert secrets_in(connection, sha(PLAIN)) == ()
        assert secrets_in(connection, "0" * 64) == ()
        assert status(connection, NOW).mails_with_secrets == 1
        assert "Tramonto" not in repr(queue(connection))
    assert "Tramonto" not in repr(rows)
    assert rows[0].subject == "my password is [password hidden]"
    assert "The password [password hidden] fails." in rows[0].text
    assert rows[1].secrets == ""


def test_showing_is_recorded_before_anything_is_shown(shop: Shop) -> None:
    shop.receive(MAIL)
    shop.process()
    (line,) = shop.tickets()
    masked = show_ticket(shop.database, shop.rules.identifiers, line["ticket"])
    assert "Tramonto" not in repr(masked)
    with pytest.raises(ActRefused, match="named"):
        show(shop, by=" ")
    assert "secret-shown" not in kinds(shop)
    shown = show(shop, by="Ana")
    assert "subject='my password is Tramonto-1987'" in shown
    assert "The password Tramonto-1987 fails." in shown
    assert "Ana was shown what is hidden in a mail." in shown
    assert kinds(shop).count("secret-shown") == 1
    assert "Tramonto" not in repr(masked)


def test_nothing_is_recorded_where_nothing_can_be_shown(shop: Shop, tmp_path: Path) -> None:
    shop.receive(MAIL)
    shop.process()
    for path in list((tmp_path / "blobs").rglob(f"*{sha(MAIL)[4:]}*")):
        path.unlink()
    with pytest.raises(BlobMissing):
        show(shop, by="Ana")
    assert "secret-shown" not in kinds(shop)


def test_a_ticket_without_secrets_is_shown_without_an_act(shop: Shop) -> None:
    shop.receive(PLAIN)
    shop.process()
    assert "pending since Friday" in show(shop, by="Ana")
    assert "secret-shown" not in kinds(shop)


def test_the_original_is_given_to_somebody_named(shop: Shop) -> None:
    shop.receive(MAIL, PLAIN)
    shop.process()
    where = (shop.database, shop.blobs)
    assert read_original(*where, sha(PLAIN), by="", at=NOW) == PLAIN
    with pytest.raises(ActRefused):
        read_original(*where, sha(MAIL), by="", at=NOW)
    assert "secret-shown" not in kinds(shop)
    assert read_original(*where, sha(MAIL), by="Ben", at=NOW) == MAIL
    assert kinds(shop).count("secret-shown") == 1


def test_decided_again_nothing_differs(shop: Shop) -> None:
    shop.receive(MAIL, PLAIN)
    shop.process()
    outcomes = list(
        decide_again(shop.database, shop.blobs, shop.parser, shop.rules, since=LONG_AGO)
    )
    assert [(o.differences, o.trouble) for o in outcomes] == [((), ""), ((), "")]


@needs_ocr
def test_words_of_a_screenshot_are_kept_masked(shop: Shop) -> None:
    raw = mail_with(screenshot("Login failed", "Password: Tramonto1987", "Try again"))
    shop.receive(raw)
    shop.process()
    assert work_off(shop) == 1
    (picture,) = picture_rows(shop)
    assert "[password hidden]" in picture.words
    assert "Tramonto" not in picture.words
    ticket = the_ticket(shop)
    assert ticket.conversation[0].secrets == ("password",)
    assert "Tramonto" not in repr(ticket)
    assert "words-read" in kinds(shop)
    with shop.database.read() as connection:
        stored = load_decision(connection, sha(raw))
    (outcome,) = decide_again(shop.database, shop.blobs, shop.parser, shop.rules, since=LONG_AGO)
    assert stored.decision.triage.secrets
    assert outcome.differences == find_differences(stored.decision, stored.decision)


def test_headers_of_a_mail_set_aside_are_masked(database: Database, tmp_path: Path) -> None:
    for shop in make_shop(database, tmp_path, header_lines=10):
        raw = (
            b"Subject: my password is Tramonto-1987\r\n" + b"X-Line: x\r\n" * 50 + b"\r\nhello\r\n"
        )
        shop.receive(raw)
        shop.process()
        row = shop.mail(raw)
        assert row.state == "quarantined"
        assert "my password is [password hidden]" in row.headers_text
        assert "Tramonto" not in repr(row)
