"""How the optional helpers (OCR, virus scanner) were found the last time they were needed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from intake.store.notices import record_notice
from intake.store.statements import upsert
from intake.store.tables import HELPER
from intake.store.views import HelperView
from intake.store.words import storable


def all_helpers(connection: Connection) -> tuple[HelperView, ...]:
    """Those that were ever needed, by name."""
    query = select(HELPER.c.name, HELPER.c.well, HELPER.c.text, HELPER.c.since)
    return tuple(HelperView(*row) for row in connection.execute(query.order_by(HELPER.c.name)))


def note_helper(connection: Connection, name: str, at: datetime, *, well: bool, text: str) -> None:
    """Keeps how a helper is; where it fell ill or got well, with an event."""
    known = {helper.name: helper for helper in all_helpers(connection)}.get(name)
    text = storable(text)
    if known is not None and (known.well, known.text) == (well, text):
        return
    since = at if known is None or known.well != well else known.since
    row = {"name": name, "well": well, "text": text, "since": since}
    connection.execute(upsert(connection, HELPER, ("well", "text", "since")), row)
    if well != (known is None or known.well):
        record_notice(connection, f"{name}-back" if well else f"{name}-away", text, at)
