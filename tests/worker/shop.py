"""What process and deliver work with: a database, blobs, the shipped rules, a real parser."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from intake.settings.load import load_configuration
from intake.settings.rules import Rules
from intake.settings.schema import Limits
from intake.store import desk
from intake.store.blobs import BlobStore
from intake.store.database import Database
from intake.store.export import export_tickets
from intake.store.ledger import Received, record_received
from intake.store.tables import MAIL, OUTBOX
from intake.worker.isolation import ParserPool
from intake.worker.owner import new_owner
from intake.worker.process import process_batch

CONFIG = Path(__file__).parents[2] / "config" / "intake.toml"
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def request(name: str, subject: str = "Withdrawal pending", body: str = "") -> bytes:
    """A mail of a person who wants something."""
    return (
        f"From: Li Na <{name}@customer.example>\r\nTo: support@exchange.example\r\n"
        f"Message-ID: <{name}@customer.example>\r\nSubject: {subject}\r\n"
        "Date: Mon, 23 Nov 2026 09:58:00 +0000\r\n\r\n"
        f"Hello, my withdrawal has been pending since Friday. {name} {body}\r\n"
    ).encode()


def sha(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


class Shop:
    """Mails go in by `receive`, `process` deals with them."""

    def __init__(self, database: Database, folder: Path, **limits: Any) -> None:
        self.database = database
        self.blobs = BlobStore(folder / "blobs")
        rules = load_configuration(CONFIG, [], {}).rules
        self.rules: Rules = rules.model_copy(update={"key": b"k" * 32})
        self.limits = Limits(**({"parse_seconds": 2} | limits))
        self.parser = ParserPool(self.limits)
        self.owner = new_owner()
        self._uid = 0

    def receive(self, *raws: bytes) -> None:
        """As a poll leaves them."""
        entries = []
        for raw, name in zip(raws, self.blobs.put_many(list(raws)), strict=True):
            self._uid += 1
            entries.append(Received("support", "INBOX", 7, self._uid, name, len(raw), NOW, None))
        with self.database.write() as connection:
            record_received(connection, entries)

    def process(self, step: Callable[[str], None] = lambda _: None, **changes: Any) -> int:
        return process_batch(
            self.database,
            self.blobs,
            self.parser,
            self.rules,
            owner=self.owner,
            now=lambda: NOW,
            step=step,
            **changes,
        )

    def mail(self, raw: bytes) -> Any:
        """The row of a mail."""
        with self.database.read() as connection:
            return connection.execute(select(MAIL).where(MAIL.c.sha256 == sha(raw))).one()

    def states(self, *raws: bytes) -> list[str]:
        return [self.mail(raw).state for raw in raws]

    def tickets(self) -> list[Any]:
        with self.database.read() as connection:
            return [line for line in export_tickets(connection) if line["ticket"]]

    def outbox(self) -> list[Any]:
        with self.database.read() as connection:
            return list(connection.execute(select(OUTBOX).order_by(OUTBOX.c.id)))

    def event_kinds(self) -> list[str]:
        with self.database.read() as connection:
            return [event.kind for event in desk.events(connection, limit=500)]


def make_shop(database: Database, folder: Path, **limits: Any) -> Iterator[Shop]:
    """For a fixture: its processes end with it."""
    shop = Shop(database, folder, **limits)
    yield shop
    shop.parser.close()
