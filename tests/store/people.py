"""Registers customers as the worker does: with the keys and looks that the judge makes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from intake.judge.addresses import address_key
from intake.judge.looks import label_looks, looks_of
from intake.settings.rules import Rules
from intake.store.customer_changes import Changes, find_changes, write_changes
from intake.store.customer_records import AddressRecord, CustomerRecord, LookMaker
from intake.store.database import Database
from tests.store.desk_of_mails import NOW

LOOKS = LookMaker(looks_of, label_looks)
IDENTITY = Rules().identity


def an_address(written: str, **values: Any) -> AddressRecord:
    return AddressRecord(written, address_key(written, IDENTITY), **values)


def a_customer(
    customer_id: str,
    name: str,
    *addresses: str | AddressRecord,
    domains: tuple[str, ...] = (),
    whole: bool = False,
    **fields: str | None,
) -> CustomerRecord:
    records = tuple(an_address(a) if isinstance(a, str) else a for a in addresses)
    return CustomerRecord(customer_id, {"name": name, **fields}, records, domains, whole)


def register(database: Database, *records: CustomerRecord, at: datetime = NOW) -> Changes:
    with database.write() as connection:
        changes = find_changes(connection, records)
        write_changes(connection, changes, LOOKS, at)
    return changes
