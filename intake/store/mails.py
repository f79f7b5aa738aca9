"""The work queue of received mails: claim, put back, quarantine, retry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    RowMapping,
    Select,
    and_,
    bindparam,
    case,
    func,
    insert,
    or_,
    select,
    update,
)

from intake.errors import NotFound
from intake.store.statements import chunks
from intake.store.tables import EVENT, MAIL
from intake.store.views import QuarantinedMail
from intake.store.words import dump_data, storable, storable_or_none

RECEIVED, PROCESSED, DUPLICATE = "received", "processed", "duplicate"
QUARANTINED, TOO_LARGE = "quarantined", "too-large"


@dataclass(frozen=True, slots=True)
class ClaimedMail:
    """A mail in the hands of one worker until its lease ends.

    `attempts` counts this one: 1 the first time. `acknowledge` is False for an import that
    sends nothing.
    """

    id: int
    sha256: str
    size_bytes: int
    received_at: datetime
    attempts: int
    mailbox: str
    imported: bool
    acknowledge: bool


_CLAIMED = (
    MAIL.c.id,
    MAIL.c.sha256,
    MAIL.c.size_bytes,
    MAIL.c.received_at,
    MAIL.c.attempts,
    MAIL.c.mailbox,
    MAIL.c.imported,
    MAIL.c.acknowledge,
)
_FREE = and_(
    MAIL.c.state == RECEIVED,
    or_(MAIL.c.lease_until.is_(None), MAIL.c.lease_until <= bindparam("now")),
)
_NEXT = (
    select(MAIL.c.id)
    .where(_FREE)
    .order_by(MAIL.c.id)
    .limit(bindparam("max_rows"))
    .with_for_update(skip_locked=True)
    # PostgreSQL runs a CTE once; a plain subquery it may run again and lock more than the limit.
    .cte("next_mails")
)
_CLAIM = (
    update(MAIL)
    .where(MAIL.c.id.in_(select(_NEXT.c.id)))
    .values(
        lease_owner=bindparam("owner"),
        lease_until=bindparam("until"),
        attempts=MAIL.c.attempts + 1,
    )
    .returning(*_CLAIMED)
)


def claim_received(
    connection: Connection, owner: str, now: datetime, lease_seconds: float, limit: int
) -> list[ClaimedMail]:
    """Up to `limit` mails that nobody has in hand, oldest first, leased to `owner`.

    A mail whose worker died comes again when its lease is over, with one more attempt.
    """
    values = {
        "owner": owner,
        "until": now + timedelta(seconds=lease_seconds),
        "now": now,
        "max_rows": limit,
    }
    claimed = [ClaimedMail(*row) for row in connection.execute(_CLAIM, values)]
    return sorted(claimed, key=lambda mail: mail.id)


def claimers(connection: Connection) -> list[str]:
    """Everybody who has received mails in hand."""
    query = select(MAIL.c.lease_owner).where(
        MAIL.c.state == RECEIVED, MAIL.c.lease_owner.is_not(None)
    )
    return list(connection.execute(query.distinct()).scalars())


def claims_of(connection: Connection, owner: str) -> list[str]:
    """The SHA-256 of the mails that `owner` has in hand."""
    query = select(MAIL.c.sha256).where(MAIL.c.state == RECEIVED, MAIL.c.lease_owner == owner)
    return list(connection.execute(query).scalars())


def release_claims(connection: Connection, owner: str) -> int:
    """Frees what `owner` had in hand when it died; how many.

    Mails are dealt with in their order, so only the first of them can be why: its attempt
    counts, those of the others are given back.
    """
    hand = MAIL.alias()
    first = (
        select(func.min(hand.c.id))
        .where(hand.c.state == RECEIVED, hand.c.lease_owner == owner)
        .scalar_subquery()
    )
    statement = (
        update(MAIL)
        .where(MAIL.c.state == RECEIVED, MAIL.c.lease_owner == owner)
        .values(
            lease_owner=None,
            lease_until=None,
            attempts=case((MAIL.c.id == first, MAIL.c.attempts), else_=MAIL.c.attempts - 1),
        )
    )
    return connection.execute(statement).rowcount


def release(connection: Connection, sha256s: Sequence[str]) -> None:
    """Puts mails back untouched: free at once, and the attempt does not count."""
    for some in chunks(sha256s):
        statement = (
            update(MAIL)
            .where(MAIL.c.sha256.in_(some), MAIL.c.state == RECEIVED)
            .values(
                lease_owner=None,
                lease_until=None,
                attempts=case((MAIL.c.attempts > 0, MAIL.c.attempts - 1), else_=0),
            )
        )
        connection.execute(statement)


def quarantine(
    connection: Connection,
    sha256: str,
    error_code: str,
    error_text: str,
    headers_text: str | None,
    at: datetime,
) -> bool:
    """Sets a received mail aside with what went wrong; False where it is not waiting any more."""
    statement = (
        update(MAIL)
        .where(MAIL.c.sha256 == sha256, MAIL.c.state == RECEIVED)
        .values(
            state=QUARANTINED,
            lease_owner=None,
            lease_until=None,
            processed_at=at,
            error_code=storable(error_code),
            error_text=storable(error_text),
            headers_text=storable_or_none(headers_text),
        )
        .returning(MAIL.c.id)
    )
    mail_id = connection.execute(statement).scalar()
    if mail_id is None:
        return False
    text = f"The mail was set aside: {storable(error_text)}"
    _add_event(connection, mail_id, "quarantined", at, text, code=error_code)
    return True


def retry_quarantined(connection: Connection, sha256: str, at: datetime) -> None:
    """Puts a quarantined mail back in the queue, fresh. Raises NotFound."""
    statement = (
        update(MAIL)
        .where(MAIL.c.sha256 == sha256, MAIL.c.state == QUARANTINED)
        .values(state=RECEIVED, attempts=0, processed_at=None, error_code=None, error_text=None)
        .returning(MAIL.c.id)
    )
    mail_id = connection.execute(statement).scalar()
    if mail_id is None:
        raise NotFound(f"no quarantined mail {sha256}")
    _add_event(connection, mail_id, "retried", at, "The mail was put back to be tried again.")


def list_quarantined(
    connection: Connection, *, limit: int = 100, after: int | None = None
) -> list[QuarantinedMail]:
    """Mails set aside or too large, newest first; `after` is the id of the last one seen."""
    query = (
        _QUARANTINED.where(MAIL.c.state.in_((QUARANTINED, TOO_LARGE)))
        .order_by(MAIL.c.id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(MAIL.c.id < after)
    return [_quarantined(row) for row in connection.execute(query).mappings()]


def quarantined_mail(connection: Connection, sha256: str) -> QuarantinedMail:
    """One of them, by its SHA-256 or the beginning of it. Raises NotFound."""
    query = _QUARANTINED.where(
        MAIL.c.state.in_((QUARANTINED, TOO_LARGE)),
        MAIL.c.sha256.startswith(sha256, autoescape=True),
    ).limit(2)
    rows = connection.execute(query).mappings().all()
    if len(rows) != 1:
        raise NotFound(f"{'several' if rows else 'no'} quarantined mails begin with {sha256}")
    return _quarantined(rows[0])


def find_stored(connection: Connection, sha256: str) -> str:
    """The whole SHA-256 of the stored mail that begins with `sha256`. Raises NotFound."""
    query = select(MAIL.c.sha256).where(MAIL.c.sha256.startswith(sha256.lower(), autoescape=True))
    found = connection.execute(query.limit(2)).scalars().all()
    if len(found) != 1:
        raise NotFound(f"{'several' if found else 'no'} mails begin with {sha256}")
    return str(found[0])


_QUARANTINED: Select[Any] = select(
    MAIL.c.id,
    MAIL.c.sha256,
    MAIL.c.size_bytes,
    MAIL.c.state,
    MAIL.c.mailbox,
    MAIL.c.received_at,
    MAIL.c.attempts,
    MAIL.c.error_code,
    MAIL.c.error_text,
    MAIL.c.headers_text,
    MAIL.c.processed_at,
)


def _quarantined(row: RowMapping) -> QuarantinedMail:
    return QuarantinedMail(**row)


def _add_event(
    connection: Connection, mail_id: int, kind: str, at: datetime, text: str, **data: str
) -> None:
    row = {"mail_id": mail_id, "kind": kind, "at": at, "text": text, "data": dump_data(**data)}
    connection.execute(insert(EVENT), row)
