"""The daemon: one job a mailbox, one thread that decides, one that delivers, one that looks at
files afterwards. Nothing stops it but a signal.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from intake.errors import IntakeError, LeaseHeld
from intake.settings.rules import Rules
from intake.settings.schema import Settings
from intake.store.blobs import BlobStore
from intake.store.database import Database
from intake.worker.afterwards import Afterwards
from intake.worker.deliver import Delivery, settle_dead
from intake.worker.directory_keys import refresh_keys
from intake.worker.directory_source import open_source
from intake.worker.isolation import ParserPool
from intake.worker.loop import Loop
from intake.worker.once import open_smtp
from intake.worker.owner import is_alive, is_dead
from intake.worker.polling import PollThreads
from intake.worker.process import (
    free_dead_claims,
    free_own_claims,
    process_batch,
)
from intake.worker.receive import poll_mailbox
from intake.worker.steps import Observer, unobserved
from intake.worker.tenure import Tenure

_PROCESS_TICK_SECONDS = 1.0
_EXAMINE_TICK_SECONDS = 2.0
_SETTLE_SECONDS = 60.0
# For what is in hand to end by itself, and for what was cut short to be put back.
_SHUTDOWN_SECONDS, _CUT_SHORT_SECONDS = 3.0, 3.0

log = structlog.get_logger("daemon")

# It warns of every poll that is still under way when the next would begin, as a long one is.
logging.getLogger("apscheduler").setLevel(logging.ERROR)


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
    step: Observer = unobserved,
    beside: AbstractContextManager[object] | None = None,
) -> None:
    """Works until `stop` is set or SIGTERM or SIGINT comes, then finishes what is in hand.

    Raises LeaseHeld where another daemon works on this database; with `wait` it waits for its
    turn. `beside` is entered once it is ours: HTTP, which only one of the two serves.
    `step` is told of every step of the way that a crash may fall between.
    """
    stop = stop or threading.Event()
    tenure = Tenure(database, settings.schedule.lease_seconds, _now)
    with _signals(stop):
        if not tenure.take(wait=wait, stop=stop):
            return
        try:
            with beside or nullcontext():
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
        step: Observer,
    ) -> None:
        self._settings, self._rules = settings, rules
        self._database, self._blobs = database, blobs
        self._tenure, self._step = tenure, step
        self._parser = ParserPool(settings.limits)
        self._session = open_smtp(settings.smtp)
        self._customers = open_source(settings, database, _now)
        self._stopping = threading.Event()
        self._delivery = Delivery(
            database,
            self._session,
            settings.smtp,
            owner=tenure.owner,
            now=_now,
            step=step,
            stopping=self._stopping.is_set,
        )
        self._processing = Loop("processing", self._process, _PROCESS_TICK_SECONDS)
        self._delivering = Loop("delivering", self._deliver, settings.smtp.poll_seconds)
        self._afterwards = Afterwards(
            settings, rules, database, blobs, owner=tenure.owner, now=_now, step=step
        )
        self._examining = Loop("examining", self._afterwards.take_turn, _EXAMINE_TICK_SECONDS)
        self._freed = False
        self._in_doubt = False
        self._settled_at: float | None = None
        self._polls = PollThreads()
        self._scheduler = self._make_scheduler()

    def serve(self, stop: threading.Event) -> None:
        """Returns when `stop` is set or the lease is lost."""
        log.info("started", mailboxes=len(self._mailboxes()))
        self._processing.start()
        self._delivering.start()
        self._examining.start()
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
            executors={"default": self._polls},
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
        except Exception:
            log.exception("poll failed", mailbox=name)
            return
        if result.error:
            log.warning("mailbox has trouble", mailbox=name, reason=result.error)
        elif result.new or result.too_large:
            log.info("mail received", mailbox=name, new=result.new, too_large=result.too_large)

    def _poll_step(self, name: str) -> None:
        """A long poll ends between two batches; the next daemon goes on from there."""
        self._step(name)
        if name == "after-receive-commit":
            self._processing.wake()
            if self._stopping.is_set():
                raise LeaseHeld("The daemon is stopping.")

    def _process(self) -> int:
        """A batch. At first, what others had in hand when they died is freed."""
        if not self._freed:
            # The reader starts before a mail is claimed: a death meanwhile is no mail's fault.
            self._parser.parse(b"")
            refresh_keys(self._database, self._settings.identity)
            free_dead_claims(self._database)
            self._freed = True
        if self._in_doubt:
            free_own_claims(self._database, self._tenure.owner)
        self._in_doubt = True
        count = process_batch(
            self._database,
            self._blobs,
            self._parser,
            self._rules,
            owner=self._tenure.owner,
            now=_now,
            step=self._step,
            stopping=self._stopping.is_set,
            customers=self._customers,
        )
        self._in_doubt = False
        if count:
            self._delivering.wake()
            self._examining.wake()
        return count

    def _deliver(self) -> int:
        """What is due. At first, and now and then, what others left behind when they died."""
        at = time.monotonic()
        if self._settled_at is None:
            settle_dead(
                self._database, self._settings.smtp, _now(), is_gone=lambda who: not is_alive(who)
            )
            self._settled_at = at
        elif at - self._settled_at > _SETTLE_SECONDS:
            settle_dead(self._database, self._settings.smtp, _now(), is_gone=is_dead)
            self._settled_at = at
        return self._delivery.deliver_due()

    def _shut_down(self) -> None:
        """Finishes what is in hand; what does not end in time is cut short and put back."""
        log.info("stopping")
        self._stopping.set()
        self._processing.stop()
        self._delivering.stop()
        self._examining.stop()
        self._scheduler.shutdown(wait=False)
        # A picture takes seconds and loses nothing: the next daemon looks at it.
        self._afterwards.give_up()
        until = time.monotonic() + _SHUTDOWN_SECONDS
        self._processing.join(until - time.monotonic())
        self._delivering.join(until - time.monotonic())
        # A server that does not answer is left; the mail stays due.
        self._session.abort()
        self._parser.close()
        until = time.monotonic() + _CUT_SHORT_SECONDS
        if self._delivering.join(until - time.monotonic()):
            self._session.close()
        self._processing.join(until - time.monotonic())
        self._customers.close()
        if self._examining.join(until - time.monotonic()):
            self._afterwards.end()
        if not self._polls.join(until - time.monotonic()):
            log.warning("a poll is left in the middle; the next one goes on from there")


@contextmanager
def _signals(stop: threading.Event) -> Iterator[None]:
    """SIGTERM and SIGINT set `stop`; only where this is the main thread, which alone may ask."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def told(*_: object) -> None:
        # Not here: the main thread may hold the lock of `stop` at this very moment.
        threading.Thread(target=stop.set).start()

    wanted = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.signal(number, told) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
