"""The queue of files that the virus scanner was not asked about yet, and what it said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, case, insert, literal_column, select, update

from intake.store.rows import WAITING
from intake.store.statements import insert_ignoring
from intake.store.tables import ATTACHMENT, EVENT, MAIL, MESSAGE, SCAN
from intake.store.words import dump_data, storable

CLEAN, FOUND, SKIPPED = "clean", "found", "skipped"
RISK = "virus-found"


@dataclass(frozen=True, slots=True)
class UnscannedFile:
    """A file of a recorded mail."""

    attachment_id: int
    mail_id: int
    ticket_id: int | None
    mail_sha256: str
    section: str
    sha256: str
    size_bytes: int
    filename: str | None


_NEXT = (
    select(
        ATTACHMENT.c.id.label("attachment_id"),
        MESSAGE.c.mail_id,
        MESSAGE.c.ticket_id,
        MAIL.c.sha256.label("mail_sha256"),
        ATTACHMENT.c.section,
        ATTACHMENT.c.sha256,
        ATTACHMENT.c.size_bytes,
        ATTACHMENT.c.filename,
    )
    .join(MESSAGE, MESSAGE.c.id == ATTACHMENT.c.message_row_id)
    .join(MAIL, MAIL.c.id == MESSAGE.c.mail_id)
    # As a literal, which is how the index of these files knows itself meant.
    .where(ATTACHMENT.c.scan == literal_column(f"'{WAITING}'"))
    .order_by(ATTACHMENT.c.id.desc())
    .limit(bindparam("max_rows"))
)


def next_unscanned(connection: Connection, limit: int) -> Sequence[UnscannedFile]:
    """Files nobody was asked about, newest first."""
    rows = connection.execute(_NEXT, {"max_rows": limit}).mappings()
    return [UnscannedFile(**row) for row in rows]


def find_scan(connection: Connection, sha256: str) -> tuple[str, str] | None:
    """(state, detail) of the same bytes from an earlier time."""
    query = select(SCAN.c.state, SCAN.c.detail).where(SCAN.c.sha256 == sha256)
    row = connection.execute(query).one_or_none()
    return None if row is None else (row.state, row.detail)


def settle_scan(
    connection: Connection, file: UnscannedFile, state: str, detail: str, at: datetime
) -> bool:
    """Keeps what the scanner said of `file`; False where that was done before.

    What was found becomes a risk of the attachment and a line in the history of its ticket.
    """
    detail = storable(detail)
    known = {"sha256": file.sha256, "state": state, "detail": detail, "scanned_at": at}
    connection.execute(insert_ignoring(connection, SCAN), known)
    values: dict[str, object] = {"scan": state}
    if state == FOUND:
        risk = ATTACHMENT.c.risk
        values["risk"] = case((risk == "", RISK), else_=risk + f"\n{RISK}")
    statement = (
        update(ATTACHMENT)
        .where(ATTACHMENT.c.id == file.attachment_id, ATTACHMENT.c.scan == WAITING)
        .values(values)
    )
    if connection.execute(statement).rowcount == 0:
        return False
    if state == FOUND:
        name = file.filename or "a file"
        connection.execute(
            insert(EVENT),
            {
                "ticket_id": file.ticket_id,
                "mail_id": file.mail_id,
                "kind": RISK,
                "at": at,
                "text": storable(f"The virus scanner found {detail} in {name}."),
                "data": dump_data(sha256=file.sha256, signature=detail),
            },
        )
    return True
