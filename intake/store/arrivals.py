"""Rows of the work queue for what came in, by whatever way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from intake.store.statements import chunks, insert_ignoring
from intake.store.tables import EVENT, MAIL
from intake.store.words import index_key_or_none


def mail_row(
    sha256: str,
    size_bytes: int,
    mailbox: str,
    received_at: datetime,
    message_id: str | None,
    state: str,
) -> dict[str, Any]:
    """One row in `state`, as a mailbox makes it; an import changes what differs."""
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


def insert_mails(
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
