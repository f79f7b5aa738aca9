"""What connects mails with tickets beyond their Message-IDs, and what staff changed about it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from intake.store.tables.base import BIG, KEY_ONLY, Row


class MentionRow(Row, table=True):
    """A Message-ID that a mail of the ticket answers, whether we have that mail or not."""

    __tablename__ = "mention"
    __table_args__ = (KEY_ONLY,)

    message_id: str = Field(primary_key=True)
    ticket_id: int = Field(primary_key=True, foreign_key="ticket.id", index=True, sa_type=BIG)


class IdentifierRow(Row, table=True):
    """An account, order or transaction ID that a mail of the ticket names."""

    __tablename__ = "identifier"
    __table_args__ = (Index(None, "kind", "value_key"), KEY_ONLY)

    ticket_id: int = Field(primary_key=True, foreign_key="ticket.id", sa_type=BIG)
    kind: str = Field(primary_key=True)
    value_key: str = Field(primary_key=True)
    value: str


class TicketLinkRow(Row, table=True):
    """Two tickets that staff should see beside each other, and why."""

    __tablename__ = "ticket_link"
    __table_args__ = (KEY_ONLY,)

    ticket_id: int = Field(primary_key=True, foreign_key="ticket.id", sa_type=BIG)
    other_id: int = Field(primary_key=True, foreign_key="ticket.id", index=True, sa_type=BIG)
    reason: str
    at: datetime


class ActRow(Row, table=True):
    """What a person did to tickets, with all that is needed to undo it (`data`, JSON)."""

    __tablename__ = "act"

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    kind: str
    by: str
    at: datetime
    ticket_id: int = Field(foreign_key="ticket.id", index=True, sa_type=BIG)
    data: str
    undone_at: datetime | None = None
    undone_by: str | None = None
