"""Mails from files into the store, from where they go the way of every mail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import islice

from intake.store.blobs import BlobStore
from intake.store.database import Database
from intake.store.ledger import Imported, record_imported
from intake.worker.sources import Source

_BATCH = 50
_HEADER_BYTES = 65536
_UNDATED = datetime.max.replace(tzinfo=UTC)


def in_order_of_dates(sources: Iterable[Source]) -> list[Source]:
    """Oldest Date first, mails without one last; standard input can be read only once."""
    items = list(sources)
    if any(source.path is None for source in items):
        return items
    return sorted(items, key=lambda source: (_date_of(source), source.index))


def import_sources(
    sources: Iterable[Source],
    database: Database,
    blobs: BlobStore,
    *,
    acknowledge: bool,
    now: Callable[[], datetime],
) -> Iterator[tuple[int, int]]:
    """Keeps the bytes, then queues them; yields (mails read, new ones) for each batch.

    Importing again changes nothing. Raises OSError, StorageError, DatabaseUnavailable.
    """
    waiting = iter(sources)
    while batch := list(islice(waiting, _BATCH)):
        raws = [source.read() for source in batch]
        digests = blobs.put_many(raws)
        entries = [
            Imported(sha256, len(raw), now()) for sha256, raw in zip(digests, raws, strict=True)
        ]
        with database.write() as connection:
            new = record_imported(connection, entries, acknowledge=acknowledge)
        yield len(batch), len(new)


def _date_of(source: Source) -> datetime:
    head = source.read(_HEADER_BYTES).replace(b"\r\n", b"\n").split(b"\n\n", 1)[0]
    for line in head.split(b"\n"):
        if line[:5].lower() == b"date:":
            try:
                date = parsedate_to_datetime(line[5:].decode("latin-1").strip())
            except (ValueError, IndexError):
                return _UNDATED
            return date if date.tzinfo else date.replace(tzinfo=UTC)
    return _UNDATED
