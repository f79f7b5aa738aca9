"""`intake export`: every ticket as one object, in pages, so that memory does not grow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from intake.store.mails import TOO_LARGE
from intake.store.tables import MAIL, MESSAGE, OUTBOX, TICKET

PAGE = 200


def export_tickets(connection: Connection) -> Iterator[dict[str, Any]]:
    """One object for each ticket, then one for each mail that belongs to none.

    The state of an incoming message is that of its mail (processed, duplicate, …); of an
    outgoing one that of its outbox row. What was never composed or sent is not listed.
    """
    after = 0
    while True:
        query = select(TICKET).where(TICKET.c.id > after).order_by(TICKET.c.id).limit(PAGE)
        rows = connection.execute(query).mappings().all()
        if not rows:
            break
        after = rows[-1]["id"]
        messages = _messages_of(connection, [row["id"] for row in rows])
        for row in rows:
            yield {
                "ticket": row["number"],
                "subject": row["subject"],
                "state": row["state"],
                "customer": row["customer_id"],
                "channel": row["channel"],
                "created_at": row["created_at"].isoformat(),
                "messages": messages.get(row["id"], []),
            }
    yield from _mails_outside(connection)


def _messages_of(connection: Connection, tickets: list[int]) -> dict[int, list[dict[str, Any]]]:
    incoming = (
        select(
            MESSAGE.c.ticket_id,
            MESSAGE.c.sha256,
            MESSAGE.c.message_id,
            MESSAGE.c.received_at,
            MAIL.c.state,
        )
        .join(MAIL, MAIL.c.id == MESSAGE.c.mail_id)
        .where(MESSAGE.c.ticket_id.in_(tickets))
        .order_by(MESSAGE.c.id)
    )
    outgoing = (
        select(
            OUTBOX.c.ticket_id,
            OUTBOX.c.sha256,
            OUTBOX.c.message_id,
            OUTBOX.c.finished_at,
            OUTBOX.c.planned_at,
            OUTBOX.c.state,
        )
        .where(OUTBOX.c.ticket_id.in_(tickets), OUTBOX.c.sha256.is_not(None))
        .order_by(OUTBOX.c.id)
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for row in connection.execute(incoming):
        line = _line(row.sha256, row.message_id, "in", row.received_at, row.state)
        found.setdefault(row.ticket_id, []).append(line)
    for sent in connection.execute(outgoing):
        at = sent.finished_at or sent.planned_at
        line = _line(sent.sha256, sent.message_id, "out", at, sent.state)
        found.setdefault(sent.ticket_id, []).append(line)
    return found


def _mails_outside(connection: Connection) -> Iterator[dict[str, Any]]:
    """Spam, automatic mail, quarantined, too large, and what still waits to be decided."""
    after = 0
    while True:
        query = (
            select(
                MAIL.c.id,
                MAIL.c.sha256,
                MAIL.c.message_id,
                MAIL.c.received_at,
                MAIL.c.state,
                MESSAGE.c.subject,
                MESSAGE.c.disposition,
            )
            .outerjoin(MESSAGE, MESSAGE.c.mail_id == MAIL.c.id)
            .where(MAIL.c.id > after, MESSAGE.c.ticket_id.is_(None))
            .order_by(MAIL.c.id)
            .limit(PAGE)
        )
        rows = connection.execute(query).all()
        if not rows:
            return
        after = rows[-1].id
        for row in rows:
            yield {
                "ticket": None,
                "subject": row.subject,
                "state": row.disposition or row.state,
                "customer": None,
                "channel": "email",
                "created_at": row.received_at.isoformat(),
                "messages": [
                    _line(row.sha256, row.message_id, "in", row.received_at, row.state)
                    | ({"sha256": None} if row.state == TOO_LARGE else {})
                ],
            }


def _line(
    sha256: str, message_id: str | None, direction: str, at: datetime, state: str
) -> dict[str, Any]:
    return {
        "sha256": sha256,
        "message_id": message_id,
        "direction": direction,
        "at": at.isoformat(),
        "state": state,
    }
