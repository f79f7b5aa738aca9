"""Sending through the outbox beside smtplib's bare rate over one connection to the same server.

    python -m bench.deliver [--mails 1000] [--database URL]

Planning is not counted. Bare: one smtplib connection, MAIL, RCPT, DATA for each mail. Outbox:
`sending` is committed before a mail goes out and `sent` after its 250. Goal: 0.7 of the bare rate.
"""

from __future__ import annotations

import argparse
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from intake.outside.smtp import SmtpSession
from intake.settings.schema import Log, Smtp
from intake.store.database import Database, open_database
from intake.worker.deliver import Delivery
from intake.worker.log import set_up_log
from tests.store.desk_of_mails import NOW, a_decision, a_mail, keep

ROUNDS = 3
GOAL = 0.7
BODY = b"Thank you for writing to us. We have your request and answer within a day.\r\n" * 40


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--mails", type=int, default=500)
    parser.add_argument("--database", help="SQLAlchemy URL of an empty database; else SQLite")
    options = parser.parse_args()
    set_up_log(Log(level="warning"))
    with tempfile.TemporaryDirectory() as folder, server() as port:
        database = open_database(options.database or f"sqlite:///{Path(folder) / 'bench.db'}")
        best_bare = best_outbox = 0.0
        for number in range(ROUNDS):
            raws = plan(database, options.mails, number)
            best_bare = max(best_bare, len(raws) / bare(port, raws))
            best_outbox = max(best_outbox, len(raws) / outbox(port, database, len(raws)))
        database.close()
    print(f"bare smtplib {best_bare:8.0f} mails/s")
    print(f"outbox       {best_outbox:8.0f} mails/s")
    print(f"ratio        {best_outbox / best_bare:8.2f}  (goal {GOAL}), {database.dialect}")


@contextmanager
def server() -> Iterator[int]:
    """An SMTP server in a process of its own; its port."""
    command = [sys.executable, "-m", "tests.servers.smtp_sink"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.kill()


def plan(database: Database, count: int, number: int) -> list[bytes]:
    """Fills the outbox; what is in it."""
    raws = []
    for place in range(count):
        mail = a_mail(f"round {number} mail {place}")
        decision = a_decision(mail)
        answer = decision.acknowledgement.mail
        assert answer is not None
        raws.append(b"Subject: We have it\r\nMessage-ID: <%d@x>\r\n\r\n" % place + BODY)
        reply = replace(decision.acknowledgement, mail=replace(answer, raw=raws[-1]))
        keep(database, mail, replace(decision, acknowledgement=reply))
    return raws


def bare(port: int, raws: list[bytes]) -> float:
    """Seconds."""
    client = smtplib.SMTP("127.0.0.1", port)
    began = time.perf_counter()
    for raw in raws:
        client.sendmail("", ["chen.wei@customer.example"], raw)
    took = time.perf_counter() - began
    client.quit()
    return took


def outbox(port: int, database: Database, count: int) -> float:
    """Seconds."""
    settings = Smtp(host="127.0.0.1", port=port, security="plain")
    with SmtpSession(settings, None) as session:
        session.check()
        later = NOW + timedelta(minutes=1)
        delivery = Delivery(database, session, settings, owner="bench", now=lambda: later)
        began = time.perf_counter()
        sent = 0
        while taken := delivery.deliver_due():
            sent += taken
        took = time.perf_counter() - began
    assert sent == count
    return took


if __name__ == "__main__":
    main()
