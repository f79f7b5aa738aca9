"""`intake show TICKET`: its mails, files, verdicts with reasons, answers and history."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from intake.cli.options import desk_of, parser_of
from intake.cli.output import cell, console, print_json, table
from intake.judge.masking import name_kind
from intake.model import Attachment
from intake.store.views import FileView, MessageView, TicketView
from intake.worker.isolation import ParserPool
from intake.worker.opening import OpenDesk
from intake.worker.showing import show_secrets, show_ticket

# Nobody was asked is not the same as nothing was found.
_SCANS = {"waiting": "not scanned"}
_STAGES = ("automatic", "sender", "spam", "thread", "triage", "acknowledgement")


def main(arguments: list[str]) -> int:
    """Prints one ticket; --unmask shows what is hidden in it, and records who was shown it."""
    parser = parser_of("show", __doc__ or "", formats=("text", "json"))
    parser.add_argument("ticket", metavar="TICKET")
    parser.add_argument("--unmask", action="store_true", help="with the secrets; goes on record")
    parser.add_argument("--by", default="", metavar="NAME", help="who looks, for --unmask")
    options = parser.parse_intermixed_args(arguments)
    desk = desk_of(options)
    try:
        view = _look(desk, options)
    finally:
        desk.close()
    if options.format == "json":
        print_json(view)
    else:
        console().print(Group(*_render(view)))
    return 0


def _look(desk: OpenDesk, options: Namespace) -> TicketView:
    if not options.unmask:
        return show_ticket(desk.database, desk.rules.identifiers, options.ticket)
    with ParserPool(desk.settings.limits) as pool:
        return show_secrets(
            desk.database,
            desk.blobs,
            pool,
            options.ticket,
            by=options.by,
            at=datetime.now(UTC),
        )


def _render(view: TicketView) -> Iterator[RenderableType]:
    head = view.ticket
    yield cell(f"{head.number}  {head.subject}", "bold")
    customer = f", customer {head.customer_id}" if head.customer_id else ""
    yield cell(
        f"{head.state}, {head.priority}, {head.category}; {head.author_name} <{head.author}>"
        f" {head.sender_match}{customer}"
    )
    if head.attention:
        yield cell(f"A person should look now: {head.attention}.", "bold red")
    for number, why in view.links:
        yield cell(f"See also ticket {number} ({why}).")
    for message in view.conversation:
        yield from _message(message)
    if view.outgoing:
        yield Rule("answers", align="left", style="dim")
        rows = [
            (o.state, o.recipient, o.template, o.subject, o.reason, o.response)
            for o in view.outgoing
        ]
        yield table(("state", "to", "template", "subject", "why", "server"), rows)
    yield Rule("history", align="left", style="dim")
    yield table(("", "", ""), [(f"{e.at:%Y-%m-%d %H:%M:%S}", e.kind, e.text) for e in view.events])


def _message(message: MessageView) -> Iterator[RenderableType]:
    yield Rule(f"{message.received_at:%Y-%m-%d %H:%M}", align="left", style="dim")
    yield Padding(cell(message.reply or message.text or "(no text)"), (0, 0, 1, 2))
    if message.secrets:
        kinds = ", ".join(name_kind(kind) for kind in message.secrets)
        yield cell(f"  This mail holds secrets: {kinds}.", "bold red")
    if message.attachments:
        rows = [
            (
                a.filename or "(no name)",
                a.content_type,
                f"{a.size_bytes:,}",
                a.kind,
                ", ".join(a.risk),
                f"{f.scan}: {f.scan_detail}" if f.scan_detail else _SCANS.get(f.scan, f.scan),
            )
            for a, f in zip(message.attachments, message.files, strict=True)
        ]
        yield table(("file", "type", "bytes", "kind", "risk", "scan"), rows)
        for attachment, file in zip(message.attachments, message.files, strict=True):
            yield from _picture(attachment, file)
    found = message.decision["triage"]["identifiers"]
    if found:
        yield cell("  " + ", ".join(f"{i['kind']} {i['value']}" for i in found))
    yield from _reasons(message.decision)


def _picture(attachment: Attachment, file: FileView) -> Iterator[RenderableType]:
    """The words of a picture, or why there are none, and where it was seen before."""
    if file.picture is None:
        return
    said = [file.picture_reason] if file.picture_reason else []
    if file.picture == "waiting":
        said.append("It waits to be looked at.")
    if file.seen_before:
        places = ", ".join(f"{s.ticket} ({s.at:%Y-%m-%d})" for s in file.seen_before)
        said.append(f"The same picture came before, in {places}.")
    if attachment.words or said:
        yield cell(f"  {attachment.filename or '(no name)'}: {' '.join(said)}", "dim")
    if attachment.words:
        yield Padding(cell(attachment.words), (0, 0, 1, 4))


def _reasons(decision: Mapping[str, Any]) -> Iterator[RenderableType]:
    for stage in _STAGES:
        for reason in decision.get(stage, {}).get("reasons", ()):
            if reason.get("fired", True):
                yield Text.assemble(
                    (f"  {stage:<16}", "dim"), cell(reason["text"]), (f"  {reason['code']}", "dim")
                )
