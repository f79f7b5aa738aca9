"""Outgoing mails and their states.

planned ──▶ sending ──▶ sent
               ├──▶ retrying ──▶ sending …
               ├──▶ failed
               └──▶ held        (a crash between the server's answer and our record)
suppressed                      (decided against, or an import that sends nothing)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, func, insert, or_, select, update

from intake.store.tables import EVENT, OUTBOX
from intake.store.words import dump_data, storable

PLANNED, SENDING, SENT = "planned", "sending", "sent"
RETRYING, FAILED, SUPPRESSED, HELD = "retrying", "failed", "suppressed", "held"


@dataclass(frozen=True, slots=True)
class OutboxMail:
    """One mail to send, byte for byte. `attempts` are those made before; `first_at` the first."""

    id: int
    message_id: str
    envelope_sender: str
    recipient: str
    raw: bytes
    attempts: int
    first_at: datetime | None
    planned_at: datetime


_MAIL = (
    OUTBOX.c.id,
    OUTBOX.c.message_id,
    OUTBOX.c.envelope_sender,
    OUTBOX.c.recipient,
    OUTBOX.c.raw,
    OUTBOX.c.attempts,
    OUTBOX.c.first_at,
    OUTBOX.c.planned_at,
)
_DUE = (
    select(OUTBOX.c.id)
    .where(OUTBOX.c.next_at <= bindparam("now"))
    .order_by(OUTBOX.c.next_at, OUTBOX.c.id)
    .limit(bindparam("max_rows"))
    .with_for_update(skip_locked=True)
    # See mails.claim_received: run once.
    .cte("due_mails")
)
_CLAIM = (
    update(OUTBOX)
    .where(OUTBOX.c.id.in_(select(_DUE.c.id)))
    .values(owner=bindparam("me"), next_at=bindparam("until"))
    .returning(*_MAIL)
)

# Built once: these two run for every mail that goes out.
_WAITING = or_(OUTBOX.c.state == PLANNED, OUTBOX.c.state == RETRYING)
_BEGIN = (
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("outbox_id"), OUTBOX.c.owner == bindparam("me"), _WAITING)
    .values(
        state=SENDING,
        next_at=None,
        attempts=OUTBOX.c.attempts + 1,
        first_at=func.coalesce(OUTBOX.c.first_at, bindparam("at")),
        reason="on its way to the mail server",
    )
)
_FINISH = (
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("outbox_id"), or_(_WAITING, OUTBOX.c.state == SENDING))
    .values(
        owner=None,
        state=bindparam("new_state"),
        reason=bindparam("why"),
        next_at=bindparam("due_at"),
        finished_at=bindparam("ended_at"),
        response=func.coalesce(bindparam("answer"), OUTBOX.c.response),
    )
    .returning(OUTBOX.c.ticket_id, OUTBOX.c.mail_id)
)
_TELL = insert(EVENT)


def claim_due(
    connection: Connection, owner: str, now: datetime, limit: int, *, lease_seconds: float = 900
) -> list[OutboxMail]:
    """Up to `limit` mails whose time has come, in `owner`'s hands for `lease_seconds`.

    Their state changes only with `mark_sending`, so a crash before it leaves no doubt.
    """
    values = {
        "me": owner,
        "now": now,
        "max_rows": limit,
        "until": now + timedelta(seconds=lease_seconds),
    }
    claimed = [OutboxMail(*row) for row in connection.execute(_CLAIM, values)]
    return sorted(claimed, key=lambda mail: mail.id)


def mark_sending(connection: Connection, outbox_id: int, owner: str, at: datetime) -> bool:
    """An attempt begins: commit this before a byte goes out. False where `owner` lost the mail."""
    values = {"outbox_id": outbox_id, "me": owner, "at": at}
    return connection.execute(_BEGIN, values).rowcount == 1


def release(connection: Connection, outbox_id: int, owner: str, at: datetime) -> None:
    """Puts a claimed mail back that no server has seen: due again at `at`."""
    statement = (
        update(OUTBOX)
        .where(
            OUTBOX.c.id == outbox_id,
            OUTBOX.c.owner == owner,
            OUTBOX.c.state.in_((PLANNED, RETRYING)),
        )
        .values(owner=None, next_at=at)
    )
    connection.execute(statement)


def mark_sent(connection: Connection, outbox_id: int, at: datetime, response: str) -> None:
    """The server took it (RFC 5321 4.2: 2yz)."""
    values = {"state": SENT, "reason": "the mail server took it", "finished_at": at}
    _finish(
        connection,
        outbox_id,
        at,
        values | {"response": storable(response)},
        "acknowledgement-sent",
        "The mail server took the acknowledgement.",
    )


def mark_retrying(
    connection: Connection, outbox_id: int, at: datetime, next_at: datetime, reason: str
) -> None:
    """It was not taken this time; tried again at `next_at`."""
    values = {"state": RETRYING, "next_at": next_at, "reason": storable(reason)}
    _finish(
        connection,
        outbox_id,
        at,
        values,
        "acknowledgement-deferred",
        f"The acknowledgement could not be sent yet and is tried again: {storable(reason)}",
    )


def mark_failed(connection: Connection, outbox_id: int, at: datetime, reason: str) -> None:
    """It will not be tried again."""
    values = {"state": FAILED, "reason": storable(reason), "finished_at": at}
    _finish(
        connection,
        outbox_id,
        at,
        values,
        "acknowledgement-failed",
        f"The acknowledgement could not be sent: {storable(reason)}",
    )


def settle_interrupted(
    connection: Connection,
    policy: Literal["resend", "hold"],
    now: datetime,
    *,
    owner: str | None = None,
) -> int:
    """What a crash left in state sending: due again, with the same Message-ID, or held for a
    person; how many. Claimed mails that were not begun are due again at once.

    `owner` None settles everybody's: the caller holds the daemon's lease.
    """
    whose = OUTBOX.c.owner.is_not(None) if owner is None else OUTBOX.c.owner == owner
    connection.execute(
        update(OUTBOX)
        .where(whose, OUTBOX.c.next_at.is_not(None), OUTBOX.c.state.in_((PLANNED, RETRYING)))
        .values(owner=None, next_at=now)
    )
    query = select(OUTBOX.c.id).where(whose, OUTBOX.c.state == SENDING)
    interrupted = list(connection.execute(query).scalars())
    values: dict[str, Any] = {"state": HELD, "reason": "interrupted; it may have been sent"}
    kind, text = "acknowledgement-held", "Sending was interrupted; a person has to decide."
    if policy == "resend":
        values = {"state": RETRYING, "next_at": now, "reason": "interrupted; sent again"}
        kind, text = "acknowledgement-resent", "Sending was interrupted; it is sent again."
    for outbox_id in interrupted:
        _finish(connection, outbox_id, now, values, kind, text)
    return len(interrupted)


def senders(connection: Connection) -> list[str]:
    """Everybody who has mails in hand."""
    query = select(OUTBOX.c.owner).where(
        OUTBOX.c.state.in_((PLANNED, RETRYING, SENDING)), OUTBOX.c.owner.is_not(None)
    )
    return list(connection.execute(query.distinct()).scalars())


def next_due(connection: Connection) -> datetime | None:
    """When the next mail has to go out; None when nothing waits."""
    return connection.execute(select(func.min(OUTBOX.c.next_at))).scalar()


def _finish(
    connection: Connection,
    outbox_id: int,
    at: datetime,
    values: dict[str, Any],
    kind: str,
    text: str,
) -> None:
    """Changes the row if it is not finished yet, and tells the ticket; else nothing."""
    changes = {
        "outbox_id": outbox_id,
        "new_state": values["state"],
        "why": values["reason"],
        "due_at": values.get("next_at"),
        "ended_at": values.get("finished_at"),
        "answer": values.get("response"),
    }
    row = connection.execute(_FINISH, changes).first()
    if row is None:
        return
    event = {
        "ticket_id": row.ticket_id,
        "mail_id": row.mail_id,
        "kind": kind,
        "at": at,
        "text": text,
        "data": dump_data(outbox_id=outbox_id, reason=str(values.get("reason", ""))),
    }
    connection.execute(_TELL, event)
