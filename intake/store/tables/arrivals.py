"""What came in: the UID ledger, one row for each distinct mail, and the state of each mailbox."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field

from intake.store.tables.base import BIG, KEY_ONLY, Row


class MailRow(Row, table=True):
    """One distinct mail by its bytes, and where it stands in the work queue.

    `sha256` is of the raw bytes; of headers and size, after `too-large:`, where the bytes were
    never fetched. `lease_until` in the future means that a worker has it in hand.
    """

    __tablename__ = "mail"
    __table_args__ = (Index(None, "state", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    sha256: str = Field(unique=True)
    size_bytes: int = Field(sa_type=BIG)
    state: str
    mailbox: str
    imported: bool = False
    acknowledge: bool = True
    received_at: datetime
    attempts: int = 0
    lease_owner: str | None = None
    lease_until: datetime | None = None
    processed_at: datetime | None = None
    message_id: str | None = None
    error_code: str | None = None
    error_text: str | None = None
    headers_text: str | None = None


class LedgerRow(Row, table=True):
    """One place on a server where a mail was seen (RFC 9051 2.3.1.1), never removed."""

    __tablename__ = "ledger"
    __table_args__ = (
        Index(
            "ix_ledger_untold",
            "mailbox",
            "folder",
            "uidvalidity",
            "uid",
            sqlite_where=text("told_at IS NULL"),
            postgresql_where=text("told_at IS NULL"),
        ),
        KEY_ONLY,
    )

    mailbox: str = Field(primary_key=True)
    folder: str = Field(primary_key=True)
    uidvalidity: int = Field(primary_key=True, sa_type=BIG)
    uid: int = Field(primary_key=True, sa_type=BIG)
    mail_id: int = Field(foreign_key="mail.id", sa_type=BIG)
    bytes_kept: bool = True
    internal_date: datetime | None = None
    received_at: datetime
    told_at: datetime | None = None


class FolderRow(Row, table=True):
    """What the last poll of a folder saw."""

    __tablename__ = "folder"

    mailbox: str = Field(primary_key=True)
    folder: str = Field(primary_key=True)
    uidvalidity: int = Field(sa_type=BIG)
    uidnext: int | None = Field(default=None, sa_type=BIG)
    missing_count: int = 0
    checked_at: datetime


class MailboxRow(Row, table=True):
    """How a mailbox is doing, for the poller's backoff and for `intake status`."""

    __tablename__ = "mailbox"

    mailbox: str = Field(primary_key=True)
    last_attempt_at: datetime | None = None
    last_success_at: datetime | None = None
    last_error: str | None = None
    error_kind: str | None = None
    failures: int = 0
    next_attempt_at: datetime | None = None
    token_expires_at: datetime | None = None
    backlog: int = 0
