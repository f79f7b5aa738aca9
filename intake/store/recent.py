"""What became of the latest mails, for those who watch."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from intake.model import Decision
from intake.store.judgement import DECISION
from intake.store.tables import MAIL, MESSAGE, TICKET


@dataclass(frozen=True, slots=True)
class RecentMail:
    """One mail that was dealt with; one that was set aside has an `error` and no `decision`."""

    id: int
    sha256: str
    author: str
    subject: str
    ticket: str | None
    decision: Decision | None
    error: str | None


def recent_mails(connection: Connection, *, after_id: int = 0, limit: int = 50) -> list[RecentMail]:
    """Mails dealt with after the one with `after_id`, oldest first."""
    query = (
        select(
            MAIL.c.id,
            MAIL.c.sha256,
            MAIL.c.error_text,
            MESSAGE.c.author,
            MESSAGE.c.author_name,
            MESSAGE.c.subject,
            MESSAGE.c.decision,
            TICKET.c.number,
        )
        .outerjoin(MESSAGE, MESSAGE.c.mail_id == MAIL.c.id)
        .outerjoin(TICKET, TICKET.c.id == MESSAGE.c.ticket_id)
        .where(MAIL.c.id > after_id, MAIL.c.state != "received")
        .order_by(MAIL.c.id)
        .limit(limit)
    )
    return [
        RecentMail(
            id=row.id,
            sha256=row.sha256,
            author=row.author_name or row.author or "",
            subject=row.subject or "",
            ticket=row.number,
            decision=DECISION.validate_json(row.decision) if row.decision else None,
            error=row.error_text,
        )
        for row in connection.execute(query)
    ]
