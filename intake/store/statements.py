"""Small things that the statements of several modules share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection, Row, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert

Item = TypeVar("Item")
AnyRow: TypeAlias = Row[*tuple[Any, ...]]

# Both databases take more parameters in one statement than this.
CHUNK = 500

_IGNORING: dict[tuple[str, str], Insert] = {}


def insert_ignoring(connection: Connection, table: Table) -> Insert:
    """INSERT that passes over rows whose key is already there; made once for each table."""
    found = _IGNORING.get((connection.dialect.name, table.name))
    if found is None:
        if connection.dialect.name == "postgresql":
            found = postgresql.insert(table).on_conflict_do_nothing()
        else:
            found = sqlite.insert(table).on_conflict_do_nothing()
        _IGNORING[connection.dialect.name, table.name] = found
    return found


def upsert(connection: Connection, table: Table, columns: Sequence[str]) -> Insert:
    """INSERT that overwrites `columns` of the row with the same primary key."""
    key = table.primary_key
    if connection.dialect.name == "postgresql":
        pg = postgresql.insert(table)
        return pg.on_conflict_do_update(key, set_={name: pg.excluded[name] for name in columns})
    lite = sqlite.insert(table)
    return lite.on_conflict_do_update(key, set_={name: lite.excluded[name] for name in columns})


def chunks(items: Sequence[Item], size: int = CHUNK) -> Iterator[Sequence[Item]]:
    """`items` in runs of at most `size`."""
    return (items[start : start + size] for start in range(0, len(items), size))
