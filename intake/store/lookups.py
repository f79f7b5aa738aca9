"""The statements of `facts.gather`, each an index range with a limit.

A mail from a stranger about something new is the common case: one probe says that there is
nothing to fetch. Only what the probe found is asked for in full.
"""

from __future__ import annotations

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    String,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from intake.store.carrying import BY_HAND
from intake.store.tables import (
    ATTACHMENT,
    CUSTOMER_ADDRESS,
    CUSTOMER_DOMAIN,
    EVENT,
    IDENTIFIER,
    MENTION,
    MESSAGE,
    OUTBOX,
    PARTICIPANT,
    PICTURE,
    SUPPRESSION,
    TICKET,
)

MOST_MESSAGES = 100
MOST_PARTICIPANTS = 200
MOST_ACKNOWLEDGEMENTS = 50
MOST_EARLIER_MAILS = 50
MOST_CANDIDATES = 4
MOST_SAME_SUBJECT = 10
MOST_MAILS_WITH_IMAGES = 40
REPEATED_IN_TICKETS = 2


def _text(name: str, *, many: bool = False) -> BindParameter[str]:
    return bindparam(name, type_=String(), expanding=many)


_TIME = TICKET.c.updated_at.type
_NOW = bindparam("now", type_=_TIME)
_ADDRESSES = (_text("author"), _text("reply"), _text("bounced"))
_CANDIDATES = [_text(f"number_{n}") for n in range(MOST_CANDIDATES)]
_TICKET = (
    TICKET.c.id.label("ticket_id"),
    TICKET.c.number,
    TICKET.c.subject_key,
    TICKET.c.state,
    TICKET.c.customer_id,
    TICKET.c.updated_at,
    TICKET.c.chasers_in_row,
    TICKET.c.last_sent_at,
    exists()
    .where(EVENT.c.ticket_id == TICKET.c.id, EVENT.c.kind == BY_HAND)
    .correlate(TICKET)
    .label("by_hand"),
)

_suppressed = or_(SUPPRESSION.c.until.is_(None), SUPPRESSION.c.until > _NOW)
_recent = OUTBOX.c.planned_at > bindparam("acknowledged_since", type_=_TIME)
_same_subject: tuple[ColumnElement[bool], ...] = (
    PARTICIPANT.c.address_key == _text("author"),
    PARTICIPANT.c.subject_key == _text("subject_key"),
)
_earlier = (
    select(literal(1).label("one"))
    .where(MESSAGE.c.author_key == _text("author"), MESSAGE.c.ticket_id.is_not(None))
    .limit(MOST_EARLIER_MAILS)
    .subquery()
)
_same_mail = (
    select(MESSAGE.c.sha256)
    .where(
        MESSAGE.c.message_id == _text("message_id"),
        MESSAGE.c.body_fingerprint == _text("fingerprint"),
        MESSAGE.c.sha256 != _text("sha256"),
        MESSAGE.c.disposition != "duplicate",
    )
    # The one in a ticket is 0; and in this order a flood of copies is not read through.
    .order_by(MESSAGE.c.copy_of)
    .limit(1)
)

PROBE = select(
    or_(
        exists(select(CUSTOMER_ADDRESS.c.address_key)), exists(select(CUSTOMER_DOMAIN.c.domain_key))
    ).label("directory"),
    exists().where(SUPPRESSION.c.address_key.in_(_ADDRESSES)).label("suppressions"),
    exists().where(OUTBOX.c.recipient_key.in_(_ADDRESSES[:2]), _recent).label("acknowledged"),
    exists().where(*_same_subject).label("same_subject"),
    exists().where(TICKET.c.number.in_(_CANDIDATES)).label("taken"),
    or_(
        exists().where(MESSAGE.c.message_id == _text("message_id")),
        exists().where(OUTBOX.c.message_id == _text("message_id")),
        exists().where(MENTION.c.message_id == _text("message_id")),
    ).label("own_id"),
    select(func.count()).select_from(_earlier).scalar_subquery().label("earlier"),
    _same_mail.scalar_subquery().label("same_mail"),
)

MESSAGES = union_all(
    select(MESSAGE.c.message_id, literal("in").label("direction"), *_TICKET)
    .outerjoin(TICKET, TICKET.c.id == MESSAGE.c.ticket_id)
    .where(MESSAGE.c.message_id.in_(_text("ids", many=True)), MESSAGE.c.sha256 != _text("sha256")),
    select(OUTBOX.c.message_id, literal("out").label("direction"), *_TICKET)
    .outerjoin(TICKET, TICKET.c.id == OUTBOX.c.ticket_id)
    .where(OUTBOX.c.message_id.in_(_text("ids", many=True))),
    select(MENTION.c.message_id, literal("mentioned").label("direction"), *_TICKET)
    .join(TICKET, TICKET.c.id == MENTION.c.ticket_id)
    .where(MENTION.c.message_id.in_(_text("ids", many=True))),
).limit(MOST_MESSAGES)

# A ticket that was merged is found as the one it went into.
_named = TICKET.alias("named")
TICKETS_BY_NUMBER: Select[*tuple[object, ...]] = (
    select(_named.c.number.label("asked"), *_TICKET)
    .join(TICKET, TICKET.c.id == func.coalesce(_named.c.merged_into, _named.c.id))
    .where(_named.c.number.in_(_text("numbers", many=True)))
)

_newest = (
    select(PARTICIPANT.c.ticket_id)
    .where(*_same_subject)
    .order_by(PARTICIPANT.c.ticket_id.desc())
    .limit(MOST_SAME_SUBJECT)
    .subquery()
)
TICKETS_BY_SUBJECT = (
    select(*_TICKET)
    .join(_newest, _newest.c.ticket_id == TICKET.c.id)
    .where(TICKET.c.updated_at >= bindparam("subject_since", type_=_TIME))
    .order_by(TICKET.c.id.desc())
)

_own_tickets = (
    select(MESSAGE.c.ticket_id)
    .where(MESSAGE.c.author_key == _text("author"), MESSAGE.c.ticket_id.is_not(None))
    .order_by(MESSAGE.c.ticket_id.desc())
    .limit(MOST_EARLIER_MAILS)
    .subquery()
)
OPEN_TICKETS = (
    select(*_TICKET)
    .where(TICKET.c.id.in_(select(_own_tickets.c.ticket_id)), TICKET.c.state != "closed")
    .order_by(TICKET.c.id.desc())
    .limit(MOST_SAME_SUBJECT)
)

IDENTIFIERS = (
    select(IDENTIFIER.c.ticket_id, IDENTIFIER.c.kind, IDENTIFIER.c.value)
    .where(IDENTIFIER.c.ticket_id.in_(bindparam("tickets", expanding=True)))
    .order_by(IDENTIFIER.c.ticket_id, IDENTIFIER.c.kind, IDENTIFIER.c.value_key)
    .limit(MOST_PARTICIPANTS)
)

PARTICIPANTS = (
    select(PARTICIPANT.c.ticket_id, PARTICIPANT.c.address_key)
    .where(PARTICIPANT.c.ticket_id.in_(bindparam("tickets", expanding=True)))
    .order_by(PARTICIPANT.c.ticket_id, PARTICIPANT.c.address_key)
    .limit(MOST_PARTICIPANTS)
)

SUPPRESSIONS = (
    select(SUPPRESSION.c.address_key, SUPPRESSION.c.reason, SUPPRESSION.c.until)
    .where(SUPPRESSION.c.address_key.in_(_ADDRESSES), _suppressed)
    .order_by(SUPPRESSION.c.address_key)
)

ACKNOWLEDGEMENTS = (
    select(OUTBOX.c.recipient_key, TICKET.c.number, OUTBOX.c.planned_at)
    .outerjoin(TICKET, TICKET.c.id == OUTBOX.c.ticket_id)
    .where(OUTBOX.c.recipient_key.in_(_ADDRESSES[:2]), _recent)
    .order_by(OUTBOX.c.planned_at.desc(), OUTBOX.c.id.desc())
    .limit(MOST_ACKNOWLEDGEMENTS)
)

WORDS = (
    select(PICTURE.c.sha256, PICTURE.c.words)
    .where(PICTURE.c.sha256.in_(_text("hashes", many=True)), PICTURE.c.words.is_not(None))
    .order_by(PICTURE.c.sha256)
)

# Quoting sends the pictures of a conversation again and again: only more tickets count.
_latest = (
    select(MESSAGE.c.id, MESSAGE.c.ticket_id)
    .where(
        MESSAGE.c.author_key == _text("author"),
        MESSAGE.c.ticket_id.is_not(None),
        MESSAGE.c.sha256 != _text("sha256"),
    )
    .order_by(MESSAGE.c.ticket_id.desc())
    .limit(MOST_MAILS_WITH_IMAGES)
    .subquery()
)
REPEATED_IMAGES = (
    select(ATTACHMENT.c.sha256)
    .join(_latest, _latest.c.id == ATTACHMENT.c.message_row_id)
    .where(ATTACHMENT.c.sha256.in_(_text("hashes", many=True)))
    .group_by(ATTACHMENT.c.sha256)
    .having(func.count(_latest.c.ticket_id.distinct()) >= REPEATED_IN_TICKETS)
    .order_by(ATTACHMENT.c.sha256)
)
