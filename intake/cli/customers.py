"""`intake customers import FILE`: registered customers from a CSV (customer_id,name,email)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from intake.cli.options import desk_of, parser_of
from intake.cli.output import print_json
from intake.cli.progress import Progress
from intake.store.customers import count_customers, upsert_customers
from intake.worker.directory import read_customers

_BATCH = 1000


def main(arguments: list[str]) -> int:
    """Adds or updates customers; a customer with several addresses has several lines."""
    parser = parser_of("customers", __doc__ or "", formats=("text", "json"))
    parser.add_argument("act", choices=("import",))
    parser.add_argument("file", type=Path)
    options = parser.parse_intermixed_args(arguments)
    desk = desk_of(options)
    try:
        records = read_customers(options.file, desk.rules.identity)
        with Progress("taking customers", len(records)) as progress:
            for start in range(0, len(records), _BATCH):
                batch = records[start : start + _BATCH]
                with desk.database.write() as connection:
                    upsert_customers(connection, batch, datetime.now(UTC))
                progress.step(len(batch))
        with desk.database.read() as connection:
            total = count_customers(connection)
    finally:
        desk.close()
    if options.format == "json":
        print_json({"lines": len(records), "customers": total})
    else:
        print(f"{len(records)} lines taken; {total} customers in the directory.")
    return 0
