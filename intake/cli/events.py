"""`intake events`: what happened, newest last; --follow goes on."""

from __future__ import annotations

import time

from intake.cli.options import desk_of, parser_of
from intake.cli.output import console, print_json, print_line, table
from intake.store.desk import events
from intake.store.views import EventView

_TICK_SECONDS = 1.0
_PAGE = 500


def main(arguments: list[str]) -> int:
    """Prints events."""
    parser = parser_of("events", __doc__ or "", formats=("text", "json", "jsonl"))
    parser.add_argument("--limit", type=int, default=50)
    parser.add_argument("--follow", action="store_true", help="go on until interrupted")
    options = parser.parse_intermixed_args(arguments)
    desk = desk_of(options)
    try:
        with desk.database.read() as connection:
            found = events(connection, limit=options.limit)
        _print(found, options.format)
        last = found[-1].id if found else 0
        while options.follow:
            time.sleep(_TICK_SECONDS)
            with desk.database.read() as connection:
                found = events(connection, after_id=last, limit=_PAGE)
            _print(found, options.format)
            last = found[-1].id if found else last
    finally:
        desk.close()
    return 0


def _print(found: list[EventView], form: str) -> None:
    if form == "json":
        print_json(found)
    elif form == "jsonl":
        for event in found:
            print_line(event)
    elif found:
        rows = [
            (f"{e.at:%Y-%m-%d %H:%M:%S}", e.ticket or (e.sha256 or "")[:12], e.kind, e.text)
            for e in found
        ]
        console().print(table(("at", "ticket or mail", "event", ""), rows))
