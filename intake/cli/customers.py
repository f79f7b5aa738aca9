"""`intake customers`: who is registered, with which addresses.

import FILE          takes a CSV list: customer_id,name,email and, if wanted, language, timezone,
                     tier, notes, state, reason, until, domain; a line for each address
export               the whole directory (--format csv or jsonl)
show ID|ADDRESS      one customer
find TEXT            customers whose id, name, address or domain holds this
block ADDRESS        it is never believed again, and gets no automatic mail (--reason TEXT)
bounce ADDRESS       it gets no automatic mail (--until DATE, --reason TEXT)
unblock ADDRESS      it is registered again, after block or bounce
remove ID            takes a customer out of the directory
"""

from __future__ import annotations

import getpass
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Group
from rich.text import Text

from intake.cli.customers_list import export_list, import_list
from intake.cli.options import desk_of, parser_of
from intake.cli.output import ago, cell, console, print_json, table
from intake.judge.addresses import address_key
from intake.model.facts import AddressState
from intake.store.directory import (
    CustomerView,
    count_tickets,
    load_customer,
    owners_of,
    remove_customer,
    search,
    set_state,
)
from intake.worker.directory_fields import Fault, parse_until
from intake.worker.opening import OpenDesk

_STATES: dict[str, AddressState] = {
    "block": "blocked",
    "bounce": "bouncing",
    "unblock": "registered",
}
_ACTS = ("import", "export", "show", "find", *_STATES, "remove")
_MOST_FOUND = 50


def main(arguments: list[str]) -> int:
    """Does one act; 1 where a line of a list could not be taken or nobody was found."""
    parser = parser_of("customers", __doc__ or "", formats=("text", "json", "csv", "jsonl"))
    parser.add_argument("act", choices=_ACTS)
    parser.add_argument("what", nargs="?", metavar="FILE|ID|ADDRESS|TEXT")
    parser.add_argument("--dry-run", action="store_true", help="import: change nothing")
    parser.add_argument("--replace", action="store_true", help="import: remove who is not in it")
    parser.add_argument("--anyway", action="store_true", help="--replace: however many go")
    parser.add_argument("--reason", default="", metavar="TEXT", help="block, bounce: why")
    parser.add_argument("--until", metavar="DATE", help="bounce: until when")
    parser.add_argument("--by", default=getpass.getuser(), metavar="NAME", help="who does it")
    options = parser.parse_intermixed_args(arguments)
    _check(parser, options)
    desk = desk_of(options)
    try:
        return _do(desk, options)
    finally:
        desk.close()


def _check(parser: ArgumentParser, options: Namespace) -> None:
    if (options.act != "export") != bool(options.what):
        parser.error(f"{options.act} takes {'nothing' if options.what else 'one thing'} more")
    if options.format in ("csv", "jsonl") and options.act != "export":
        parser.error(f"--format {options.format} is for export")
    if options.until:
        try:
            options.until = parse_until(options.until)
        except Fault as fault:
            parser.error(f"--until {fault}")
        if options.act != "bounce":
            parser.error("--until is for bounce")


def _do(desk: OpenDesk, options: Namespace) -> int:
    now = datetime.now(UTC)
    if options.act == "import":
        return import_list(desk, Path(options.what), options, now)
    if options.act == "export":
        return export_list(desk, options.format, now)
    if options.act in ("show", "find"):
        return _show(desk, options, now)
    with desk.database.write() as connection:
        if options.act == "remove":
            remove_customer(connection, options.what, by=options.by, at=now)
            print(f"Customer {options.what} is removed.")
            return 0
        owners = set_state(
            connection,
            address_key(options.what, desk.rules.identity),
            _STATES[options.act],
            by=options.by,
            at=now,
            reason=options.reason,
            until=options.until,
        )
    print(f"{options.what} (customer {', '.join(owners)}) is {_STATES[options.act]} now.")
    return 0


def _show(desk: OpenDesk, options: Namespace, now: datetime) -> int:
    with desk.database.read() as connection:
        if options.act == "find":
            found = search(connection, options.what, now, limit=_MOST_FOUND)
        elif "@" in options.what:
            key = address_key(options.what, desk.rules.identity)
            found = [load_customer(connection, who, now) for who in owners_of(connection, key)]
        else:
            found = [load_customer(connection, options.what, now)]
        tickets = {one.customer_id: count_tickets(connection, one.customer_id) for one in found}
    if options.format == "json":
        print_json(found)
    elif options.act == "find":
        rows = [
            (one.customer_id, one.name, ", ".join(a.address for a in one.addresses), one.tier)
            for one in found
        ]
        console().print(table(("customer", "name", "addresses", "tier"), rows))
    else:
        for one in found:
            console().print(_render(one, tickets[one.customer_id], now))
    if not found:
        print(f"Nobody is registered as {options.what}.")
    return 0 if found else 1


def _render(one: CustomerView, tickets: dict[str, int], now: datetime) -> Group:
    about = (
        ("language", one.language),
        ("time zone", one.timezone),
        ("tier", one.tier),
        ("notes", one.notes),
        ("domains", ", ".join(one.domains)),
        ("tickets", ", ".join(f"{count} {state}" for state, count in tickets.items())),
        ("changed", ago(one.updated_at, now)),
    )
    addresses = [
        (
            address.address,
            address.state,
            ago(address.since, now) if address.since and address.state != "registered" else "",
            f"until {address.until:%Y-%m-%d %H:%M}" if address.until else "",
            address.reason,
            f"also of {', '.join(address.shared_with)}" if address.shared_with else "",
        )
        for address in one.addresses
    ]
    return Group(
        Text.assemble(cell(f"{one.customer_id}  ", "dim"), cell(one.name, "bold")),
        table(("", ""), [pair for pair in about if pair[1]]),
        table(("address", "state", "since", "", "", ""), addresses),
    )
