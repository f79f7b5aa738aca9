"""What goes out: the outbox, and addresses that get no automatic mail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from intake.store.tables.base import BIG, Row


class OutboxRow(Row, table=True):
    """One outgoing mail, fixed byte for byte when it was planned.

    `next_at` is set only while there is something to do, so that the queue is one index range.
    `recipient_key` is set only where something does go out, for the limit on each address.
    A suppressed row may have no bytes: nothing was composed.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index(None, "recipient_key", "planned_at"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    mail_id: int = Field(foreign_key="mail.id", unique=True, sa_type=BIG)
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True, sa_type=BIG)
    message_id: str | None = Field(default=None, unique=True)
    envelope_sender: str = ""
    recipient: str | None = None
    recipient_key: str | None = None
    subject: str = ""
    raw: bytes | None = None
    sha256: str | None = None
    template: str | None = None
    template_version: str | None = None
    language: str | None = None
    state: str = Field(index=True)
    reason: str = ""
    attempts: int = 0
    owner: str | None = None
    planned_at: datetime
    first_at: datetime | None = None
    next_at: datetime | None = Field(default=None, index=True)
    finished_at: datetime | None = None
    response: str | None = None


class SuppressionRow(Row, table=True):
    """An address that gets no automatic mail until `until` (null: for good)."""

    __tablename__ = "suppression"

    address_key: str = Field(primary_key=True)
    reason: str
    until: datetime | None = None
    created_at: datetime
