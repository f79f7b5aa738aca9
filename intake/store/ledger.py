"""Which mails of which folder we have (RFC 9051 2.3.1.1), so that none is missed or taken twice."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Connection,
    String,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)

from intake.store.statements import chunks, insert_ignoring, upsert
from intake.store.tables import EVENT, FOLDER, LEDGER, MAIL
from intake.store.words import index_key_or_none, storable

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
        _mail_row(e.sha256, e.size_bytes, e.mailbox, e.received_at, e.message_id, "received")
        for e in entries
    ]
    ids, new = _insert_mails(connection, rows)
    _insert_ledger(connection, entries, [ids[e.sha256] for e in entries], bytes_kept=True)
    return new


def record_oversize(connection: Connection, entries: Sequence[Oversize]) -> list[str]:
    """Like `record_received` for mails that stay where they are, in state too-large."""
    rows = [
        _mail_row(
            e.stand_in_sha256, e.size_bytes, e.mailbox, e.received_at, e.message_id, "too-large"
        )
        | {
            "error_code": "too-large",
            "error_text": f"The mail has {e.size_bytes:,} bytes, more than limits.mail_bytes.",
            "headers_text": storable(e.headers_text),
        }
        for e in entries
    ]
    ids, new = _insert_mails(connection, rows)
    keys = [ids[e.stand_in_sha256] for e in entries]
    _insert_ledger(connection, entries, keys, bytes_kept=False)
    return new


def record_imported(
    connection: Connection, entries: Sequence[Imported], *, acknowledge: bool
) -> list[str]:
    """Mail rows without a place on a server; the SHA-256 of those never seen before."""
    rows = [
        _mail_row(e.sha256, e.size_bytes, "import", e.received_at, e.message_id, "received")
        | {"imported": True, "acknowledge": acknowledge}
        for e in entries
    ]
    return _insert_mails(connection, rows)[1]


def known_uid_ranges(
    connection: Connection, mailbox: str, folder: str, uidvalidity: int
) -> list[tuple[int, int]]:
    """The UIDs we have, as inclusive ranges in order. The database walks its index once and
    only the ends of ranges come over, so memory does not grow with the folder.
    """
    ranges: list[tuple[int, int]] = []
    where = {"mailbox": mailbox, "folder": folder, "uidvalidity": uidvalidity}
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
    .where(_THIS_FOLDER)
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


def _mail_row(
    sha256: str,
    size_bytes: int,
    mailbox: str,
    received_at: datetime,
    message_id: str | None,
    state: str,
) -> dict[str, Any]:
    return {
        "sha256": sha256,
        "size_bytes": size_bytes,
        "state": state,
        "mailbox": mailbox,
        "imported": False,
        "acknowledge": True,
        "received_at": received_at,
        "attempts": 0,
        "message_id": index_key_or_none(message_id),
    }


def _insert_mails(
    connection: Connection, rows: Sequence[dict[str, Any]]
) -> tuple[dict[str, int], list[str]]:
    """Inserts what is new, with its event; row ids of all by SHA-256, and what was new."""
    ids: dict[str, int] = {}
    by_sha256 = {row["sha256"]: row for row in rows}
    for some in chunks(list(by_sha256.values())):
        statement = insert_ignoring(connection, MAIL).returning(MAIL.c.sha256, MAIL.c.id)
        new = {row[0]: row[1] for row in connection.execute(statement, list(some))}
        ids |= new
        if new:
            connection.execute(insert(EVENT), [_event(by_sha256[s], new[s]) for s in new])
    new_ones = [sha256 for sha256 in by_sha256 if sha256 in ids]
    for some_known in chunks([sha256 for sha256 in by_sha256 if sha256 not in ids]):
        known = select(MAIL.c.sha256, MAIL.c.id).where(MAIL.c.sha256.in_(some_known))
        ids |= {row[0]: row[1] for row in connection.execute(known)}
    return ids, new_ones


def _event(row: dict[str, Any], mail_id: int) -> dict[str, Any]:
    if row["state"] == "too-large":
        kind, text = "too-large", f"{row['error_text']} It was left in mailbox {row['mailbox']}."
    elif row["imported"]:
        kind, text = "received", "The mail was imported."
    else:
        kind, text = "received", f"The mail arrived in mailbox {row['mailbox']}."
    return {
        "mail_id": mail_id,
        "ticket_id": None,
        "kind": kind,
        "at": row["received_at"],
        "text": text,
        "data": "{}",
    }


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
