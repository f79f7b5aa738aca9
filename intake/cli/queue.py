"""`intake queue`: the tickets that wait for us, longest first."""

from __future__ import annotations

from datetime import UTC, datetime

from rich.text import Text

from intake.cli.options import desk_of, parser_of
from intake.cli.output import console, print_json, span, table
from intake.store.desk import queue
from intake.store.views import QueueEntry

_STYLES = {"urgent": "bold red", "high": "red", "normal": "", "low": "dim"}
_COLUMNS = ("ticket", "priority", "waiting", "category", "sender", "proof", "mails", "subject")


def main(arguments: list[str]) -> int:
    """Prints the queue."""
    parser = parser_of("queue", __doc__ or "", formats=("text", "json"))
    parser.add_argument("--view", choices=("waiting", "open", "all"), default="waiting")
    parser.add_argument("--words", default="", help="only with these words in a picture")
    parser.add_argument("--limit", type=int, default=50)
    options = parser.parse_intermixed_args(arguments)
    desk = desk_of(options)
    with desk.database.read() as connection:
        entries = queue(connection, view=options.view, limit=options.limit, words=options.words)
    desk.close()
    if options.format == "json":
        print_json(entries)
    elif entries:
        now = datetime.now(UTC)
        console().print(table(_COLUMNS, [_row(entry, now) for entry in entries]))
    else:
        print("Nothing is waiting.")
    return 0


def _row(entry: QueueEntry, now: datetime) -> tuple[object, ...]:
    waiting = (now - entry.waiting_since).total_seconds() if entry.waiting_since else None
    asks = "! " if entry.attention else ""
    chasing = f" ({entry.chasers_in_row} x chased)" if entry.chasers_in_row else ""
    return (
        entry.number,
        Text(entry.priority, style=_STYLES.get(entry.priority, "")),
        asks + span(waiting) + chasing,
        entry.category,
        entry.author_name or entry.author,
        entry.sender_match,
        entry.messages,
        entry.subject,
    )
