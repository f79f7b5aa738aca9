"""Keys and looks of the directory made anew, when the rules they were made by have changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    bindparam,
    delete,
    select,
    update,
)

from intake.store.customer_changes import keep_labels, look_columns
from intake.store.customer_records import LookMaker
from intake.store.statements import insert_ignoring, upsert
from intake.store.tables import CUSTOMER, CUSTOMER_ADDRESS, CUSTOMER_DOMAIN, DIRECTORY_KEYS
from intake.store.words import index_key

_ONLY = 1
_ADDRESS = CUSTOMER_ADDRESS.c


def keys_made_by(connection: Connection) -> str | None:
    """What the keys were made by; None where nobody said."""
    found: str | None = connection.execute(select(DIRECTORY_KEYS.c.made_by)).scalar_one_or_none()
    return found


def note_keys(connection: Connection, made_by: str) -> None:
    """All keys are made by this now."""
    row = {"id": _ONLY, "made_by": made_by}
    connection.execute(upsert(connection, DIRECTORY_KEYS, ("made_by",)), row)


def remake_keys(
    connection: Connection,
    customer_ids: Sequence[str],
    make_key: Callable[[str], str],
    look_maker: LookMaker,
) -> None:
    """Makes the keys and looks of these customers anew, from the addresses as written.

    Two addresses of a customer that have become one stay as one, blocked if either was.
    """
    ids = {"ids": list(customer_ids)}
    labels: set[str] = set()
    for row in connection.execute(_of(CUSTOMER), ids).all():
        name_look = index_key(look_maker.looks("@", row.name).name)
        if name_look != row.name_look:
            same = CUSTOMER.c.customer_id == row.customer_id
            connection.execute(update(CUSTOMER).where(same).values(name_look=name_look))
    for row in connection.execute(_of(CUSTOMER_ADDRESS), ids).all():
        labels.add(_remake_address(connection, dict(row._mapping), make_key, look_maker))
    for row in connection.execute(_of(CUSTOMER_DOMAIN), ids).all():
        label = look_maker.looks("@" + row.domain_key, "").label
        labels.add(label)
        if index_key(label) != row.label_look:
            same = CUSTOMER_DOMAIN.c.domain_key == row.domain_key
            connection.execute(
                update(CUSTOMER_DOMAIN).where(same).values(label_look=index_key(label))
            )
    keep_labels(connection, labels, look_maker)


def _remake_address(
    connection: Connection,
    before: dict[str, Any],
    make_key: Callable[[str], str],
    look_maker: LookMaker,
) -> str:
    key = index_key(make_key(before["address"]))
    looks = look_maker.looks(key, "")
    made = before | look_columns(looks) | {"address_key": key}
    if made != before:
        connection.execute(delete(CUSTOMER_ADDRESS).where(*_same(before)))
        connection.execute(insert_ignoring(connection, CUSTOMER_ADDRESS), made)
        if made["state"] == "blocked":
            states = {name: made[name] for name in ("state", "state_reason", "state_at")}
            connection.execute(update(CUSTOMER_ADDRESS).where(*_same(made)).values(**states))
    return looks.label


def _same(row: dict[str, Any]) -> tuple[ColumnElement[bool], ...]:
    return (
        _ADDRESS.address_key == row["address_key"],
        _ADDRESS.customer_id == row["customer_id"],
    )


def _of(table: Table) -> Select[Any]:
    return select(table).where(table.c.customer_id.in_(bindparam("ids", expanding=True)))
