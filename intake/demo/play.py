"""Plays the demo: fills the mailbox, runs the real daemon, shows what becomes of each mail."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console, RenderableType
from rich.live import Live

from intake.demo.servers import USER, DemoMailbox, DemoSink, demo_servers
from intake.demo.view import render_line, render_screen
from intake.errors import IntakeError
from intake.settings.load import load_configuration
from intake.store.desk import status
from intake.store.recent import RecentMail, recent_mails
from intake.worker.daemon import run
from intake.worker.directory_import import CustomerImport
from intake.worker.opening import OpenDesk, open_desk

HERE = Path(__file__).parent
LATER = "later"
_TICK_SECONDS = 0.3
_EVERY_SECONDS = 2.5
_SECRET = "INTAKE_DEMO_PASSWORD"  # noqa: S105 - the name of a variable
_SCREEN_MARGIN = 14


@dataclass
class _Show:
    """What has been seen so far."""

    desk: OpenDesk
    sink: DemoSink
    mails: list[RecentMail] = field(default_factory=list)

    def look(self) -> list[RecentMail]:
        """Mails dealt with since the last look."""
        with self.desk.database.read() as connection:
            last = self.mails[-1].id if self.mails else 0
            fresh = recent_mails(connection, after_id=last)
        self.mails += fresh
        return fresh


def play(folder: Path, *, seconds: float | None, once: bool, overrides: list[str]) -> int:
    """Runs until `seconds` are over, Ctrl-C, or with `once` until every sample mail is dealt with.

    Everything it keeps goes below `folder`. Returns how many mails were dealt with.
    """
    samples = sorted((HERE / "mails").glob("*.eml"))
    first = [path.read_bytes() for path in samples if LATER not in path.name]
    later = [path.read_bytes() for path in samples if LATER in path.name]
    with demo_servers() as (mailbox, sink):
        desk = _desk(folder, mailbox, sink, overrides)
        for raw in first:
            mailbox.deliver(raw)
        show = _Show(desk, sink)
        deadline = time.monotonic() + seconds if seconds is not None else None
        with _daemon(desk), suppress(KeyboardInterrupt):
            _watch(show, _trickle(mailbox, later, len(first)), len(samples), deadline, once=once)
        desk.close()
    return len(show.mails)


def _desk(folder: Path, mailbox: DemoMailbox, sink: DemoSink, overrides: list[str]) -> OpenDesk:
    os.environ[_SECRET] = mailbox.password
    folder.mkdir(parents=True, exist_ok=True)
    settings = [
        f"database.url=sqlite:///{folder / 'intake.db'}",
        f"storage.dir={folder / 'blobs'}",
        "mailboxes.demo.host=127.0.0.1",
        f"mailboxes.demo.port={mailbox.port}",
        "mailboxes.demo.security=plain",
        f"mailboxes.demo.username={USER}",
        f"mailboxes.demo.password.env={_SECRET}",
        "smtp.host=127.0.0.1",
        f"smtp.port={sink.port}",
        "smtp.security=plain",
        "schedule.poll_interval_seconds=1",
        "schedule.jitter_seconds=0",
        "identity.trusted_authserv_ids=mx.exchange.example",
        "log.level=error",
        *overrides,
    ]
    desk = open_desk(load_configuration(None, settings, os.environ))
    with CustomerImport(desk.database, desk.rules, datetime.now(UTC)) as customers:
        customers.read(HERE / "customers.csv")
        customers.take()
    return desk


@contextmanager
def _daemon(desk: OpenDesk) -> Iterator[None]:
    """The same daemon as `intake run`, in a thread, so that this one can show it."""
    stop = threading.Event()
    troubles: list[IntakeError] = []

    def work() -> None:
        try:
            run(desk.settings, desk.rules, desk.database, desk.blobs, stop=stop)
        except IntakeError as error:
            troubles.append(error)

    thread = threading.Thread(target=work, name="daemon")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
    if troubles:
        raise troubles[0]


def _trickle(mailbox: DemoMailbox, later: list[bytes], before: int) -> Generator[None, int, None]:
    """Delivers the next of `later` now and then, once the first `before` are dealt with."""
    waiting, next_at = list(later), 0.0
    dealt_with = 0
    while True:
        if waiting and dealt_with >= before and time.monotonic() >= next_at:
            mailbox.deliver(waiting.pop(0))
            next_at = time.monotonic() + _EVERY_SECONDS
        dealt_with = yield


def _watch(
    show: _Show,
    trickle: Generator[None, int, None],
    total: int,
    deadline: float | None,
    *,
    once: bool,
) -> None:
    console = Console()
    if not console.is_terminal:
        console.file.write("Sample mails are in the mailbox; this is what becomes of them.\n")
    next(trickle)
    with Live(console=console, screen=console.is_terminal, auto_refresh=False) as live:
        while deadline is None or time.monotonic() < deadline:
            fresh = show.look()
            trickle.send(len(show.mails))
            if console.is_terminal:
                live.update(_screen(show, console), refresh=True)
            else:
                for mail in fresh:
                    print(render_line(mail), flush=True)
            if once and len(show.mails) >= total and _is_quiet(show):
                return
            time.sleep(_TICK_SECONDS)


def _screen(show: _Show, console: Console) -> RenderableType:
    with show.desk.database.read() as connection:
        view = status(connection, datetime.now(UTC))
    rows = max((console.height - _SCREEN_MARGIN) // 2, 3)
    return render_screen(show.mails, view, show.sink.mails, rows)


def _is_quiet(show: _Show) -> bool:
    with show.desk.database.read() as connection:
        view = status(connection, datetime.now(UTC))
    return not view.mails.get("received") and not view.outbox.get("planned")
