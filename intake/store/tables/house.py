"""What the house needs for itself: leases, its helpers, and secrets it made or was given."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from intake.store.tables.base import BIG, Row


class LeaseRow(Row, table=True):
    """Who may do a piece of work; `epoch` grows with every change of hands."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    owner: str | None = None
    until: datetime
    epoch: int = Field(sa_type=BIG)


class HelperRow(Row, table=True):
    """How an optional helper (OCR, virus scanner) was found the last time it was needed."""

    __tablename__ = "helper"

    name: str = Field(primary_key=True)
    well: bool
    text: str
    since: datetime


class SecretRow(Row, table=True):
    """The desk's signing key, and refresh tokens that servers renewed."""

    __tablename__ = "secret"

    name: str = Field(primary_key=True)
    value: bytes
    updated_at: datetime
