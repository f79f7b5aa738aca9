"""What staff work on: tickets, the messages in them, attachments, participants, events."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from intake.store.tables.base import BIG, KEY_ONLY, Row


class TicketRow(Row, table=True):
    """One matter of one customer. `waiting_since` is set while the customer waits for us.

    `last_sent_at` is the Date of the newest mail from outside. `attention` says why a person
    should look now, "" for no reason. A ticket that was merged points at where it went.
    """

    __tablename__ = "ticket"
    __table_args__ = (Index(None, "state", "waiting_since", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    number: str = Field(unique=True)
    subject: str
    subject_key: str
    state: str
    channel: str = "email"
    mailbox: str
    customer_id: str | None = None
    sender_match: str
    author: str | None = None
    author_name: str = ""
    category: str
    priority: str
    language: str | None = None
    created_at: datetime
    updated_at: datetime
    waiting_since: datetime | None = None
    chasers_in_row: int = 0
    messages: int = 1
    last_sent_at: datetime | None = None
    attention: str = ""
    merged_into: int | None = Field(default=None, sa_type=BIG)


class MessageRow(Row, table=True):
    """What one mail says and what was decided about it; `ticket_id` is null outside tickets.

    `facts` and `decision` are JSON of the frozen data they are named after; the bytes of a
    composed answer are only in the outbox. `copy_of` is 0 for the one delivery that counts in a
    ticket and the own mail's row id for every other, so that only the first kind is unique.
    `connects` is JSON of what the mail gave its ticket to be found by: it goes where the mail goes.
    Text and names are without the secrets of the mail; `secrets` names their kinds, one a line.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index(None, "author_key", "ticket_id"),
        # The last word when two workers judge two deliveries of one mail at the same moment.
        UniqueConstraint("message_id", "body_fingerprint", "copy_of"),
        Index(
            "ix_message_with_secrets",
            "received_at",
            sqlite_where=text("secrets != ''"),
            postgresql_where=text("secrets != ''"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    mail_id: int = Field(foreign_key="mail.id", unique=True, sa_type=BIG)
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True, sa_type=BIG)
    sha256: str
    disposition: str
    message_id: str | None = None
    body_fingerprint: str
    copy_of: int = Field(sa_type=BIG)
    author_key: str | None = None
    author: str | None = None
    author_name: str = ""
    subject: str
    sent_at: datetime | None = None
    received_at: datetime
    recorded_at: datetime
    language: str | None = None
    text: str
    reply: str
    html: str | None = None
    spam_verdict: str
    spam_score: float
    automatic: str
    chaser: bool = False
    facts: str
    decision: str
    connects: str = "{}"
    secrets: str = ""


class AttachmentRow(Row, table=True):
    """One file of a message; `section` finds its bytes in the raw mail.

    `look` is set while the picture waits to be looked at (`waiting`), or for somebody who can read
    its words (`unread`). `scan` is what the virus scanner said, `waiting` before it was asked.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        UniqueConstraint("message_row_id", "position"),
        Index(
            None,
            "look",
            "message_row_id",
            "position",
            sqlite_where=text("look IS NOT NULL"),
            postgresql_where=text("look IS NOT NULL"),
        ),
        Index(
            "ix_attachment_unscanned",
            "id",
            sqlite_where=text("scan = 'waiting'"),
            postgresql_where=text("scan = 'waiting'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    message_row_id: int = Field(foreign_key="message.id", sa_type=BIG)
    position: int
    section: str
    filename: str | None = None
    content_type: str
    declared_type: str
    size_bytes: int = Field(sa_type=BIG)
    sha256: str
    kind: str
    content_disposition: str
    content_id: str | None = None
    container: str | None = None
    risk: str = ""
    width: int | None = None
    height: int | None = None
    perceptual_hash: str | None = None
    members: str = ""
    look: str | None = None
    scan: str = "waiting"


class ParticipantRow(Row, table=True):
    """Who takes part in a ticket; the subject beside it finds "same writer, same subject"."""

    __tablename__ = "participant"
    __table_args__ = (Index(None, "address_key", "subject_key", "ticket_id"), KEY_ONLY)

    ticket_id: int = Field(primary_key=True, foreign_key="ticket.id", sa_type=BIG)
    address_key: str = Field(primary_key=True)
    subject_key: str


class EventRow(Row, table=True):
    """Something that happened, in words for staff; `data` is JSON for programs."""

    __tablename__ = "event"

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True, sa_type=BIG)
    mail_id: int | None = Field(default=None, foreign_key="mail.id", sa_type=BIG)
    kind: str
    at: datetime
    text: str
    data: str = "{}"
