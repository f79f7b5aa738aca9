"""What the parts of one poll share, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from intake.errors import LeaseHeld
from intake.settings.schema import Mailbox, Settings
from intake.store.blobs import BlobStore
from intake.store.database import Database
from intake.store.lease import renew
from intake.store.mailboxes import save_health
from intake.store.views import MailboxHealth


@dataclass(frozen=True, slots=True)
class PollResult:
    """What one poll of one mailbox did.

    `new` mails came for the first time, `known` ones were recognised by their bytes. `missing`
    are on the server and could not be had. `skipped` says why nothing was tried.
    """

    mailbox: str
    new: int = 0
    known: int = 0
    too_large: int = 0
    told: int = 0
    missing: int = 0
    size_bytes: int = 0
    seconds: float = 0.0
    error: str | None = None
    error_kind: str | None = None
    skipped: str | None = None
    notices: tuple[str, ...] = ()


@dataclass(slots=True)
class Tally:
    """The counts of a poll while it runs."""

    new: int = 0
    known: int = 0
    too_large: int = 0
    told: int = 0
    missing: int = 0
    size_bytes: int = 0
    notices: dict[str, None] = field(default_factory=dict)
    refusals: dict[str, None] = field(default_factory=dict)

    @property
    def progress(self) -> int:
        """Mails that are ours now and were not before."""
        return self.new + self.known + self.too_large


@dataclass(slots=True)
class Poll:
    """One poll of one mailbox under its lease."""

    name: str
    mailbox: Mailbox
    settings: Settings
    database: Database
    blobs: BlobStore
    now: Callable[[], datetime]
    step: Callable[[str], None]
    health: MailboxHealth
    owner: str
    epoch: int
    tally: Tally = field(default_factory=Tally)
    backlog: int = 0

    @property
    def lease(self) -> str:
        """The name of the lease."""
        return lease_name(self.name)

    def hold_on(self, connection: Connection, backlog: int) -> None:
        """Renews the lease and shows how much is left, in the transaction of a batch.

        Raises LeaseHeld when another poll has taken over.
        """
        ttl = lease_seconds(self.settings)
        if not renew(connection, self.lease, self.owner, self.epoch, ttl, self.now()):
            raise LeaseHeld(f"Another poll of mailbox {self.name} took over.")
        self.backlog = backlog
        save_health(connection, replace(self.health, backlog=backlog))


def lease_name(mailbox: str) -> str:
    """The lease that one poll at a time holds."""
    return f"poll:{mailbox}"


def lease_seconds(settings: Settings) -> float:
    """Longer than the longest silence between two batches on a server that still answers."""
    schedule = settings.schedule
    waits = schedule.connect_timeout_seconds + 2 * schedule.read_timeout_seconds
    return max(schedule.lease_seconds, waits)
