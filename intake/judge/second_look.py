"""What the words in pictures, read after a mail was decided, add to what it is about.

They only ever add: the customer was answered by the first verdict, and staff may act on it.
"""

from __future__ import annotations

from intake.judge.masking import name_kind
from intake.judge.triage import PRIORITIES
from intake.model import Reason, Triage


def add_to_triage(before: Triage, after: Triage, default_category: str) -> Triage:
    """`before` with all that `after`, judged with the words, knows beyond it.

    A priority is never lowered; a category gives way only where it was the default, or to one
    that hurries more. Nothing that was found before is taken back.
    """
    hurries = PRIORITIES.index(after.priority) > PRIORITIES.index(before.priority)
    moves = after.category != default_category and (before.category == default_category or hurries)
    found = {(i.kind, i.value) for i in before.identifiers}
    new = tuple(i for i in after.identifiers if (i.kind, i.value) not in found)
    kinds = {identifier.kind for identifier in new}
    return Triage(
        category=after.category if moves else before.category,
        priority=after.priority if hurries else before.priority,
        identifiers=before.identifiers + new,
        missing=after.missing if moves else _still_missing(before, after, kinds),
        secrets=before.secrets + tuple(s for s in after.secrets if s not in before.secrets),
        reasons=_add_reasons(before, after, moved=moves),
        tags=tuple(dict.fromkeys((*before.tags, *after.tags))),
    )


def _still_missing(before: Triage, after: Triage, found: set[str]) -> tuple[str, ...]:
    """What `before` lacked and the words did not bring, an alternative included."""
    same = after.category == before.category
    return tuple(m for m in before.missing if m not in found and (m in after.missing or not same))


def _add_reasons(before: Triage, after: Triage, *, moved: bool) -> tuple[Reason, ...]:
    """All that fired, once; where the category moves, not that no rule knew one."""
    kept = tuple(r for r in before.reasons if r.fired or not moved)
    known = {(r.code, r.evidence) for r in kept}
    new = (r for r in after.reasons if r.fired and (r.code, r.evidence) not in known)
    return kept + tuple(new)


def describe_new(before: Triage, after: Triage) -> str | None:
    """What `after` has beyond `before`, in words for staff; None where it is the same."""
    said = [
        f"{_plain(i.kind)} {i.value} in {i.where}"
        for i in after.identifiers
        if i not in before.identifiers
    ]
    said += [
        f"a secret in {s.where}, which must not be mailed ({name_kind(s.kind)})"
        for s in after.secrets
        if s not in before.secrets
    ]
    if after.category != before.category:
        said.append(f"it is about {after.category}, not {before.category}")
    if after.priority != before.priority:
        said.append(f"its priority is {after.priority}, not {before.priority}")
    return f"Read in pictures: {'; '.join(said)}." if said else None


def _plain(kind: str) -> str:
    return kind.replace("_", " ").replace(" id", " ID")
