"""Writes what was decided about one mail: ticket, message, files, events and answer, as one.

Everything happens in the caller's transaction. The first statement takes the mail out of the
queue and is the guard: a second run finds it gone and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Boolean, Connection, bindparam, case, func, insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from intake.errors import ActRefused, NotFound, StaleFacts
from intake.model import Decision, Facts, Keys, ParsedMail
from intake.store.acts import merge
from intake.store.connections import add_connections, find_connections
from intake.store.mails import DUPLICATE, PROCESSED, RECEIVED, ClaimedMail
from intake.store.rows import (
    Recording,
    attachment_rows,
    event_rows,
    message_row,
    outbox_row,
    ticket_row,
)
from intake.store.statements import insert_ignoring
from intake.store.tables import (
    ATTACHMENT,
    EVENT,
    MAIL,
    MESSAGE,
    OUTBOX,
    TICKET,
    TICKET_LINK,
)
from intake.store.trouble import is_taken
from intake.store.words import index_key_or_none

OURSELVES = "Intake"
# Why two tickets stand beside each other where one mail belongs to both.
BESIDE = "also-answers"


@dataclass(frozen=True, slots=True)
class Recorded:
    """Where a mail went. `outbox_id` only where an answer is planned; `again` for a second run."""

    ticket: str | None
    outbox_id: int | None
    again: bool = False


_FINISH = (
    update(MAIL)
    .where(MAIL.c.id == bindparam("key"), MAIL.c.state == RECEIVED)
    .values(
        state=bindparam("to_state"),
        processed_at=bindparam("at"),
        message_id=bindparam("named"),
        lease_owner=None,
        lease_until=None,
    )
)
_OPEN = insert(TICKET).returning(TICKET.c.id)
_CHASER = bindparam("is_chaser", type_=Boolean())
_QUEUED = bindparam("is_queued", type_=Boolean())
_ATTENTION = bindparam("is_attention", type_=Boolean())
_AT = bindparam("at", type_=TICKET.c.updated_at.type)
_JOIN = (
    update(TICKET)
    # One that was merged meanwhile is no place any more: gather again.
    .where(TICKET.c.number == bindparam("ticket"), TICKET.c.state != "merged")
    .values(
        messages=TICKET.c.messages + 1,
        updated_at=_AT,
        state=case((_QUEUED, literal("open")), else_=TICKET.c.state),
        waiting_since=case(
            (_QUEUED, func.coalesce(TICKET.c.waiting_since, _AT)), else_=TICKET.c.waiting_since
        ),
        chasers_in_row=case(
            (_CHASER, TICKET.c.chasers_in_row + 1), (_QUEUED, 0), else_=TICKET.c.chasers_in_row
        ),
        last_sent_at=func.coalesce(
            bindparam("sent_at", type_=TICKET.c.last_sent_at.type), TICKET.c.last_sent_at
        ),
        attention=case((_ATTENTION, literal("chased")), else_=TICKET.c.attention),
    )
    .returning(TICKET.c.id, TICKET.c.subject_key)
)
_BY_NUMBER = select(TICKET.c.id).where(TICKET.c.number == bindparam("ticket"))
_ADD_MESSAGE = insert(MESSAGE).returning(MESSAGE.c.id)
_ADD_ATTACHMENTS = insert(ATTACHMENT)
_ADD_EVENTS = insert(EVENT)
_PLAN = insert(OUTBOX).returning(OUTBOX.c.id)
_ORIGINAL = (
    select(TICKET.c.id, TICKET.c.number)
    .join(MESSAGE, MESSAGE.c.ticket_id == TICKET.c.id)
    .join(MAIL, MAIL.c.id == MESSAGE.c.mail_id)
    .where(MAIL.c.sha256 == bindparam("sha256"))
)
_EARLIER_RUN = (
    select(TICKET.c.number, OUTBOX.c.id, OUTBOX.c.next_at)
    .select_from(MESSAGE)
    .outerjoin(TICKET, TICKET.c.id == MESSAGE.c.ticket_id)
    .outerjoin(OUTBOX, OUTBOX.c.mail_id == MESSAGE.c.mail_id)
    .where(MESSAGE.c.mail_id == bindparam("key"))
)


def record(
    connection: Connection,
    *,
    claimed: ClaimedMail,
    mail: ParsedMail,
    keys: Keys,
    facts: Facts,
    decision: Decision,
    at: datetime,
    deliver: bool,
) -> Recorded:
    """Keeps the decision about `claimed` in one write transaction of the caller.

    `deliver` False keeps a composed answer as suppressed. Raises StaleFacts when the number was
    taken, the joined ticket is gone, or the same mail was recorded meanwhile: let it leave
    `Database.write()`, gather, decide and record again.
    """
    done = {
        "key": claimed.id,
        "to_state": DUPLICATE if decision.disposition == "duplicate" else PROCESSED,
        "at": at,
        "named": index_key_or_none(mail.message_id),
    }
    if connection.execute(_FINISH, done).rowcount == 0:
        return _recorded_before(connection, claimed)
    work = Recording(claimed, mail, keys, facts, decision, at, deliver)
    try:
        return _write(connection, work)
    except IntegrityError as error:
        if not is_taken(error):
            raise
        # Ticket number, Message-ID with body, or Message-ID of the answer: somebody was first.
        raise StaleFacts(f"mail {claimed.sha256[:12]} was overtaken by another one") from error


def _recorded_before(connection: Connection, claimed: ClaimedMail) -> Recorded:
    row = connection.execute(_EARLIER_RUN, {"key": claimed.id}).one_or_none()
    if row is None:
        # Quarantined, or put back and taken by another, while we were at it.
        return Recorded(None, None, again=True)
    return Recorded(row[0], row[1] if row[2] is not None else None, again=True)


def _write(connection: Connection, work: Recording) -> Recorded:
    decision = work.decision
    ticket_id, ticket, subject_key = _enter_ticket(connection, work)
    message_id = connection.execute(_ADD_MESSAGE, message_row(work, ticket_id)).scalar_one()
    attachments = attachment_rows(work, message_id)
    if attachments:
        connection.execute(_ADD_ATTACHMENTS, attachments)
    if ticket_id is not None and decision.disposition != "duplicate":
        share = find_connections(work.mail, work.keys, decision)
        add_connections(connection, ticket_id, subject_key, share)
        _link(connection, work, ticket_id)
    connection.execute(_ADD_EVENTS, event_rows(work, ticket_id, ticket))
    if decision.disposition == "joins-ticket" and ticket is not None:
        for overtaking in decision.thread.takes_in:
            _take_in(connection, overtaking, ticket, work.at)
    outbox_id = None
    row = outbox_row(work, ticket_id)
    if row is not None:
        added = connection.execute(_PLAN, row).scalar_one()
        outbox_id = added if row["next_at"] is not None else None
    return Recorded(ticket, outbox_id)


def _link(connection: Connection, work: Recording, ticket_id: int) -> None:
    """Puts the ticket beside those that the mail may belong to as well."""
    thread, disposition = work.decision.thread, work.decision.disposition
    fired = [reason.code for reason in thread.reasons if reason.fired]
    others: list[tuple[str, str]] = []
    if disposition == "opens-ticket" and thread.linked is not None:
        others.append((thread.linked, next(iter(fired), "")))
    if disposition == "joins-ticket":
        others += [(number, BESIDE) for number in thread.beside]
    for number, reason in others:
        other = connection.execute(_BY_NUMBER, {"ticket": number}).scalar()
        if other is not None:
            link = {"ticket_id": ticket_id, "other_id": other, "reason": reason, "at": work.at}
            connection.execute(insert_ignoring(connection, TICKET_LINK), link)


def _take_in(connection: Connection, overtaking: str, ticket: str, at: datetime) -> None:
    why = "Its mail answers one that came after it."
    try:
        merge(connection, overtaking, ticket, by=OURSELVES, at=at, why=why)
    except (ActRefused, NotFound) as error:
        raise StaleFacts(f"ticket {overtaking} was changed meanwhile") from error


def _enter_ticket(connection: Connection, work: Recording) -> tuple[int | None, str | None, str]:
    """Opens or joins; the ticket's row id, its number, and the subject key it goes by."""
    decision, own_key = work.decision, work.subject_key
    if decision.disposition == "opens-ticket":
        ticket_id: int = connection.execute(_OPEN, ticket_row(work)).scalar_one()
        return ticket_id, decision.ticket, own_key
    if decision.disposition == "joins-ticket":
        values = {
            "ticket": decision.ticket,
            "at": work.at,
            "is_chaser": decision.thread.chaser,
            "is_queued": decision.automatic.kind == "human",
            "is_attention": decision.thread.attention,
            "sent_at": work.mail.date if decision.automatic.kind == "human" else None,
        }
        row = connection.execute(_JOIN, values).one_or_none()
        if row is None:
            raise StaleFacts(f"ticket {decision.ticket} is gone")
        return row[0], decision.ticket, row[1]
    if decision.disposition == "duplicate" and work.facts.duplicate_of:
        found = connection.execute(_ORIGINAL, {"sha256": work.facts.duplicate_of}).first()
        if found is not None:
            return found[0], found[1], own_key
    return None, None, own_key
