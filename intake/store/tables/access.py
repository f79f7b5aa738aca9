"""Who may reach Intake over HTTP."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from intake.store.tables.base import Row


class ApiTokenRow(Row, table=True):
    """A program's token: only its SHA-256 is kept, so that the database gives none away.

    `scopes` are parted by blanks.
    """

    __tablename__ = "api_token"

    name: str = Field(primary_key=True)
    token_hash: str = Field(unique=True)
    scopes: str
    created_by: str
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
