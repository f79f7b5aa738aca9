"""A recorded mail taken up again when words were read in its pictures: triage, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from intake.model import Decision, Facts
from intake.store.connections import (
    Connections,
    add_identifiers,
    identifiers_of,
    load_connections,
)
from intake.store.judgement import DECISION, FACTS, dump_decision, dump_facts
from intake.store.rows import secrets_of
from intake.store.tables import EVENT, MAIL, MESSAGE, TICKET
from intake.store.words import dump_data, storable


@dataclass(frozen=True, slots=True)
class RecordedMail:
    """What was known and decided about a mail, as it stands in the database now."""

    message_row_id: int
    mail_id: int
    sha256: str
    ticket_id: int | None
    connects: Connections
    facts_text: str
    facts: Facts
    decision: Decision


def load_recorded(connection: Connection, message_row_id: int) -> RecordedMail:
    """The mail of a row of `message`. Its acknowledgement comes without its bytes."""
    query = (
        select(
            MESSAGE.c.mail_id,
            MAIL.c.sha256,
            MESSAGE.c.ticket_id,
            MESSAGE.c.connects,
            MESSAGE.c.author_key,
            MESSAGE.c.facts,
            MESSAGE.c.decision,
        )
        .join(MAIL, MAIL.c.id == MESSAGE.c.mail_id)
        .where(MESSAGE.c.id == message_row_id)
    )
    row = connection.execute(query).one()
    return RecordedMail(
        message_row_id,
        row.mail_id,
        row.sha256,
        row.ticket_id,
        load_connections(row.connects, row.author_key),
        row.facts,
        FACTS.validate_json(row.facts),
        DECISION.validate_json(row.decision),
    )


def take_words(
    connection: Connection,
    before: RecordedMail,
    facts: Facts,
    decision: Decision,
    *,
    text: str | None,
    at: datetime,
) -> bool:
    """Keeps what the words changed, with the event `text`; False where somebody was first.

    Of the ticket only category and priority change, where this mail opened it and nobody has set
    them since. Nothing is answered, joined or opened.
    """
    share = replace(before.connects, identifiers=identifiers_of(decision))
    statement = (
        update(MESSAGE)
        .where(MESSAGE.c.id == before.message_row_id, MESSAGE.c.facts == before.facts_text)
        .values(
            facts=dump_facts(facts),
            decision=dump_decision(decision),
            connects=share.dump(),
            secrets=secrets_of(decision),
        )
    )
    if connection.execute(statement).rowcount == 0:
        return False
    if before.ticket_id is not None:
        add_identifiers(connection, before.ticket_id, share)
    if before.decision.disposition == "opens-ticket":
        _change_ticket(connection, before, decision)
    if text is not None:
        new = [r for r in decision.triage.reasons if r not in before.decision.triage.reasons]
        reasons = [{"code": r.code, "text": r.text, "evidence": r.evidence} for r in new]
        add_event(connection, before, "words-read", text, at, reasons=reasons)
    return True


def add_event(
    connection: Connection,
    mail: RecordedMail,
    kind: str,
    text: str,
    at: datetime,
    **data: Any,
) -> None:
    """A line in the history of the mail's ticket."""
    row = {
        "ticket_id": mail.ticket_id,
        "mail_id": mail.mail_id,
        "kind": kind,
        "at": at,
        "text": storable(text),
        "data": dump_data(**data),
    }
    connection.execute(insert(EVENT), row)


def _change_ticket(connection: Connection, before: RecordedMail, decision: Decision) -> None:
    was, now = before.decision.triage, decision.triage
    for column, old, new in (
        (TICKET.c.category, was.category, now.category),
        (TICKET.c.priority, was.priority, now.priority),
    ):
        if old != new:
            connection.execute(
                update(TICKET)
                .where(TICKET.c.id == before.ticket_id, column == old)
                .values({column: new})
            )
