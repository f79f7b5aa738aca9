"""Customers of the company's own table in the way of a mail; away, the mail waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from intake.errors import DirectoryUnavailable
from intake.judge.keys import make_keys
from intake.model import Address, DirectoryFacts
from intake.settings.people import Directory
from intake.settings.schema import Settings
from intake.store.database import Database
from intake.store.helpers import all_helpers
from intake.worker.directory_source import OWN, CustomerSource, open_source
from tests.judge.letters import shipped_rules
from tests.store.desk_of_mails import a_mail
from tests.worker.shop import NOW, Shop, make_shop, request

RULES = shipped_rules()
LI_NA = "li.na@customer.example"


@pytest.fixture
def shop(database: Database, tmp_path: Path) -> Iterator[Shop]:
    yield from make_shop(database, tmp_path)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """The company's users, in a file of their own."""
    file = tmp_path / "users.db"
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        connection.execute(
            text(
                "CREATE TABLE people (customer_id INTEGER, name TEXT, email TEXT, language TEXT,"
                " timezone TEXT, tier TEXT, state TEXT, domain TEXT)"
            )
        )
        for row in (
            (
                1,
                "Li Na",
                "Li.Na@Customer.example",
                "zh_cn",
                "Asia/Shanghai",
                "vip",
                "confirmed",
                "",
            ),
            (2, "Bob", "bo.b@gmail.com", "klingon", "Mars", None, "odd", None),
            (3, "Acme", None, None, None, None, None, "Acme.example"),
            (4, "Twice", "twice@x.example", None, None, None, None, None),
            (5, "Twice too", "twice@x.example", None, None, None, None, None),
        ):
            connection.exec_driver_sql("INSERT INTO people VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    engine.dispose()
    return file


def source_of(table: Path, database: Database) -> CustomerSource:
    settings = Settings(
        identity=RULES.identity,
        directory=Directory(source="sql", url=f"sqlite:///{table}", view="people"),
    )
    return open_source(settings, database, lambda: NOW)


def look_up(source: CustomerSource, written: str) -> DirectoryFacts:
    local_part, _, domain = written.rpartition("@")
    mail = a_mail("m", author=Address("", local_part, domain))
    found = source.look_up(mail, make_keys(mail, RULES))
    assert found is not None
    return found


def test_customers_by_address_and_domain(table: Path, database: Database) -> None:
    source = source_of(table, database)
    (li_na,) = look_up(source, LI_NA).customers
    assert (li_na.customer_id, li_na.language, li_na.timezone) == ("1", "zh-CN", "Asia/Shanghai")
    assert (li_na.tier, li_na.address_state) == ("vip", "confirmed")
    # The table has the dots that Gmail ignores; what is odd in other fields is left out.
    (bob,) = look_up(source, "bo.b@gmail.com").customers
    assert (bob.language, bob.timezone, bob.address_state) == (None, None, "registered")
    (acme,) = look_up(source, "anybody@mail.acme.example").customers
    assert (acme.customer_id, acme.address, acme.by_domain) == ("3", "@acme.example", True)
    assert [c.customer_id for c in look_up(source, "Twice@x.example").customers] == ["4", "5"]
    assert look_up(source, "nobody@gmail.com") == DirectoryFacts()
    source.close()


def test_only_rows_of_the_address_count(tmp_path: Path, table: Path, database: Database) -> None:
    settings = Settings(
        directory=Directory(
            source="sql",
            url=f"sqlite:///{table}",
            query="SELECT * FROM people WHERE email IS NOT NULL OR :address = ''",
        )
    )
    source = open_source(settings, database, lambda: NOW)
    assert [c.customer_id for c in look_up(source, LI_NA).customers] == ["1"]
    source.close()


def test_a_mail_is_decided_with_what_the_table_says(shop: Shop, table: Path) -> None:
    source = source_of(table, shop.database)
    raw = request("li.na")
    shop.receive(raw)
    assert shop.process(customers=source) == 1
    with shop.database.read() as connection:
        ids = connection.execute(text("SELECT customer_id FROM ticket")).scalars().all()
    assert ids == ["1"]
    source.close()


def test_while_it_is_away_the_mail_waits_and_staff_see_why(shop: Shop, table: Path) -> None:
    source = source_of(table, shop.database)
    raw = request("li.na")
    shop.receive(raw)
    hidden = table.rename(table.with_suffix(".away"))
    for _ in range(2):
        with pytest.raises(DirectoryUnavailable):
            shop.process(customers=source)
    assert shop.states(raw) == ["received"]
    assert shop.mail(raw).attempts == 0
    with shop.database.read() as connection:
        (helper,) = all_helpers(connection)
    assert (helper.name, helper.well) == ("directory", False)
    assert shop.event_kinds().count("directory-away") == 1
    hidden.rename(table)
    assert shop.process(customers=source) == 1
    assert shop.states(raw) != ["received"]
    assert shop.tickets()[0]["customer"] == "1"
    with shop.database.read() as connection:
        assert all_helpers(connection)[0].well
    assert "directory-back" in shop.event_kinds()
    source.close()


def test_the_own_directory_is_looked_up_with_the_rest(database: Database) -> None:
    assert open_source(Settings(), database, lambda: NOW + timedelta(days=1)) is OWN
