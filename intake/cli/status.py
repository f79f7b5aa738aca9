"""`intake status`: mailboxes, queue and outbox at a glance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from rich.console import Group
from rich.text import Text

from intake.cli.options import desk_of, parser_of
from intake.cli.output import ago, cell, console, print_json, span, table
from intake.settings.schema import Settings
from intake.store.desk import status
from intake.store.views import MailboxHealth, StatusView
from intake.worker.examine import describe_ocr


def main(arguments: list[str]) -> int:
    """Prints the status; 1 where a mailbox fails or a mail waits to be looked at."""
    parser = parser_of("status", __doc__ or "", formats=("text", "json"))
    options = parser.parse_intermixed_args(arguments)
    desk = desk_of(options)
    now = datetime.now(UTC)
    with desk.database.read() as connection:
        view = status(connection, now)
    desk.close()
    if options.format == "json":
        print_json(view)
    else:
        names = [name for name, box in desk.settings.mailboxes.items() if box.enabled]
        console().print(_render(view, names, now))
        console().print(Group(*_helpers(view, desk.settings, now)))
    return 1 if any(health.failures for health in view.mailboxes) else 0


def _render(view: StatusView, names: list[str], now: datetime) -> Group:
    known = {health.mailbox: health for health in view.mailboxes}
    rows = [_row(known.get(name, MailboxHealth(name)), now) for name in sorted({*names, *known})]
    columns = ("mailbox", "state", "last success", "next try", "not fetched", "token", "trouble")
    counts = [
        ("mails", _counts(view.mails), f"oldest waiting {span(view.oldest_received_seconds)}"),
        ("tickets", _counts(view.tickets), f"longest wait {span(view.longest_waiting_seconds)}"),
        ("outbox", _counts(view.outbox), f"oldest unsent {span(view.oldest_unsent_seconds)}"),
    ]
    files = view.files
    counts += [
        ("pictures", _counts(files.pictures), f"{files.pictures_waiting} to be looked at"),
        ("files", _counts(files.scans), f"{files.scans_waiting} not scanned"),
        ("secrets", f"in {view.mails_with_secrets} mails", ""),
    ]
    daemons = [lease for lease in view.leases if lease.until > now]
    return Group(
        table(columns, rows) if rows else cell("No mailbox is configured."),
        Text(),
        table(("", "", ""), counts),
        Text(),
        *(cell(f"{lease.name}: held by {lease.owner}", "dim") for lease in daemons),
        *([] if daemons else [cell("No daemon is running on this database.", "yellow")]),
    )


def _helpers(view: StatusView, settings: Settings, now: datetime) -> Iterator[Text]:
    """Lines for the customer directory elsewhere, OCR and the scanner: there, away, or off."""
    told = {helper.name: helper for helper in view.helpers}
    directory = told.get("directory")
    if settings.directory.source == "sql":
        if directory is not None and not directory.well:
            since = ago(directory.since, now)
            yield cell(f"Customers: {directory.text}; mail waits (since {since})", "bold red")
        else:
            yield cell("Customers: read from the company's own table", "dim")
    ocr, unread = told.get("ocr"), view.files.pictures_unread
    if ocr is not None and not ocr.well:
        yield cell(f"OCR: {ocr.text} (since {ago(ocr.since, now)})", "yellow")
    else:
        waiting = f"; {unread} pictures wait to be read" if unread else ""
        yield cell(f"OCR: {describe_ocr(settings.reading).text}{waiting}", "dim")
    scanner = told.get("clamav")
    if not settings.clamav.socket:
        yield cell("ClamAV: off (clamav.socket)", "dim")
    elif scanner is None:
        yield cell("ClamAV: not asked yet", "dim")
    elif scanner.well:
        yield cell(f"ClamAV: {scanner.text}", "dim")
    else:
        yield cell(f"ClamAV: {scanner.text} (since {ago(scanner.since, now)})", "yellow")


def _row(health: MailboxHealth, now: datetime) -> tuple[object, ...]:
    if health.failures:
        state = Text(f"failing ({health.failures})", style="red")
    elif health.last_success_at is None:
        state = Text("never polled", style="yellow")
    else:
        state = Text("well", style="green")
    return (
        health.mailbox,
        state,
        ago(health.last_success_at, now),
        ago(health.next_attempt_at, now) if health.next_attempt_at else "",
        health.backlog + health.missing,
        ago(health.token_expires_at, now) if health.token_expires_at else "",
        health.last_error if health.failures else "",
    )


def _counts(counts: object) -> str:
    items = dict(counts).items() if isinstance(counts, dict) else ()
    return ", ".join(f"{count} {state}" for state, count in sorted(items)) or "none"
