"""`intake customers import` and `export`: the report of a list, and the directory as one."""

from __future__ import annotations

import csv
import json
import sys
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from rich.console import Console

from intake.cli.output import cell, plain, print_line, table
from intake.cli.progress import Progress
from intake.store.directory import CustomerView, all_customers
from intake.store.staging import LineProblem
from intake.worker.directory_export import COLUMNS, as_rows
from intake.worker.directory_import import CustomerImport
from intake.worker.opening import OpenDesk

_PAGE = 500


def import_list(desk: OpenDesk, file: Path, options: Namespace, now: datetime) -> int:
    """Takes a list and reports it; 1 where a line could not be taken."""
    with CustomerImport(desk.database, desk.rules, now) as work:
        with Progress("reading lines") as progress:
            work.read(file, progress.step)
        with Progress("taking customers") as progress:
            work.take(
                dry_run=options.dry_run,
                replace=options.replace,
                anyway=options.anyway,
                step=progress.step,
            )
        if options.format == "json":
            _print_json(work, dry_run=options.dry_run)
        else:
            _print_text(work, dry_run=options.dry_run)
        return 1 if work.lines_refused else 0


def export_list(desk: OpenDesk, form: str, now: datetime) -> int:
    """Prints the directory, a line for each address (CSV) or each customer (JSON)."""
    with desk.database.read() as connection:
        customers: Iterator[CustomerView] = all_customers(connection, now)
        if form in ("json", "jsonl"):
            for customer in customers:
                print_line(customer)
        else:
            lines = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
            lines.writeheader()
            lines.writerows(as_rows(customers))
    return 0


def _print_text(work: CustomerImport, *, dry_run: bool) -> None:
    """Problems page by page: there may be as many as lines."""
    out = Console(highlight=False, soft_wrap=True)
    page: list[LineProblem] = []
    for problem in work.problems():
        page.append(problem)
        if len(page) == _PAGE:
            _print_page(out, page)
            page = []
    _print_page(out, page)
    counts = work.counts
    would = "would be " if dry_run else ""
    print(f"{work.lines_taken} lines taken, {work.lines_refused} refused.")
    print(
        f"Customers: {counts.added} {would}added, {counts.changed} {would}changed,"
        f" {counts.unchanged} unchanged"
        + (f", {work.customers_removed} {would}removed." if work.customers_removed else ".")
    )
    print(
        f"Addresses: {counts.addresses_added} {would}added, {counts.addresses_changed}"
        f" {would}changed, {counts.addresses_removed} {would}removed."
        f" Domains: {counts.domains_added} {would}added, {counts.domains_removed} {would}removed."
    )
    if work.conflicts:
        print(f"{work.conflicts} addresses are registered for two customers or more.")
    if dry_run:
        print("Nothing was changed (--dry-run).")


def _print_page(out: Console, page: list[LineProblem]) -> None:
    if page:
        rows = [
            (p.line, cell("taken") if p.taken else cell("refused", "red"), p.field, p.value, p.text)
            for p in page
        ]
        out.print(table(("line", "", "field", "value", "why"), rows))


def _print_json(work: CustomerImport, *, dry_run: bool) -> None:
    """One document, written as it comes."""
    summary = {
        "dry_run": dry_run,
        "lines_taken": work.lines_taken,
        "lines_refused": work.lines_refused,
        "conflicts": work.conflicts,
        "customers_removed": work.customers_removed,
        **asdict(work.counts),
    }
    sys.stdout.write(json.dumps(summary)[:-1] + ', "problems": [')
    for number, problem in enumerate(work.problems()):
        sys.stdout.write(",\n" if number else "\n")
        sys.stdout.write(json.dumps(plain(problem), ensure_ascii=False))
    sys.stdout.write("]}\n")
