"""The whole main job beside imapclient's bare fetch of the same mailbox in the same run.

    python -m bench.end_to_end [--mails 1000] [--database URL]

60 % of the mails have 5 KB, 30 % 60 KB, 10 % 800 KB. Intake: the real daemon receives durably,
reads, judges, records and acknowledges every mail over SMTP. Also printed: processor time a mail of
the daemon with its parsing child, and the daemon's peak memory.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import tempfile
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from bench.receive import bare_rate
from intake.settings.load import load_configuration
from intake.store.desk import status
from intake.store.views import StatusView
from intake.worker.daemon import run
from intake.worker.log import set_up_log
from intake.worker.opening import OpenDesk, open_desk
from tests.generate import generate
from tests.servers.dovecot import PASSWORD, USER, Dovecot, free_ports, running_dovecot
from tests.servers.smtp_sink import Sink, running_sink

ROUNDS = 3
GOAL = 0.13


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--mails", type=int, default=1000)
    parser.add_argument("--database", help="SQLAlchemy URL of an empty database; else SQLite")
    options = parser.parse_args()
    os.environ["BENCH_PASSWORD"] = PASSWORD
    port = free_ports(1)[0]
    sink = multiprocessing.get_context("spawn").Process(target=_sink, args=(port,), daemon=True)
    sink.start()
    with tempfile.TemporaryDirectory() as folder, running_dovecot(Path(folder) / "imap") as server:
        kinds = Counter[str]()
        for sample in generate(options.mails):
            kinds[sample.kind] += 1
            server.deliver([sample.raw])
        bare_rate(server, False)  # the first reading fills Dovecot's index
        bare = max(bare_rate(server, False) for _ in range(ROUNDS))
        url = options.database or f"sqlite:///{folder}/intake.db"
        seconds, view = whole_job(server, port, url, Path(folder), options.mails)
    sink.terminate()
    rate = options.mails / seconds
    print(f"{options.mails} mails: {dict(kinds)}; sent {view.outbox.get('sent', 0)}")
    print(f"imapclient, bare fetch      {bare:8.0f} mails/s")
    print(f"Intake, mailbox to 250 OK   {rate:8.0f} mails/s")
    print(f"ratio                       {rate / bare:8.3f}   (goal: {GOAL})")
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(f"peak memory of the daemon   {usage.ru_maxrss / 1024:8.0f} MB")


def _sink(port: int) -> None:
    with running_sink(Sink(port=port)):
        threading.Event().wait()


def whole_job(
    server: Dovecot, port: int, url: str, folder: Path, mails: int
) -> tuple[float, StatusView]:
    """Seconds until every mail is recorded and every acknowledgement taken."""
    settings = [
        f"database.url={url}",
        f"storage.dir={folder / 'blobs'}",
        "mailboxes.desk.host=localhost",
        f"mailboxes.desk.port={server.port}",
        "mailboxes.desk.security=plain",
        f"mailboxes.desk.username={USER}",
        "mailboxes.desk.password.env=BENCH_PASSWORD",
        "smtp.host=127.0.0.1",
        f"smtp.port={port}",
        "smtp.security=plain",
        "reply.per_address=1000000",
        "log.level=error",
    ]
    desk = open_desk(load_configuration(None, settings, {}))
    set_up_log(desk.settings.log)
    stop = threading.Event()
    before = _processor_seconds()
    began = time.perf_counter()
    daemon = threading.Thread(
        target=run,
        args=(desk.settings, desk.rules, desk.database, desk.blobs),
        kwargs={"stop": stop},
    )
    daemon.start()
    view = _wait(desk, mails)
    seconds = time.perf_counter() - began
    stop.set()
    daemon.join()
    desk.close()
    spent = _processor_seconds() - before
    print(f"processor time a mail       {1000 * spent / mails:8.2f} ms, all processes of Intake")
    return seconds, view


def _wait(desk: OpenDesk, mails: int) -> StatusView:
    while True:
        # Rarely: looking costs the daemon time.
        time.sleep(0.25)
        with desk.database.read() as connection:
            view = status(connection, datetime.now(UTC))
        done = view.mails.get("processed", 0) + view.mails.get("quarantined", 0)
        unsent = sum(view.outbox.get(state, 0) for state in ("planned", "sending", "retrying"))
        if done >= mails and not unsent:
            return view


def _processor_seconds() -> float:
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(sum(resource.getrusage(one)[:2]) for one in who)


if __name__ == "__main__":
    main()
