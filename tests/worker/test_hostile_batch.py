"""The hostile set through the whole of processing: nothing gets lost, nothing holds the rest up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.store.database import Database
from intake.store.mails import quarantined_mail
from tests.mail.hostile import FIELDS, READ, REFUSED, Make, pumped
from tests.worker.shop import Shop, make_shop, request, sha

# What is larger is only larger here, and costs a minute; tests/mail/test_hostile.py reads it all.
LARGE_BYTES = 2_000_000


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path) -> Iterator[Shop]:
    # Two seconds of processor time are counted elsewhere; here the machine may be busy.
    yield from make_shop(sqlite, tmp_path, parse_seconds=60)


def process(shop: Shop, make: Make) -> bytes:
    raw = make()
    shop.receive(raw)
    shop.process()
    return raw


@pytest.mark.timeout(900)
def test_each_hostile_mail_is_read_or_visibly_set_aside(shop: Shop) -> None:
    wrong = []
    for name, make in READ.items():
        if len(make()) > LARGE_BYTES:
            continue
        raw = process(shop, make)
        if shop.mail(raw).state != "processed":
            wrong.append((name, shop.mail(raw).error_code))
        # The blobs are only needed while a mail is under way.
        shop.blobs.path(sha(raw)).unlink()
    for name, make in REFUSED.items():
        raw = process(shop, make)
        with shop.database.read() as connection:
            found = quarantined_mail(connection, sha(raw))
        if found.error_code != "over-budget":
            wrong.append((name, found.error_code))
        shop.blobs.path(sha(raw)).unlink()
    assert not wrong
    ann = process(shop, lambda: request("ann"))
    assert shop.states(ann) == ["processed"]
    assert shop.outbox()[-1].recipient == "ann@customer.example"


def test_strange_headers_are_recorded(shop: Shop) -> None:
    raws = [make() for field in FIELDS for make in pumped(field)[::5]]
    shop.receive(*raws)
    while shop.process(limit=100):
        pass
    assert set(shop.states(*raws)) == {"processed"}
