"""What people do to tickets: merge, split, move; each can be undone.

Mails are moved with all that hangs on them: answers, events, and what the ticket is found by.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from intake.errors import ActRefused, NotFound
from intake.store.carrying import (
    BY_HAND,
    BY_ITSELF,
    MERGED,
    Ticket,
    carry,
    count_mails,
    load_ticket,
    restore,
    shift,
    tell,
    ticket_id_of,
    ticket_of,
)
from intake.store.tables import ACT, EVENT, MESSAGE, TICKET
from intake.store.words import storable


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
    connection: Connection,
    source: str,
    target: str,
    *,
    by: str,
    at: datetime,
    anyway: bool = False,
    why: str = "",
) -> int:
    """All mails of `source` go to `target`; its number stands for the other from now on.

    `why` is said where Intake does it by itself. Raises NotFound, and ActRefused for tickets of
    two customers unless `anyway`.
    """
    left, kept = load_ticket(connection, source), load_ticket(connection, target)
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
    act = shift(connection, "merged", moves, by, at, also=follow)
    earlier = update(TICKET).where(TICKET.c.merged_into == left["id"])
    connection.execute(earlier.values(merged_into=kept["id"]))
    waits = [row["waiting_since"] for row in (left, kept) if row["waiting_since"]]
    gone = {"state": MERGED, "waiting_since": None, "merged_into": kept["id"], "updated_at": at}
    connection.execute(update(TICKET).where(TICKET.c.id == left["id"]).values(**gone))
    if left["state"] == "open" and waits:
        open_again = {"state": "open", "waiting_since": min(waits)}
        connection.execute(update(TICKET).where(TICKET.c.id == kept["id"]).values(**open_again))
    kind = BY_ITSELF if why else BY_HAND
    text = f"{by} merged this ticket into {target}. {why}".strip()
    tell(connection, left["id"], act, text, at, kind=kind)
    text = f"{by} merged ticket {source} into this one. {why}".strip()
    tell(connection, kept["id"], act, text, at, kind=kind)
    return act


def move(
    connection: Connection, mails: Sequence[str], target: str, *, by: str, at: datetime
) -> int:
    """These mails (SHA-256) go to `target`. Raises NotFound and ActRefused."""
    kept = load_ticket(connection, target)
    moves = [(sha256, ticket_of(connection, sha256), kept) for sha256 in mails]
    if any(left["id"] == kept["id"] for _, left, _ in moves):
        raise ActRefused(f"one of these mails is in ticket {target} already")
    _keep_one(mails, moves)
    act = shift(connection, "moved", moves, by, at)
    for left in {row["id"]: row for _, row, _ in moves}.values():
        text = f"{by} moved mails from here to ticket {target}."
        tell(connection, left["id"], act, text, at)
    tell(connection, kept["id"], act, f"{by} moved {len(moves)} mails here.", at)
    return act


def split(
    connection: Connection, mails: Sequence[str], numbers: Sequence[str], *, by: str, at: datetime
) -> tuple[int, str]:
    """These mails (SHA-256), all of one ticket, become one of their own: the act and its number.

    It gets the first free one of `numbers`. Raises as `move`.
    """
    sources = {row["id"]: row for row in (ticket_of(connection, sha256) for sha256 in mails)}
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
    made = load_ticket(connection, number)
    act = shift(connection, "split", [(sha256, left, made) for sha256 in mails], by, at)
    tell(connection, left["id"], act, f"{by} split mails off into ticket {number}.", at)
    tell(connection, made["id"], act, f"{by} split this off ticket {left['number']}.", at)
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
        if ticket_of(connection, sha256)["number"] != went_to:
            raise ActRefused(
                f"act {act_id} cannot be undone: a later one moved mail {sha256[:12]} on",
                advice="Undo the later act first.",
            )
    for sha256, came_from, went_to in data["moves"]:
        carry(
            connection,
            sha256,
            ticket_id_of(connection, went_to),
            ticket_id_of(connection, came_from),
        )
    for number, before in data["before"].items():
        restore(connection, number, before, row["at"])
        if row["kind"] == "split" and ticket_id_of(connection, number) == row["ticket_id"]:
            _close_empty(connection, number, data["moves"][0][1])
        count_mails(connection, ticket_id_of(connection, number))
        tell(connection, ticket_id_of(connection, number), act_id, f"{by} undid act {act_id}.", at)
    again = {"undone_at": at, "undone_by": storable(by)}
    connection.execute(update(ACT).where(ACT.c.id == act_id).values(**again))


def acts_of(connection: Connection, number: str) -> list[ActView]:
    """What was done to a ticket, newest first."""
    key = ticket_id_of(connection, number)
    mentioned = select(EVENT.c.data).where(
        EVENT.c.ticket_id == key, EVENT.c.kind.in_((BY_HAND, BY_ITSELF))
    )
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


def _keep_one(mails: Sequence[str], moves: Sequence[tuple[str, Ticket, Ticket]]) -> None:
    for _, left, _ in moves:
        gone = {sha256 for sha256, row, _ in moves if row["id"] == left["id"]}
        if len(gone) >= left["messages"] or len(set(mails)) < len(mails):
            raise ActRefused(
                f"at least one mail has to stay in ticket {left['number']}",
                advice="To move all of them, merge the ticket.",
            )


def _close_empty(connection: Connection, number: str, target: str) -> None:
    """The ticket of a split that was undone: its number stands for where the mails went back."""
    gone = {"state": MERGED, "waiting_since": None, "merged_into": ticket_id_of(connection, target)}
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
