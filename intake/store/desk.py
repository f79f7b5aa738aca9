"""What the command line reads: queue, one ticket, events, status."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    Table,
    case,
    func,
    or_,
    select,
)

from intake.errors import NotFound
from intake.model import Attachment
from intake.store.files import count_files, files_of_ticket
from intake.store.helpers import all_helpers
from intake.store.mailboxes import all_health
from intake.store.mails import RECEIVED
from intake.store.outbox import PLANNED, RETRYING, SENDING
from intake.store.shown import count_with_secrets
from intake.store.statements import AnyRow
from intake.store.tables import (
    ATTACHMENT,
    EVENT,
    LEASE,
    MAIL,
    MESSAGE,
    OUTBOX,
    PARTICIPANT,
    PICTURE,
    TICKET,
    TICKET_LINK,
)
from intake.store.views import (
    EventView,
    FileView,
    LeaseView,
    MessageView,
    OutboxView,
    QueueEntry,
    StatusView,
    TicketView,
)

View = Literal["waiting", "open", "all"]
_QUEUE = tuple(TICKET.c[name] for name in QueueEntry.__dataclass_fields__)


def queue(
    connection: Connection,
    *,
    view: View = "waiting",
    limit: int = 50,
    after: int | None = None,
    words: str = "",
) -> list[QueueEntry]:
    """Tickets: `waiting` for us, longest first; `open`, or `all`, newest first.

    `after` is the id of the last ticket of the page before; `words` must stand in a picture.
    """
    query = select(*_QUEUE).limit(limit)
    if words:
        query = query.where(_in_a_picture(words))
    if view == "waiting":
        query = query.where(TICKET.c.state == "open", TICKET.c.waiting_since.is_not(None))
        query = query.order_by(TICKET.c.waiting_since, TICKET.c.id)
        if after is not None:
            last = select(TICKET.c.waiting_since).where(TICKET.c.id == after).scalar_subquery()
            query = query.where(
                (TICKET.c.waiting_since > last)
                | ((TICKET.c.waiting_since == last) & (TICKET.c.id > after))
            )
    else:
        query = query.order_by(TICKET.c.id.desc())
        if view == "open":
            query = query.where(TICKET.c.state.not_in(("closed", "merged")))
        if after is not None:
            query = query.where(TICKET.c.id < after)
    return [QueueEntry(*row) for row in connection.execute(query)]


def _in_a_picture(words: str) -> ColumnElement[bool]:
    return (
        select(PICTURE.c.sha256)
        .join(ATTACHMENT, ATTACHMENT.c.sha256 == PICTURE.c.sha256)
        .join(MESSAGE, MESSAGE.c.id == ATTACHMENT.c.message_row_id)
        .where(
            MESSAGE.c.ticket_id == TICKET.c.id,
            PICTURE.c.words.icontains(words, autoescape=True),
        )
        .exists()
    )


def ticket(connection: Connection, number: str) -> TicketView:
    """All of one ticket; the number as in `K7QM-42XD`, in any case. Raises NotFound."""
    query = select(TICKET).where(TICKET.c.number == number.strip().lstrip("#").upper())
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound(f"no ticket {number}")
    key: int = row["id"]
    people = select(PARTICIPANT.c.address_key).where(PARTICIPANT.c.ticket_id == key)
    return TicketView(
        ticket=QueueEntry(**{name: row[name] for name in QueueEntry.__dataclass_fields__}),
        mailbox=row["mailbox"],
        language=row["language"],
        links=_links(connection, key),
        participants=tuple(sorted(connection.execute(people).scalars())),
        conversation=_conversation(connection, key),
        outgoing=_outgoing(connection, key),
        events=tuple(
            _event(r)
            for r in connection.execute(
                _EVENTS.where(EVENT.c.ticket_id == key).order_by(EVENT.c.id)
            )
        ),
    )


def _links(connection: Connection, ticket_id: int) -> tuple[tuple[str, str], ...]:
    """(number, why) of the tickets to be seen beside this one, in either direction."""
    here = TICKET_LINK.c.ticket_id == ticket_id
    there = TICKET_LINK.c.other_id == ticket_id
    other = case((here, TICKET_LINK.c.other_id), else_=TICKET_LINK.c.ticket_id)
    query = (
        select(TICKET.c.number, TICKET_LINK.c.reason)
        .select_from(TICKET_LINK)
        .join(TICKET, TICKET.c.id == other)
        .where(or_(here, there))
        .order_by(TICKET.c.number)
    )
    return tuple((row[0], row[1]) for row in connection.execute(query))


def events(
    connection: Connection, *, limit: int = 50, after_id: int | None = None
) -> list[EventView]:
    """With `after_id` the next ones after it, for following; else the latest; oldest first."""
    if after_id is not None:
        query = _EVENTS.where(EVENT.c.id > after_id).order_by(EVENT.c.id).limit(limit)
        return [_event(row) for row in connection.execute(query)]
    newest = connection.execute(_EVENTS.order_by(EVENT.c.id.desc()).limit(limit)).all()
    return [_event(row) for row in reversed(newest)]


def status(connection: Connection, now: datetime) -> StatusView:
    """Counts, ages and health of everything."""
    received = select(func.min(MAIL.c.received_at)).where(MAIL.c.state == RECEIVED)
    waiting = select(func.min(TICKET.c.waiting_since)).where(TICKET.c.state == "open")
    unsent = select(func.min(OUTBOX.c.planned_at)).where(
        OUTBOX.c.state.in_((PLANNED, RETRYING, SENDING))
    )
    leases = select(LEASE).where(LEASE.c.owner.is_not(None)).order_by(LEASE.c.name)
    return StatusView(
        mails=_count_by_state(connection, MAIL),
        oldest_received_seconds=_age(connection, received, now),
        tickets=_count_by_state(connection, TICKET),
        longest_waiting_seconds=_age(connection, waiting, now),
        outbox=_count_by_state(connection, OUTBOX),
        oldest_unsent_seconds=_age(connection, unsent, now),
        mailboxes=tuple(all_health(connection)),
        leases=tuple(
            LeaseView(row.name, row.owner, row.until, row.epoch)
            for row in connection.execute(leases)
        ),
        files=count_files(connection),
        helpers=all_helpers(connection),
        mails_with_secrets=count_with_secrets(connection),
    )


def _count_by_state(connection: Connection, table: Table) -> dict[str, int]:
    query = select(table.c.state, func.count()).group_by(table.c.state).order_by(table.c.state)
    return {row[0]: row[1] for row in connection.execute(query)}


def _age(connection: Connection, query: Select[Any], now: datetime) -> float | None:
    since = connection.execute(query).scalar()
    return None if since is None else max(0.0, (now - since).total_seconds())


_EVENTS = (
    select(
        EVENT.c.id,
        TICKET.c.number,
        MAIL.c.sha256,
        EVENT.c.kind,
        EVENT.c.at,
        EVENT.c.text,
        EVENT.c.data,
    )
    .outerjoin(TICKET, TICKET.c.id == EVENT.c.ticket_id)
    .outerjoin(MAIL, MAIL.c.id == EVENT.c.mail_id)
)


def _event(row: AnyRow) -> EventView:
    return EventView(
        id=row.id,
        ticket=row.number,
        sha256=row.sha256,
        kind=row.kind,
        at=row.at,
        text=row.text,
        data=json.loads(row.data),
    )


def _conversation(connection: Connection, ticket_id: int) -> tuple[MessageView, ...]:
    query = select(MESSAGE).where(MESSAGE.c.ticket_id == ticket_id).order_by(MESSAGE.c.id)
    rows = connection.execute(query).mappings().all()
    files = files_of_ticket(connection, ticket_id)
    return tuple(_message(row, files.get(row["id"], [])) for row in rows)


def _message(row: RowMapping, files: list[tuple[Attachment, FileView]]) -> MessageView:
    made = {"attachments", "files", "decision", "secrets"}
    same = set(MessageView.__dataclass_fields__) - made
    return MessageView(
        **{name: row[name] for name in same},
        attachments=tuple(attachment for attachment, _ in files),
        files=tuple(found for _, found in files),
        decision=json.loads(row["decision"]),
        secrets=tuple(row["secrets"].splitlines()),
    )


def _outgoing(connection: Connection, ticket_id: int) -> tuple[OutboxView, ...]:
    same = [name for name in OutboxView.__dataclass_fields__ if name != "ticket"]
    query = (
        select(TICKET.c.number.label("ticket"), *(OUTBOX.c[name] for name in same))
        .join(TICKET, TICKET.c.id == OUTBOX.c.ticket_id)
        .where(OUTBOX.c.ticket_id == ticket_id)
        .order_by(OUTBOX.c.id)
    )
    return tuple(OutboxView(**row) for row in connection.execute(query).mappings())
