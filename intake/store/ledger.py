"""Which mails of which folder we have (RFC 9051 2.3.1.1), so that none is missed or taken twice."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Connection,
    String,
    and_,
    bindparam,
    func,
    or_,
    select,
    update,
)

from intake.store.arrivals import insert_mails, mail_row
from intake.store.statements import chunks, insert_ignoring, upsert
from intake.store.tables import FOLDER, LEDGER
from intake.store.words import storable

OVERSIZE_PREFIX = "too-large:"
Text = BindParameter[str] | str


@dataclass(frozen=True, slots=True)
class Received:
    """One mail seen on a server whose bytes are safe in the blob store under `sha256`."""

    mailbox: str
    folder: str
    uidvalidity: int
    uid: int
    sha256: str
    size_bytes: int
    received_at: datetime
    message_id: str | None = None
    internal_date: datetime | None = None


@dataclass(frozen=True, slots=True)
class Oversize:
    """One mail above the size limit: left on the server, known from headers and structure."""

    mailbox: str
    folder: str
    uidvalidity: int
    uid: int
    size_bytes: int
    received_at: datetime
    headers_text: str
    message_id: str | None = None
    internal_date: datetime | None = None

    @property
    def stand_in_sha256(self) -> str:
        """The same for the same mail after a change of UIDVALIDITY."""
        known = f"{self.size_bytes}\n{self.headers_text}".encode("utf-8", "surrogatepass")
        return OVERSIZE_PREFIX + hashlib.sha256(known).hexdigest()


@dataclass(frozen=True, slots=True)
class Imported:
    """One mail given by `intake import`; its bytes are safe under `sha256`."""

    sha256: str
    size_bytes: int
    received_at: datetime
    message_id: str | None = None


def record_received(connection: Connection, entries: Sequence[Received]) -> list[str]:
    """Ledger rows, and a mail row for bytes never seen before; the SHA-256 of those new ones.

    Running it again changes nothing.
    """
    rows = [
        mail_row(e.sha256, e.size_bytes, e.mailbox, e.received_at, e.message_id, "received")
        for e in entries
    ]
    ids, new = insert_mails(connection, rows)
    _insert_ledger(connection, entries, [ids[e.sha256] for e in entries], bytes_kept=True)
    return new


def record_oversize(connection: Connection, entries: Sequence[Oversize]) -> list[str]:
    """Like `record_received` for mails that stay where they are, in state too-large."""
    rows = [
        mail_row(
            e.stand_in_sha256, e.size_bytes, e.mailbox, e.received_at, e.message_id, "too-large"
        )
        | {
            "error_code": "too-large",
            "error_text": f"The mail has {e.size_bytes:,} bytes, more than limits.mail_bytes.",
            "headers_text": storable(e.headers_text),
        }
        for e in entries
    ]
    ids, new = insert_mails(connection, rows)
    keys = [ids[e.stand_in_sha256] for e in entries]
    _insert_ledger(connection, entries, keys, bytes_kept=False)
    return new


def record_imported(
    connection: Connection, entries: Sequence[Imported], *, acknowledge: bool
) -> list[str]:
    """Mail rows without a place on a server; the SHA-256 of those never seen before."""
    rows = [
        mail_row(e.sha256, e.size_bytes, "import", e.received_at, e.message_id, "received")
        | {"imported": True, "acknowledge": acknowledge}
        for e in entries
    ]
    return insert_mails(connection, rows)[1]


def known_uid_ranges(
    connection: Connection, mailbox: str, folder: str, uidvalidity: int, *, lowest: int = 1
) -> list[tuple[int, int]]:
    """The UIDs we have from `lowest` on, as inclusive ranges in order. The database walks its
    index once and only the ends of ranges come over, so memory does not grow with the folder.
    """
    ranges: list[tuple[int, int]] = []
    where = {"mailbox": mailbox, "folder": folder, "uidvalidity": uidvalidity, "lowest": lowest}
    for uid, before, _after in connection.execute(_RANGE_ENDS, where):
        if before is not None and before == uid - 1:
            ranges[-1] = (ranges[-1][0], uid)
        else:
            ranges.append((uid, uid))
    return ranges


def untold(
    connection: Connection, mailbox: str, folder: str, uidvalidity: int, limit: int
) -> list[int]:
    """UIDs whose bytes are safe and whose server was not told so yet, lowest first."""
    where = {"mailbox": mailbox, "folder": folder, "uidvalidity": uidvalidity, "limit": limit}
    return list(connection.execute(_UNTOLD, where).scalars())


def mark_told(
    connection: Connection,
    mailbox: str,
    folder: str,
    uidvalidity: int,
    uids: Sequence[int],
    at: datetime,
) -> None:
    """The server flagged, moved or deleted these mails at `at`."""
    for some in chunks(uids):
        statement = (
            update(LEDGER)
            .where(_folder(mailbox, folder, uidvalidity), LEDGER.c.uid.in_(some))
            .values(told_at=at)
        )
        connection.execute(statement)


def record_folder_state(
    connection: Connection,
    mailbox: str,
    folder: str,
    uidvalidity: int,
    uidnext: int | None,
    missing_count: int,
    at: datetime,
) -> None:
    """What a poll saw; `missing_count` is what the server lists and we could not get."""
    row = {
        "mailbox": mailbox,
        "folder": folder,
        "uidvalidity": uidvalidity,
        "uidnext": uidnext,
        "missing_count": missing_count,
        "checked_at": at,
    }
    columns = ("uidvalidity", "uidnext", "missing_count", "checked_at")
    connection.execute(upsert(connection, FOLDER, columns), row)


def _folder(
    mailbox: Text, folder: Text, uidvalidity: BindParameter[int] | int
) -> ColumnElement[bool]:
    return and_(
        LEDGER.c.mailbox == mailbox,
        LEDGER.c.folder == folder,
        LEDGER.c.uidvalidity == uidvalidity,
    )


_THIS_FOLDER = _folder(
    bindparam("mailbox", type_=String()),
    bindparam("folder", type_=String()),
    bindparam("uidvalidity", type_=BigInteger()),
)
_neighbours = (
    select(
        LEDGER.c.uid,
        func.lag(LEDGER.c.uid).over(order_by=LEDGER.c.uid).label("before"),
        func.lead(LEDGER.c.uid).over(order_by=LEDGER.c.uid).label("after"),
    )
    .where(_THIS_FOLDER, LEDGER.c.uid >= bindparam("lowest"))
    .subquery()
)
_RANGE_ENDS = (
    select(_neighbours)
    .where(
        or_(
            _neighbours.c.before.is_(None),
            _neighbours.c.before != _neighbours.c.uid - 1,
            _neighbours.c.after.is_(None),
            _neighbours.c.after != _neighbours.c.uid + 1,
        )
    )
    .order_by(_neighbours.c.uid)
)
_UNTOLD = (
    select(LEDGER.c.uid)
    .where(_THIS_FOLDER, LEDGER.c.told_at.is_(None), LEDGER.c.bytes_kept)
    .order_by(LEDGER.c.uid)
    .limit(bindparam("limit"))
)


def _insert_ledger(
    connection: Connection,
    entries: Sequence[Received] | Sequence[Oversize],
    mail_ids: Sequence[int],
    *,
    bytes_kept: bool,
) -> None:
    rows = [
        {
            "mailbox": e.mailbox,
            "folder": e.folder,
            "uidvalidity": e.uidvalidity,
            "uid": e.uid,
            "mail_id": mail_id,
            "bytes_kept": bytes_kept,
            "internal_date": e.internal_date,
            "received_at": e.received_at,
            "told_at": None,
        }
        for e, mail_id in zip(list[Received | Oversize](entries), mail_ids, strict=True)
    ]
    for some in chunks(rows):
        connection.execute(insert_ignoring(connection, LEDGER), list(some))
