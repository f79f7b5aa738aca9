"""What a mail is about, how much it hurries, what is in it and what is lacking."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from intake.errors import ConfigError
from intake.judge.categories import Guess, guess_category
from intake.judge.conditions import ConditionSet
from intake.judge.fields import Subject
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
from intake.settings.rules import Rules, TriageRules

PRIORITIES: tuple[Priority, ...] = ("low", "normal", "high", "urgent")
_PICTURES = ("screenshot", "photo")


@dataclass(frozen=True, slots=True)
class _Outcome:
    category: str | None
    priorities: tuple[Priority, ...]
    tags: tuple[str, ...]
    reasons: tuple[Reason, ...]


def judge_triage(mail: ParsedMail, facts: Facts, rules: Rules, sender: SenderVerdict) -> Triage:
    """Hold `mail` against the rules of triage.toml, in their order.

    Where none names a category the trained model may; the highest priority named counts, by a
    rule or by the category.
    """
    subject = _look_at(mail, facts, rules, sender)
    outcome = _apply(rules.triage, subject)
    reasons = outcome.reasons + tuple(_warn(secret) for secret in subject.reading.secrets)
    category = outcome.category
    named = outcome.priorities
    if category is None:
        guess = guess_category(subject.reading.request, rules.category_model, rules.triage)
        category, reason = _weigh(guess, rules.triage)
        reasons += (reason,)
        if guess is not None and _may_be_urgent(guess, rules.triage):
            named += ("high",)
            reasons += (_worry(guess),)
    known = rules.triage.categories.get(category)
    named += (known.priority,) if known and known.priority else ()
    return Triage(
        category=category,
        priority=max(named, key=PRIORITIES.index, default="normal"),
        identifiers=subject.identifiers,
        missing=_find_missing(rules.triage, category, subject),
        secrets=subject.reading.secrets,
        reasons=reasons,
        tags=outcome.tags,
    )


def _look_at(mail: ParsedMail, facts: Facts, rules: Rules, sender: SenderVerdict) -> Subject:
    reading = read_mail(mail, rules.identifiers)
    identifiers = find_identifiers(reading, rules.identifiers)
    return Subject(mail, facts, rules, reading, sender, identifiers)


def _apply(rules: TriageRules, subject: Subject) -> _Outcome:
    """The first rule that names a category gives it; priorities and tags are gathered of all."""
    conditions = _conditions(rules)
    category: str | None = None
    priorities: list[Priority] = []
    tags: dict[str, None] = {}
    reasons: list[Reason] = []
    for rule in rules.rules:
        held = conditions.holds(rule.when, subject)
        if held is None:
            continue
        reasons.append(Reason(rule.name, rule.text, evidence=held.words))
        category = category or rule.category
        priorities += [rule.priority] if rule.priority else []
        tags.update(dict.fromkeys(rule.tags))
        if rule.stop:
            break
    return _Outcome(category, tuple(priorities), tuple(tags), tuple(reasons))


def _weigh(guess: Guess | None, rules: TriageRules) -> tuple[str, Reason]:
    """The category of the trained model, or the default one where it is unsure."""
    if guess is None:
        why = "No rule of triage.toml knows what it is about."
        return rules.default_category, Reason("no-category-rule", why, fired=False)
    said = _say(guess)
    if guess.probability < rules.model_threshold:
        why = (
            f"No rule of triage.toml knows what it is about, and the category model is not sure "
            f"enough: {said}, needed are {rules.model_threshold:.0%}."
        )
        words = ", ".join(guess.words) or None
        return rules.default_category, Reason("category-unsure", why, evidence=words, fired=False)
    why = f"No rule of triage.toml knows what it is about; by its words it is {said}."
    return guess.category, Reason("category-model", why, evidence=", ".join(guess.words) or None)


def _may_be_urgent(guess: Guess, rules: TriageRules) -> bool:
    """Whether it is too unsure to be believed, and would be too grave to be left waiting."""
    unsure = rules.model_attention <= guess.probability < rules.model_threshold
    return unsure and rules.categories[guess.category].priority == "urgent"


def _worry(guess: Guess) -> Reason:
    why = f"It may be {guess.category}, which is urgent: somebody should look soon."
    return Reason("maybe-urgent", why, evidence=", ".join(guess.words) or None)


def _say(guess: Guess) -> str:
    return f"{guess.category} with a probability of {guess.probability:.0%}"


def _find_missing(rules: TriageRules, category: str, subject: Subject) -> tuple[str, ...]:
    """The first name of each need of which no alternative is there."""
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
    needs = (need.split("|") for need in known.needs)
    return tuple(names[0] for names in needs if kinds.isdisjoint(names))


def _warn(secret: SecretFound) -> Reason:
    what = name_kind(secret.kind)
    return Reason(
        "secret-sent",
        f"The mail holds a secret that must not be mailed ({what}); it is hidden.",
        evidence=secret.where,
    )


def find_in_example(
    mail: ParsedMail, facts: Facts, rules: Rules, sender: SenderVerdict
) -> tuple[str, ...]:
    """The names of all rules of triage.toml whose condition holds, whatever stops the list."""
    subject = _look_at(mail, facts, rules, sender)
    conditions = _conditions(rules.triage)
    return tuple(r.name for r in rules.triage.rules if conditions.holds(r.when, subject))


def _compile(rules: TriageRules) -> ConditionSet:
    twice = [name for name, n in Counter(r.name for r in rules.rules).items() if n > 1]
    if twice:
        raise ConfigError(f"triage.toml: two rules are named {twice[0]!r}; reasons tell them apart")
    return ConditionSet((rule.name, rule.when) for rule in rules.rules)


_conditions = once_per(_compile)
