"""`intake import PATH...`: mails from files, through the same path as a mailbox."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime

from intake.cli.options import desk_of, parser_of
from intake.cli.output import print_json
from intake.cli.progress import Progress
from intake.worker.directory_keys import refresh_keys
from intake.worker.directory_source import open_source
from intake.worker.importing import import_sources, in_order_of_dates
from intake.worker.isolation import ParserPool
from intake.worker.opening import OpenDesk
from intake.worker.owner import new_owner
from intake.worker.process import process_batch
from intake.worker.sources import find_sources


def _now() -> datetime:
    return datetime.now(UTC)


def main(arguments: list[str]) -> int:
    """Keeps, decides and records; sends nothing without --acknowledge."""
    parser = parser_of("import", __doc__ or "", formats=("text", "json"))
    parser.add_argument("paths", nargs="+", metavar="PATH")
    parser.add_argument("--mbox", action="store_true", help="take every file for an mbox")
    parser.add_argument("--in-order", action="store_true", help="as given, not by date")
    parser.add_argument("--acknowledge", action="store_true", help="answer them, too")
    options = parser.parse_intermixed_args(arguments)
    sources = list(find_sources(options.paths, mbox=options.mbox))
    if not options.in_order:
        sources = in_order_of_dates(sources)
    desk = desk_of(options)
    read = new = 0
    try:
        with Progress("keeping", len(sources)) as progress:
            for batch, fresh in import_sources(
                sources, desk.database, desk.blobs, acknowledge=options.acknowledge, now=_now
            ):
                read, new = read + batch, new + fresh
                progress.step(batch)
        done = _decide(desk, new)
    finally:
        desk.close()
    if options.format == "json":
        print_json({"read": read, "new": new, "processed": done})
    else:
        print(f"{read} mails read, {new} of them new; {done} decided and recorded.")
    return 0


def _decide(desk: OpenDesk, new: int) -> int:
    """Decides every received mail; how many."""
    done = 0
    refresh_keys(desk.database, desk.settings.identity)
    customers = open_source(desk.settings, desk.database, _now)
    with (
        closing(customers),
        ParserPool(desk.settings.limits) as pool,
        Progress("deciding", new) as progress,
    ):
        while count := process_batch(
            desk.database,
            desk.blobs,
            pool,
            desk.rules,
            owner=new_owner(),
            now=_now,
            customers=customers,
        ):
            done += count
            progress.step(count)
    return done
