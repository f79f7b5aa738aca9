"""`intake export`: every ticket as one line of JSON, then mails that belong to none."""

from __future__ import annotations

from intake.cli.options import desk_of, parser_of
from intake.cli.output import print_line
from intake.store.export import export_tickets


def main(arguments: list[str]) -> int:
    """Prints JSON lines; memory does not grow with the number of tickets."""
    options = parser_of("export", __doc__ or "", formats=("jsonl",)).parse_intermixed_args(
        arguments
    )
    desk = desk_of(options)
    try:
        with desk.database.read() as connection:
            for line in export_tickets(connection):
                print_line(line)
    finally:
        desk.close()
    return 0
