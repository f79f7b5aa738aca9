"""Peak memory of the daemon with a backlog of 1,000 and of 10,000 mails.

    python -m bench.memory

Each size in a process of its own: the real daemon on a real Dovecot, every stage on, until the last
mail is recorded. Peak is the operating system's figure for the daemon and for its parsing child.
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
from tests.servers.dovecot import PASSWORD, free_ports, running_dovecot
from tests.servers.smtp_sink import Sink, running_sink

SIZES = (1_000, 10_000)


def main() -> None:
    peaks = []
    for mails in SIZES:
        ours, theirs = multiprocessing.get_context("spawn").Pipe()
        run = multiprocessing.get_context("spawn").Process(target=_measure, args=(mails, theirs))
        run.start()
        daemon, child = ours.recv()
        run.join()
        peaks.append(daemon)
        print(f"{mails:6} mails   daemon {daemon:6.0f} MB   parsing child {child:6.0f} MB")
    print(f"10,000 over 1,000       {peaks[1] / peaks[0]:6.2f}")


def _measure(mails: int, answer: multiprocessing.connection.Connection) -> None:
    os.environ["BENCH_PASSWORD"] = PASSWORD
    port = free_ports(1)[0]
    sink = multiprocessing.get_context("spawn").Process(target=_sink, args=(port,), daemon=True)
    sink.start()
    with tempfile.TemporaryDirectory() as folder, running_dovecot(Path(folder) / "imap") as server:
        server.deliver(sample.raw for sample in generate(mails, sizes=(0.9, 0.08, 0.02)))
        whole_job(server, port, f"sqlite:///{folder}/intake.db", Path(folder), mails)
        peak = [
            resource.getrusage(who).ru_maxrss / 1024
            for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        ]
    sink.terminate()
    answer.send(tuple(peak))


def _sink(port: int) -> None:
    with running_sink(Sink(port=port)):
        threading.Event().wait()


if __name__ == "__main__":
    main()
