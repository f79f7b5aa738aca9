"""Mails that hold secrets: which, how many, and who was shown them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from intake.store.tables import EVENT, MESSAGE
from intake.store.words import dump_data, storable


def secrets_in(connection: Connection, sha256: str) -> tuple[str, ...]:
    """The kinds of secrets in a recorded mail; () for one without, or never recorded."""
    query = select(MESSAGE.c.secrets).where(MESSAGE.c.sha256 == sha256)
    return tuple((connection.execute(query).scalars().first() or "").splitlines())


def count_with_secrets(connection: Connection) -> int:
    """How many recorded mails hold any."""
    return connection.execute(select(func.count()).where(MESSAGE.c.secrets != "")).scalar_one()


def record_shown(connection: Connection, sha256s: Sequence[str], *, by: str, at: datetime) -> None:
    """An event `secret-shown` for each of these mails, on its ticket where it has one."""
    query = select(
        MESSAGE.c.mail_id, MESSAGE.c.ticket_id, MESSAGE.c.sha256, MESSAGE.c.secrets
    ).where(MESSAGE.c.sha256.in_(sha256s))
    rows = [
        {
            "mail_id": row.mail_id,
            "ticket_id": row.ticket_id,
            "kind": "secret-shown",
            "at": at,
            "text": f"{storable(by)} was shown what is hidden in a mail.",
            "data": dump_data(by=by, mail=row.sha256, secrets=row.secrets.splitlines()),
        }
        for row in connection.execute(query.order_by(MESSAGE.c.id)).all()
    ]
    if rows:
        connection.execute(insert(EVENT), rows)
