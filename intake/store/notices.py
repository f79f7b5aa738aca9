"""Events of the house itself, of no mail and no ticket: a mailbox that fails, mails missing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert

from intake.store.tables import EVENT
from intake.store.words import storable


def record_notice(connection: Connection, kind: str, text: str, at: datetime) -> None:
    """One line for `intake events`; `kind` is a kebab-case noun, `text` is for staff."""
    row = {"kind": kind, "at": at, "text": storable(text), "data": "{}"}
    connection.execute(insert(EVENT), row)
