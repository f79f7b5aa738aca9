"""The directory as people look at it and change it: one customer, a search, states, removal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, or_, select, update

from intake.errors import NotFound
from intake.model.facts import AddressState
from intake.store.customers import state_at
from intake.store.notices import record_notice
from intake.store.statements import AnyRow
from intake.store.tables import CUSTOMER, CUSTOMER_ADDRESS, CUSTOMER_DOMAIN, TICKET
from intake.store.words import index_key, storable

_PAGE = 1000
# Any number will do as long as it stays: PostgreSQL's advisory locks on customers' ids.
_LOCK = 1_296_843_781
_ADDRESS = CUSTOMER_ADDRESS.c


@dataclass(frozen=True, slots=True)
class AddressView:
    """An address and how it is; `shared_with` are other customers who have it too."""

    address: str
    state: AddressState
    reason: str = ""
    since: datetime | None = None
    until: datetime | None = None
    shared_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CustomerView:
    """All that the directory says about a customer."""

    customer_id: str
    name: str
    language: str | None
    timezone: str | None
    tier: str | None
    notes: str
    updated_at: datetime
    addresses: tuple[AddressView, ...]
    domains: tuple[str, ...]


def load_customer(connection: Connection, customer_id: str, now: datetime) -> CustomerView:
    """One customer. Raises NotFound."""
    row = connection.execute(
        select(CUSTOMER).where(CUSTOMER.c.customer_id == index_key(customer_id))
    ).one_or_none()
    if row is None:
        raise NotFound(f"there is no customer {customer_id}")
    (view,) = _views(connection, [row], now)
    return view


def lock_customer(connection: Connection, customer_id: str) -> None:
    """Keeps others from adding or changing the customer until the transaction ends."""
    if connection.dialect.name == "postgresql":
        # A row that is not there yet cannot be locked. SQLite has one writer at a time anyway.
        lock = select(func.pg_advisory_xact_lock(_LOCK, func.hashtext(index_key(customer_id))))
        connection.execute(lock)
    query = select(CUSTOMER.c.customer_id).where(CUSTOMER.c.customer_id == index_key(customer_id))
    connection.execute(query.with_for_update())


def owners_of(connection: Connection, address_key: str) -> list[str]:
    """The customers who have this normalised address."""
    query = select(_ADDRESS.customer_id).where(_ADDRESS.address_key == index_key(address_key))
    return list(connection.execute(query.order_by(_ADDRESS.customer_id)).scalars())


def search(connection: Connection, words: str, now: datetime, *, limit: int) -> list[CustomerView]:
    """Customers whose id begins with `words`, or whose name, address or domain holds them.

    Reads the whole directory if it must: this is for people, not for mails.
    """
    by_address = select(_ADDRESS.customer_id).where(
        _ADDRESS.address.icontains(words, autoescape=True)
    )
    domain = CUSTOMER_DOMAIN.c.domain_key.icontains(words, autoescape=True)
    by_domain = select(CUSTOMER_DOMAIN.c.customer_id).where(domain)
    found = or_(
        CUSTOMER.c.customer_id.startswith(words, autoescape=True),
        CUSTOMER.c.name.icontains(words, autoescape=True),
        CUSTOMER.c.customer_id.in_(by_address),
        CUSTOMER.c.customer_id.in_(by_domain),
    )
    query = select(CUSTOMER).where(found).order_by(CUSTOMER.c.customer_id).limit(limit)
    return _views(connection, connection.execute(query).all(), now)


def all_customers(connection: Connection, now: datetime) -> Iterator[CustomerView]:
    """Every customer by id, page by page, within the caller's transaction."""
    after = ""
    while page := customers_after(connection, after, now, limit=_PAGE):
        yield from page
        after = page[-1].customer_id


def customers_after(
    connection: Connection, after: str, now: datetime, *, limit: int
) -> list[CustomerView]:
    """The next customers by id."""
    query = select(CUSTOMER).where(CUSTOMER.c.customer_id > index_key(after))
    rows = connection.execute(query.order_by(CUSTOMER.c.customer_id).limit(limit)).all()
    return _views(connection, rows, now)


def _views(connection: Connection, rows: Sequence[AnyRow], now: datetime) -> list[CustomerView]:
    ids = [row.customer_id for row in rows]
    mine, other = CUSTOMER_ADDRESS.alias("mine"), CUSTOMER_ADDRESS.alias("other")
    query = (
        select(mine, other.c.customer_id.label("other_id"))
        .outerjoin(
            other,
            (other.c.address_key == mine.c.address_key)
            & (other.c.customer_id != mine.c.customer_id),
        )
        .where(mine.c.customer_id.in_(bindparam("ids", expanding=True)))
        .order_by(mine.c.customer_id, mine.c.address_key, other.c.customer_id)
    )
    addresses: dict[str, dict[str, AddressView]] = {}
    for row in connection.execute(query, {"ids": ids}):
        mine_now = addresses.setdefault(row.customer_id, {})
        before = mine_now.get(row.address_key)
        shared = (*(before.shared_with if before else ()), *filter(None, (row.other_id,)))
        mine_now[row.address_key] = _address_view(row, shared, now)
    domains: dict[str, list[str]] = {}
    columns = (CUSTOMER_DOMAIN.c.customer_id, CUSTOMER_DOMAIN.c.domain_key)
    listed = select(*columns).where(columns[0].in_(bindparam("ids", expanding=True)))
    for customer_id, domain in connection.execute(listed.order_by(*columns), {"ids": ids}):
        domains.setdefault(customer_id, []).append(domain)
    return [
        CustomerView(
            row.customer_id,
            row.name,
            row.language,
            row.timezone,
            row.tier,
            row.notes,
            row.updated_at,
            tuple(addresses.get(row.customer_id, {}).values()),
            tuple(domains.get(row.customer_id, ())),
        )
        for row in rows
    ]


def _address_view(row: AnyRow, shared: tuple[str, ...], now: datetime) -> AddressView:
    state = state_at(row.state, row.bouncing_until, now)
    if state != row.state:
        return AddressView(row.address, state, "", row.bouncing_until, None, shared)
    return AddressView(
        row.address, state, row.state_reason, row.state_at, row.bouncing_until, shared
    )


def set_state(
    connection: Connection,
    address_key: str,
    state: AddressState,
    *,
    by: str,
    at: datetime,
    reason: str = "",
    until: datetime | None = None,
) -> tuple[str, ...]:
    """Sets the state of an address, for every customer who has it: their ids.

    Raises NotFound for an address that nobody has.
    """
    key = index_key(address_key)
    owners = owners_of(connection, key)
    if not owners:
        raise NotFound(
            f"no customer has the address {address_key}",
            advice="`intake customers find` searches for a part of it.",
        )
    values = {
        "state": state,
        "state_reason": storable(reason),
        "state_at": at,
        "bouncing_until": until,
    }
    connection.execute(update(CUSTOMER_ADDRESS).where(_ADDRESS.address_key == key).values(**values))
    text = f"{by} set {address_key} (customer {', '.join(owners)}) to {state}"
    text += f" until {until:%Y-%m-%d %H:%M}" if until else ""
    record_notice(connection, f"address-{state}", text + (f": {reason}" if reason else ""), at)
    return tuple(owners)


def remove_customer(connection: Connection, customer_id: str, *, by: str, at: datetime) -> None:
    """Takes a customer out of the directory; tickets keep the id. Raises NotFound."""
    key = index_key(customer_id)
    known = select(CUSTOMER.c.customer_id).where(CUSTOMER.c.customer_id == key)
    if connection.execute(known).scalar_one_or_none() is None:
        raise NotFound(f"there is no customer {customer_id}")
    _remove(connection, [key])
    record_notice(connection, "customer-removed", f"{by} removed customer {customer_id}.", at)


def remove_unnamed(connection: Connection, customer_ids: Sequence[str]) -> int:
    """Removes those of them who have no blocked address; how many."""
    ids = [index_key(customer_id) for customer_id in customer_ids]
    query = select(_ADDRESS.customer_id).where(
        _ADDRESS.customer_id.in_(bindparam("ids", expanding=True)), _ADDRESS.state == "blocked"
    )
    kept = set(connection.execute(query, {"ids": ids}).scalars())
    gone = [customer_id for customer_id in ids if customer_id not in kept]
    _remove(connection, gone)
    return len(gone)


def _remove(connection: Connection, ids: Sequence[str]) -> None:
    for table in (CUSTOMER_ADDRESS, CUSTOMER_DOMAIN, CUSTOMER):
        gone = table.c.customer_id.in_(bindparam("ids", expanding=True))
        connection.execute(delete(table).where(gone), {"ids": list(ids)})


def customer_ids_after(connection: Connection, after: str, limit: int) -> list[str]:
    """The next ids in order."""
    column = CUSTOMER.c.customer_id
    query = select(column).where(column > after).order_by(column).limit(limit)
    return list(connection.execute(query).scalars())


def count_tickets(connection: Connection, customer_id: str) -> dict[str, int]:
    """How many tickets the customer has, by state."""
    query = (
        select(TICKET.c.state, func.count().label("tickets"))
        .where(TICKET.c.customer_id == index_key(customer_id))
        .group_by(TICKET.c.state)
        .order_by(TICKET.c.state)
    )
    return {row.state: row.tickets for row in connection.execute(query)}
