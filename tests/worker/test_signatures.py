"""A mail whose signature we check ourselves, from the blob to the stored decision."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake import pipeline
from intake.settings.people import Identity
from intake.store.database import Database
from intake.store.judgement import load_decision
from tests.outside.test_dkim_check import MAIL, key, sign
from tests.servers.dns_server import run_dns
from tests.store.people import a_customer, register
from tests.worker.shop import Shop, make_shop, sha

ALICE = "alice.moreau@posteo.example"


@pytest.fixture
def shop(database: Database, tmp_path: Path) -> Iterator[Shop]:
    for shop in make_shop(database, tmp_path, parse_seconds=20):
        register(database, a_customer("C-1", "Alice", ALICE))
        yield shop


def match(shop: Shop, raw: bytes) -> str:
    shop.receive(raw)
    assert shop.process() == 1
    with shop.database.read() as connection:
        stored = load_decision(connection, sha(raw))
    # Decided again with what was known then, without DNS: the same.
    again = pipeline.decide(shop.parser.parse(raw), stored.facts, shop.rules)
    assert again.sender == stored.decision.sender
    return stored.decision.sender.match


def test_a_signed_mail_verifies_its_customer(shop: Shop) -> None:
    raw = sign()
    with run_dns() as server:
        server.records["s1._domainkey.posteo.example."] = key()[1]
        identity = Identity(verify_dkim=True, dns_servers=(server.address,))
        shop.rules = shop.rules.model_copy(update={"identity": identity})
        assert match(shop, raw) == "verified"
        assert match(shop, raw.replace(b"pending", b"gone")) == "claimed"
        assert match(shop, MAIL) == "claimed"


def test_without_dns_nothing_is_said(shop: Shop) -> None:
    with run_dns(silent=True) as server:
        identity = Identity(verify_dkim=True, dns_servers=(server.address,), dns_seconds=0.2)
        shop.rules = shop.rules.model_copy(update={"identity": identity})
        assert match(shop, sign()) == "claimed"


def test_nothing_is_checked_unless_the_operator_wants_it(shop: Shop) -> None:
    assert match(shop, sign()) == "claimed"
