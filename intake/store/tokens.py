"""The tokens of the company's own programs; never themselves, only their SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from intake.errors import ActRefused, NotFound
from intake.store.notices import record_notice
from intake.store.tables import API_TOKEN

# So that not every request writes.
_USE_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ApiToken:
    """Who brings a token, what it may do, and until when (None: for good)."""

    name: str
    scopes: tuple[str, ...]
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


def add_token(
    connection: Connection,
    name: str,
    token: str,
    scopes: Iterable[str],
    *,
    by: str,
    at: datetime,
    expires_at: datetime | None = None,
) -> None:
    """Keeps a new token. Raises ActRefused where the name is taken."""
    known = select(API_TOKEN.c.name).where(API_TOKEN.c.name == name)
    if connection.execute(known).first() is not None:
        raise ActRefused(
            f"there is a token named {name} already",
            advice=f"`intake api-token revoke {name}` ends it.",
        )
    row = {
        "name": name,
        "token_hash": _hash(token),
        "scopes": " ".join(scopes),
        "created_by": by,
        "created_at": at,
        "expires_at": expires_at,
    }
    connection.execute(insert(API_TOKEN), row)
    may = row["scopes"]
    record_notice(connection, "token-created", f"{by} made the token {name} ({may}).", at)


def find_token(connection: Connection, token: str, now: datetime) -> ApiToken | None:
    """Whose token this is; None where nobody's, or no longer.

    The look-up is by hash: how long it takes tells nothing about any token.
    """
    query = select(API_TOKEN).where(API_TOKEN.c.token_hash == _hash(token))
    row = connection.execute(query).one_or_none()
    if row is None or (row.expires_at is not None and row.expires_at <= now):
        return None
    return _token(row)


def all_tokens(connection: Connection) -> list[ApiToken]:
    """Every token by name, also those that are over."""
    return [_token(row) for row in connection.execute(select(API_TOKEN).order_by(API_TOKEN.c.name))]


def wants_note(token: ApiToken, now: datetime) -> bool:
    """Whether its last use is so long ago that this one is to be noted."""
    return token.last_used_at is None or now - token.last_used_at >= _USE_NOTED_EVERY


def note_use(connection: Connection, name: str, now: datetime) -> None:
    """Notes that the token was used."""
    used = update(API_TOKEN).where(API_TOKEN.c.name == name)
    connection.execute(used.values(last_used_at=now))


def revoke_token(connection: Connection, name: str, *, by: str, at: datetime) -> None:
    """Ends a token at once. Raises NotFound."""
    done = connection.execute(delete(API_TOKEN).where(API_TOKEN.c.name == name))
    if not done.rowcount:
        raise NotFound(f"there is no token named {name}")
    record_notice(connection, "token-revoked", f"{by} ended the token {name}.", at)


def _token(row: object) -> ApiToken:
    values = {name: getattr(row, name) for name in ApiToken.__slots__}
    return ApiToken(**{**values, "scopes": tuple(values["scopes"].split())})


def _hash(token: str) -> str:
    # 256 bits that a machine drew need no salt and no slow hash.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
