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
    senders,
    settle_interrupted,
)
from intake.worker.owner import is_dead
from intake.worker.steps import Observer, unobserved

BATCH = 50
# After so many troubles of the server in a row the rest waits for the next turn.
_PATIENCE = 2

log = structlog.get_logger("deliver")


def _never() -> bool:
    """Is not told to stop."""
    return False


def settle_dead(
    database: Database, settings: Smtp, now: datetime, *, is_gone: Callable[[str], bool] = is_dead
) -> int:
    """What senders that are gone had in hand is due again, or held where it was under way and
    smtp.after_crash says so; how many were under way. Raises DatabaseUnavailable.
    """
    policy = settings.after_crash
    with database.write() as connection:
        gone = [owner for owner in senders(connection) if is_gone(owner)]
        return sum(settle_interrupted(connection, policy, now, owner=owner) for owner in gone)


class Delivery:
    """Sends what is due, over one session, for one owner. Not thread safe.

    What a server's answer means is recorded before the next mail goes out, in the same commit
    that says that the next one is going. An answer that could not be recorded because the
    database went away is kept here and recorded first when it is back.
    """

    def __init__(
        self,
        database: Database,
        session: SmtpSession,
        settings: Smtp,
        *,
        owner: str,
        now: Callable[[], datetime],
        step: Observer = unobserved,
        stopping: Callable[[], bool] = _never,
    ) -> None:
        self._database, self._session, self._settings = database, session, settings
        self._owner, self._now = owner, now
        self._step, self._stopping = step, stopping
        self._open: tuple[OutboxMail, str, DeliveryDeferred | DeliveryRefused | None] | None = None
        self._interrupted = False
        self._sent = 0

    def deliver_due(self, limit: int = BATCH) -> int:
        """Sends at most `limit` mails; how many the server took. Raises DatabaseUnavailable."""
        self._sent = 0
        if self._interrupted:
            self._recover()
        self._interrupted = True
        with self._database.write() as connection:
            due = claim_due(connection, self._owner, self._now(), limit)
        self._send_all(due)
        self._settle()
        self._interrupted = False
        return self._sent

    def _send_all(self, due: list[OutboxMail]) -> None:
        troubles = 0
        for place, mail in enumerate(due):
            if self._stopping():
                self._put_back(due[place:], self._now())
                return
            if troubles >= _PATIENCE:
                wait = timedelta(seconds=self._settings.retry_first_seconds)
                self._put_back(due[place:], self._now() + wait)
                return
            if self._begin(mail):
                troubles = troubles + 1 if self._send(mail) else 0

    def _begin(self, mail: OutboxMail) -> bool:
        """Keeps the last answer and that `mail` is going out, in one commit."""
        with self._database.write() as connection:
            self._keep(connection)
            mine = mark_sending(connection, mail.id, self._owner, self._now())
        self._kept()
        return mine

    def _send(self, mail: OutboxMail) -> bool:
        """Sends; what came of it is kept by the next `_begin` or by `_settle`.

        True where the server is in trouble, whatever the mail.
        """
        self._step("before-smtp")
        try:
            response = self._session.send(mail.envelope_sender, mail.recipient, mail.raw)
        except (DeliveryDeferred, DeliveryRefused) as error:
            self._open = (mail, "", error)
            return error.server_wide
        except Exception as error:
            # Whatever one mail brings to light must not hold up the others.
            log.exception("mail cannot be sent", outbox=mail.id)
            self._open = (mail, "", DeliveryDeferred(f"Intake failed: {type(error).__name__}."))
            return False
        self._step("after-smtp-250")
        self._open = (mail, response, None)
        return False

    def _settle(self) -> None:
        """Keeps the last answer."""
        if self._open is not None:
            with self._database.write() as connection:
                self._keep(connection)
            self._kept()

    def _recover(self) -> None:
        """The database went away in the middle: keeps the last answer, and begins afresh.

        Of the others nobody has heard: a mail that is `sending` here was never begun, because
        only the commit that said so was in doubt.
        """
        self._settle()
        with self._database.write() as connection:
            settle_interrupted(connection, "resend", self._now(), owner=self._owner)

    def _put_back(self, mails: list[OutboxMail], due_at: datetime) -> None:
        with self._database.write() as connection:
            for mail in mails:
                release(connection, mail.id, self._owner, due_at)

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
            self._sent += 1
            self._step("after-sent-commit")
            log.info("mail sent", outbox=mail.id)
        else:
            # The server's words may name the recipient; they are with the ticket's events.
            refused = isinstance(error, DeliveryRefused)
            log.warning("mail not sent", outbox=mail.id, code=error.smtp_code, for_good=refused)

    def _is_too_old(self, mail: OutboxMail, at: datetime) -> bool:
        first = mail.first_at or at
        return at - first >= timedelta(hours=self._settings.retry_hours)

    def _next_try(self, mail: OutboxMail, at: datetime) -> datetime:
        """Doubles from the first wait to the limit, a quarter at random so that tries spread."""
        wait = self._settings.retry_first_seconds * 2.0 ** min(mail.attempts, 40)
        wait = min(wait, self._settings.retry_limit_seconds)
        return at + timedelta(seconds=wait * random.uniform(0.75, 1.0))  # noqa: S311 - no secret


def deliver_due(
    database: Database,
    session: SmtpSession,
    settings: Smtp,
    *,
    owner: str,
    now: Callable[[], datetime],
    step: Observer = unobserved,
    limit: int = BATCH,
) -> int:
    """One turn of a Delivery: sends at most `limit` mails that are due; how many were taken."""
    delivery = Delivery(database, session, settings, owner=owner, now=now, step=step)
    return delivery.deliver_due(limit)
