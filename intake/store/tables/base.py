"""What all tables share: one metadata, stable constraint names, 64-bit keys."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Integer, MetaData
from sqlmodel import SQLModel

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite numbers rows by itself only where the key's type is exactly INTEGER.
BIG: Any = BigInteger().with_variant(Integer(), "sqlite")

# SQLite: rows live in the index of their key instead of beside it; one page less a write.
KEY_ONLY: dict[str, Any] = {"sqlite_with_rowid": False}


class Row(SQLModel):
    """Base of every table; its own metadata, so that a host program's tables stay apart."""

    metadata = MetaData(naming_convention=NAMES)
