"""The files of a ticket with what was found in them, and where its pictures were seen before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, RowMapping, Table, func, literal_column, or_, select

from intake.model import Attachment
from intake.store.pictures import UNREAD
from intake.store.rows import WAITING
from intake.store.tables import ATTACHMENT, CUSTOMER_ADDRESS, MESSAGE, PICTURE, SCAN, TICKET
from intake.store.views import FilesView, FileView, SeenBefore

# Bits in which two hashes of one picture, sent as PNG and again as a smaller JPEG, may differ.
_SAME_PICTURE_BITS = 6
_HASH_BITS = 64
# A plain surface has a hash without any structure, and all plain surfaces have the same.
_LEAST_BITS = 4
_MOST_EARLIER, _MOST_SHOWN, _MOST_ADDRESSES = 500, 5, 50

_SAME = tuple(
    name for name in Attachment.__dataclass_fields__ if name not in ("words", "risk", "members")
)
_FILES = (
    select(
        ATTACHMENT.c.message_row_id,
        *(ATTACHMENT.c[name] for name in _SAME),
        ATTACHMENT.c.risk,
        ATTACHMENT.c.members,
        ATTACHMENT.c.look,
        ATTACHMENT.c.scan,
        PICTURE.c.state.label("picture_state"),
        PICTURE.c.reason,
        PICTURE.c.words,
        PICTURE.c.engine,
        PICTURE.c.looked_at,
        SCAN.c.detail,
        SCAN.c.scanned_at,
    )
    .join(MESSAGE, MESSAGE.c.id == ATTACHMENT.c.message_row_id)
    .outerjoin(PICTURE, PICTURE.c.sha256 == ATTACHMENT.c.sha256)
    .outerjoin(SCAN, SCAN.c.sha256 == ATTACHMENT.c.sha256)
    .order_by(ATTACHMENT.c.message_row_id, ATTACHMENT.c.position)
)


def files_of_ticket(
    connection: Connection, ticket_id: int
) -> Mapping[int, list[tuple[Attachment, FileView]]]:
    """Attachments with the words read in them and what else was found, by the message's row."""
    rows = connection.execute(_FILES.where(MESSAGE.c.ticket_id == ticket_id)).mappings().all()
    hashes = {row["perceptual_hash"] for row in rows if _says_something(row["perceptual_hash"])}
    earlier = _earlier_pictures(connection, ticket_id) if hashes else []
    found: dict[int, list[tuple[Attachment, FileView]]] = defaultdict(list)
    for row in rows:
        seen = _seen_before(row, earlier) if row["perceptual_hash"] in hashes else ()
        found[row["message_row_id"]].append((_attachment(row), _file(row, seen)))
    return found


def count_files(connection: Connection) -> FilesView:
    """How many pictures and files were dealt with, by what came of it, and how many wait."""
    waiting = select(ATTACHMENT.c.look, func.count()).where(ATTACHMENT.c.look.is_not(None))
    queue = {row[0]: row[1] for row in connection.execute(waiting.group_by(ATTACHMENT.c.look))}
    unscanned = select(func.count()).where(ATTACHMENT.c.scan == literal_column(f"'{WAITING}'"))
    return FilesView(
        pictures=_count(connection, PICTURE),
        pictures_waiting=queue.get(WAITING, 0),
        pictures_unread=queue.get(UNREAD, 0),
        scans=_count(connection, SCAN),
        scans_waiting=connection.execute(unscanned).scalar_one(),
    )


def _count(connection: Connection, table: Table) -> dict[str, int]:
    query = select(table.c.state, func.count()).group_by(table.c.state).order_by(table.c.state)
    return {row[0]: row[1] for row in connection.execute(query)}


def _attachment(row: RowMapping) -> Attachment:
    return Attachment(
        **{name: row[name] for name in _SAME},
        words=row["words"],
        risk=tuple(row["risk"].split("\n")) if row["risk"] else (),
        members=tuple(row["members"].split("\n")) if row["members"] else (),
    )


def _file(row: RowMapping, seen_before: tuple[SeenBefore, ...]) -> FileView:
    return FileView(
        sha256=row["sha256"],
        picture=row["look"] if row["look"] == WAITING else row["picture_state"],
        picture_reason=row["reason"] or "",
        engine=row["engine"],
        looked_at=row["looked_at"],
        scan=row["scan"],
        scan_detail=row["detail"] or "",
        scanned_at=row["scanned_at"],
        seen_before=seen_before,
    )


Earlier = tuple[int, str, str, datetime]


def _earlier_pictures(connection: Connection, ticket_id: int) -> list[Earlier]:
    """(message row, hash, ticket, time) of pictures that the same people sent, newest first."""
    authors = select(MESSAGE.c.author_key).where(MESSAGE.c.ticket_id == ticket_id).distinct()
    keys = [key for key in connection.execute(authors).scalars() if key]
    addresses = (
        select(CUSTOMER_ADDRESS.c.address_key)
        .join(TICKET, TICKET.c.customer_id == CUSTOMER_ADDRESS.c.customer_id)
        .where(TICKET.c.id == ticket_id)
        .limit(_MOST_ADDRESSES)
    )
    keys += connection.execute(addresses).scalars()
    query = (
        select(MESSAGE.c.id, ATTACHMENT.c.perceptual_hash, TICKET.c.number, MESSAGE.c.received_at)
        .join(ATTACHMENT, ATTACHMENT.c.message_row_id == MESSAGE.c.id)
        .join(TICKET, TICKET.c.id == MESSAGE.c.ticket_id)
        .where(
            or_(*(MESSAGE.c.author_key == key for key in dict.fromkeys(keys))),
            ATTACHMENT.c.perceptual_hash.is_not(None),
        )
        .order_by(MESSAGE.c.id.desc())
        .limit(_MOST_EARLIER)
    )
    return [tuple(row) for row in connection.execute(query)] if keys else []


def _seen_before(row: RowMapping, earlier: Iterable[Earlier]) -> tuple[SeenBefore, ...]:
    found: dict[str, SeenBefore] = {}
    for message_row_id, perceptual_hash, ticket, at in earlier:
        bits = _distance(perceptual_hash, row["perceptual_hash"])
        if message_row_id < row["message_row_id"] and bits <= _SAME_PICTURE_BITS:
            found.setdefault(ticket, SeenBefore(ticket, at, bits))
    return tuple(found.values())[:_MOST_SHOWN]


def _says_something(perceptual_hash: str | None) -> bool:
    if perceptual_hash is None:
        return False
    ones = int(perceptual_hash, 16).bit_count()
    return _LEAST_BITS <= ones <= _HASH_BITS - _LEAST_BITS


def _distance(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()
