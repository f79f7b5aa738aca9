"""What a mail is about, how much it hurries, what is in it and what is lacking."""

from __future__ import annotations

from dataclasses import dataclass

from intake.judge.conditions import ConditionSet, Subject
from intake.judge.identifiers import find_identifiers
from intake.judge.masking import name_kind
from intake.judge.patterns import once_per
from intake.judge.reading import read_mail
from intake.model import (
    Facts,
    ParsedMail,
    Reason,
    SecretFound,
    SenderVerdict,
    Triage,
)
from intake.model.verdicts import Priority
from intake.settings.rules import Rules, TriageRule, TriageRules

PRIORITIES: tuple[Priority, ...] = ("low", "normal", "high", "urgent")
_PICTURES = ("screenshot", "photo")


@dataclass(frozen=True, slots=True)
class _Outcome:
    category: str | None
    priority: Priority | None
    reasons: tuple[Reason, ...]


def judge_triage(mail: ParsedMail, facts: Facts, rules: Rules, sender: SenderVerdict) -> Triage:
    """Hold `mail` against the rules of triage.toml, in their order."""
    reading = read_mail(mail, rules.identifiers)
    identifiers = find_identifiers(reading, rules.identifiers)
    subject = Subject(mail, reading, sender, identifiers)
    outcome = _apply(rules.triage, subject)
    category = outcome.category or rules.triage.default_category
    reasons = outcome.reasons + tuple(_warn(secret) for secret in reading.secrets)
    if outcome.category is None:
        why = "No rule of triage.toml knows what it is about."
        reasons += (Reason("no-category-rule", why, fired=False),)
    return Triage(
        category=category,
        priority=outcome.priority or "normal",
        identifiers=identifiers,
        missing=_find_missing(rules.triage, category, subject),
        secrets=reading.secrets,
        reasons=reasons,
    )


def _apply(rules: TriageRules, subject: Subject) -> _Outcome:
    """The first rule that names a category gives it; the highest priority named counts."""
    conditions = _conditions(rules)
    category: str | None = None
    priority: Priority | None = None
    reasons: list[Reason] = []
    for rule in rules.rules:
        held = conditions.holds(rule.when, subject)
        if held is None:
            continue
        reasons.append(Reason(rule.name, rule.text, evidence=held.words))
        category = category or rule.category
        priority = _higher(priority, rule)
        if rule.stop:
            break
    return _Outcome(category, priority, tuple(reasons))


def _higher(priority: Priority | None, rule: TriageRule) -> Priority | None:
    if rule.priority is None or priority is None:
        return priority or rule.priority
    return max(priority, rule.priority, key=PRIORITIES.index)


def _find_missing(rules: TriageRules, category: str, subject: Subject) -> tuple[str, ...]:
    known = rules.categories.get(category)
    if known is None:
        return ()
    kinds = {identifier.kind for identifier in subject.identifiers}
    if any(attachment.kind in _PICTURES for attachment in subject.mail.attachments):
        kinds.add("screenshot")
    if any(attachment.kind != "decorative" for attachment in subject.mail.attachments):
        kinds.add("attachment")
    if subject.sender.customer is not None:
        kinds.add("uid")
    return tuple(need for need in known.needs if need not in kinds)


def _warn(secret: SecretFound) -> Reason:
    what = name_kind(secret.kind)
    return Reason(
        "secret-sent",
        f"The mail holds a secret that must not be mailed ({what}); it is hidden.",
        evidence=secret.where,
    )


def find_in_example(mail: ParsedMail, rules: Rules, sender: SenderVerdict) -> tuple[str, ...]:
    """The names of all rules of triage.toml whose condition holds, whatever stops the list."""
    reading = read_mail(mail, rules.identifiers)
    subject = Subject(mail, reading, sender, find_identifiers(reading, rules.identifiers))
    conditions = _conditions(rules.triage)
    return tuple(r.name for r in rules.triage.rules if conditions.holds(r.when, subject))


def _compile(rules: TriageRules) -> ConditionSet:
    return ConditionSet(tuple(rule.when for rule in rules.rules))


_conditions = once_per(_compile)
