"""A desk with one mailbox, for tests of the poller: settings, database, blobs and a clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from intake.settings.schema import Limits, Mailbox, Schedule, Settings
from intake.store.blobs import BlobStore
from intake.store.database import Database
from intake.store.desk import events
from intake.store.mailboxes import load_health
from intake.store.tables import LEDGER, MAIL
from intake.store.views import MailboxHealth
from intake.worker.receive import PollResult, poll_mailbox

NAME = "support"


class Crash(BaseException):
    """The process ends here."""


class Desk:
    """What a poll needs. The clock stands still until it is moved."""

    def __init__(self, mailbox: Mailbox, database: Database, folder: Path, **limits: Any) -> None:
        self.database = database
        self.blobs = BlobStore(folder / "blobs")
        self.clock = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
        self.settings = Settings(
            mailboxes={NAME: mailbox},
            limits=Limits(**({"mail_bytes": 1_000_000, "batch_bytes": 100_000} | limits)),
            schedule=Schedule(connect_timeout_seconds=3, read_timeout_seconds=3),
        )

    def now(self) -> datetime:
        return self.clock

    def wait(self, **span: float) -> None:
        self.clock += timedelta(**span)

    def configure(self, mailbox: Mailbox) -> None:
        self.settings = self.settings.model_copy(update={"mailboxes": {NAME: mailbox}})

    def poll(
        self,
        step: Callable[[str], None] = lambda _: None,
        *,
        force: bool = False,
        minutes: float = 1,
    ) -> PollResult:
        """One poll, a minute after the last."""
        self.wait(minutes=minutes)
        return poll_mailbox(
            NAME, self.settings, self.database, self.blobs, now=self.now, step=step, force=force
        )

    def poll_until(self, name: str) -> None:
        """A poll that dies at the first step of this name."""

        def step(reached: str) -> None:
            if reached == name:
                raise Crash

        try:
            self.poll(step)
        except Crash:
            return
        raise AssertionError(f"step {name} was not reached")

    def mails(self) -> list[bytes]:
        """The bytes of every mail that waits for its decision, in the order of arrival."""
        query = select(MAIL.c.sha256).where(MAIL.c.state == "received").order_by(MAIL.c.id)
        with self.database.read() as connection:
            return [self.blobs.get(name) for name in connection.execute(query).scalars()]

    def rows(self, state: str) -> list[Any]:
        """Rows of mails in a state."""
        query = select(MAIL).where(MAIL.c.state == state).order_by(MAIL.c.id)
        with self.database.read() as connection:
            return list(connection.execute(query))

    def untold(self) -> int:
        """How many ledger rows wait for the server to be told."""
        with self.database.read() as connection:
            rows = connection.execute(select(LEDGER.c.told_at, LEDGER.c.bytes_kept))
            return sum(row.told_at is None and row.bytes_kept for row in rows)

    def health(self) -> MailboxHealth:
        with self.database.read() as connection:
            return load_health(connection, NAME)

    def events(self) -> list[str]:
        """Kinds of the events of no mail, oldest first."""
        with self.database.read() as connection:
            return [one.kind for one in events(connection, limit=500) if one.sha256 is None]
