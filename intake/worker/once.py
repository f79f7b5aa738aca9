"""Works off what is there, then stops: for `intake poll --once`, the demo's end and tests."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import datetime

from intake.outside.credentials import resolve_secret
from intake.outside.smtp import SmtpSession
from intake.settings.schema import Smtp
from intake.worker.afterwards import Afterwards
from intake.worker.deliver import deliver_due, settle_dead
from intake.worker.directory_keys import refresh_keys
from intake.worker.directory_source import open_source
from intake.worker.isolation import ParserPool
from intake.worker.opening import OpenDesk
from intake.worker.owner import new_owner
from intake.worker.process import free_dead_claims, process_batch


def work_off(desk: OpenDesk, *, now: Callable[[], datetime]) -> tuple[int, int]:
    """Decides every received mail, sends everything due: (mails decided, mails sent).

    Mails that another daemon has in hand are left to it. Raises DatabaseUnavailable, StorageError,
    SecretUnavailable.
    """
    owner = new_owner()
    decided = sent = 0
    refresh_keys(desk.database, desk.settings.identity)
    free_dead_claims(desk.database)
    settle_dead(desk.database, desk.settings.smtp, now())
    customers = open_source(desk.settings, desk.database, now)
    with closing(customers), ParserPool(desk.settings.limits) as parser:
        while count := process_batch(
            desk.database,
            desk.blobs,
            parser,
            desk.rules,
            owner=owner,
            now=now,
            customers=customers,
        ):
            decided += count
    with open_smtp(desk.settings.smtp) as session:
        while count := deliver_due(
            desk.database, session, desk.settings.smtp, owner=owner, now=now
        ):
            sent += count
    return decided, sent


def look_at_all(desk: OpenDesk, *, now: Callable[[], datetime]) -> int:
    """Looks at every picture and shows every file to the scanner; how many were dealt with.

    Raises DatabaseUnavailable, StorageError, ParserUnavailable.
    """
    total = 0
    afterwards = Afterwards(
        desk.settings, desk.rules, desk.database, desk.blobs, owner=new_owner(), now=now
    )
    try:
        while count := afterwards.take_turn():
            total += count
    finally:
        afterwards.end()
    return total


def open_smtp(settings: Smtp) -> SmtpSession:
    """A session with its password found. Raises SecretUnavailable."""
    password = resolve_secret(settings.password) if settings.password is not None else None
    return SmtpSession(settings, password)
