"""What people do to tickets: merge, split, move; each can be undone.

Mails are moved with all that hangs on them: answers, events, and what the ticket is found by. The
rows of the tickets as they were are kept in the act.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from intake.errors import ActRefused, NotFound
from intake.store.connections import rebuild_connections
from intake.store.tables import ACT, EVENT, MESSAGE, OUTBOX, TICKET
from intake.store.words import dump_data, storable

MERGED = "merged"
# The columns of a ticket that mails and people change, and undoing brings back.
_CHANGING = ("state", "waiting_since", "chasers_in_row", "attention", "merged_into", "updated_at")


@dataclass(frozen=True, slots=True)
class ActView:
    """One act. `moves` are (SHA-256 of the mail, ticket it left, ticket it went to)."""

    id: int
    kind: str
    by: str
    at: datetime
    moves: tuple[tuple[str, str, str], ...]
    undone_at: datetime | None
    undone_by: str | None


def merge(
    connection: Connection, source: str, target: str, *, by: str, at: datetime, anyway: bool = False
) -> int:
    """All mails of `source` go to `target`; its number stands for the other from now on.

    Raises NotFound, and ActRefused for tickets of two customers unless `anyway`.
    """
    left, kept = _ticket(connection, source), _ticket(connection, target)
    if left["id"] == kept["id"]:
        raise ActRefused(f"{source} and {target} are the same ticket")
    owners = {row["customer_id"] for row in (left, kept)} - {None}
    if len(owners) > 1 and not anyway:
        raise ActRefused(
            f"{source} and {target} belong to two customers",
            advice="Whoever answers would write to one about the other; --anyway merges them.",
        )
    mails = select(MESSAGE.c.sha256).where(MESSAGE.c.ticket_id == left["id"])
    moves = [(sha256, left, kept) for sha256 in connection.execute(mails).scalars().all()]
    followers = select(TICKET).where(TICKET.c.merged_into == left["id"])
    follow = [dict(row) for row in connection.execute(followers).mappings()]
    act = _shift(connection, "merged", moves, by, at, also=follow)
    earlier = update(TICKET).where(TICKET.c.merged_into == left["id"])
    connection.execute(earlier.values(merged_into=kept["id"]))
    waits = [row["waiting_since"] for row in (left, kept) if row["waiting_since"]]
    gone = {"state": MERGED, "waiting_since": None, "merged_into": kept["id"], "updated_at": at}
    connection.execute(update(TICKET).where(TICKET.c.id == left["id"]).values(**gone))
    if left["state"] == "open" and waits:
        open_again = {"state": "open", "waiting_since": min(waits)}
        connection.execute(update(TICKET).where(TICKET.c.id == kept["id"]).values(**open_again))
    _tell(connection, left["id"], act, f"{by} merged this ticket into {target}.", at)
    _tell(connection, kept["id"], act, f"{by} merged ticket {source} into this one.", at)
    return act


def move(
    connection: Connection, mails: Sequence[str], target: str, *, by: str, at: datetime
) -> int:
    """These mails (SHA-256) go to `target`. Raises NotFound and ActRefused."""
    kept = _ticket(connection, target)
    moves = [(sha256, _ticket_of(connection, sha256), kept) for sha256 in mails]
    if any(left["id"] == kept["id"] for _, left, _ in moves):
        raise ActRefused(f"one of these mails is in ticket {target} already")
    _keep_one(mails, moves)
    act = _shift(connection, "moved", moves, by, at)
    for left in {row["id"]: row for _, row, _ in moves}.values():
        text = f"{by} moved mails from here to ticket {target}."
        _tell(connection, left["id"], act, text, at)
    _tell(connection, kept["id"], act, f"{by} moved {len(moves)} mails here.", at)
    return act


def split(
    connection: Connection, mails: Sequence[str], numbers: Sequence[str], *, by: str, at: datetime
) -> tuple[int, str]:
    """These mails (SHA-256), all of one ticket, become one of their own: the act and its number.

    It gets the first free one of `numbers`. Raises as `move`.
    """
    sources = {row["id"]: row for row in (_ticket_of(connection, sha256) for sha256 in mails)}
    if len(sources) != 1:
        raise ActRefused("the mails to be split off are not in one ticket")
    (left,) = sources.values()
    _keep_one(mails, [(sha256, left, left) for sha256 in mails])
    taken = select(TICKET.c.number).where(TICKET.c.number.in_(numbers))
    free = sorted(set(numbers) - set(connection.execute(taken).scalars()), key=numbers.index)
    if not free:
        raise ActRefused("every number for the new ticket is taken")
    number = free[0]
    _open_like(connection, left, mails[0], number, at)
    made = _ticket(connection, number)
    act = _shift(connection, "split", [(sha256, left, made) for sha256 in mails], by, at)
    _tell(connection, left["id"], act, f"{by} split mails off into ticket {number}.", at)
    _tell(connection, made["id"], act, f"{by} split this off ticket {left['number']}.", at)
    return act, number


def undo(connection: Connection, act_id: int, *, by: str, at: datetime) -> None:
    """Puts the mails back and the tickets to where they stood, as far as nothing came since.

    Raises NotFound, and ActRefused where a later act moved one of the mails on.
    """
    row = connection.execute(select(ACT).where(ACT.c.id == act_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"no act {act_id}")
    if row["undone_at"] is not None:
        raise ActRefused(f"act {act_id} was undone before, by {row['undone_by']}")
    data = json.loads(row["data"])
    for sha256, _, went_to in data["moves"]:
        if _ticket_of(connection, sha256)["number"] != went_to:
            raise ActRefused(
                f"act {act_id} cannot be undone: a later one moved mail {sha256[:12]} on",
                advice="Undo the later act first.",
            )
    for sha256, came_from, went_to in data["moves"]:
        _carry(connection, sha256, _id(connection, went_to), _id(connection, came_from))
    for number, before in data["before"].items():
        _restore(connection, number, before, row["at"])
        if row["kind"] == "split" and _id(connection, number) == row["ticket_id"]:
            _close_empty(connection, number, data["moves"][0][1])
        _count(connection, _id(connection, number))
        _tell(connection, _id(connection, number), act_id, f"{by} undid act {act_id}.", at)
    again = {"undone_at": at, "undone_by": storable(by)}
    connection.execute(update(ACT).where(ACT.c.id == act_id).values(**again))


def acts_of(connection: Connection, number: str) -> list[ActView]:
    """What was done to a ticket, newest first."""
    key = _id(connection, number)
    mentioned = select(EVENT.c.data).where(EVENT.c.ticket_id == key, EVENT.c.kind == "act")
    ids = {json.loads(data)["act"] for data in connection.execute(mentioned).scalars()}
    rows = connection.execute(select(ACT).where(ACT.c.id.in_(ids)).order_by(ACT.c.id.desc()))
    return [
        ActView(
            id=row["id"],
            kind=row["kind"],
            by=row["by"],
            at=row["at"],
            moves=tuple((a, b, c) for a, b, c in json.loads(row["data"])["moves"]),
            undone_at=row["undone_at"],
            undone_by=row["undone_by"],
        )
        for row in rows.mappings()
    ]


Ticket = dict[str, Any]


def _keep_one(mails: Sequence[str], moves: Sequence[tuple[str, Ticket, Ticket]]) -> None:
    for _, left, _ in moves:
        gone = {sha256 for sha256, row, _ in moves if row["id"] == left["id"]}
        if len(gone) >= left["messages"] or len(set(mails)) < len(mails):
            raise ActRefused(
                f"at least one mail has to stay in ticket {left['number']}",
                advice="To move all of them, merge the ticket.",
            )


def _shift(
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
        _carry(connection, sha256, left["id"], kept["id"])
    for row in tickets.values():
        _count(connection, row["id"])
    return act_id


def _carry(connection: Connection, sha256: str, left: int, kept: int) -> None:
    """The mail, its answer and its events."""
    where = (MESSAGE.c.sha256 == sha256, MESSAGE.c.ticket_id == left)
    mail_id = connection.execute(select(MESSAGE.c.mail_id).where(*where)).scalar_one()
    connection.execute(update(MESSAGE).where(*where).values(ticket_id=kept))
    for table in (OUTBOX, EVENT):
        belongs = (table.c.mail_id == mail_id, table.c.ticket_id == left)
        connection.execute(update(table).where(*belongs).values(ticket_id=kept))


def _count(connection: Connection, ticket_id: int) -> None:
    """Number of mails, newest Date, and what the ticket is found by."""
    own = (MESSAGE.c.ticket_id == ticket_id, MESSAGE.c.disposition != "duplicate")
    counted = select(func.count(), func.max(MESSAGE.c.sent_at)).where(*own)
    messages, last_sent_at = connection.execute(counted).one()
    values = {"messages": messages, "last_sent_at": last_sent_at}
    connection.execute(update(TICKET).where(TICKET.c.id == ticket_id).values(**values))
    rebuild_connections(connection, ticket_id)


def _restore(
    connection: Connection, number: str, before: dict[str, Any], acted_at: datetime
) -> None:
    """Back to how it stood, unless mails came or people acted since."""
    row = _ticket(connection, number, merged=True)
    untouched = row["state"] == MERGED or row["updated_at"] <= acted_at
    if not untouched:
        return
    values = {name: _moment(name, value) for name, value in before.items()}
    connection.execute(update(TICKET).where(TICKET.c.id == row["id"]).values(**values))


def _close_empty(connection: Connection, number: str, target: str) -> None:
    """The ticket of a split that was undone: its number stands for where the mails went back."""
    gone = {"state": MERGED, "waiting_since": None, "merged_into": _id(connection, target)}
    connection.execute(update(TICKET).where(TICKET.c.number == number).values(**gone))


def _open_like(
    connection: Connection, left: Ticket, sha256: str, number: str, at: datetime
) -> None:
    """A ticket of its own for a mail that was in `left`."""
    mail = connection.execute(select(MESSAGE).where(MESSAGE.c.sha256 == sha256)).mappings().one()
    decision = json.loads(mail["decision"])
    customer = decision["sender"]["customer"]
    ticket = {name: value for name, value in left.items() if name != "id"} | {
        "number": number,
        "subject": mail["subject"],
        "customer_id": customer["customer_id"] if customer else None,
        "sender_match": decision["sender"]["match"],
        "author": mail["author"],
        "author_name": mail["author_name"],
        "category": decision["triage"]["category"],
        "priority": decision["triage"]["priority"],
        "language": mail["language"],
        "created_at": mail["received_at"],
        "updated_at": at,
        "waiting_since": mail["received_at"] if left["waiting_since"] else None,
        "chasers_in_row": 0,
        "attention": "",
    }
    connection.execute(insert(TICKET), ticket)


def _tell(connection: Connection, ticket_id: int, act: int, text: str, at: datetime) -> None:
    event = {"ticket_id": ticket_id, "kind": "act", "at": at, "text": storable(text)}
    connection.execute(insert(EVENT), event | {"data": dump_data(act=act)})


def _ticket(connection: Connection, number: str, *, merged: bool = False) -> Ticket:
    shown = number.strip().lstrip("#").upper()
    row = connection.execute(select(TICKET).where(TICKET.c.number == shown)).mappings().first()
    if row is None:
        raise NotFound(f"no ticket {number}")
    if row["state"] == MERGED and not merged:
        raise ActRefused(f"ticket {number} was merged into another one", advice="Undo that first.")
    return dict(row)


def _id(connection: Connection, number: str) -> int:
    key: int = _ticket(connection, number, merged=True)["id"]
    return key


def _ticket_of(connection: Connection, sha256: str) -> Ticket:
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
