"""A customer list as a CSV file, line by line: what can be taken, and why the rest cannot."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

from intake.errors import UnreadableList
from intake.judge.addresses import address_key
from intake.judge.looks import public_domains
from intake.settings.rules import Rules
from intake.store.customer_records import AddressRecord
from intake.store.staging import CustomerLine, LineProblem
from intake.worker import directory_fields as fields
from intake.worker.directory_fields import Fault

REQUIRED = ("customer_id", "name", "email")
OPTIONAL = ("language", "timezone", "tier", "notes", "state", "reason", "until", "domain")
_LONGEST_LINE_BYTES = 1_000_000
_DELIMITERS = ",;\t"

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Taken:
    """What one line of the file came to: an entry, or problems and the customer it names."""

    line: int
    entry: CustomerLine | None
    problems: tuple[LineProblem, ...] = ()
    customer_id: str = ""


def read_customer_lines(file: Path, rules: Rules) -> Iterator[Taken]:
    """Every line after the header; memory does not grow with the file.

    Raises UnreadableList, naming the line, for a file that is not UTF-8, has no usable header or
    cannot be read.
    """
    try:
        with file.open("rb") as handle:
            yield from _read(str(file), handle, _LineReader(rules))
    except OSError as error:
        raise UnreadableList(f"{file}: cannot be read: {error.strerror}") from error


def _read(file: str, handle: BinaryIO, reader: _LineReader) -> Iterator[Taken]:
    lines = _decoded(file, handle)
    header = next(lines, "")
    delimiter = max(_DELIMITERS, key=header.count)
    columns = [name.strip().lower() for name in next(csv.reader([header], delimiter=delimiter), [])]
    yield Taken(1, None, _check_header(file, columns))
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    line = 1
    while True:
        first = line + 1
        try:
            cells = next(rows, None)
        except csv.Error as error:
            line = rows.line_num + 1
            yield Taken(first, None, (_unreadable(first, line, error),))
            continue
        if cells is None:
            return
        line = rows.line_num + 1
        if cells:
            yield reader.read(first, columns, cells)


def _decoded(file: str, handle: BinaryIO) -> Iterator[str]:
    number = 0
    while raw := handle.readline(_LONGEST_LINE_BYTES + 1):
        number += 1
        if number == 1 and raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise UnreadableList(f"{file}, line 1: UTF-16; save the file as CSV UTF-8")
        if len(raw) > _LONGEST_LINE_BYTES:
            raise UnreadableList(f"{file}, line {number}: longer than a million bytes")
        try:
            yield raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            byte = raw[error.start]
            raise UnreadableList(
                f"{file}, line {number}: not UTF-8 (byte 0x{byte:02x}); save the file as CSV UTF-8"
            ) from error


def _check_header(file: str, columns: list[str]) -> tuple[LineProblem, ...]:
    known = (*REQUIRED, *OPTIONAL)
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise UnreadableList(
            f"{file}, line 1: the header lacks {', '.join(missing)}",
            advice=f"It is to begin with {','.join(REQUIRED)}; further columns may be"
            f" {', '.join(OPTIONAL)}.",
        )
    twice = [name for name in known if columns.count(name) > 1]
    if twice:
        raise UnreadableList(f"{file}, line 1: the header has {twice[0]} twice")
    unknown = [name for name in columns if name not in known]
    return tuple(LineProblem(1, "header", name, _unknown(name), taken=True) for name in unknown)


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, OPTIONAL, n=1)
    return "no such column; left out" + (f"; did you mean {near[0]}?" if near else "")


def _unreadable(first: int, last: int, error: csv.Error) -> LineProblem:
    text = "the quotes do not close as they should"
    if last > first:
        text += f"; lines {first} to {last} cannot be told apart"
    return LineProblem(first, "line", str(error), text)


class _LineReader:
    """Turns cells into what they mean."""

    def __init__(self, rules: Rules) -> None:
        self._identity = rules.identity
        public = public_domains(rules.spam.free_mail_domains, rules.identity)
        self._domain = fields.company_domain(public)

    def read(self, line: int, columns: list[str], cells: list[str]) -> Taken:
        """One line; every faulty field of it is told."""
        if len(cells) != len(columns):
            text = f"has {len(cells)} fields where the header has {len(columns)}"
            problem = LineProblem(line, "line", ",".join(cells), text)
            return Taken(line, None, (problem,), cells[0].strip())
        row = _Row(line, {c: v.strip() for c, v in zip(columns, cells, strict=True)})
        customer_id = row.parse("customer_id", fields.parse_id, needed=True) or ""
        about = {
            name: row.parse(name, parse)
            for name, parse in fields.CUSTOMER_FIELDS.items()
            if name in row.cells
        }
        domain = row.parse("domain", self._domain)
        address = self._address(row, needed=not row.cells.get("domain"))
        if row.problems:
            return Taken(line, None, tuple(row.problems), row.cells["customer_id"])
        return Taken(line, CustomerLine(line, customer_id, about, address, domain))

    def _address(self, row: _Row, *, needed: bool) -> AddressRecord | None:
        written = row.parse("email", fields.parse_address, needed=needed)
        state = row.parse("state", fields.parse_state)
        until = row.parse("until", fields.parse_until)
        reason = row.parse("reason", lambda value: fields.parse_text("reason", value))
        if until and state != "bouncing":
            row.fault("until", "stands without the state bouncing")
        if reason and state not in ("bouncing", "blocked"):
            row.fault("reason", "stands without the state bouncing or blocked")
        if state and not written and not row.problems:
            row.fault("state", "stands without an address")
        if not written:
            return None
        return AddressRecord(
            written, address_key(written, self._identity), state, reason or "", until
        )


class _Row:
    """The cells of a line by their column, and what is wrong with them."""

    def __init__(self, line: int, cells: dict[str, str]) -> None:
        self._line = line
        self.cells = cells
        self.problems: list[LineProblem] = []

    def parse(
        self, name: str, parse: Callable[[str], Value], *, needed: bool = False
    ) -> Value | None:
        """The value of a cell; None where it is empty or faulty."""
        value = self.cells.get(name, "")
        if not value and not needed:
            return None
        try:
            return parse(value)
        except Fault as fault:
            self.fault(name, str(fault))
            return None

    def fault(self, name: str, text: str) -> None:
        """Notes that a cell cannot be taken."""
        self.problems.append(LineProblem(self._line, name, self.cells.get(name, ""), text))
