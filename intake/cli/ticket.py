"""`intake ticket merge|split|move|undo|acts`: puts mails into the conversation they belong to.

merge TICKET --into OTHER     all mails of a ticket go to another one
split MAIL... --by NAME       these mails of one ticket become a ticket of their own
move MAIL... --into TICKET    these mails go to a ticket
undo ACT                      takes an act back
acts TICKET                   what was done to a ticket

A MAIL is the SHA-256 of a mail or the beginning of it (see `intake show TICKET --format json`).
"""

from __future__ import annotations

import getpass
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime

from intake.cli.options import desk_of, parser_of
from intake.cli.output import cell, console, print_json, table
from intake.model.tokens import make_ticket_number
from intake.store.acts import acts_of, merge, move, split, undo
from intake.store.mails import find_stored
from intake.worker.opening import OpenDesk

# Numbers 0 to 3 are those a mail opens a ticket under by itself.
_NUMBERS = range(4, 20)


def main(arguments: list[str]) -> int:
    """Does one act and says its number, under which it can be undone."""
    parser = parser_of("ticket", __doc__ or "", formats=("text", "json"))
    parser.add_argument("act", choices=("merge", "split", "move", "undo", "acts"))
    parser.add_argument("what", nargs="+", metavar="TICKET|MAIL|ACT")
    parser.add_argument("--into", metavar="TICKET", help="for merge and move")
    parser.add_argument("--by", default=getpass.getuser(), metavar="NAME", help="who does it")
    parser.add_argument("--anyway", action="store_true", help="merge across two customers")
    options = parser.parse_intermixed_args(arguments)
    _check(parser, options)
    desk = desk_of(options)
    try:
        if options.act == "acts":
            _list(desk, options)
        else:
            print(_do(desk, options))
    finally:
        desk.close()
    return 0


def _check(parser: ArgumentParser, options: Namespace) -> None:
    if options.act in ("merge", "move") and not options.into:
        parser.error(f"{options.act} needs --into TICKET")
    if options.act in ("merge", "undo", "acts") and len(options.what) != 1:
        parser.error(f"{options.act} takes one")
    if options.act == "undo" and not options.what[0].isdigit():
        parser.error("undo takes the number of an act (see `intake ticket acts TICKET`)")


def _do(desk: OpenDesk, options: Namespace) -> str:
    at = datetime.now(UTC)
    with desk.database.write() as connection:
        if options.act == "undo":
            undo(connection, int(options.what[0]), by=options.by, at=at)
            return f"Act {options.what[0]} is undone."
        if options.act == "merge":
            (source,) = options.what
            act = merge(
                connection, source, options.into, by=options.by, at=at, anyway=options.anyway
            )
            said = f"Ticket {source} is merged into {options.into}"
        else:
            mails = [find_stored(connection, name) for name in options.what]
            if options.act == "move":
                act = move(connection, mails, options.into, by=options.by, at=at)
                said = f"{len(mails)} mails are in ticket {options.into} now"
            else:
                numbers = [make_ticket_number(desk.rules.key, mails[0], n) for n in _NUMBERS]
                act, number = split(connection, mails, numbers, by=options.by, at=at)
                said = f"{len(mails)} mails are ticket {number} now"
    return f"{said} (act {act}; `intake ticket undo {act}` takes it back)."


def _list(desk: OpenDesk, options: Namespace) -> None:
    with desk.database.read() as connection:
        acts = acts_of(connection, options.what[0])
    if options.format == "json":
        print_json(acts)
        return
    rows = [
        (
            act.id,
            f"{act.at:%Y-%m-%d %H:%M}",
            act.kind,
            act.by,
            ", ".join(f"{s[:12]} {a} → {b}" for s, a, b in act.moves[:5]),
            f"undone by {act.undone_by}" if act.undone_at else "",
        )
        for act in acts
    ]
    columns = ("act", "at", "what", "by", "mails", "")
    console().print(table(columns, rows) if rows else cell("Nothing was done to it by hand."))
