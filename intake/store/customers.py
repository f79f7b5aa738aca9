"""Registered customers: upsert from rows, look-up by normalised address, suppressions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, bindparam, delete, func, select

from intake.model import Customer
from intake.store.statements import chunks, upsert
from intake.store.tables import CUSTOMER, CUSTOMER_ADDRESS, SUPPRESSION
from intake.store.words import index_key, index_keys, storable, storable_or_none


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """One line of a customer list: a customer under one address.

    `address_key` is the address normalised by the caller, the same way as Keys are made.
    """

    customer_id: str
    name: str
    address: str
    address_key: str
    language: str | None = None
    tier: str | None = None
    state: Literal["registered", "confirmed", "bouncing", "blocked"] = "registered"


_BY_ADDRESS = (
    select(
        CUSTOMER.c.customer_id,
        CUSTOMER.c.name,
        CUSTOMER_ADDRESS.c.address,
        CUSTOMER.c.language,
        CUSTOMER.c.tier,
        CUSTOMER_ADDRESS.c.state,
    )
    .join(CUSTOMER, CUSTOMER.c.customer_id == CUSTOMER_ADDRESS.c.customer_id)
    .where(CUSTOMER_ADDRESS.c.address_key.in_(bindparam("keys", expanding=True)))
    .order_by(CUSTOMER_ADDRESS.c.address_key, CUSTOMER.c.customer_id)
    .limit(20)
)


def upsert_customers(
    connection: Connection, records: Sequence[CustomerRecord], at: datetime
) -> None:
    """Adds or overwrites customers and adds their addresses; addresses not named here stay."""
    people = {
        r.customer_id: {
            "customer_id": index_key(r.customer_id),
            "name": storable(r.name),
            "language": storable_or_none(r.language),
            "tier": storable_or_none(r.tier),
            "updated_at": at,
        }
        for r in records
    }
    addresses = [
        {
            "customer_id": index_key(r.customer_id),
            "address_key": index_key(r.address_key),
            "address": storable(r.address),
            "state": r.state,
        }
        for r in records
    ]
    add_people = upsert(connection, CUSTOMER, ("name", "language", "tier", "updated_at"))
    add_addresses = upsert(connection, CUSTOMER_ADDRESS, ("address", "state"))
    for some in chunks(list(people.values())):
        connection.execute(add_people, list(some))
    for some_addresses in chunks(addresses):
        connection.execute(add_addresses, list(some_addresses))


def find_by_address(connection: Connection, *address_keys: str | None) -> tuple[Customer, ...]:
    """Customers registered under any of these normalised addresses, at most 20."""
    keys = index_keys(address_keys)
    if not keys:
        return ()
    return tuple(Customer(*row) for row in connection.execute(_BY_ADDRESS, {"keys": keys}))


def count_customers(connection: Connection) -> int:
    """How many there are."""
    return connection.execute(select(func.count()).select_from(CUSTOMER)).scalar_one()


def suppress(
    connection: Connection, address_key: str, reason: str, until: datetime | None, at: datetime
) -> None:
    """No automatic mail to this normalised address until `until` (None: for good)."""
    row = {
        "address_key": index_key(address_key),
        "reason": storable(reason),
        "until": until,
        "created_at": at,
    }
    connection.execute(upsert(connection, SUPPRESSION, ("reason", "until", "created_at")), row)


def unsuppress(connection: Connection, address_key: str) -> None:
    """Automatic mail may go to this address again."""
    connection.execute(
        delete(SUPPRESSION).where(SUPPRESSION.c.address_key == index_key(address_key))
    )
