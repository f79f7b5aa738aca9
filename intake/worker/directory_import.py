"""A customer list into the directory: read, sorted out, compared, and what differs written."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from types import TracebackType

from intake.errors import ActRefused
from intake.settings.rules import Rules
from intake.store.customer_changes import Changes, find_changes, make_room, write_changes
from intake.store.customer_records import Counts, CustomerRecord
from intake.store.customers import count_customers
from intake.store.database import Database
from intake.store.directory import customer_ids_after, remove_unnamed
from intake.store.notices import record_notice
from intake.store.staging import CustomerLine, LineProblem, Staging
from intake.worker.directory_file import read_customer_lines
from intake.worker.directory_keys import LOOKS, refresh_keys

# A list that lacks more of the directory than this is more likely cut short than right.
_MOST_GONE = 0.2
# A transaction touches most pages of every index, however few the customers: many at a time.
BATCH = 20_000
LEAST_BATCH = 500
LONGEST_SECONDS = 3.0
# Customers or lines looked at together.
_PAGE = 2000

Step = Callable[[int], None]


def _nobody(_count: int) -> None:
    """Is not told how far it is."""


class CustomerImport:
    """One import. `take` does it; then `counts` and `problems` tell what came of it.

    `batch` is how many customers are written in one transaction at first; they become fewer while
    a transaction takes more than `longest` seconds: SQLite lets nobody else write meanwhile.
    """

    def __init__(
        self, database: Database, rules: Rules, at: datetime, *,
        batch: int = BATCH, longest: float = LONGEST_SECONDS,
    ) -> None:  # fmt: skip
        self._database, self._rules, self._at = database, rules, at
        self._batch, self._longest = batch, longest
        self._staging = Staging()
        self.counts = Counts()
        self.customers_removed = 0
        self.lines_taken = 0
        self.lines_refused = 0
        self.conflicts = 0

    def __enter__(self) -> CustomerImport:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._staging.close()

    def read(self, file: Path, step: Step = _nobody) -> None:
        """Reads the whole list. Raises UnreadableList."""
        lines: list[CustomerLine] = []
        for taken in read_customer_lines(file, self._rules):
            step(1)
            if taken.entry is not None:
                lines.append(taken.entry)
            if taken.customer_id:
                self._staging.name([taken.customer_id])
            if taken.problems:
                self._staging.note(taken.problems)
            if len(lines) == _PAGE:
                self._staging.add(lines)
                lines = []
        self._staging.add(lines)
        self._staging.settle()
        self.lines_taken, self.lines_refused = self._staging.count()

    def take(
        self, *, dry_run: bool = False, replace: bool = False, anyway: bool = False,
        step: Step = _nobody,
    ) -> None:  # fmt: skip
        """Brings the directory to what was read; with `dry_run` only counts.

        With `replace`, customers, addresses and domains that the list does not name go, but for
        those of lines that could not be taken, and for what is blocked. Raises ActRefused where
        that would be more than a fifth of all, unless `anyway`; DatabaseUnavailable.
        """
        refresh_keys(self._database, self._rules.identity)
        if replace:
            self._check_gone(anyway=anyway)
        every = self._staging.records(whole=replace)
        while records := list(islice(every, self._batch)):
            self._take(records, dry_run=dry_run)
            step(len(records))
        if replace:
            self._remove(dry_run=dry_run)
        if not dry_run:
            with self._database.write() as connection:
                record_notice(connection, "customers-imported", self._told(), self._at)

    def problems(self) -> Iterator[LineProblem]:
        """Every line that could not be taken, and what is odd about others."""
        return self._staging.problems()

    def _take(self, records: list[CustomerRecord], *, dry_run: bool) -> None:
        # Looking first keeps the database free while a list that changes nothing goes by.
        with self._database.read() as connection:
            changes = find_changes(connection, records)
        self._note(changes)
        self.counts.add(changes.counts)
        if changes.any and not dry_run:
            with self._database.write() as connection:
                began = time.monotonic()
                make_room(connection)
                write_changes(connection, changes, LOOKS, self._at)
            if time.monotonic() - began > self._longest:
                self._batch = max(self._batch // 2, LEAST_BATCH)

    def _note(self, changes: Changes) -> None:
        problems = []
        for customer_id, key, other in changes.shared:
            line = self._staging.line_of(customer_id, key)
            elsewhere = self._staging.line_of(other, key) is None
            # Of two customers in the list each sees the other once both are in the directory.
            self.conflicts += elsewhere or other < customer_id
            if line is not None and elsewhere:
                text = f"customer {other} has this address; its mails will be called a conflict"
                problems.append(LineProblem(line, "email", key, text, taken=True))
        for customer_id, key in changes.blocked:
            line = self._staging.line_of(customer_id, key)
            text = "the address is blocked and stays so until `intake customers unblock`"
            problems.append(LineProblem(line or 0, "state", key, text, taken=True))
        self._staging.note(problems)

    def _unnamed(self) -> Iterator[list[str]]:
        after = ""
        while True:
            with self._database.read() as connection:
                page = customer_ids_after(connection, after, _PAGE)
            if not page:
                return
            after = page[-1]
            named = self._staging.names_customer(page)
            yield [customer_id for customer_id in page if customer_id not in named]

    def _check_gone(self, *, anyway: bool) -> None:
        with self._database.read() as connection:
            total = count_customers(connection)
        gone = sum(len(page) for page in self._unnamed())
        if gone > total * _MOST_GONE and not anyway:
            raise ActRefused(
                f"the list lacks {gone} of {total} customers; nothing was changed",
                advice="Is it whole? --replace --anyway removes them.",
            )

    def _remove(self, *, dry_run: bool) -> None:
        for page in self._unnamed():
            if dry_run:
                self.customers_removed += len(page)
            elif page:
                with self._database.write() as connection:
                    self.customers_removed += remove_unnamed(connection, page)

    def _told(self) -> str:
        counts = self.counts
        text = (
            f"{counts.added} customers added, {counts.changed} changed,"
            f" {counts.unchanged} unchanged; {self.lines_refused} lines refused"
        )
        return text + (f"; {self.customers_removed} removed" if self.customers_removed else "")
