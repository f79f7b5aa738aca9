"""One explained mail for a person: what becomes of it first, then why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from intake.cli.output import cell, console

_COLOURS = {"spam": "red", "unsure": "yellow", "ham": "green", "verified": "green"}
_COLOURS |= {"conflict": "red", "claimed": "yellow", "urgent": "bold red", "high": "red"}


def print_explained(found: dict[str, Any]) -> None:
    """Prints one object of the machine-readable face, wrapped and coloured."""
    console().print(Group(*_render(found)))


def _render(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield Rule(cell(found["file"]), align="left", style="dim")
    yield cell(found["subject"] or "(no subject)", "bold")
    name, address = found["from"]["name"], found["from"]["address"]
    yield cell(f"{name} <{address}>  {found['date'] or 'no date'}  {found['size']:,} bytes")
    for stage, verdict in _verdicts(found):
        yield Text.assemble((f"{stage:<16}", "dim"), (verdict, _COLOURS.get(verdict, "bold")))
        for reason in found[stage]["reasons"]:
            yield _reason(reason)
    for attachment in found["attachments"]:
        risk = f"  {', '.join(attachment['risk'])}" if attachment["risk"] else ""
        file = f"{attachment['filename'] or '(no name)'}  {attachment['content_type']}"
        yield Text.assemble(
            (f"{'file':<16}", "dim"),
            cell(f"{file}  {attachment['size']:,} bytes  {attachment['kind']}"),
            (risk, "red"),
        )
        if attachment["words"]:
            yield Padding(cell(attachment["words"], "dim"), (0, 0, 0, 18))
    for defect in found["defects"]:
        yield Text.assemble((f"{'defect':<16}", "dim"), cell(defect, "yellow"))
    yield cell("\n" + (found["reply"] or found["text"] or "(no text)") + "\n")


def _verdicts(found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    triage, thread = found["triage"], found["thread"]
    reply = found["acknowledgement"]
    sent = f"{reply['template']} to {reply['to']}" if reply["send"] else "none"
    yield "automatic", found["automatic"]["class"]
    yield "sender", found["sender"]["match"]
    yield "spam", found["spam"]["verdict"]
    yield "thread", f"joins {thread['joins']}" if thread["joins"] else "new"
    yield "triage", f"{triage['category']}, {triage['priority']}"
    yield "acknowledgement", sent


def _reason(reason: dict[str, Any]) -> Text:
    weight = f" {reason['weight']:+.1f}" if reason["weight"] is not None else ""
    evidence = f"  [{reason['evidence']}]" if reason["evidence"] else ""
    style = "" if reason["fired"] else "dim"
    mark = "  • " if reason["fired"] else "  · "
    return Text.assemble(
        (mark, "dim"), cell(reason["text"], style), (weight, "dim"), cell(evidence, "dim")
    )
