"""The queue of pictures that wait to be looked at, and what was found in them, by their bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Insert, bindparam, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from intake.store.rows import PICTURES, WAITING
from intake.store.tables import ATTACHMENT, MAIL, MESSAGE, PICTURE
from intake.store.words import storable, storable_or_none

UNREAD = "unread"
# Of a picture: its words were read; it was looked at without reading; it cannot be opened.
READ, SEEN, FAILED = "read", "seen", "failed"


@dataclass(frozen=True, slots=True)
class WaitingPicture:
    """A picture of a mail in a ticket. `before` counts the pictures of the mail above it."""

    attachment_id: int
    message_row_id: int
    mail_sha256: str
    section: str
    sha256: str
    filename: str | None
    before: int


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What is kept of a picture. `words` is None where they were not read: `reason` says why."""

    state: str
    reason: str = ""
    words: str | None = None
    engine: str | None = None
    perceptual_hash: str | None = None
    thumbnail: bytes | None = None


_above = ATTACHMENT.alias()
_NEXT = (
    select(
        ATTACHMENT.c.id.label("attachment_id"),
        ATTACHMENT.c.message_row_id,
        MAIL.c.sha256.label("mail_sha256"),
        ATTACHMENT.c.section,
        ATTACHMENT.c.sha256,
        ATTACHMENT.c.filename,
        select(func.count())
        .where(
            _above.c.message_row_id == ATTACHMENT.c.message_row_id,
            _above.c.position < ATTACHMENT.c.position,
            _above.c.kind.in_(PICTURES),
        )
        .scalar_subquery()
        .label("before"),
    )
    .join(MESSAGE, MESSAGE.c.id == ATTACHMENT.c.message_row_id)
    .join(MAIL, MAIL.c.id == MESSAGE.c.mail_id)
    .outerjoin(PICTURE, PICTURE.c.sha256 == ATTACHMENT.c.sha256)
    .where(
        ATTACHMENT.c.look == bindparam("look"),
        or_(PICTURE.c.lease_until.is_(None), PICTURE.c.lease_until <= bindparam("now")),
    )
    # What staff look at now comes before a backlog; of one mail the first picture first.
    .order_by(ATTACHMENT.c.message_row_id.desc(), ATTACHMENT.c.position)
    .limit(1)
)
_LOADED = select(*(PICTURE.c[name] for name in LookedAt.__dataclass_fields__)).where(
    PICTURE.c.sha256 == bindparam("wanted"), PICTURE.c.state != WAITING
)
_ATTEMPT = ("lease_owner", "lease_until")


def next_waiting(connection: Connection, now: datetime, *, can_read: bool) -> WaitingPicture | None:
    """The picture to look at next that nobody is at.

    With `can_read` those come after it whose words nobody could read before.
    """
    for look in (WAITING, UNREAD) if can_read else (WAITING,):
        row = connection.execute(_NEXT, {"look": look, "now": now}).one_or_none()
        if row is not None:
            return WaitingPicture(*row)
    return None


def find_looked_at(connection: Connection, sha256: str) -> LookedAt | None:
    """What an earlier look at the same bytes gave."""
    row = connection.execute(_LOADED, {"wanted": sha256}).one_or_none()
    return None if row is None else LookedAt(*row)


def claim(
    connection: Connection, sha256: str, owner: str, now: datetime, lease_seconds: float
) -> int | None:
    """The number of this attempt, 1 the first time; None where another is at it."""
    row = {
        "sha256": sha256,
        "state": WAITING,
        "reason": "",
        "attempts": 1,
        "lease_owner": owner,
        "lease_until": now + timedelta(seconds=lease_seconds),
    }
    statement = _claiming(connection.dialect.name, now).returning(PICTURE.c.attempts)
    return connection.execute(statement, row).scalar()


def _claiming(dialect: str, now: datetime) -> Insert:
    free = or_(PICTURE.c.lease_until.is_(None), PICTURE.c.lease_until <= now)
    again = {"attempts": PICTURE.c.attempts + 1}
    if dialect == "postgresql":
        pg = postgresql.insert(PICTURE)
        taken = again | {name: pg.excluded[name] for name in _ATTEMPT}
        return pg.on_conflict_do_update(PICTURE.primary_key, set_=taken, where=free)
    lite = sqlite.insert(PICTURE)
    taken = again | {name: lite.excluded[name] for name in _ATTEMPT}
    return lite.on_conflict_do_update(PICTURE.primary_key, set_=taken, where=free)


def give_back(connection: Connection, sha256: str, owner: str) -> None:
    """Nothing was tried: free at once, and the attempt does not count."""
    connection.execute(
        update(PICTURE)
        .where(PICTURE.c.sha256 == sha256, PICTURE.c.lease_owner == owner)
        .values(lease_owner=None, lease_until=None, attempts=PICTURE.c.attempts - 1)
    )


def claimers(connection: Connection) -> list[str]:
    """Everybody who is at a picture."""
    query = select(PICTURE.c.lease_owner).where(PICTURE.c.lease_owner.is_not(None)).distinct()
    return [str(owner) for owner in connection.execute(query).scalars()]


def free_claims(connection: Connection, owner: str) -> None:
    """What a dead `owner` had in hand is free; the attempt counts."""
    connection.execute(
        update(PICTURE)
        .where(PICTURE.c.lease_owner == owner)
        .values(lease_owner=None, lease_until=None)
    )


def keep(connection: Connection, sha256: str, owner: str, found: LookedAt, at: datetime) -> bool:
    """Writes what was found; False where the lease went to another meanwhile."""
    statement = (
        update(PICTURE)
        .where(PICTURE.c.sha256 == sha256, PICTURE.c.lease_owner == owner)
        .values(
            state=found.state,
            reason=storable(found.reason),
            words=storable_or_none(found.words),
            engine=found.engine,
            perceptual_hash=found.perceptual_hash,
            thumbnail=found.thumbnail,
            looked_at=at,
            attempts=0,
            lease_owner=None,
            lease_until=None,
        )
    )
    return connection.execute(statement).rowcount == 1


def settle(
    connection: Connection, attachment_id: int, *, look: str | None, perceptual_hash: str | None
) -> bool:
    """The attachment leaves the queue, or (`unread`) waits for somebody who can read.

    False where it had left before.
    """
    statement = (
        update(ATTACHMENT)
        .where(ATTACHMENT.c.id == attachment_id, ATTACHMENT.c.look.is_not(None))
        .values(look=look, perceptual_hash=perceptual_hash)
    )
    return connection.execute(statement).rowcount == 1


def words_of_message(connection: Connection, message_row_id: int) -> Sequence[tuple[str, str]]:
    """(SHA-256, words) of the pictures of one mail that have any, for Facts.image_words."""
    query = (
        select(PICTURE.c.sha256, PICTURE.c.words)
        .join(ATTACHMENT, ATTACHMENT.c.sha256 == PICTURE.c.sha256)
        .where(
            ATTACHMENT.c.message_row_id == message_row_id,
            ATTACHMENT.c.kind.in_(PICTURES),
            PICTURE.c.words != "",
        )
        .distinct()
        .order_by(PICTURE.c.sha256)
    )
    return [(row.sha256, row.words) for row in connection.execute(query)]
