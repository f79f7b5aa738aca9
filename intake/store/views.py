"""What reads of the store give back: frozen data, times aware and in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intake.model import Attachment


@dataclass(frozen=True, slots=True)
class QuarantinedMail:
    """A mail set aside, or left on the server as too large."""

    id: int
    sha256: str
    size_bytes: int
    state: str
    mailbox: str
    received_at: datetime
    attempts: int
    error_code: str | None
    error_text: str | None
    headers_text: str | None
    processed_at: datetime | None


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """One line of a ticket list."""

    id: int
    number: str
    subject: str
    state: str
    category: str
    priority: str
    author: str | None
    author_name: str
    customer_id: str | None
    sender_match: str
    created_at: datetime
    updated_at: datetime
    waiting_since: datetime | None
    chasers_in_row: int
    messages: int
    attention: str


@dataclass(frozen=True, slots=True)
class EventView:
    """Something that happened. `ticket` and `sha256` are None where it belongs to none."""

    id: int
    ticket: str | None
    sha256: str | None
    kind: str
    at: datetime
    text: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SeenBefore:
    """An earlier mail of the same people with the same picture; `bits` differ in the hash."""

    ticket: str
    at: datetime
    bits: int


@dataclass(frozen=True, slots=True)
class FileView:
    """What was found in a file after its mail was answered.

    `picture` is waiting, read, seen (not read: the reason says why) or failed, and None for what
    nobody looks at; `scan` waiting (not asked), clean, found or skipped.
    """

    sha256: str
    picture: str | None
    picture_reason: str
    engine: str | None
    looked_at: datetime | None
    scan: str
    scan_detail: str
    scanned_at: datetime | None
    seen_before: tuple[SeenBefore, ...]


@dataclass(frozen=True, slots=True)
class FilesView:
    """How many pictures and files were dealt with, by state, and how many are still to be."""

    pictures: Mapping[str, int]
    pictures_waiting: int
    pictures_unread: int
    scans: Mapping[str, int]
    scans_waiting: int


@dataclass(frozen=True, slots=True)
class HelperView:
    """An optional helper: whether it was well when last needed, in words, and since when."""

    name: str
    well: bool
    text: str
    since: datetime


@dataclass(frozen=True, slots=True)
class MessageView:
    """One mail of a ticket with its files and what was decided, as JSON data.

    `files` says what was found in `attachments`, in the same order. `secrets` are the kinds of
    secrets in the raw mail, which are hidden here.
    """

    sha256: str
    message_id: str | None
    disposition: str
    author: str | None
    author_name: str
    subject: str
    sent_at: datetime | None
    received_at: datetime
    text: str
    reply: str
    html: str | None
    language: str | None
    chaser: bool
    automatic: str
    spam_verdict: str
    spam_score: float
    attachments: tuple[Attachment, ...]
    files: tuple[FileView, ...]
    decision: Mapping[str, Any]
    secrets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutboxView:
    """One outgoing mail and where it stands."""

    id: int
    ticket: str | None
    message_id: str | None
    recipient: str | None
    subject: str
    state: str
    reason: str
    attempts: int
    template: str | None
    language: str | None
    planned_at: datetime
    next_at: datetime | None
    finished_at: datetime | None
    response: str | None
    sha256: str | None


@dataclass(frozen=True, slots=True)
class TicketView:
    """A ticket with all that belongs to it, oldest first."""

    ticket: QueueEntry
    mailbox: str
    language: str | None
    links: tuple[tuple[str, str], ...]
    participants: tuple[str, ...]
    conversation: tuple[MessageView, ...]
    outgoing: tuple[OutboxView, ...]
    events: tuple[EventView, ...]


@dataclass(frozen=True, slots=True)
class MailboxHealth:
    """How a mailbox is doing. `missing` is what its server lists and we could not fetch."""

    mailbox: str
    last_attempt_at: datetime | None = None
    last_success_at: datetime | None = None
    last_error: str | None = None
    error_kind: str | None = None
    failures: int = 0
    next_attempt_at: datetime | None = None
    token_expires_at: datetime | None = None
    backlog: int = 0
    missing: int = 0
    uidvalidity: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class LeaseView:
    """Who holds a lease, until when; `epoch` grows with every change of hands."""

    name: str
    owner: str
    until: datetime
    epoch: int


@dataclass(frozen=True, slots=True)
class StatusView:
    """The whole house at a glance. Ages are seconds since, None where there is nothing."""

    mails: Mapping[str, int]
    oldest_received_seconds: float | None
    tickets: Mapping[str, int]
    longest_waiting_seconds: float | None
    outbox: Mapping[str, int]
    oldest_unsent_seconds: float | None
    mailboxes: tuple[MailboxHealth, ...]
    leases: tuple[LeaseView, ...]
    files: FilesView
    helpers: tuple[HelperView, ...]
    mails_with_secrets: int = 0
