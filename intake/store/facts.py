"""Looks a mail's keys up in one read transaction. Every look-up is an index range with a limit,
so that the cost of a mail does not grow with the number of tickets.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    Connection,
    String,
    bindparam,
    func,
    literal,
    or_,
    select,
    union_all,
)

from intake.model import (
    Facts,
    Keys,
    KnownMessage,
    KnownTicket,
    SentAcknowledgement,
    Suppression,
)
from intake.settings.rules import Rules
from intake.store.customers import find_by_address
from intake.store.statements import AnyRow
from intake.store.tables import (
    IMAGE_WORDS,
    MESSAGE,
    OUTBOX,
    PARTICIPANT,
    SUPPRESSION,
    TICKET,
)
from intake.store.words import index_key, index_key_or_none, index_keys

# A mail may name thousands of ids; RFC 5322 3.6.4 puts the ones that matter first and last.
MOST_IDS = 60
MOST_MESSAGES = 100
MOST_TICKETS = 20
MOST_PARTICIPANTS = 200
MOST_ACKNOWLEDGEMENTS = 50
MOST_EARLIER_MAILS = 50

_TICKET = (
    TICKET.c.id.label("ticket_id"),
    TICKET.c.number,
    TICKET.c.subject_key,
    TICKET.c.state,
    TICKET.c.customer_id,
    TICKET.c.updated_at,
    TICKET.c.chasers_in_row,
)
_IDS = bindparam("ids", type_=String(), expanding=True)
_MESSAGES = union_all(
    select(MESSAGE.c.message_id, literal("in").label("direction"), *_TICKET)
    .outerjoin(TICKET, TICKET.c.id == MESSAGE.c.ticket_id)
    .where(MESSAGE.c.message_id.in_(_IDS), MESSAGE.c.sha256 != bindparam("sha256")),
    select(OUTBOX.c.message_id, literal("out").label("direction"), *_TICKET)
    .outerjoin(TICKET, TICKET.c.id == OUTBOX.c.ticket_id)
    .where(OUTBOX.c.message_id.in_(_IDS)),
).limit(MOST_MESSAGES)
_TICKETS_BY_NUMBER = select(*_TICKET).where(
    TICKET.c.number.in_(bindparam("numbers", expanding=True))
)
_TICKETS_BY_SUBJECT = (
    select(*_TICKET)
    .join(PARTICIPANT, PARTICIPANT.c.ticket_id == TICKET.c.id)
    .where(
        PARTICIPANT.c.address_key == bindparam("author"),
        PARTICIPANT.c.subject_key == bindparam("subject_key"),
        TICKET.c.updated_at >= bindparam("since"),
    )
    .order_by(PARTICIPANT.c.ticket_id.desc())
    .limit(5)
)
_PARTICIPANTS = (
    select(PARTICIPANT.c.ticket_id, PARTICIPANT.c.address_key)
    .where(PARTICIPANT.c.ticket_id.in_(bindparam("ids", expanding=True)))
    .order_by(PARTICIPANT.c.ticket_id, PARTICIPANT.c.address_key)
    .limit(MOST_PARTICIPANTS)
)
_SUPPRESSIONS = select(SUPPRESSION.c.address_key, SUPPRESSION.c.reason, SUPPRESSION.c.until).where(
    SUPPRESSION.c.address_key.in_(bindparam("keys", expanding=True)),
    or_(SUPPRESSION.c.until.is_(None), SUPPRESSION.c.until > bindparam("now")),
)
_ACKNOWLEDGEMENTS = (
    select(OUTBOX.c.recipient_key, TICKET.c.number, OUTBOX.c.planned_at)
    .outerjoin(TICKET, TICKET.c.id == OUTBOX.c.ticket_id)
    .where(
        OUTBOX.c.recipient_key.in_(bindparam("keys", expanding=True)),
        OUTBOX.c.planned_at > bindparam("since"),
    )
    .order_by(OUTBOX.c.planned_at.desc(), OUTBOX.c.id.desc())
    .limit(MOST_ACKNOWLEDGEMENTS)
)
_earlier = (
    select(literal(1).label("one"))
    .where(MESSAGE.c.author_key == bindparam("author"), MESSAGE.c.ticket_id.is_not(None))
    .limit(MOST_EARLIER_MAILS)
    .subquery()
)
_same = (
    select(MESSAGE.c.sha256)
    .where(
        MESSAGE.c.message_id == bindparam("message_id"),
        MESSAGE.c.body_fingerprint == bindparam("fingerprint"),
        MESSAGE.c.sha256 != bindparam("sha256"),
        MESSAGE.c.disposition != "duplicate",
    )
    .order_by(MESSAGE.c.ticket_id.is_(None), MESSAGE.c.id)
    .limit(1)
)
_EARLIER_AND_SAME = select(
    select(func.count()).select_from(_earlier).scalar_subquery(), _same.scalar_subquery()
)
_IMAGE_WORDS = select(IMAGE_WORDS.c.sha256, IMAGE_WORDS.c.words).where(
    IMAGE_WORDS.c.sha256.in_(bindparam("hashes", expanding=True))
)


@dataclass(frozen=True, slots=True)
class _Messages:
    known: tuple[KnownMessage, ...]
    tickets: list[AnyRow]


def gather(connection: Connection, keys: Keys, *, now: datetime, rules: Rules) -> Facts:
    """Everything we know that has to do with `keys`. Changes nothing.

    The mail itself is left out, so gathering again after it was recorded gives the same facts
    as far as nothing else happened. Counts and lists have upper limits.
    """
    addresses = (keys.author, keys.reply_address, keys.bounced_recipient)
    messages = _find_messages(connection, keys)
    numbered, taken = _find_numbered(connection, keys)
    tickets = [*messages.tickets, *numbered, *_find_same_subject(connection, keys, now, rules)]
    earlier, same = _earlier_and_same(connection, keys)
    return Facts(
        now=now,
        customers=find_by_address(connection, *addresses),
        known_messages=messages.known,
        tickets=_known_tickets(connection, tickets, rules),
        recent_acknowledgements=_recent(connection, keys, now, rules),
        suppressions=_suppressions(connection, addresses, now),
        earlier_mails=earlier,
        duplicate_of=same,
        taken_numbers=taken,
        image_words=_image_words(connection, keys),
    )


def _find_messages(connection: Connection, keys: Keys) -> _Messages:
    referenced = keys.referenced_ids
    if len(referenced) > MOST_IDS:
        referenced = (*referenced[:10], *referenced[10 - MOST_IDS :])
    wanted = {index_key(name): name for name in (*referenced, keys.message_id) if name}
    if not wanted:
        return _Messages((), [])
    rows = connection.execute(_MESSAGES, {"ids": list(wanted), "sha256": keys.sha256}).all()
    known = (
        KnownMessage(wanted[row.message_id], row.number, row.direction)
        for row in rows
        if row.message_id in wanted
    )
    distinct = dict.fromkeys(known)
    ordered = sorted(distinct, key=lambda m: (m.message_id, m.direction, m.ticket or ""))
    return _Messages(tuple(ordered), [row for row in rows if row.number is not None])


def _find_numbered(connection: Connection, keys: Keys) -> tuple[list[AnyRow], tuple[str, ...]]:
    """Tickets named by token or subject; which of the numbers we would give are taken."""
    named = {token.ticket for token in keys.tokens[:MOST_TICKETS]}
    named |= set(keys.subject_numbers[:MOST_TICKETS])
    numbers = index_keys([*sorted(named), *keys.candidate_numbers])
    if not numbers:
        return [], ()
    rows = connection.execute(_TICKETS_BY_NUMBER, {"numbers": numbers}).all()
    found = {row.number for row in rows}
    taken = tuple(number for number in keys.candidate_numbers if number in found)
    return [row for row in rows if row.number in named], taken


def _find_same_subject(
    connection: Connection, keys: Keys, now: datetime, rules: Rules
) -> list[AnyRow]:
    author = index_key_or_none(keys.author)
    if author is None or not keys.subject_key:
        return []
    values = {
        "author": author,
        "subject_key": index_key(keys.subject_key),
        "since": now - timedelta(days=rules.threading.same_subject_days),
    }
    return list(connection.execute(_TICKETS_BY_SUBJECT, values).all())


def _known_tickets(
    connection: Connection, rows: list[AnyRow], rules: Rules
) -> tuple[KnownTicket, ...]:
    """With their participants, less our own addresses: those are in every ticket."""
    by_id = {row.ticket_id: row for row in rows}
    if not by_id:
        return ()
    newest = sorted(by_id.values(), key=lambda row: (row.updated_at, row.number), reverse=True)
    kept = newest[:MOST_TICKETS]
    ours = {address.lower() for address in rules.desk.addresses}
    people: dict[int, list[str]] = {}
    for ticket_id, address in connection.execute(
        _PARTICIPANTS, {"ids": [r.ticket_id for r in kept]}
    ):
        if address not in ours:
            people.setdefault(ticket_id, []).append(address)
    return tuple(
        KnownTicket(
            number=row.number,
            subject_key=row.subject_key,
            state=row.state,
            customer_id=row.customer_id,
            participants=tuple(people.get(row.ticket_id, ())),
            updated_at=row.updated_at,
            chasers_in_row=row.chasers_in_row,
        )
        for row in kept
    )


def _recent(
    connection: Connection, keys: Keys, now: datetime, rules: Rules
) -> tuple[SentAcknowledgement, ...]:
    wanted = index_keys((keys.reply_address, keys.author))
    if not wanted:
        return ()
    since = now - timedelta(hours=rules.reply.window_hours)
    rows = connection.execute(_ACKNOWLEDGEMENTS, {"keys": wanted, "since": since})
    return tuple(SentAcknowledgement(*row) for row in rows)


def _suppressions(
    connection: Connection, addresses: Iterable[str | None], now: datetime
) -> tuple[Suppression, ...]:
    wanted = index_keys(addresses)
    if not wanted:
        return ()
    rows = connection.execute(_SUPPRESSIONS, {"keys": wanted, "now": now})
    return tuple(sorted((Suppression(*row) for row in rows), key=lambda s: s.address))


def _earlier_and_same(connection: Connection, keys: Keys) -> tuple[int, str | None]:
    values = {
        "author": index_key_or_none(keys.author),
        "message_id": index_key_or_none(keys.message_id),
        "fingerprint": keys.body_fingerprint,
        "sha256": keys.sha256,
    }
    row = connection.execute(_EARLIER_AND_SAME, values).one()
    return int(row[0]), row[1]


def _image_words(connection: Connection, keys: Keys) -> tuple[tuple[str, str], ...]:
    hashes = index_keys(keys.image_hashes[:MOST_IDS])
    if not hashes:
        return ()
    rows = connection.execute(_IMAGE_WORDS, {"hashes": hashes})
    return tuple(sorted((row.sha256, row.words) for row in rows))
