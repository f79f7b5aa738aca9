"""What customer records would change in the directory, and changing it: many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from intake.model.looks import Looks
from intake.store.customer_records import (
    FIELDS,
    AddressRecord,
    Counts,
    CustomerRecord,
    LookMaker,
)
from intake.store.statements import AnyRow, chunks, insert_ignoring, upsert
from intake.store.tables import CUSTOMER, CUSTOMER_ADDRESS, CUSTOMER_DOMAIN, CUSTOMER_LABEL
from intake.store.words import index_key, storable

# Those that hold "" rather than nothing.
_TEXTS = ("name", "notes")
_STATE = ("state", "state_reason", "bouncing_until")
_BLOCKED = "blocked"
Values = dict[str, Any]


@dataclass(slots=True)
class Changes:
    """Rows to be written. `shared` are (customer, address key, another customer it belongs to);
    `blocked` are (customer, address key) whose block stays against what the record says.
    """

    counts: Counts = field(default_factory=Counts)
    customers: list[Values] = field(default_factory=list)
    new_addresses: list[Values] = field(default_factory=list)
    changed_addresses: list[Values] = field(default_factory=list)
    gone_addresses: list[Values] = field(default_factory=list)
    new_domains: list[Values] = field(default_factory=list)
    gone_domains: list[Values] = field(default_factory=list)
    shared: list[tuple[str, str, str]] = field(default_factory=list)
    blocked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def any(self) -> bool:
        """Whether there is anything to write."""
        return bool(
            self.customers
            or self.new_addresses
            or self.changed_addresses
            or self.gone_addresses
            or self.new_domains
            or self.gone_domains
        )


def make_room(connection: Connection) -> None:
    """Lets SQLite keep the indexes in memory while many rows are written: 256 MB at most."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA cache_size=-262144")


def find_changes(connection: Connection, records: Sequence[CustomerRecord]) -> Changes:
    """What these records (of different customers) would change. Changes nothing."""
    there = _Present(connection, records)
    changes = Changes()
    for record in records:
        _compare(there, record, changes)
    return changes


class _Present:
    """What the directory holds of the customers and addresses of some records."""

    def __init__(self, connection: Connection, records: Sequence[CustomerRecord]) -> None:
        ids = [index_key(record.customer_id) for record in records]
        keys = [index_key(address.key) for record in records for address in record.addresses]
        domains = [index_key(domain) for record in records for domain in record.domains]
        whole = [index_key(record.customer_id) for record in records if record.whole]
        self.customers: dict[str, AnyRow] = {
            row.customer_id: row for row in _rows(connection, CUSTOMER.c.customer_id, ids)
        }
        addresses = _rows(connection, CUSTOMER_ADDRESS.c.address_key, keys)
        addresses += _rows(connection, CUSTOMER_ADDRESS.c.customer_id, whole)
        self.addresses: dict[str, dict[str, AnyRow]] = {}
        self.owners: dict[str, set[str]] = {}
        for row in addresses:
            self.addresses.setdefault(row.customer_id, {})[row.address_key] = row
            self.owners.setdefault(row.address_key, set()).add(row.customer_id)
        found = _rows(connection, CUSTOMER_DOMAIN.c.domain_key, domains)
        found += _rows(connection, CUSTOMER_DOMAIN.c.customer_id, whole)
        self.domains: dict[str, set[str]] = {}
        for row in found:
            self.domains.setdefault(row.customer_id, set()).add(row.domain_key)


def _rows(connection: Connection, column: Any, keys: Iterable[str]) -> list[AnyRow]:
    query = select(column.table).where(column.in_(bindparam("keys", expanding=True)))
    distinct = list(dict.fromkeys(keys))
    return [row for some in chunks(distinct) for row in connection.execute(query, {"keys": some})]


def _compare(there: _Present, record: CustomerRecord, changes: Changes) -> None:
    customer_id = index_key(record.customer_id)
    before = there.customers.get(customer_id)
    now = Counts()
    values = {name: getattr(before, name) if before else _empty(name) for name in FIELDS}
    wanted = values | {name: _stored(name, value) for name, value in record.fields.items()}
    if before is None or wanted != values:
        changes.customers.append({"customer_id": customer_id, **wanted})
    _compare_addresses(there, record, customer_id, now, changes)
    _compare_domains(there, record, customer_id, now, changes)
    touched = wanted != values or any(getattr(now, name) for name in Counts.__slots__)
    if before is None:
        now.added = 1
    elif touched:
        now.changed = 1
    else:
        now.unchanged = 1
    changes.counts.add(now)


def _compare_addresses(
    there: _Present, record: CustomerRecord, customer_id: str, now: Counts, changes: Changes
) -> None:
    present = there.addresses.get(customer_id, {})
    named = set()
    for address in record.addresses:
        key = index_key(address.key)
        named.add(key)
        others = there.owners.get(key, set()) - {customer_id}
        changes.shared += [(record.customer_id, address.key, other) for other in sorted(others)]
        there.owners.setdefault(key, set()).add(customer_id)
        row = _address_row(customer_id, key, address)
        old = present.get(key)
        if old is None:
            now.addresses_added += 1
            changes.new_addresses.append(row)
            continue
        if address.state is None or (old.state == _BLOCKED and address.state != _BLOCKED):
            row |= {name: getattr(old, name) for name in _STATE}
            if address.state is not None:
                changes.blocked.append((record.customer_id, address.key))
        same_state = all(row[name] == getattr(old, name) for name in _STATE)
        if not same_state or row["address"] != old.address:
            now.addresses_changed += 1
            since = old.state_at if same_state else None
            changes.changed_addresses.append(row | {"state_at": since})
    if record.whole:
        gone = [key for key, old in present.items() if key not in named and old.state != _BLOCKED]
        now.addresses_removed += len(gone)
        changes.gone_addresses += [{"key": key, "id": customer_id} for key in gone]


def _compare_domains(
    there: _Present, record: CustomerRecord, customer_id: str, now: Counts, changes: Changes
) -> None:
    present = there.domains.get(customer_id, set())
    named = {index_key(domain) for domain in record.domains}
    new, gone = sorted(named - present), sorted(present - named) if record.whole else []
    now.domains_added += len(new)
    now.domains_removed += len(gone)
    changes.new_domains += [{"customer_id": customer_id, "domain_key": key} for key in new]
    changes.gone_domains += [{"key": key, "id": customer_id} for key in gone]


def _empty(name: str) -> str | None:
    return "" if name in _TEXTS else None


def _stored(name: str, value: str | None) -> str | None:
    return storable(value) if value else _empty(name)


def _address_row(customer_id: str, key: str, address: AddressRecord) -> Values:
    return {
        "customer_id": customer_id,
        "address_key": key,
        "address": storable(address.address),
        "state": address.state or "registered",
        "state_reason": storable(address.reason),
        "bouncing_until": address.until,
    }


def write_changes(
    connection: Connection, changes: Changes, look_maker: LookMaker, at: datetime
) -> None:
    """Writes what `find_changes` found."""
    looks = look_maker.looks
    labels: set[str] = set()
    customers = [
        {**row, "name_look": index_key(looks("@", row["name"]).name), "updated_at": at}
        for row in changes.customers
    ]
    addresses = []
    for row in changes.new_addresses:
        found = looks(row["address_key"], "")
        labels.add(found.label)
        addresses.append({**row, **look_columns(found), "state_at": at})
    domains = []
    for row in changes.new_domains:
        label = looks("@" + row["domain_key"], "").label
        labels.add(label)
        domains.append({**row, "label_look": index_key(label)})
    _run(connection, upsert(connection, CUSTOMER, (*FIELDS, "name_look", "updated_at")), customers)
    _run(connection, insert_ignoring(connection, CUSTOMER_ADDRESS), addresses)
    changed = [
        _renamed(row | {"state_at": row["state_at"] or at}) for row in changes.changed_addresses
    ]
    _run(connection, _CHANGE_ADDRESS, changed)
    _run(connection, insert_ignoring(connection, CUSTOMER_DOMAIN), domains)
    _run(connection, _DROP_ADDRESS, changes.gone_addresses)
    _run(connection, _DROP_DOMAIN, changes.gone_domains)
    keep_labels(connection, labels, look_maker)


def look_columns(looks: Looks) -> Values:
    """The columns of an address that its looks fill."""
    near = looks.near or (None, None, None)
    return {
        "local_look": index_key(looks.local),
        "label_look": index_key(looks.label),
        **{f"near_{n}": value for n, value in enumerate(near, 1)},
    }


def keep_labels(connection: Connection, labels: Iterable[str], look_maker: LookMaker) -> None:
    """Adds those labels that are not known yet and long enough to be imitated."""
    made = [look_maker.label(label) for label in sorted(labels)]
    rows = [
        {"label": index_key(m.label), "head": index_key(m.head), "tail": index_key(m.tail)}
        for m in made
        if m is not None
    ]
    _run(connection, insert_ignoring(connection, CUSTOMER_LABEL), rows)


def _run(connection: Connection, statement: Any, rows: Sequence[Values]) -> None:
    if rows:
        connection.execute(statement, rows)


def _renamed(row: Values) -> Values:
    """A row with the names that the parameters of an UPDATE may have."""
    return {f"new_{name}": value for name, value in row.items() if name not in _KEY} | {
        "key": row["address_key"],
        "id": row["customer_id"],
    }


_KEY = ("address_key", "customer_id")
_same_address = (
    CUSTOMER_ADDRESS.c.address_key == bindparam("key"),
    CUSTOMER_ADDRESS.c.customer_id == bindparam("id"),
)
_CHANGE_ADDRESS = (
    update(CUSTOMER_ADDRESS)
    .where(*_same_address)
    .values(
        address=bindparam("new_address"),
        state=bindparam("new_state"),
        state_reason=bindparam("new_state_reason"),
        bouncing_until=bindparam("new_bouncing_until"),
        state_at=bindparam("new_state_at"),
    )
)
_DROP_ADDRESS = delete(CUSTOMER_ADDRESS).where(*_same_address)
_DROP_DOMAIN = delete(CUSTOMER_DOMAIN).where(
    CUSTOMER_DOMAIN.c.domain_key == bindparam("key"),
    CUSTOMER_DOMAIN.c.customer_id == bindparam("id"),
)
