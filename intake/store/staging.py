"""The lines of a customer list on their way into the directory, in a file of their own.

Memory stays flat whatever the size of the list, what does not fit together is found by sorting,
and the database itself is not held meanwhile. The file has no name and is gone when closed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import cast

from intake.model.facts import AddressState
from intake.store.customer_records import AddressRecord, CustomerRecord, merge_records

_VALUE_SHOWN = 60


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """One line that can be taken: a customer with an address, a domain, or both."""

    line: int
    customer_id: str
    fields: dict[str, str | None]
    address: AddressRecord | None = None
    domain: str | None = None


@dataclass(frozen=True, slots=True)
class LineProblem:
    """What is wrong with a line; `taken` where it is in the directory nonetheless."""

    line: int
    field: str
    value: str
    text: str
    taken: bool = False


class Staging:
    """Takes lines, sorts out those that contradict each other, gives records back by customer."""

    def __init__(self) -> None:
        # An empty name: a temporary file that nobody else can open.
        self._base = sqlite3.connect("", isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-16384"):
            self._base.execute(f"PRAGMA {pragma}")
        self._base.executescript(_TABLES)
        self._base.execute("BEGIN")

    def close(self) -> None:
        """Gives the space back."""
        self._base.close()

    def add(self, lines: Sequence[CustomerLine]) -> None:
        """Takes some lines; their numbers must differ."""
        rows = [
            (
                entry.line,
                entry.customer_id,
                json.dumps(entry.fields, ensure_ascii=True),
                *_address_values(entry.address),
                entry.domain,
            )
            for entry in lines
        ]
        self._base.executemany("INSERT INTO line VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def note(self, problems: Sequence[LineProblem]) -> None:
        """Keeps what is to be reported."""
        rows = [(p.line, p.field, _cut(p.value), p.text, p.taken) for p in problems]
        self._base.executemany("INSERT INTO problem VALUES (?, ?, ?, ?, ?)", rows)

    def settle(self) -> None:
        """Drops lines that name a customer's address again, notes addresses of two customers."""
        self._base.execute("CREATE INDEX by_customer ON line (customer_id, line)")
        self._base.execute("CREATE INDEX by_address ON line (key, customer_id, line)")
        self._base.executescript(_SETTLE)

    def records(self, *, whole: bool) -> Iterator[CustomerRecord]:
        """Every customer once, by id; lines that disagree are noted on the way.

        With `whole`, the records say all there is, where all their lines could be taken.
        """
        rows = self._base.execute("SELECT * FROM line ORDER BY customer_id, line")
        for _, lines in groupby(rows, key=itemgetter(1)):
            record = self._fold(list(lines))
            if whole and not self._is_named(record.customer_id):
                record = replace(record, whole=True)
            yield record

    def _is_named(self, customer_id: str) -> bool:
        query = "SELECT 1 FROM named WHERE value = ?"
        return self._base.execute(query, (customer_id,)).fetchone() is not None

    def _fold(self, rows: list[tuple[object, ...]]) -> CustomerRecord:
        records = [_record(row) for row in rows]
        folded = records[0]
        for row, record in zip(rows[1:], records[1:], strict=True):
            for name, value in record.fields.items():
                earlier = folded.fields.get(name)
                if value and earlier and value != earlier:
                    text = f"differs from an earlier line of this customer ({_cut(earlier)})"
                    number = cast(int, row[0])
                    self.note([LineProblem(number, name, value, f"{text}; this one counts", True)])
            folded = merge_records(folded, record)
        return folded

    def names_customer(self, customer_ids: Sequence[str]) -> set[str]:
        """Which of these the list names, in lines that could be taken or not."""
        marks = ", ".join("?" * len(customer_ids))
        query = (
            f"SELECT customer_id FROM line WHERE customer_id IN ({marks}) UNION"  # noqa: S608
            f" SELECT value FROM named WHERE value IN ({marks})"
        )
        return {row[0] for row in self._base.execute(query, (*customer_ids, *customer_ids))}

    def line_of(self, customer_id: str, key: str) -> int | None:
        """The line that gives this customer this address."""
        query = "SELECT line FROM line WHERE key = ? AND customer_id = ?"
        found: tuple[int] | None = self._base.execute(query, (key, customer_id)).fetchone()
        return found[0] if found else None

    def name(self, customer_ids: Sequence[str]) -> None:
        """Remembers customers of lines that could not be taken: they are not gone."""
        rows = [(value,) for value in customer_ids]
        self._base.executemany("INSERT OR IGNORE INTO named VALUES (?)", rows)

    def count(self) -> tuple[int, int]:
        """(lines that were taken, lines that were not)."""
        (taken,) = self._base.execute("SELECT count(*) FROM line").fetchone()
        refused = "SELECT count(DISTINCT line) FROM problem WHERE NOT taken AND line > 0"
        return taken, self._base.execute(refused).fetchone()[0]

    def problems(self) -> Iterator[LineProblem]:
        """Everything noted, by line."""
        rows = self._base.execute("SELECT * FROM problem ORDER BY line, rowid")
        return (
            LineProblem(line, field, value, text, bool(taken))
            for line, field, value, text, taken in rows
        )


def _address_values(address: AddressRecord | None) -> tuple[str | None, ...]:
    if address is None:
        return (None,) * 5
    until = address.until.isoformat() if address.until else None
    return address.address, address.key, address.state, address.reason, until


def _record(row: tuple[object, ...]) -> CustomerRecord:
    _, customer_id, fields, address, key, state, reason, until, domain = row
    found = AddressRecord(
        cast(str, address),
        cast(str, key),
        cast(AddressState | None, state),
        cast(str, reason),
        datetime.fromisoformat(cast(str, until)) if until else None,
    )
    return CustomerRecord(
        cast(str, customer_id),
        json.loads(cast(str, fields)),
        (found,) if address is not None else (),
        (cast(str, domain),) if domain is not None else (),
    )


def _cut(value: str) -> str:
    return value if len(value) <= _VALUE_SHOWN else value[: _VALUE_SHOWN - 1] + "…"


_TABLES = """
CREATE TABLE line (
    line INTEGER PRIMARY KEY, customer_id TEXT, fields TEXT,
    address TEXT, key TEXT, state TEXT, reason TEXT, until TEXT, domain TEXT
);
CREATE TABLE problem (line INTEGER, field TEXT, value TEXT, text TEXT, taken INTEGER);
CREATE TABLE named (value TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_SETTLE = """
CREATE TEMP TABLE again AS
    SELECT line, address, domain, first FROM (
        SELECT *, min(line) OVER (PARTITION BY key, customer_id) AS first
        FROM line WHERE key IS NOT NULL
    ) WHERE line > first;
INSERT INTO problem
    SELECT line, 'email', address, 'this customer has the address already in line ' || first, 0
    FROM again WHERE domain IS NULL;
DELETE FROM line WHERE line IN (SELECT line FROM again WHERE domain IS NULL);
UPDATE line SET address = NULL, key = NULL WHERE line IN (SELECT line FROM again);
INSERT INTO problem
    SELECT line, 'email', address,
        'line ' || first || ' registers this address for customer ' || owner
        || '; its mails will be called a conflict', 1
    FROM (
        SELECT line, address, customer_id, min(line) OVER (PARTITION BY key) AS first,
            first_value(customer_id) OVER (PARTITION BY key ORDER BY line) AS owner
        FROM line WHERE key IS NOT NULL
    ) WHERE customer_id <> owner;
"""
