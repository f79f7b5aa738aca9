"""The directory as people look at it and change it, and what each act leaves behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from intake.errors import NotFound
from intake.store.customer_records import Counts
from intake.store.customers import find_by_address, find_companies
from intake.store.database import Database
from intake.store.desk import events
from intake.store.directory import (
    count_tickets,
    load_customer,
    owners_of,
    remove_customer,
    search,
    set_state,
)
from tests.store.desk_of_mails import CHEN, NOW, a_mail, facts_for, keep, keys_for
from tests.store.people import a_customer, an_address, register

CHEN_KEY = CHEN.key
CUSTOMER = a_customer("c1", "Chen Wei", "Chen.Wei@Customer.example", "chen@home.example")


def state_of(database: Database, key: str = CHEN_KEY, days: float = 0) -> str:
    with database.read() as connection:
        (found,) = find_by_address(connection, key, now=NOW + timedelta(days=days))
    return found.address_state


def test_an_address_is_blocked_until_it_is_unblocked(database: Database) -> None:
    register(database, CUSTOMER)
    assert state_of(database) == "registered"
    with database.write() as connection:
        owners = set_state(connection, CHEN_KEY, "blocked", by="mira", at=NOW, reason="taken over")
    assert owners == ("c1",)
    assert state_of(database) == "blocked"
    assert state_of(database, "chen@home.example") == "registered"
    with database.read() as connection:
        address = load_customer(connection, "c1", NOW).addresses[0]
        (event,) = events(connection, limit=10)
    assert (address.state, address.reason, address.since) == ("blocked", "taken over", NOW)
    assert event.kind == "address-blocked"
    assert event.text == f"mira set {CHEN_KEY} (customer c1) to blocked: taken over"
    with database.write() as connection:
        set_state(connection, CHEN_KEY, "registered", by="mira", at=NOW)
    assert state_of(database) == "registered"


def test_bouncing_until_a_date(database: Database) -> None:
    register(database, CUSTOMER)
    until = NOW + timedelta(days=2)
    with database.write() as connection:
        set_state(connection, CHEN_KEY, "bouncing", by="mira", at=NOW, until=until)
    assert [state_of(database, days=d) for d in (0, 1.99, 2, 3)] == [
        "bouncing", "bouncing", "registered", "registered",
    ]  # fmt: skip
    assert facts_for(database, keys_for(a_mail("m"))).customers[0].address_state == "bouncing"


def test_a_state_holds_for_every_customer_of_the_address(database: Database) -> None:
    register(database, CUSTOMER, a_customer("c2", "Chen & Co", "chen@home.example"))
    with database.write() as connection:
        owners = set_state(connection, "chen@home.example", "blocked", by="m", at=NOW)
        assert owners == ("c1", "c2")
        with pytest.raises(NotFound, match="nobody@"):
            set_state(connection, "nobody@x.example", "blocked", by="m", at=NOW)


def test_what_a_record_says_is_all_with_whole(database: Database) -> None:
    register(database, replace(CUSTOMER, domains=("a.example", "b.example")))
    less = a_customer("c1", "Chen Wei", "chen@home.example", domains=("b.example",), whole=True)
    changes = register(database, less)
    assert changes.counts == Counts(changed=1, addresses_removed=1, domains_removed=1)
    with database.read() as connection:
        found = load_customer(connection, "c1", NOW)
    assert [a.address for a in found.addresses] == ["chen@home.example"]
    assert found.domains == ("b.example",)
    assert not register(database, less).any


def test_no_record_removes_or_lifts_a_block(database: Database) -> None:
    register(database, CUSTOMER)
    with database.write() as connection:
        set_state(connection, CHEN_KEY, "blocked", by="m", at=NOW)
    register(database, a_customer("c1", "Chen Wei", "chen@home.example", whole=True))
    assert state_of(database) == "blocked"
    lifted = a_customer(
        "c1", "Chen Wei", an_address("Chen.Wei@Customer.example", state="confirmed")
    )
    assert register(database, lifted).blocked == [("c1", CHEN_KEY)]
    assert state_of(database) == "blocked"


def test_the_way_an_address_is_written_may_change(database: Database) -> None:
    register(database, CUSTOMER)
    again = a_customer("c1", "Chen Wei", "chen.wei@customer.example")
    assert register(database, again).counts == Counts(changed=1, addresses_changed=1)
    with database.read() as connection:
        found = load_customer(connection, "c1", NOW).addresses[1]
    assert found.address == "chen@home.example"


def test_companies_by_the_nearest_domain(database: Database) -> None:
    register(
        database,
        a_customer("c1", "Acme", domains=("acme.example",)),
        a_customer("c2", "Acme Labs", domains=("labs.acme.example",)),
        a_customer("c3", "Acme too", domains=("acme.example",)),
    )
    with database.read() as connection:
        labs = find_companies(connection, ("labs.acme.example", "acme.example"))
        acme = find_companies(connection, ("shop.acme.example", "acme.example"))
        assert find_companies(connection, ()) == ()
    assert [customer.customer_id for customer in labs] == ["c2"]
    assert [(c.customer_id, c.address, c.by_domain) for c in acme] == [
        ("c1", "@acme.example", True),
        ("c3", "@acme.example", True),
    ]


def test_an_address_is_nearer_than_a_domain(database: Database) -> None:
    register(database, CUSTOMER, a_customer("c2", "The company", domains=("customer.example",)))
    keys = replace(keys_for(a_mail("m")), author_domains=("customer.example",))
    assert [c.customer_id for c in facts_for(database, keys).customers] == ["c1"]
    colleague = replace(keys, author="x@customer.example", reply_address="x@customer.example")
    assert [c.customer_id for c in facts_for(database, colleague).customers] == ["c2"]


def test_search_finds_by_any_part(database: Database) -> None:
    register(database, CUSTOMER, a_customer("d7", "100% Ltd", domains=("percent.example",)))
    with database.read() as connection:
        for words, ids in (
            ("chen", ["c1"]), ("HOME.example", ["c1"]), ("percent", ["d7"]), ("100%", ["d7"]),
            ("d", ["d7"]), ("%", ["d7"]), ("_", []), ("example", ["c1", "d7"]),
        ):  # fmt: skip
            found = search(connection, words, NOW, limit=10)
            assert [customer.customer_id for customer in found] == ids, words
        assert len(search(connection, "example", NOW, limit=1)) == 1
        assert owners_of(connection, CHEN_KEY) == ["c1"]


def test_a_customer_is_removed_with_everything(database: Database) -> None:
    register(database, replace(CUSTOMER, domains=("a.example",)))
    keep(database, a_mail("first"))
    with database.write() as connection:
        remove_customer(connection, "c1", by="mira", at=NOW)
        assert events(connection, limit=10)[-1].kind == "customer-removed"
    with database.read() as connection:
        assert owners_of(connection, CHEN_KEY) == []
        assert find_companies(connection, ("a.example",)) == ()
        with pytest.raises(NotFound):
            load_customer(connection, "c1", NOW)
        assert count_tickets(connection, "c1") == {}
    with database.write() as connection, pytest.raises(NotFound):
        remove_customer(connection, "c1", by="mira", at=NOW)


def test_hostile_text_is_made_harmless(database: Database) -> None:
    long = f"{'x' * 400}@x.example"
    register(database, a_customer("i" * 400, "nul\0 \ud800", long, notes="\0"))
    with database.read() as connection:
        found = load_customer(connection, "i" * 400, NOW)
        assert "\0" not in found.name + found.notes
        assert find_by_address(connection, long, now=NOW)
