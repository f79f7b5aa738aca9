"""Try the examples of the rule files: what each rule must find, and what it must not."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches

from intake.errors import ConfigError
from intake.judge.folding import fold_text
from intake.judge.patterns import compile_pattern, find_values
from intake.judge.secret_shapes import find_parts
from intake.judge.triage import find_in_example
from intake.model import Address, Facts, ParsedMail, SenderVerdict
from intake.settings.rules import IdentifierRules, Rules, SpamRules, TriageRule

_OTHER_NEEDS = {"screenshot", "attachment"}
_NOBODY = SenderVerdict("unknown")
_FACTS = Facts(now=datetime(2026, 1, 1, 12, tzinfo=UTC))
_ADDRESS = Address("", "someone", "mail.example")


def check_examples(rules: Rules) -> list[str]:
    """A sentence for each example that its rule misses and each counter example that it takes.

    Empty when all is well. A pattern or field that cannot be used gives a sentence too.
    """
    checks: tuple[Callable[[], list[str]], ...] = (
        lambda: _check_identifiers(rules.identifiers),
        lambda: _check_secrets(rules.identifiers),
        lambda: _check_phrases(rules.spam),
        lambda: _check_triage(rules),
    )
    problems: list[str] = []
    for check in checks:
        try:
            problems += check()
        except ConfigError as trouble:
            problems.append(str(trouble))
    return problems


def _check_identifiers(rules: IdentifierRules) -> list[str]:
    problems = []
    for rule in rules.identifiers:
        found = _finder(rule.match, rule.check, None)
        problems += _compare(
            f"identifiers.toml, {rule.kind}", found, rule.examples, rule.counter_examples
        )
    return problems


def _check_secrets(rules: IdentifierRules) -> list[str]:
    problems = []
    for rule in rules.secrets:
        found = _finder(rule.match, rule.check, rule.unless)
        problems += _compare(
            f"identifiers.toml, secret {rule.kind}", found, rule.examples, rule.counter_examples
        )
    return problems


def _check_phrases(rules: SpamRules) -> list[str]:
    problems = []
    for rule in rules.phrases:
        found = _finder(rule.match, "none", None)
        problems += _compare(f"spam.toml, {rule.code}", found, rule.examples, rule.counter_examples)
    return problems


def _check_triage(rules: Rules) -> list[str]:
    problems = []
    for rule in rules.triage.rules:
        problems += _compare(
            f"triage.toml, {rule.name}",
            _rule_finder(rules, rule),
            rule.examples,
            rule.counter_examples,
        )
        if rule.category and rule.category not in rules.triage.categories:
            where = f"triage.toml, {rule.name}: no category {rule.category!r} is defined"
            problems.append(where + _did_you_mean(rule.category, rules.triage.categories))
    return problems + _check_needs(rules)


def _check_needs(rules: Rules) -> list[str]:
    """A need that nothing can meet would be asked for in every answer."""
    kinds = {rule.kind for rule in rules.identifiers.identifiers} | _OTHER_NEEDS
    problems = []
    for name, category in rules.triage.categories.items():
        for need in (one for needs in category.needs for one in needs.split("|")):
            if need not in kinds:
                where = f"triage.toml, categories.{name}.needs: no identifier {need!r} is defined"
                problems.append(where + _did_you_mean(need, kinds))
    return problems


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else ""


def _compare(
    where: str,
    found: Callable[[str], bool],
    examples: Sequence[str],
    counter_examples: Sequence[str],
) -> list[str]:
    missed = [f"{where}: does not find its example {e!r}" for e in examples if not found(e)]
    taken = [f"{where}: takes its counter example {e!r}" for e in counter_examples if found(e)]
    return missed + taken


def _finder(match: str, check: str, unless: str | None) -> Callable[[str], bool]:
    pattern = compile_pattern(match)
    exception = compile_pattern(f"^(?:{unless})$") if unless else None

    def found(example: str) -> bool:
        return any(
            not (exception and exception.search(value)) and bool(find_parts(check, value))
            for value, _, _ in find_values(pattern, fold_text(example))
        )

    return found


def _rule_finder(rules: Rules, rule: TriageRule) -> Callable[[str], bool]:
    def found(example: str) -> bool:
        return rule.name in find_in_example(_make_mail(example), _FACTS, rules, _NOBODY)

    return found


def _make_mail(example: str) -> ParsedMail:
    """An example as a mail: `Name: value` lines before a blank line are its header."""
    head, blank, body = example.partition("\n\n")
    lines = [line.partition(":") for line in head.splitlines()]
    if not blank or not all(colon and name.strip() for name, colon, _ in lines):
        lines, body = [], example
    headers = tuple((name.strip().lower(), value.strip()) for name, _, value in lines)
    values = dict(headers)
    return ParsedMail(
        sha256=hashlib.sha256(example.encode()).hexdigest(),
        size_bytes=len(example.encode()),
        headers=headers,
        author=_ADDRESS,
        author_source="from",
        authors=(_ADDRESS,),
        subject=values.get("subject", ""),
        language=values.get("language"),
        text=body,
        reply=body,
    )
