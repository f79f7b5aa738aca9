"""One poll of one mailbox: lease, login, every folder, and how the mailbox is doing after it."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import datetime

from intake.errors import (
    DatabaseUnavailable,
    IntakeError,
    LeaseHeld,
    MailboxError,
    MailboxRefusal,
    NotFound,
    SecretUnavailable,
    StorageError,
)
from intake.outside.imap import ImapSession
from intake.settings.schema import Settings
from intake.store.blobs import BlobStore
from intake.store.database import Database
from intake.store.lease import acquire, evict, holder, release
from intake.store.mailboxes import load_health, save_health
from intake.store.notices import record_notice
from intake.store.views import MailboxHealth
from intake.worker.backoff import error_kind, next_attempt
from intake.worker.mailbox_login import log_in
from intake.worker.owner import is_dead, new_owner
from intake.worker.poll import Poll, PollResult, lease_name, lease_seconds
from intake.worker.receive_folder import FolderPoll
from intake.worker.receive_line import Line
from intake.worker.steps import Observer, unobserved

__all__ = ["PollResult", "poll_mailbox"]


def poll_mailbox(
    name: str,
    settings: Settings,
    database: Database,
    blobs: BlobStore,
    *,
    now: Callable[[], datetime],
    step: Observer = unobserved,
    force: bool = False,
) -> PollResult:
    """Receives what is new in a mailbox. `force` does not wait for the end of a backoff.

    Whatever the server does ends up in the result and in the health of the mailbox. Raises
    NotFound for a name not configured, and StorageError and DatabaseUnavailable, after which the
    mails at hand are on the server as they were.
    """
    if name not in settings.mailboxes:
        raise NotFound(f"No mailbox is called {name}.")
    started = now()
    with database.read() as connection:
        health = load_health(connection, name)
    if not force and health.next_attempt_at is not None and health.next_attempt_at > started:
        waits = f"waits until {health.next_attempt_at:%H:%M:%S} UTC: {health.last_error}"
        return PollResult(name, skipped=waits)
    owner = new_owner()
    epoch = _take_lease(name, owner, settings, database, started)
    if epoch is None:
        return PollResult(name, skipped="another poll of this mailbox is at work")
    poll = Poll(
        name,
        settings.mailboxes[name],
        settings,
        database,
        blobs,
        now,
        step,
        replace(health, last_attempt_at=started),
        owner,
        epoch,
    )
    try:
        return _poll(poll, started)
    finally:
        with suppress(DatabaseUnavailable), database.write() as connection:
            release(connection, poll.lease, owner, epoch, now())


def _take_lease(
    name: str, owner: str, settings: Settings, database: Database, now: datetime
) -> int | None:
    lease, ttl = lease_name(name), lease_seconds(settings)
    with database.write() as connection:
        held = holder(connection, lease)
        if held is not None and is_dead(held.owner):
            evict(connection, lease, held.owner)
        return acquire(connection, lease, owner, ttl, now)


def _poll(poll: Poll, started: datetime) -> PollResult:
    """Never raises a MailboxError."""
    error: IntakeError | None = None
    skipped: str | None = None
    try:
        _receive_folders(poll)
    except (MailboxError, SecretUnavailable) as problem:
        error = problem
    except LeaseHeld as problem:
        skipped = str(problem)
    except StorageError as problem:
        with suppress(DatabaseUnavailable):
            _save(poll, replace(poll.health, last_error=str(problem), error_kind="storage"))
        raise
    if skipped is None:
        _save(poll, _health_after(poll, error))
    counts = asdict(poll.tally)
    refusals, notices = counts.pop("refusals"), counts.pop("notices")
    return PollResult(
        poll.name,
        **counts,
        seconds=(poll.now() - started).total_seconds(),
        error=str(error) if error else " ".join(refusals) or None,
        error_kind=error_kind(error) if error else "refused" if refusals else None,
        skipped=skipped,
        notices=tuple(notices),
    )


def _receive_folders(poll: Poll) -> None:
    def connect() -> ImapSession:
        login = log_in(poll.name, poll.settings, poll.database, poll.now)
        poll.health = replace(poll.health, token_expires_at=login.token_expires_at)
        return login.session

    done = 0
    with Line(connect, writable=poll.mailbox.after != "nothing") as line:
        for folder in poll.mailbox.folders:
            try:
                FolderPoll(poll, line, folder).run()
                done += 1
            except MailboxRefusal as error:
                # The other folders are not held up by one that is gone or forbidden.
                poll.tally.refusals[str(error)] = None
    if not done:
        raise MailboxRefusal(" ".join(poll.tally.refusals))


def _health_after(poll: Poll, error: IntakeError | None) -> MailboxHealth:
    at = poll.now()
    health = poll.health
    if error is None:
        refusals = " ".join(poll.tally.refusals)
        return replace(
            health,
            last_success_at=at,
            last_error=refusals or None,
            error_kind="refused" if refusals else None,
            failures=0,
            next_attempt_at=None,
            backlog=0,
        )
    kind = error_kind(error)
    # Where mails came through before it failed, the server is not as bad as its last failure.
    failures = 1 if poll.tally.progress else health.failures + 1
    wait = next_attempt(at, failures, kind, poll.settings.schedule, roll=random.random())  # noqa: S311 - jitter
    return replace(
        health,
        last_error=" ".join(filter(None, (str(error), error.advice))),
        error_kind=kind,
        failures=failures,
        next_attempt_at=wait,
        backlog=poll.backlog,
    )


def _save(poll: Poll, health: MailboxHealth) -> None:
    """Keeps it; a change from well to ill or back is an event."""
    with poll.database.write() as connection:
        before = load_health(connection, poll.name)
        save_health(connection, health)
        if health.error_kind and health.error_kind != before.error_kind:
            text = f"Mailbox {poll.name}: {health.last_error}"
            record_notice(connection, f"mailbox-{health.error_kind}", text, poll.now())
        elif before.error_kind and not health.error_kind:
            text = f"Mailbox {poll.name} works again."
            record_notice(connection, "mailbox-recovered", text, poll.now())
        if poll.tally.missing and poll.tally.missing != poll.health.missing:
            text = (
                f"{poll.tally.missing} mails of mailbox {poll.name} are on the server and could"
                " not be fetched; it is tried again at every poll."
            )
            record_notice(connection, "mails-missing", text, poll.now())
