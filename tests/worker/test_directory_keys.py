"""When the operator changes which spellings are one address, the directory follows."""

from __future__ import annotations

from sqlalchemy import select, update

from intake.settings.people import Identity
from intake.store.customers import find_by_address
from intake.store.database import Database
from intake.store.directory import load_customer, set_state
from intake.store.tables import CUSTOMER, CUSTOMER_ADDRESS, CUSTOMER_DOMAIN
from intake.worker.directory_keys import refresh_keys
from tests.store.desk_of_mails import NOW
from tests.store.people import a_customer, an_address, register
from tests.store.test_lookalikes import ask_database

PLAIN = Identity()
DOTLESS = Identity(ignore_dots_domains=("posteo.example",))


def found(database: Database, key: str) -> list[str]:
    with database.read() as connection:
        return [c.customer_id for c in find_by_address(connection, key, now=NOW)]


def test_keys_follow_the_rules(database: Database) -> None:
    assert refresh_keys(database, PLAIN) == 0
    register(database, a_customer("1", "Alice", "alice.moreau@posteo.example"))
    assert refresh_keys(database, PLAIN) == 0
    assert found(database, "alicemoreau@posteo.example") == []
    assert refresh_keys(database, DOTLESS) == 1
    assert found(database, "alicemoreau@posteo.example") == ["1"]
    assert found(database, "alice.moreau@posteo.example") == []
    assert refresh_keys(database, DOTLESS) == 0
    assert refresh_keys(database, PLAIN) == 1
    assert found(database, "alice.moreau@posteo.example") == ["1"]


def test_addresses_that_become_one_stay_blocked_if_either_was(database: Database) -> None:
    refresh_keys(database, PLAIN)
    two = ("alicemoreau@posteo.example", an_address("alice.moreau@posteo.example"))
    register(database, a_customer("1", "Alice", *two))
    with database.write() as connection:
        set_state(
            connection, "alice.moreau@posteo.example", "blocked", by="m", at=NOW, reason="fraud"
        )
    refresh_keys(database, DOTLESS)
    with database.read() as connection:
        (address,) = load_customer(connection, "1", NOW).addresses
    assert (address.state, address.reason) == ("blocked", "fraud")


def test_customers_of_an_older_intake_get_their_looks(database: Database) -> None:
    register(
        database,
        a_customer(
            "1", "Alice Moreau", "alice.moreau@posteo.example", domains=("acmetools.example",)
        ),
    )
    blank = {"local_look": "", "label_look": "", "near_1": None, "near_2": None, "near_3": None}
    with database.write() as connection:
        connection.execute(update(CUSTOMER_ADDRESS).values(**blank))
        connection.execute(update(CUSTOMER).values(name_look=""))
        connection.execute(update(CUSTOMER_DOMAIN).values(label_look=""))
    imitators = (
        ("alice.moreu@posteo.example", ""),
        ("x@evil.example", "Alice Moreau"),
        ("sales@acmetools.test", ""),
    )
    for author in imitators:
        assert ask_database(database, *author).lookalikes == ()
    assert refresh_keys(database, PLAIN) == 1
    for author in imitators:
        assert len(ask_database(database, *author).lookalikes) == 1
    with database.read() as connection:
        assert connection.execute(select(CUSTOMER.c.name)).scalars().all() == ["Alice Moreau"]
