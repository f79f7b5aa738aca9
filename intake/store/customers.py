"""The customers a mail may come from: by address, by domain; suppressions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, select

from intake.model import Customer
from intake.model.facts import AddressState
from intake.store.statements import upsert
from intake.store.tables import CUSTOMER, CUSTOMER_ADDRESS, CUSTOMER_DOMAIN, SUPPRESSION
from intake.store.words import index_key, index_keys, storable

COLUMNS = (
    CUSTOMER.c.customer_id,
    CUSTOMER.c.name,
    CUSTOMER_ADDRESS.c.address,
    CUSTOMER.c.language,
    CUSTOMER.c.tier,
    CUSTOMER_ADDRESS.c.state,
    CUSTOMER.c.timezone,
    CUSTOMER.c.notes,
    CUSTOMER_ADDRESS.c.bouncing_until,
)
_BY_ADDRESS = (
    select(*COLUMNS, CUSTOMER_ADDRESS.c.address_key)
    .join(CUSTOMER, CUSTOMER.c.customer_id == CUSTOMER_ADDRESS.c.customer_id)
    .where(CUSTOMER_ADDRESS.c.address_key.in_(bindparam("keys", expanding=True)))
    .order_by(CUSTOMER_ADDRESS.c.address_key, CUSTOMER.c.customer_id)
    .limit(20)
)
_BY_DOMAIN = (
    select(
        CUSTOMER.c.customer_id,
        CUSTOMER.c.name,
        CUSTOMER.c.language,
        CUSTOMER.c.tier,
        CUSTOMER.c.timezone,
        CUSTOMER.c.notes,
        CUSTOMER_DOMAIN.c.domain_key,
    )
    .join(CUSTOMER, CUSTOMER.c.customer_id == CUSTOMER_DOMAIN.c.customer_id)
    .where(CUSTOMER_DOMAIN.c.domain_key.in_(bindparam("keys", expanding=True)))
    .order_by(CUSTOMER.c.customer_id)
    .limit(20)
)


def find_registered(
    connection: Connection, address_keys: Iterable[str | None], now: datetime
) -> list[tuple[str, Customer]]:
    """(normalised address, customer) for each of these that is registered, at most 20."""
    keys = index_keys(address_keys)
    if not keys:
        return []
    return [
        (
            row.address_key,
            Customer(
                row.customer_id,
                row.name,
                row.address,
                row.language,
                row.tier,
                state_at(row.state, row.bouncing_until, now),
                row.timezone,
                row.notes,
            ),
        )
        for row in connection.execute(_BY_ADDRESS, {"keys": keys})
    ]


def find_by_address(
    connection: Connection, *address_keys: str | None, now: datetime
) -> tuple[Customer, ...]:
    """Customers registered under any of these normalised addresses, at most 20."""
    return tuple(customer for _, customer in find_registered(connection, address_keys, now))


def find_companies(connection: Connection, domains: tuple[str, ...]) -> tuple[Customer, ...]:
    """Customers registered with the first of these domains that anybody is registered with."""
    keys = index_keys(domains)
    if not keys:
        return ()
    rows = connection.execute(_BY_DOMAIN, {"keys": keys}).all()
    nearest = next((key for key in keys if any(row.domain_key == key for row in rows)), None)
    return tuple(
        Customer(
            row.customer_id,
            row.name,
            f"@{row.domain_key}",
            row.language,
            row.tier,
            timezone=row.timezone,
            notes=row.notes,
            by_domain=True,
        )
        for row in rows
        if row.domain_key == nearest
    )


def state_at(state: AddressState, bouncing_until: datetime | None, now: datetime) -> AddressState:
    """The state of an address at a time: bouncing ends by itself."""
    over = state == "bouncing" and bouncing_until is not None and bouncing_until <= now
    return "registered" if over else state


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
