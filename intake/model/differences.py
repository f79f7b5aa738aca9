"""Where two decisions about one mail differ, in words for whoever changed a rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from intake.model.decision import Decision


@dataclass(frozen=True, slots=True)
class Difference:
    """One point in which the decision would be another."""

    what: str
    before: str
    after: str


def _identifiers(decision: Decision) -> str:
    return ", ".join(sorted(f"{i.kind} {i.value}" for i in decision.triage.identifiers))


def _answer(decision: Decision) -> str:
    answer = decision.acknowledgement
    return f"{answer.template} ({answer.language})" if answer.send else "none"


_POINTS: tuple[tuple[str, Callable[[Decision], str]], ...] = (
    ("disposition", lambda d: d.disposition),
    ("automatic", lambda d: d.automatic.kind),
    ("spam", lambda d: d.spam.verdict),
    ("sender", lambda d: d.sender.match),
    ("ticket", lambda d: d.thread.joins or "a new one"),
    ("category", lambda d: d.triage.category),
    ("priority", lambda d: d.triage.priority),
    ("tags", lambda d: ", ".join(d.triage.tags)),
    ("identifiers", _identifiers),
    ("missing", lambda d: ", ".join(d.triage.missing)),
    ("acknowledgement", _answer),
)


def find_differences(before: Decision, after: Decision) -> tuple[Difference, ...]:
    """The points in which they differ, the weightiest first; none where both do the same."""
    found = []
    for what, say in _POINTS:
        old, new = say(before), say(after)
        if old != new:
            found.append(Difference(what, old, new))
    return tuple(found)
