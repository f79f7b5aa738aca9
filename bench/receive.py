"""Receiving durably beside imapclient's bare fetch of the same mailbox in the same run.

    python -m bench.receive [--mails 1000] [--tls] [--database URL]

60 % of the mails have 5 KB, 30 % 60 KB, 10 % 800 KB. Bare: stock imapclient fetches the bodies in
the same batches and drops them. Durable: `poll_mailbox`, every promise kept: blobs and their
folders synced, ledger and queue committed, ledger held against the server's list.
"""

from __future__ import annotations

import argparse
import os
import ssl
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from imapclient import IMAPClient

from intake.outside.imap_ranges import chunk_uids
from intake.settings.schema import Limits, Mailbox, Settings
from intake.settings.section import SecretSource
from intake.store.blobs import BlobStore
from intake.store.database import open_database
from intake.worker.receive import poll_mailbox
from tests.generate import generate
from tests.servers.dovecot import PASSWORD, USER, Dovecot, running_dovecot

ROUNDS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--mails", type=int, default=1000)
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--database", help="SQLAlchemy URL of an empty database; else SQLite")
    options = parser.parse_args()
    os.environ["BENCH_PASSWORD"] = PASSWORD
    with tempfile.TemporaryDirectory() as folder, running_dovecot(Path(folder) / "imap") as server:
        server.deliver(sample.raw for sample in generate(options.mails))
        bare_rate(server, options.tls)  # the first reading fills Dovecot's index
        bare = max(bare_rate(server, options.tls) for _ in range(ROUNDS))
        url = options.database or f"sqlite:///{folder}/intake.db"
        durable = durable_rate(server, options.tls, url, Path(folder))
    print(f"imapclient, bare fetch   {bare:8.0f} mails/s")
    print(f"Intake, durable receive  {durable:8.0f} mails/s")
    print(f"ratio                    {durable / bare:8.2f}   (goal: 0.6)")


def bare_rate(server: Dovecot, tls: bool) -> float:
    """Mails a second of imapclient as it comes, in batches bounded as ours are."""
    context = ssl.create_default_context(cafile=str(server.ca_file))
    port = server.tls_port if tls else server.port
    with IMAPClient("localhost", port, ssl=tls, ssl_context=context if tls else None) as client:
        client.login(USER, PASSWORD)
        client.select_folder("INBOX", readonly=True)
        began = time.perf_counter()
        count = 0
        for batch in _batches(client):
            found = client.fetch(batch, ["INTERNALDATE", "BODY.PEEK[]"])
            count += sum(b"BODY[]" in items for items in found.values())
        return count / (time.perf_counter() - began)


def _batches(client: IMAPClient) -> Iterator[list[int]]:
    uids = client.search()
    for chunk in chunk_uids([(uids[0], uids[-1])], 500):
        batch: list[int] = []
        total = 0
        for uid, items in client.fetch(chunk, ["RFC822.SIZE"]).items():
            if batch and total + items[b"RFC822.SIZE"] > Limits().batch_bytes:
                yield batch
                batch, total = [], 0
            batch.append(uid)
            total += items[b"RFC822.SIZE"]
        yield batch


def durable_rate(server: Dovecot, tls: bool, url: str, folder: Path) -> float:
    """Mails a second of one poll of a mailbox that was never polled."""
    mailbox = Mailbox(
        host="localhost",
        port=server.tls_port if tls else server.port,
        security="tls" if tls else "plain",
        ca_file=str(server.ca_file),
        username=USER,
        password=SecretSource(env="BENCH_PASSWORD"),
    )
    database = open_database(url)
    blobs = BlobStore(folder / "blobs")
    settings = Settings(mailboxes={"bench": mailbox})
    began = time.perf_counter()
    result = poll_mailbox("bench", settings, database, blobs, now=lambda: datetime.now(UTC))
    seconds = time.perf_counter() - began
    database.close()
    if result.error or result.missing:
        raise SystemExit(f"The poll went wrong: {result}")
    return result.new / seconds


if __name__ == "__main__":
    main()
