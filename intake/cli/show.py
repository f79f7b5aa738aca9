"""`intake show TICKET`: its mails, files, verdicts with reasons, answers and history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from intake.cli.options import desk_of, parser_of
from intake.cli.output import cell, console, print_json, table
from intake.store.desk import ticket
from intake.store.views import MessageView, TicketView

_STAGES = ("automatic", "sender", "spam", "thread", "triage", "acknowledgement")


def main(arguments: list[str]) -> int:
    """Prints one ticket."""
    parser = parser_of("show", __doc__ or "", formats=("text", "json"))
    parser.add_argument("ticket", metavar="TICKET")
    options = parser.parse_intermixed_args(arguments)
    desk = desk_of(options)
    try:
        with desk.database.read() as connection:
            view = ticket(connection, options.ticket)
    finally:
        desk.close()
    if options.format == "json":
        print_json(view)
    else:
        console().print(Group(*_render(view)))
    return 0


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
    if message.attachments:
        rows = [
            (
                a.filename or "(no name)",
                a.content_type,
                f"{a.size_bytes:,}",
                a.kind,
                ", ".join(a.risk),
            )
            for a in message.attachments
        ]
        yield table(("file", "type", "bytes", "kind", "risk"), rows)
    yield from _reasons(message.decision)


def _reasons(decision: Mapping[str, Any]) -> Iterator[RenderableType]:
    for stage in _STAGES:
        for reason in decision.get(stage, {}).get("reasons", ()):
            if reason.get("fired", True):
                yield Text.assemble(
                    (f"  {stage:<16}", "dim"), cell(reason["text"]), (f"  {reason['code']}", "dim")
                )
