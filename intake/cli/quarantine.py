"""`intake quarantine list|show|retry|export`: mails that were set aside, with their raw bytes."""

from __future__ import annotations

import sys
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

from intake.cli.options import desk_of, parser_of
from intake.cli.output import ago, cell, console, print_json, table
from intake.store.mails import list_quarantined, quarantined_mail, retry_quarantined
from intake.worker.opening import OpenDesk


def main(arguments: list[str]) -> int:
    """Runs one of the four; a mail is named by its SHA-256 or the beginning of it."""
    parser = parser_of("quarantine", __doc__ or "", formats=("text", "json"))
    parser.add_argument("act", choices=("list", "show", "retry", "export"))
    parser.add_argument("mail", nargs="?", metavar="SHA256", help="for show, retry and export")
    parser.add_argument("--to", type=Path, metavar="FILE", help="where export writes (else stdout)")
    parser.add_argument("--limit", type=int, default=100)
    options = parser.parse_intermixed_args(arguments)
    if options.act != "list" and not options.mail:
        parser.error(f"{options.act} needs the SHA-256 of a mail (see `intake quarantine list`)")
    acts = {"list": _list, "show": _show, "retry": _retry, "export": _export}
    desk = desk_of(options)
    try:
        acts[options.act](desk, options)
    finally:
        desk.close()
    return 0


def _list(desk: OpenDesk, options: Namespace) -> None:
    with desk.database.read() as connection:
        mails = list_quarantined(connection, limit=options.limit)
    if options.format == "json":
        print_json(mails)
        return
    rows = [
        (m.sha256[:12], ago(m.received_at), m.mailbox, m.state, f"{m.size_bytes:,}", m.error_text)
        for m in mails
    ]
    columns = ("mail", "received", "mailbox", "state", "bytes", "why")
    console().print(table(columns, rows) if rows else cell("Nothing is set aside."))


def _show(desk: OpenDesk, options: Namespace) -> None:
    with desk.database.read() as connection:
        mail = quarantined_mail(connection, options.mail)
    if options.format == "json":
        print_json(mail)
        return
    screen = console()
    screen.print(cell(f"{mail.sha256}  {mail.state}", "bold"))
    screen.print(cell(f"{mail.error_code}: {mail.error_text}", "red"))
    screen.print(cell(f"{mail.size_bytes:,} bytes from {mail.mailbox}, {mail.attempts} attempts"))
    screen.print(cell("\n" + (mail.headers_text or "(no headers)")))


def _retry(desk: OpenDesk, options: Namespace) -> None:
    with desk.database.write() as connection:
        mail = quarantined_mail(connection, options.mail)
        retry_quarantined(connection, mail.sha256, datetime.now(UTC))
    print(f"{mail.sha256[:12]} is in the queue again.")


def _export(desk: OpenDesk, options: Namespace) -> None:
    with desk.database.read() as connection:
        mail = quarantined_mail(connection, options.mail)
    raw = desk.blobs.get(mail.sha256)
    if options.to is None:
        sys.stdout.buffer.write(raw)
        return
    options.to.write_bytes(raw)
    print(f"{len(raw):,} bytes written to {options.to}")
