"""A whole desk for tests: a mailbox on Dovecot, an SMTP server, a database, the real daemon."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from intake.settings.load import load_configuration
from intake.store.desk import status
from intake.worker.daemon import run
from intake.worker.opening import OpenDesk, open_desk
from tests.servers.account import Account
from tests.servers.smtp_sink import Sink

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "config" / "intake.toml"


def overrides(
    folder: Path, database_url: str, account: Account, sink: Sink, *more: str
) -> list[str]:
    """What --set is given for a desk on loopback servers."""
    return [
        f"database.url={database_url}",
        f"storage.dir={folder / 'blobs'}",
        "mailboxes.support.host=127.0.0.1",
        f"mailboxes.support.port={account.server.port}",
        "mailboxes.support.security=plain",
        f"mailboxes.support.username={account.user}",
        f"mailboxes.support.password.file={account.secret_file}",
        "smtp.host=127.0.0.1",
        f"smtp.port={sink.port}",
        "smtp.security=plain",
        "smtp.poll_seconds=0.1",
        "schedule.poll_interval_seconds=0.2",
        "schedule.jitter_seconds=0",
        "schedule.backoff_first_seconds=0.1",
        "schedule.backoff_limit_seconds=0.5",
        "reply.per_address=1000",
        *more,
    ]


def open_with(settings: list[str]) -> OpenDesk:
    """The desk that these overrides describe."""
    return open_desk(load_configuration(CONFIG, settings, {}))


@contextmanager
def daemon(settings: list[str]) -> Iterator[OpenDesk]:
    """The daemon at work in a thread of this process."""
    desk = open_with(settings)
    stop = threading.Event()
    failed: list[BaseException] = []

    def work() -> None:
        try:
            run(desk.settings, desk.rules, desk.database, desk.blobs, stop=stop)
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield desk
    finally:
        stop.set()
        thread.join(60)
        desk.close()
    assert not failed, failed
    assert not thread.is_alive()


def wait_until_quiet(desk: OpenDesk, mails: int, *, seconds: float = 120) -> None:
    """Returns when at least `mails` are known, none waits and nothing is to be sent."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with desk.database.read() as connection:
            view = status(connection, datetime.now(UTC))
        waiting = view.mails.get("received", 0)
        unsent = sum(view.outbox.get(state, 0) for state in ("planned", "sending", "retrying"))
        if sum(view.mails.values()) >= mails and not waiting and not unsent:
            return
        time.sleep(0.05)
    raise AssertionError(f"not quiet after {seconds} s: {view}")
