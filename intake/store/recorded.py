"""The mails that were recorded, in pages, for those who decide them again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from intake.store.tables import MESSAGE, TICKET

PAGE = 200


@dataclass(frozen=True, slots=True)
class RecordedMail:
    """A recorded mail as a list shows it. `id` is its place in the order of recording."""

    id: int
    sha256: str
    ticket: str | None
    author: str | None
    subject: str
    received_at: datetime


def recorded_since(
    connection: Connection, since: datetime, *, after_id: int = 0, limit: int = PAGE
) -> list[RecordedMail]:
    """The next mails received since then, after the one with `after_id`."""
    query = (
        select(
            MESSAGE.c.id,
            MESSAGE.c.sha256,
            TICKET.c.number,
            MESSAGE.c.author,
            MESSAGE.c.subject,
            MESSAGE.c.received_at,
        )
        .outerjoin(TICKET, TICKET.c.id == MESSAGE.c.ticket_id)
        .where(MESSAGE.c.id > after_id, MESSAGE.c.received_at >= since)
        .order_by(MESSAGE.c.id)
        .limit(limit)
    )
    return [RecordedMail(*row) for row in connection.execute(query)]
