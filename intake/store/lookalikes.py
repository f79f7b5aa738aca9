"""Registered addresses and domains that an author's may be taken for, by index look-ups alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, bindparam, cast, literal, null, or_, select, union_all

from intake.model import Customer
from intake.model.looks import (
    Candidate,
    Imitation,
    Looks,
    choose_lookalikes,
    near_labels,
)
from intake.store.customers import COLUMNS, state_at
from intake.store.statements import AnyRow
from intake.store.tables import CUSTOMER, CUSTOMER_ADDRESS, CUSTOMER_DOMAIN, CUSTOMER_LABEL
from intake.store.tables.base import BIG
from intake.store.words import index_key

# What one kind of look-up reads at most; the marks of neighbours are shared by some others.
_MOST, _MOST_NEIGHBOURS, _MOST_LABELS = 12, 60, 40
_LENGTHS = 4
_ADDRESS = CUSTOMER_ADDRESS.c
Item = TypeVar("Item")


def find_lookalikes(
    connection: Connection, author: Imitation, now: datetime
) -> tuple[Customer, ...]:
    """At most 5 customers, the most telling first; see intake.model.looks."""
    near: tuple[str, ...] = ()
    if author.heads:
        marks = {"heads": _texts(author.heads), "tails": _texts(author.tails)}
        near = near_labels(author, connection.execute(_LABELS, marks).scalars())
    asked = {
        "locals": _texts(author.locals),
        "labels": _texts((*author.labels, *near)),
        "local": index_key(author.locals[0]) if author.by_local else None,
        "name": index_key(author.name) if author.by_name else None,
        **{f"near_{n}": _padded(author.near[n::3] or (0,)) for n in range(3)},
        # Where anybody gets an address, only a neighbour of the same name or none is telling.
        "any_name": int(author.public is None or not author.name),
        "names": [index_key(author.name), ""],
        # A domain imitated as a whole is a company's: at a public provider there is none.
        "hosts": _texts((*author.labels, *near)) if author.public is None else [""],
    }
    rows = connection.execute(_CANDIDATES, asked)
    return choose_lookalikes(author, near, [_candidate(row, now) for row in rows])


def _texts(values: tuple[str, ...]) -> list[str]:
    return _padded([index_key(value) for value in values])


def _padded(values: Sequence[Item]) -> list[Item]:
    """The last again and again: lists of few lengths make few statements, kept prepared."""
    return [*values, *list(values[-1:]) * (-len(values) % _LENGTHS)]


def _candidate(row: AnyRow, now: datetime) -> Candidate:
    near = (row.near_1, row.near_2, row.near_3)
    looks = Looks(
        row.local_look, row.label_look, row.name_look, near if row.near_1 is not None else ()
    )
    customer = Customer(
        row.customer_id,
        row.name,
        row.address,
        row.language,
        row.tier,
        state_at(row.state, row.bouncing_until, now),
        row.timezone,
        row.notes,
        by_domain=not row.local_look,
    )
    return Candidate(customer, row.address_key, looks)


def _addresses() -> Select[*tuple[Any, ...]]:
    return select(
        *COLUMNS,
        _ADDRESS.address_key,
        _ADDRESS.local_look,
        _ADDRESS.label_look,
        CUSTOMER.c.name_look,
        _ADDRESS.near_1,
        _ADDRESS.near_2,
        _ADDRESS.near_3,
    ).join(CUSTOMER, CUSTOMER.c.customer_id == _ADDRESS.customer_id)


def _some(query: Select[*tuple[Any, ...]], limit: int) -> Select[*tuple[Any, ...]]:
    # SQLite takes no LIMIT in a member of a union.
    return select(query.limit(limit).subquery())


def _of_that_name(query: Select[*tuple[Any, ...]], limit: int) -> Select[*tuple[Any, ...]]:
    # Outside the limit: a mark that thousands share is not read through.
    some = query.limit(limit).subquery()
    same = some.c.name_look.in_(bindparam("names", expanding=True))
    return select(some).where(or_(bindparam("any_name") == 1, same))


_LABELS = union_all(
    _some(
        select(CUSTOMER_LABEL.c.label).where(
            CUSTOMER_LABEL.c.head.in_(bindparam("heads", expanding=True))
        ),
        _MOST_LABELS,
    ),
    _some(
        select(CUSTOMER_LABEL.c.label).where(
            CUSTOMER_LABEL.c.tail.in_(bindparam("tails", expanding=True))
        ),
        _MOST_LABELS,
    ),
)

_rare_names = (
    select(CUSTOMER.c.customer_id).where(CUSTOMER.c.name_look == bindparam("name")).limit(3)
)
_domains = (
    select(
        CUSTOMER.c.customer_id,
        CUSTOMER.c.name,
        (literal("@") + CUSTOMER_DOMAIN.c.domain_key).label("address"),
        CUSTOMER.c.language,
        CUSTOMER.c.tier,
        literal("registered").label("state"),
        CUSTOMER.c.timezone,
        CUSTOMER.c.notes,
        cast(null(), _ADDRESS.bouncing_until.type).label("bouncing_until"),
        (literal("@") + CUSTOMER_DOMAIN.c.domain_key).label("address_key"),
        literal("").label("local_look"),
        CUSTOMER_DOMAIN.c.label_look,
        literal("").label("name_look"),
        *(cast(null(), BIG).label(f"near_{n}") for n in (1, 2, 3)),
    )
    .join(CUSTOMER, CUSTOMER.c.customer_id == CUSTOMER_DOMAIN.c.customer_id)
    .where(CUSTOMER_DOMAIN.c.label_look.in_(bindparam("hosts", expanding=True)))
)
_CANDIDATES = union_all(
    _some(
        _addresses().where(
            _ADDRESS.local_look.in_(bindparam("locals", expanding=True)),
            _ADDRESS.label_look.in_(bindparam("labels", expanding=True)),
        ),
        _MOST,
    ),
    _some(_addresses().where(_ADDRESS.local_look == bindparam("local")), _MOST),
    *(
        _of_that_name(
            _addresses().where(mark.in_(bindparam(f"near_{n}", expanding=True))), _MOST_NEIGHBOURS
        )
        for n, mark in enumerate((_ADDRESS.near_1, _ADDRESS.near_2, _ADDRESS.near_3))
    ),
    _some(_addresses().where(_ADDRESS.customer_id.in_(_rare_names)), _MOST),
    _some(_domains, _MOST),
)
