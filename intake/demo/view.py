"""What became of each mail and why, as a person at the terminal sees it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from intake.demo.servers import SentMail
from intake.model import Decision, Reason
from intake.model.harmless import harmless
from intake.store.recent import RecentMail
from intake.store.views import StatusView

_FATES = {
    "opens-ticket": ("new ticket", "green"),
    "joins-ticket": ("joins", "cyan"),
    "spam": ("spam", "red"),
    "automatic": ("automatic", "magenta"),
    "duplicate": ("the same again", "dim"),
}
_PRIORITIES = {"urgent": "bold red", "high": "yellow", "low": "dim"}
_PROOFS = {"verified": "green", "claimed": "yellow", "conflict": "red"}


def render_screen(
    mails: Sequence[RecentMail], view: StatusView, sent: Sequence[SentMail], rows: int
) -> RenderableType:
    """The whole screen: counts, the latest mails, the last answer that went out."""
    parts: list[RenderableType] = [_counts(view, len(sent)), _table(mails[-rows:])]
    if sent:
        last = sent[-1]
        body = Text.assemble(
            _text(f"To: {last.recipient}\nSubject: {last.subject}\n\n", "dim"),
            _text("\n".join(last.text.strip().splitlines()[:7])),
        )
        parts.append(Panel(body, title="the latest acknowledgement", title_align="left"))
    return Group(*parts)


def render_line(mail: RecentMail) -> str:
    """One mail on one line, where there is no terminal."""
    fate, why = fate_of(mail)
    return harmless(f"{fate:<24} {mail.author[:26]:<26} {mail.subject[:44]:<44} {why}")


def fate_of(mail: RecentMail) -> tuple[str, str]:
    """What became of it, and the reason that matters most."""
    decision = mail.decision
    if decision is None:
        return "quarantined", mail.error or ""
    name = _FATES[decision.disposition][0]
    return f"{name} {mail.ticket or ''}".strip(), main_reason(decision)


def main_reason(decision: Decision) -> str:
    """For spam and machines what gave them away, for people why they were (not) answered."""
    if decision.disposition == "spam":
        return _strongest(decision.spam.reasons)
    if decision.disposition == "automatic":
        return _strongest(decision.automatic.reasons)
    if decision.disposition == "joins-ticket":
        return _strongest(decision.thread.reasons)
    if decision.acknowledgement.send:
        return (
            f"answered: {decision.acknowledgement.template} ({decision.acknowledgement.language})"
        )
    return "not answered: " + _strongest(decision.acknowledgement.reasons)


def _strongest(reasons: Sequence[Reason]) -> str:
    fired = [reason for reason in reasons if reason.fired]
    if not fired:
        return ""
    return max(fired, key=lambda reason: reason.weight or 0.0).text


def _counts(view: StatusView, sent: int) -> Text:
    mails = sum(view.mails.values())
    waiting = view.mails.get("received", 0)
    return Text.assemble(
        ("Intake ", "bold"),
        (f"{mails} mails received, {waiting} being read, ", ""),
        (f"{view.tickets.get('open', 0)} tickets open, ", "green"),
        (f"{sent} acknowledgements sent", "cyan"),
        ("   Ctrl-C ends\n", "dim"),
    )


def _table(mails: Sequence[RecentMail]) -> Table:
    table = Table(box=None, pad_edge=False, expand=True)
    for title, ratio in (("what", 4), ("from", 4), ("proof", 2), ("about", 5), ("why", 10)):
        table.add_column(title, ratio=ratio, no_wrap=title != "why", header_style="dim")
    for mail in mails:
        fate, why = fate_of(mail)
        table.add_row(
            Text(fate, style=_style(mail)),
            Text.assemble(_text(mail.author), "\n", _text(mail.subject, "dim")),
            _proof(mail.decision),
            _about(mail.decision),
            _text(why, "dim"),
        )
    return table


def _style(mail: RecentMail) -> str:
    return _FATES[mail.decision.disposition][1] if mail.decision else "yellow"


def _proof(decision: Decision | None) -> Text:
    match = decision.sender.match if decision else ""
    return Text(match, style=_PROOFS.get(match, "dim"))


def _about(decision: Decision | None) -> Text:
    if decision is None or decision.disposition in ("spam", "automatic"):
        return Text()
    triage = decision.triage
    style = _PRIORITIES.get(triage.priority, "")
    return Text.assemble(
        (triage.category, ""),
        (f"\n{triage.priority}", style),
        (f"  {len(triage.identifiers)} ids" if triage.identifiers else "", "dim"),
        ("  secrets!" if triage.secrets else "", "bold red"),
    )


def _text(value: str, style: str = "") -> Text:
    return Text(harmless(value), style=style)
