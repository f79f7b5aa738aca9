"""Registered addresses that an author's may be taken for, in databases and in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.judge.keys import make_keys
from intake.model import Address, Customer, DirectoryFacts
from intake.settings.rules import Rules
from intake.store.customer_records import CustomerRecord
from intake.store.database import Database
from intake.store.facts import gather
from intake.store.staging import CustomerLine
from intake.worker.directory import CustomerList
from tests.judge.letters import shipped_rules
from tests.store.desk_of_mails import NOW, a_mail
from tests.store.people import a_customer, an_address, register

RULES = shipped_rules()
ALICE = a_customer("1", "Alice Moreau", "alice.moreau@posteo.example", tier="vip")
JOHN = a_customer("2", "John Smith", "john.smith@gmail.com")
WOLF = a_customer("3", "Max Wolf", "darkwolf1987@gmail.com")
ACME = a_customer("4", "Acme Ltd", domains=("acmetools.example",))
WANG = a_customer("5", "王小磊", "wang88@qqmail.example")
EVERYBODY = (ALICE, JOHN, WOLF, ACME, WANG)

Ask = Callable[[str, str], tuple[str, ...]]


def ask_database(database: Database, written: str, name: str = "") -> DirectoryFacts:
    local_part, _, domain = written.rpartition("@")
    mail = a_mail("m", author=Address(name, local_part, domain))
    with database.read() as connection:
        facts = gather(connection, make_keys(mail, RULES), now=NOW, rules=RULES)
    return DirectoryFacts(facts.customers, facts.lookalikes)


def in_memory(*records: CustomerRecord) -> CustomerList:
    found, line = CustomerList(), 0
    for record in records:
        for address in record.addresses:
            found.add(
                CustomerLine(line := line + 1, record.customer_id, dict(record.fields), address)
            )
        for domain in record.domains:
            fields = dict(record.fields)
            found.add(CustomerLine(line := line + 1, record.customer_id, fields, None, domain))
    return found


def ask_list(people: CustomerList, written: str, name: str = "") -> DirectoryFacts:
    local_part, _, domain = written.rpartition("@")
    return people.find(make_keys(a_mail("m", author=Address(name, local_part, domain)), RULES))


CASES = [
    # homoglyphs
    ("aIice.moreau@posteo.example", "", ["1"]),
    ("alice.moreau@p0steo.example", "", ["1"]),
    ("john.smith@gmai1.com", "", ["2"]),
    ("john.srnith@gmail.com", "", ["2"]),
    # one letter off
    ("alice.moreu@posteo.example", "", ["1"]),
    ("alice.moreau@postseo.example", "", ["1"]),
    ("aliec.moreau@posteo.example", "", ["1"]),
    ("john.smith@gmial.example", "", ["2"]),
    ("bill@acmetool.example", "", ["4"]),
    # the same name of a domain elsewhere, or inside another
    ("alice.moreau@posteo.test", "", ["1"]),
    ("alice.moreau@posteo-mail.example", "", ["1"]),
    ("alice.moreau@posteo.example.evil.example", "", ["1"]),
    ("sales@acmetools.test", "", ["4"]),
    # registered local part or name with another domain
    ("alice.moreau@evil.example", "", ["1"]),
    ("darkwolf1987@outlook.com", "", ["3"]),
    ("x81@evil.example", "Alice Moreau", ["1"]),
    ("x81@evil.example", "Moreau, Alice", ["1"]),
    ("someone@evil.example", "王小磊", ["5"]),
    # ordinary people
    ("john.smith@outlook.com", "", []),
    ("jon.smith@gmail.com", "Jon Smith", []),
    ("bob@posteo.example", "Bob", []),
    ("support@evil.example", "Support", []),
    ("alice@evil.example", "Alice", []),
]


@pytest.mark.parametrize(("written", "name", "expected"), CASES)
def test_who_is_imitated_in_memory(written: str, name: str, expected: list[str]) -> None:
    found = ask_list(in_memory(*EVERYBODY), written, name)
    assert found.customers == ()
    assert [customer.customer_id for customer in found.lookalikes] == expected


def test_who_is_imitated(database: Database) -> None:
    register(database, *EVERYBODY)
    found = {
        (written, name): [c.customer_id for c in ask_database(database, written, name).lookalikes]
        for written, name, _ in CASES
    }
    assert found == {(written, name): expected for written, name, expected in CASES}


def test_a_lookalike_comes_with_all_that_is_known(database: Database) -> None:
    until = NOW + timedelta(days=1)
    address = an_address("alice.moreau@posteo.example", state="bouncing", until=until)
    register(database, replace(ALICE, addresses=(address,)), ACME)
    (found,) = ask_database(database, "alice.moreau@posteo.test").lookalikes
    assert found == Customer(
        "1", "Alice Moreau", "alice.moreau@posteo.example", None, "vip", "bouncing"
    )
    (company,) = ask_database(database, "x@acmetools.test").lookalikes
    assert company == Customer("4", "Acme Ltd", "@acmetools.example", by_domain=True)


def test_a_registered_address_imitates_nobody(database: Database) -> None:
    register(database, *EVERYBODY, a_customer("9", "Alice Moreau", "alice.moreau@posteo.test"))
    found = ask_database(database, "alice.moreau@posteo.test", "Alice Moreau")
    assert [customer.customer_id for customer in found.customers] == ["9"]
    assert found.lookalikes == ()


def test_what_many_share_is_nobodys_in_particular(database: Database) -> None:
    many = [a_customer(f"t{n}", "Tom Becker", f"tombecker@firm{n}x.example") for n in range(3)]
    register(database, *many[:2])
    assert len(ask_database(database, "tombecker@evil.example", "Tom Becker").lookalikes) == 2
    register(database, many[2])
    assert ask_database(database, "tombecker@evil.example", "Tom Becker").lookalikes == ()


def test_at_most_five_and_the_most_telling_first(database: Database) -> None:
    near = [
        a_customer(f"n{n}", "", f"alice.morea{c}@posteo.example") for n, c in enumerate("bcdefgk")
    ]
    register(database, ALICE, *near)
    found = ask_database(database, "aIice.moreau@posteo.example").lookalikes
    assert len(found) == 5
    assert found[0].customer_id == "1"


WORDS = st.sampled_from(["alice", "moreau", "a1ice", "tom", "becker", "wolf88", "info", "li", "7"])
PEOPLE = st.tuples(
    st.lists(WORDS, min_size=1, max_size=3).map(".".join),
    st.sampled_from(["posteo.example", "p0steo.example", "posteo.test", "gmail.com", "qq.com"]),
    st.sampled_from(["Alice Moreau", "Tom Becker", "", "王小磊"]),
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PEOPLE, max_size=6), st.lists(PEOPLE, min_size=1, max_size=6))
def test_the_database_finds_what_the_list_in_memory_finds(
    database: Database, people: list[tuple[str, str, str]], authors: list[tuple[str, str, str]]
) -> None:
    """Few enough people that no limit of a look-up is reached."""
    records = [
        a_customer(f"{n}", name, f"{local}@{domain}")
        for n, (local, domain, name) in enumerate(people)
    ]
    with database.write() as connection:
        for table in ("customer_address", "customer"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    register(database, *records)
    listed = in_memory(*records)
    for local, domain, name in authors:
        written = f"{local}@{domain}"
        assert ask_database(database, written, name) == ask_list(listed, written, name)


def test_shipped_rules_are_those_of_the_cases() -> None:
    assert "gmail.com" in Rules().identity.plus_tag_domains
