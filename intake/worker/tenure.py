"""One daemon at a time on one database: a lease that is renewed, and given back at the end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from threading import Event

import structlog
from sqlalchemy import Connection

from intake.errors import DatabaseUnavailable, LeaseHeld
from intake.store.database import Database
from intake.store.lease import acquire, evict, holder, release, renew
from intake.worker.owner import is_dead, new_owner

LEASE = "daemon"

log = structlog.get_logger("daemon")


class Tenure:
    """The right to work. `keep` is called at a third of its time."""

    def __init__(self, database: Database, ttl_seconds: float, now: Callable[[], datetime]) -> None:
        self._database, self._ttl, self._now = database, ttl_seconds, now
        self._epoch = 0
        self.owner = new_owner()

    def take(self, *, wait: bool, stop: Event) -> bool:
        """True when it is ours; False when told to stop first.

        A holder on this machine that is dead is replaced at once. Raises LeaseHeld where a living
        one has it and `wait` is False, and DatabaseUnavailable where `wait` is False.
        """
        told = False
        while not stop.is_set():
            try:
                held_by = self._try()
            except DatabaseUnavailable as error:
                if not wait:
                    raise
                log.warning("the database is away", reason=str(error))
                stop.wait(self._ttl / 5)
                continue
            if held_by is None:
                return True
            if not wait:
                raise LeaseHeld(f"Another daemon works on this database ({held_by}).")
            if not told:
                log.info("waiting for the other daemon to end")
                told = True
            stop.wait(self._ttl / 5)
        return False

    def _try(self) -> str | None:
        """Takes it; else who has it."""
        with self._database.write() as connection:
            held = holder(connection, LEASE)
            if held is not None and is_dead(held.owner):
                evict(connection, LEASE, held.owner)
            epoch = acquire(connection, LEASE, self.owner, self._ttl, self._now())
        if epoch is None:
            return held.owner if held is not None else "unknown"
        self._epoch = epoch
        return None

    def keep(self) -> bool:
        """Renews; False when another daemon has taken over."""
        at = self._now()
        try:
            with self._database.write() as connection:
                return renew(
                    connection, LEASE, self.owner, self._epoch, self._ttl, at
                ) or self._again(connection)
        except DatabaseUnavailable as error:
            # Nothing can be recorded, so nothing can be done twice while it is away.
            log.warning("the database is away", reason=str(error))
            return True

    def _again(self, connection: Connection) -> bool:
        """It ran out, as when the database was away, and nobody took it: ours under a new epoch."""
        epoch = acquire(connection, LEASE, self.owner, self._ttl, self._now())
        if epoch is None:
            return False
        self._epoch = epoch
        return True

    def give_back(self) -> None:
        """The next one may begin at once."""
        try:
            with self._database.write() as connection:
                release(connection, LEASE, self.owner, self._epoch, self._now())
        except DatabaseUnavailable as error:
            log.warning("the lease could not be given back", reason=str(error))
