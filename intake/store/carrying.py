"""Carries mails from ticket to ticket with all that hangs on them, and puts tickets back.

The rows of the tickets as they were are kept in the act.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from intake.errors import ActRefused, NotFound
from intake.store.connections import rebuild_connections
from intake.store.tables import ACT, EVENT, MESSAGE, OUTBOX, TICKET
from intake.store.words import dump_data, storable

MERGED = "merged"
# What people do, and what Intake does by itself: the kinds of events that name an act.
BY_HAND, BY_ITSELF = "act", "act-of-intake"
# The columns of a ticket that mails and people change, and undoing brings back.
_CHANGING = ("state", "waiting_since", "chasers_in_row", "attention", "merged_into", "updated_at")

Ticket = dict[str, Any]


def shift(
    connection: Connection,
    kind: str,
    moves: Sequence[tuple[str, Ticket, Ticket]],
    by: str,
    at: datetime,
    also: Sequence[Ticket] = (),
) -> int:
    """Keeps how the tickets stood, carries each mail over, and counts anew; the act's id."""
    tickets = {row["number"]: row for _, left, kept in moves for row in (left, kept)}
    stood = [*tickets.values(), *also]
    before = {r["number"]: {name: _plain(r[name]) for name in _CHANGING} for r in stood}
    data = dump_data(moves=[(s, a["number"], b["number"]) for s, a, b in moves], before=before)
    kept_id = moves[0][2]["id"]
    act = {"kind": kind, "by": storable(by), "at": at, "ticket_id": kept_id, "data": data}
    act_id: int = connection.execute(insert(ACT).returning(ACT.c.id), act).scalar_one()
    for sha256, left, kept in moves:
        carry(connection, sha256, left["id"], kept["id"])
    for row in tickets.values():
        count_mails(connection, row["id"])
    return act_id


def carry(connection: Connection, sha256: str, left: int, kept: int) -> None:
    """The mail, its answer and its events."""
    where = (MESSAGE.c.sha256 == sha256, MESSAGE.c.ticket_id == left)
    mail_id = connection.execute(select(MESSAGE.c.mail_id).where(*where)).scalar_one()
    connection.execute(update(MESSAGE).where(*where).values(ticket_id=kept))
    for table in (OUTBOX, EVENT):
        belongs = (table.c.mail_id == mail_id, table.c.ticket_id == left)
        connection.execute(update(table).where(*belongs).values(ticket_id=kept))


def count_mails(connection: Connection, ticket_id: int) -> None:
    """Number of mails, newest Date, and what the ticket is found by."""
    own = (MESSAGE.c.ticket_id == ticket_id, MESSAGE.c.disposition != "duplicate")
    counted = select(func.count(), func.max(MESSAGE.c.sent_at)).where(*own)
    messages, last_sent_at = connection.execute(counted).one()
    values = {"messages": messages, "last_sent_at": last_sent_at}
    connection.execute(update(TICKET).where(TICKET.c.id == ticket_id).values(**values))
    rebuild_connections(connection, ticket_id)


def restore(
    connection: Connection, number: str, before: dict[str, Any], acted_at: datetime
) -> None:
    """Back to how it stood, unless mails came or people acted since."""
    row = load_ticket(connection, number, merged=True)
    untouched = row["state"] == MERGED or row["updated_at"] <= acted_at
    if not untouched:
        return
    values = {name: _moment(name, value) for name, value in before.items()}
    connection.execute(update(TICKET).where(TICKET.c.id == row["id"]).values(**values))


def tell(
    connection: Connection,
    ticket_id: int,
    act: int,
    text: str,
    at: datetime,
    *,
    kind: str = BY_HAND,
) -> None:
    """An event of the ticket that names the act."""
    event = {"ticket_id": ticket_id, "kind": kind, "at": at, "text": storable(text)}
    connection.execute(insert(EVENT), event | {"data": dump_data(act=act)})


def load_ticket(connection: Connection, number: str, *, merged: bool = False) -> Ticket:
    """Its row. Raises NotFound, and ActRefused for one that was merged, unless `merged`."""
    shown = number.strip().lstrip("#").upper()
    row = connection.execute(select(TICKET).where(TICKET.c.number == shown)).mappings().first()
    if row is None:
        raise NotFound(f"no ticket {number}")
    if row["state"] == MERGED and not merged:
        raise ActRefused(f"ticket {number} was merged into another one", advice="Undo that first.")
    return dict(row)


def ticket_id_of(connection: Connection, number: str) -> int:
    """The row id of a ticket, merged or not. Raises NotFound."""
    key: int = load_ticket(connection, number, merged=True)["id"]
    return key


def ticket_of(connection: Connection, sha256: str) -> Ticket:
    """The row of the ticket that has this mail. Raises NotFound."""
    query = select(TICKET).join(MESSAGE, MESSAGE.c.ticket_id == TICKET.c.id)
    row = connection.execute(query.where(MESSAGE.c.sha256 == sha256)).mappings().first()
    if row is None:
        raise NotFound(f"no ticket has mail {sha256[:12]}")
    return dict(row)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _moment(name: str, value: Any) -> Any:
    times = ("waiting_since", "updated_at")
    return datetime.fromisoformat(value) if name in times and value else value
