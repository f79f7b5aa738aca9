"""The outbox goes out: one connection, a commit before each mail and one after its 250."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from intake.errors import DeliveryDeferred, DeliveryRefused
from intake.outside.smtp import SmtpSession
from intake.settings.schema import Smtp
from intake.store.database import Database
from intake.store.outbox import (
    OutboxMail,
    claim_due,
    mark_failed,
    mark_retrying,
    mark_sending,
    mark_sent,
    release,
)

BATCH = 50
# After so many troubles in a row it is the server, not the mail: the rest waits for the next turn.
_PATIENCE = 3

log = structlog.get_logger("deliver")


def _nothing(_step: str) -> None:
    """Observes no step."""


def deliver_due(
    database: Database,
    session: SmtpSession,
    settings: Smtp,
    *,
    owner: str,
    now: Callable[[], datetime],
    step: Callable[[str], None] = _nothing,
    limit: int = BATCH,
) -> int:
    """Sends what is due, at most `limit`; how many the server took.

    What a server's answer means is recorded before the next mail goes out, in the same commit
    that says that the next one is going. Raises DatabaseUnavailable.
    """
    run = _Run(database, session, settings, owner, now, step)
    with database.write() as connection:
        due = claim_due(connection, owner, now(), limit)
    for place, mail in enumerate(due):
        if run.troubles >= _PATIENCE:
            run.put_back(due[place:])
            break
        if run.begin(mail):
            run.send(mail)
    run.settle()
    return run.sent


class _Run:
    """One claim of the outbox; `_open` is what the last answer means and is not yet kept."""

    def __init__(
        self,
        database: Database,
        session: SmtpSession,
        settings: Smtp,
        owner: str,
        now: Callable[[], datetime],
        step: Callable[[str], None],
    ) -> None:
        self._database, self._session, self._settings = database, session, settings
        self._owner, self._now, self._step = owner, now, step
        self._open: tuple[OutboxMail, str, DeliveryDeferred | DeliveryRefused | None] | None = None
        self.sent = 0
        self.troubles = 0

    def begin(self, mail: OutboxMail) -> bool:
        """Keeps the last answer and that `mail` is going out, in one commit."""
        with self._database.write() as connection:
            self._keep(connection)
            mine = mark_sending(connection, mail.id, self._owner, self._now())
        self._kept()
        return mine

    def settle(self) -> None:
        """Keeps the last answer."""
        if self._open is not None:
            with self._database.write() as connection:
                self._keep(connection)
            self._kept()

    def send(self, mail: OutboxMail) -> None:
        """Sends; what came of it is kept by the next `begin` or by `settle`."""
        self._step("before-smtp")
        try:
            response = self._session.send(mail.envelope_sender, mail.recipient, mail.raw)
        except DeliveryRefused as error:
            self._open = (mail, "", error)
            self.troubles = 0
            return
        except DeliveryDeferred as error:
            self._open = (mail, "", error)
            self.troubles += 1
            return
        self._step("after-smtp-250")
        self._open = (mail, response, None)
        self.troubles = 0

    def put_back(self, mails: list[OutboxMail]) -> None:
        """Claimed, but the server is in trouble: due again when the first retry is."""
        later = self._now() + timedelta(seconds=self._settings.retry_first_seconds)
        with self._database.write() as connection:
            for mail in mails:
                release(connection, mail.id, self._owner, later)

    def _keep(self, connection: Connection) -> None:
        if self._open is None:
            return
        mail, response, error = self._open
        at = self._now()
        if error is None:
            mark_sent(connection, mail.id, at, response)
        elif isinstance(error, DeliveryRefused) or self._is_too_old(mail, at):
            mark_failed(connection, mail.id, at, str(error))
        else:
            mark_retrying(connection, mail.id, at, self._next_try(mail, at), str(error))

    def _kept(self) -> None:
        if self._open is None:
            return
        mail, _, error = self._open
        self._open = None
        if error is None:
            self.sent += 1
            self._step("after-sent-commit")
            log.info("mail sent", outbox=mail.id)
        else:
            log.warning("mail not sent", outbox=mail.id, reason=str(error))

    def _is_too_old(self, mail: OutboxMail, at: datetime) -> bool:
        first = mail.first_at or at
        return at - first >= timedelta(hours=self._settings.retry_hours)

    def _next_try(self, mail: OutboxMail, at: datetime) -> datetime:
        """Doubles from the first wait to the limit, a quarter at random so that tries spread."""
        wait = self._settings.retry_first_seconds * 2.0 ** min(mail.attempts, 40)
        wait = min(wait, self._settings.retry_limit_seconds)
        return at + timedelta(seconds=wait * random.uniform(0.75, 1.0))  # noqa: S311 - no secret
