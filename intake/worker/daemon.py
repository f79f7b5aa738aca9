"""The daemon: one job a mailbox, one thread that decides, one that delivers. Nothing stops it
but a signal.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from intake.errors import IntakeError, LeaseHeld
from intake.settings.rules import Rules
from intake.settings.schema import Settings
from intake.store.blobs import BlobStore
from intake.store.database import Database
from intake.store.outbox import settle_interrupted
from intake.worker.deliver import deliver_due
from intake.worker.isolation import ParserPool
from intake.worker.loop import Loop
from intake.worker.once import open_smtp
from intake.worker.process import BATCH, free_dead_claims, process_batch
from intake.worker.receive import poll_mailbox
from intake.worker.tenure import Tenure

_PROCESS_TICK_SECONDS = 1.0
_SHUTDOWN_SECONDS = 20.0

log = structlog.get_logger("daemon")

# It warns of every poll that is still under way when the next would begin, as a long one is.
logging.getLogger("apscheduler").setLevel(logging.ERROR)


def _nothing(_step: str) -> None:
    """Observes no step."""


def _now() -> datetime:
    return datetime.now(UTC)


def run(
    settings: Settings,
    rules: Rules,
    database: Database,
    blobs: BlobStore,
    *,
    wait: bool = False,
    stop: threading.Event | None = None,
    step: Callable[[str], None] = _nothing,
) -> None:
    """Works until `stop` is set or SIGTERM or SIGINT comes, then finishes what is in hand.

    Raises LeaseHeld where another daemon works on this database; with `wait` it waits for its
    turn. `step` is told of every step of the way that a crash may fall between.
    """
    stop = stop or threading.Event()
    tenure = Tenure(database, settings.schedule.lease_seconds, _now)
    with _signals(stop):
        if not tenure.take(wait=wait, stop=stop):
            return
        try:
            _Daemon(settings, rules, database, blobs, tenure, step).serve(stop)
        finally:
            tenure.give_back()
    log.info("stopped")


class _Daemon:
    """What runs while the lease is ours."""

    def __init__(
        self,
        settings: Settings,
        rules: Rules,
        database: Database,
        blobs: BlobStore,
        tenure: Tenure,
        step: Callable[[str], None],
    ) -> None:
        self._settings, self._rules = settings, rules
        self._database, self._blobs = database, blobs
        self._tenure, self._step = tenure, step
        self._parser = ParserPool(settings.limits)
        self._session = open_smtp(settings.smtp)
        self._processing = Loop("processing", self._process, _PROCESS_TICK_SECONDS)
        self._delivering = Loop("delivering", self._deliver, settings.smtp.poll_seconds)
        self._stopping = threading.Event()
        self._suspects = 0
        self._scheduler = self._make_scheduler()

    def serve(self, stop: threading.Event) -> None:
        """Returns when `stop` is set or the lease is lost."""
        with self._database.write() as connection:
            settle_interrupted(connection, self._settings.smtp.after_crash, _now())
        self._suspects = free_dead_claims(self._database)
        log.info("started", mailboxes=len(self._mailboxes()))
        self._processing.start()
        self._delivering.start()
        self._scheduler.start()
        try:
            while not stop.wait(self._settings.schedule.lease_seconds / 3):
                if not self._tenure.keep():
                    log.error("another daemon has taken over; stopping")
                    break
        finally:
            self._shut_down()

    def _make_scheduler(self) -> BackgroundScheduler:
        """One job a mailbox, never overlapping, missed ones made up for once."""
        schedule = self._settings.schedule
        names = self._mailboxes()
        scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(max(len(names), 1))},
            job_defaults={
                "max_instances": 1,
                "coalesce": True,
                "misfire_grace_time": max(int(schedule.poll_interval_seconds), 1),
            },
            timezone=UTC,
        )
        for name in names:
            trigger = IntervalTrigger(
                seconds=schedule.poll_interval_seconds,
                jitter=schedule.jitter_seconds or None,
                timezone=UTC,
            )
            scheduler.add_job(
                self._poll, trigger, args=[name], id=f"poll:{name}", next_run_time=_now()
            )
        return scheduler

    def _mailboxes(self) -> list[str]:
        return [name for name, box in self._settings.mailboxes.items() if box.enabled]

    def _poll(self, name: str) -> None:
        try:
            result = poll_mailbox(
                name, self._settings, self._database, self._blobs, now=_now, step=self._poll_step
            )
        except IntakeError as error:
            log.error("poll could not be kept", mailbox=name, reason=str(error))
            return
        if result.new:
            self._processing.wake()
        if result.error:
            log.warning("mailbox has trouble", mailbox=name, reason=result.error)
        elif result.new or result.too_large:
            log.info("mail received", mailbox=name, new=result.new, too_large=result.too_large)

    def _poll_step(self, name: str) -> None:
        """A long poll ends between two batches; the next daemon goes on from there."""
        self._step(name)
        if name == "after-receive-commit" and self._stopping.is_set():
            raise LeaseHeld("The daemon is stopping.")

    def _process(self) -> int:
        """A batch; after a crash the mails it had in hand one by one, to find the one at fault."""
        alone, self._suspects = self._suspects > 0, max(self._suspects - 1, 0)
        count = process_batch(
            self._database,
            self._blobs,
            self._parser,
            self._rules,
            owner=self._tenure.owner,
            now=_now,
            step=self._step,
            limit=1 if alone else BATCH,
        )
        if count:
            self._delivering.wake()
        return count

    def _deliver(self) -> int:
        return deliver_due(
            self._database,
            self._session,
            self._settings.smtp,
            owner=self._tenure.owner,
            now=_now,
            step=self._step,
        )

    def _shut_down(self) -> None:
        """Finishes what is in hand; what does not end in time is put back by its lease."""
        log.info("stopping")
        self._stopping.set()
        self._processing.stop()
        self._delivering.stop()
        self._scheduler.shutdown(wait=False)
        for loop in (self._processing, self._delivering):
            loop.join(_SHUTDOWN_SECONDS)
        self._parser.close()
        self._session.close()


@contextmanager
def _signals(stop: threading.Event) -> Iterator[None]:
    """SIGTERM and SIGINT set `stop`; only where this is the main thread, which alone may ask."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    wanted = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
