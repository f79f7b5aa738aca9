"""The health of each mailbox, renewed refresh tokens, and the key of the desk."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, select

from intake.store.statements import insert_ignoring, upsert
from intake.store.tables import FOLDER, MAILBOX, SECRET
from intake.store.views import MailboxHealth
from intake.store.words import storable_or_none

_DESK_KEY = "desk-key"


def load_health(connection: Connection, mailbox: str) -> MailboxHealth:
    """How it is doing; all defaults for a mailbox never polled."""
    found = all_health(connection, only=mailbox)
    return found[0] if found else MailboxHealth(mailbox)


def all_health(connection: Connection, *, only: str | None = None) -> list[MailboxHealth]:
    """Every mailbox that was ever polled, by name."""
    query = select(MAILBOX).order_by(MAILBOX.c.mailbox)
    folders = select(FOLDER)
    if only is not None:
        query, folders = (
            query.where(MAILBOX.c.mailbox == only),
            folders.where(FOLDER.c.mailbox == only),
        )
    missing: dict[str, int] = {}
    validity: dict[str, dict[str, int]] = {}
    for row in connection.execute(folders):
        missing[row.mailbox] = missing.get(row.mailbox, 0) + row.missing_count
        validity.setdefault(row.mailbox, {})[row.folder] = row.uidvalidity
    return [
        MailboxHealth(
            **row, missing=missing.get(row["mailbox"], 0), uidvalidity=validity.get(row["mailbox"])
        )
        for row in connection.execute(query).mappings()
    ]


def save_health(connection: Connection, health: MailboxHealth) -> None:
    """Keeps all but `missing` and `uidvalidity`, which `ledger.record_folder_state` keeps."""
    values = {
        "last_attempt_at": health.last_attempt_at,
        "last_success_at": health.last_success_at,
        "last_error": storable_or_none(health.last_error),
        "error_kind": health.error_kind,
        "failures": health.failures,
        "next_attempt_at": health.next_attempt_at,
        "token_expires_at": health.token_expires_at,
        "backlog": health.backlog,
    }
    statement = upsert(connection, MAILBOX, tuple(values))
    connection.execute(statement, {"mailbox": health.mailbox, **values})


def save_refresh_token(connection: Connection, mailbox: str, token: str, at: datetime) -> None:
    """Keeps the newest refresh token (RFC 6749 6: the server may replace it)."""
    row = {"name": _token_name(mailbox), "value": token.encode(), "updated_at": at}
    connection.execute(upsert(connection, SECRET, ("value", "updated_at")), row)


def load_refresh_token(connection: Connection, mailbox: str) -> str | None:
    """The newest one; None where the configured one was never replaced."""
    value = _secret(connection, _token_name(mailbox))
    return None if value is None else value.decode()


def load_or_create_desk_key(connection: Connection, new_key: bytes) -> bytes:
    """The key that signs our tokens: the one already kept, else `new_key`, kept from now on."""
    kept = _secret(connection, _DESK_KEY)
    if kept is not None:
        return kept
    row = {"name": _DESK_KEY, "value": new_key, "updated_at": datetime.fromtimestamp(0, UTC)}
    connection.execute(insert_ignoring(connection, SECRET), row)
    return _secret(connection, _DESK_KEY) or new_key


def _token_name(mailbox: str) -> str:
    return f"refresh-token:{mailbox}"


def _secret(connection: Connection, name: str) -> bytes | None:
    found = connection.execute(select(SECRET.c.value).where(SECRET.c.name == name)).scalar()
    return None if found is None else bytes(found)
