"""Peak memory of the daemon with a backlog of 1,000 and of 10,000 mails.

    python -m bench.memory

Each size in a process of its own: the real daemon on a real Dovecot, every stage on, until the last
mail is recorded. Peak is the operating system's figure for the daemon.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import resource
import tempfile
import threading
from pathlib import Path

from bench.end_to_end import whole_job
from tests.generate import generate
from tests.servers.dovecot import PASSWORD, Dovecot, free_ports, running_dovecot
from tests.servers.smtp_sink import Sink, running_sink

SIZES = (1_000, 10_000)


def main() -> None:
    peaks = []
    for mails in SIZES:
        ours, theirs = multiprocessing.get_context("spawn").Pipe()
        run = multiprocessing.get_context("spawn").Process(target=_measure, args=(mails, theirs))
        run.start()
        daemon = ours.recv()
        run.join()
        peaks.append(daemon)
        print(f"{mails:6} mails   daemon {daemon:6.0f} MB")
    print(f"10,000 over 1,000       {peaks[1] / peaks[0]:6.2f}")


def _measure(mails: int, answer: multiprocessing.connection.Connection) -> None:
    os.environ["BENCH_PASSWORD"] = PASSWORD
    port = free_ports(1)[0]
    sink = multiprocessing.get_context("spawn").Process(target=_sink, args=(port,), daemon=True)
    sink.start()
    with tempfile.TemporaryDirectory() as folder, running_dovecot(Path(folder) / "imap") as server:
        # In a process of its own: what makes the mails up keeps them, and must not be measured.
        filling = multiprocessing.get_context("fork").Process(target=_fill, args=(server, mails))
        filling.start()
        filling.join()
        whole_job(server, port, f"sqlite:///{folder}/intake.db", Path(folder), mails)
    sink.terminate()
    answer.send(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _fill(server: Dovecot, mails: int) -> None:
    server.deliver(sample.raw for sample in generate(mails, sizes=(0.9, 0.08, 0.02)))


def _sink(port: int) -> None:
    with running_sink(Sink(port=port)):
        threading.Event().wait()


if __name__ == "__main__":
    main()
