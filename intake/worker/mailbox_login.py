"""A logged-in session for a mailbox: its secret found, its token renewed where needed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from intake.errors import LoginRefused, SecretUnavailable
from intake.outside.credentials import Secret, resolve_secret
from intake.outside.imap import ImapSession, connect
from intake.outside.oauth import AccessTokens
from intake.settings.schema import Mailbox, OAuth, Settings
from intake.store.database import Database
from intake.store.mailboxes import load_refresh_token, save_refresh_token

# Of this process; a token lives for about an hour and a poll for about a minute.
_TOKENS = AccessTokens()


@dataclass(frozen=True, slots=True)
class Login:
    """A session, and until when its access token lasts (None with a password)."""

    session: ImapSession
    token_expires_at: datetime | None


def log_in(name: str, settings: Settings, database: Database, now: Callable[[], datetime]) -> Login:
    """Raises MailboxError, SecretUnavailable, DatabaseUnavailable."""
    mailbox = settings.mailboxes[name]
    secret = mailbox_secret(name, settings, database, now())
    try:
        session = connect(mailbox, settings.schedule, settings.limits, secret)
    except LoginRefused:
        # A token can be withdrawn before its time; a fresh one is tried once.
        if mailbox.auth == "password" or not _TOKENS.forget(name):
            raise
        fresh = mailbox_secret(name, settings, database, now())
        if fresh.value == secret.value:
            raise
        secret = fresh
        session = connect(mailbox, settings.schedule, settings.limits, secret)
    return Login(session, secret.expires_at)


def mailbox_secret(name: str, settings: Settings, database: Database, now: datetime) -> Secret:
    """The password, or an access token. Raises SecretUnavailable and as `AccessTokens.token`."""
    mailbox = settings.mailboxes[name]
    if mailbox.auth == "password":
        if mailbox.password is None:
            raise SecretUnavailable(f"mailboxes.{name}.password is not set.")
        return Secret(resolve_secret(mailbox.password))
    if mailbox.oauth is None:
        raise SecretUnavailable(f"mailboxes.{name}.oauth is not set.")
    return _access_token(name, mailbox, mailbox.oauth, settings, database, now)


def _access_token(
    name: str,
    mailbox: Mailbox,
    oauth: OAuth,
    settings: Settings,
    database: Database,
    now: datetime,
) -> Secret:
    configured = resolve_secret(oauth.refresh_token)
    # Renewed tokens descend from the configured one: a new one there starts a new line.
    line = f"{name}:{hashlib.sha256(configured.encode()).hexdigest()[:16]}"
    with database.read() as connection:
        stored = load_refresh_token(connection, line)

    def keep(token: str) -> None:
        with database.write() as connection:
            save_refresh_token(connection, line, token, now)

    return _TOKENS.token(
        name,
        oauth,
        stored or configured,
        now=now,
        timeout_seconds=settings.schedule.read_timeout_seconds,
        keep=keep,
    )
