"""Conversations put together again: the SpamAssassin ham, its parents known from its headers.

Of the mails that have both, In-Reply-To is hidden on a third and References on another third; so
every answer keeps one of them. A pair is two mails of one conversation, mails that answer the same
mail included where that one is not in the corpus; it is right when both lie in one ticket. The
second line takes only mails whose whole conversation is there.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import structlog
from rich.console import Console

from bench.spamassassin import NOT_HERE, find_corpus, read_corpus
from intake.settings.load import load_configuration
from intake.store.blobs import BlobStore
from intake.store.database import open_database
from intake.store.export import export_tickets
from intake.store.ledger import Imported, record_imported
from intake.worker.isolation import ParserPool
from intake.worker.process import process_batch

_ID = re.compile(rb"<\s*([^<>\s]{1,998})\s*>")
_FOLDED = rb":((?:[^\n]*\n)(?:[ \t][^\n]*\n)*)"
_ANSWER = re.compile(rb"\s*(?:re|aw|fwd?)\b", re.I)
_NOW = datetime(2026, 11, 23, tzinfo=UTC)
GOAL = 0.998


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail, its date, its id and the ids of what it answers."""

    raw: bytes
    date: datetime
    message_id: bytes
    parents: tuple[bytes, ...]


def main() -> None:
    """Print precision, recall and F1 of pairs."""
    console = Console()
    if not find_corpus():
        console.print(NOT_HERE)
        return
    every = _letters()
    for name, letters in (("all", every), ("whole conversations", with_known_parents(every))):
        right, told, wanted = _pairs(conversations(letters), _tickets(hide(letters)))
        precision, recall = right / told, right / wanted
        f1 = 2 * precision * recall / (precision + recall)
        mark = "reached" if f1 >= GOAL else "missed"
        console.print(
            f"{name}: {len(letters)} mails, {wanted} pairs: precision {precision:.4f}, "
            f"recall {recall:.4f}, F1 {f1:.4f} (goal {GOAL}: {mark})",
            highlight=False,
        )


def _letters() -> list[Letter]:
    """Ham with an id and a date, each id once, oldest first."""
    found: dict[bytes, Letter] = {}
    for sample in read_corpus():
        if sample.kind != "ham":
            continue
        ids = _ids(sample.raw, b"Message-Id")
        date = _date(sample.raw)
        # Old programs name the writer before the id: "Message from <a@b> of ... <id>".
        parents = (*_ids(sample.raw, b"In-Reply-To")[-1:], *_ids(sample.raw, b"References"))
        known = parents or not _ANSWER.match(_header(sample.raw, b"Subject"))
        if ids and date and known and ids[0] not in found:
            found[ids[0]] = Letter(sample.raw, date, ids[0], parents)
    return sorted(found.values(), key=lambda letter: letter.date)


def with_known_parents(letters: list[Letter]) -> list[Letter]:
    """Those that answer nothing, or a mail that is here too, and so all the way up."""
    kept = {letter.message_id: letter for letter in letters}
    while True:
        orphans = [
            letter.message_id
            for letter in kept.values()
            if letter.parents and letter.parents[0] not in kept
        ]
        if not orphans:
            return [letter for letter in letters if letter.message_id in kept]
        for message_id in orphans:
            del kept[message_id]


def _header(raw: bytes, name: bytes) -> bytes:
    head = raw.partition(b"\n\n")[0] + b"\n"
    match = re.search(b"^" + name + _FOLDED, head, re.I | re.M)
    return match[1] if match else b""


def _ids(raw: bytes, name: bytes) -> list[bytes]:
    return _ID.findall(_header(raw, name))


def _date(raw: bytes) -> datetime | None:
    try:
        date = parsedate_to_datetime(_header(raw, b"Date").decode("latin-1").strip())
    except (ValueError, TypeError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def conversations(letters: Iterable[Letter]) -> dict[bytes, bytes]:
    """Message-ID to the name of its conversation: all that answers all that it answers."""
    above: dict[bytes, bytes] = {}

    def top(name: bytes) -> bytes:
        while above.setdefault(name, name) != name:
            above[name] = above[above[name]]
            name = above[name]
        return name

    for letter in letters:
        for parent in letter.parents:
            above[top(letter.message_id)] = top(parent)
    return {letter.message_id: top(letter.message_id) for letter in letters}


def hide(letters: list[Letter]) -> list[bytes]:
    """The mails, with one of the two headers gone from two thirds of those that have both."""
    number = 0
    out = []
    for letter in letters:
        both = _ids(letter.raw, b"In-Reply-To") and _ids(letter.raw, b"References")
        number += bool(both)
        gone = (None, b"In-Reply-To", b"References")[number % 3] if both else None
        out.append(letter.raw if gone is None else _without(letter.raw, gone))
    return out


def _without(raw: bytes, name: bytes) -> bytes:
    head, gap, body = raw.partition(b"\n\n")
    return re.sub(b"^" + name + _FOLDED, b"", head + b"\n", flags=re.I | re.M) + gap[1:] + body


def _tickets(raws: list[bytes]) -> dict[bytes, str]:
    """Message-ID to ticket, after the whole way through an empty desk."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    configuration = load_configuration(None, [], {})
    found: dict[bytes, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/threads.db")
        blobs = BlobStore(Path(folder) / "blobs")
        digests = blobs.put_many(raws)
        entries = [Imported(h, len(raw), _NOW) for h, raw in zip(digests, raws, strict=True)]
        with database.write() as connection:
            record_imported(connection, entries, acknowledge=False)
        with ParserPool(configuration.settings.limits) as parser:
            shop = (database, blobs, parser, configuration.rules)
            while process_batch(*shop, owner="score", now=lambda: _NOW):
                pass
        with database.read() as connection:
            for line in export_tickets(connection):
                for message in line["messages"]:
                    if line["ticket"] and message["message_id"]:
                        found[message["message_id"].encode()] = line["ticket"]
        database.close()
    return found


def _pairs(truth: dict[bytes, bytes], found: dict[bytes, str]) -> tuple[int, int, int]:
    """Pairs right, pairs told, pairs wanted; a mail without a ticket is alone."""
    both: Counter[tuple[bytes, str]] = Counter()
    told: Counter[str] = Counter()
    wanted: Counter[bytes] = Counter()
    for name, conversation in truth.items():
        ticket = found.get(name, name.decode("latin-1"))
        both[conversation, ticket] += 1
        told[ticket] += 1
        wanted[conversation] += 1
    return tuple(  # type: ignore[return-value]
        sum(n * (n - 1) // 2 for n in counts.values()) for counts in (both, told, wanted)
    )


if __name__ == "__main__":
    main()
