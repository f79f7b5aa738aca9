"""One holder at a time for a piece of work, across threads, processes and machines."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, or_, select, update

from intake.store.statements import insert_ignoring
from intake.store.tables import LEASE
from intake.store.views import LeaseView

_NAME = LEASE.c.name == bindparam("lease")
_MINE = LEASE.c.owner == bindparam("me")
_TAKE = (
    update(LEASE)
    .where(_NAME, or_(LEASE.c.owner.is_(None), LEASE.c.until <= bindparam("now"), _MINE))
    .values(owner=bindparam("me"), until=bindparam("ends"), epoch=LEASE.c.epoch + 1)
    .returning(LEASE.c.epoch)
)
_RENEW = (
    update(LEASE)
    .where(_NAME, _MINE, LEASE.c.epoch == bindparam("held"), LEASE.c.until > bindparam("now"))
    .values(until=bindparam("ends"))
)
_RELEASE = (
    update(LEASE)
    .where(_NAME, _MINE, LEASE.c.epoch == bindparam("held"))
    .values(owner=None, until=bindparam("now"))
)
_EVICT = update(LEASE).where(_NAME, LEASE.c.owner == bindparam("dead")).values(owner=None)


def acquire(
    connection: Connection, name: str, owner: str, ttl_seconds: float, now: datetime
) -> int | None:
    """The epoch under which `owner` now holds the lease; None while another one does.

    The epoch grows with every taking, so a holder that overslept can be told from the next.
    """
    connection.execute(
        insert_ignoring(connection, LEASE),
        {"name": name, "owner": None, "until": now, "epoch": 0},
    )
    values = {"lease": name, "me": owner, "now": now, "ends": now + timedelta(seconds=ttl_seconds)}
    epoch: int | None = connection.execute(_TAKE, values).scalar()
    return epoch


def renew(
    connection: Connection, name: str, owner: str, epoch: int, ttl_seconds: float, now: datetime
) -> bool:
    """Holds on for another `ttl_seconds`; False when it ran out or passed to another."""
    values = {
        "lease": name,
        "me": owner,
        "held": epoch,
        "now": now,
        "ends": now + timedelta(seconds=ttl_seconds),
    }
    return connection.execute(_RENEW, values).rowcount == 1


def release(connection: Connection, name: str, owner: str, epoch: int, now: datetime) -> None:
    """Gives the lease back at once; nothing where it is not held any more."""
    connection.execute(_RELEASE, {"lease": name, "me": owner, "held": epoch, "now": now})


def evict(connection: Connection, name: str, owner: str) -> None:
    """Frees what `owner` holds: the caller has made sure that it is dead."""
    connection.execute(_EVICT, {"lease": name, "dead": owner})


def holder(connection: Connection, name: str) -> LeaseView | None:
    """Who has it, also when the time is over; None when nobody does."""
    query = select(LEASE).where(LEASE.c.name == name, LEASE.c.owner.is_not(None))
    row = connection.execute(query).one_or_none()
    return None if row is None else LeaseView(row.name, row.owner, row.until, row.epoch)
