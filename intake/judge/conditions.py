"""The conditions of triage rules: which field, which words or numbers, all/any/none of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from intake.errors import ConfigError
from intake.judge.fields import NUMBER_FIELDS, TEXT_FIELDS, UNMASKED_FIELDS, Subject, check_field
from intake.judge.patterns import PatternSet, compile_pattern
from intake.settings.rules import Condition

_EVIDENCE_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words on which a condition rests, None where it rests on something's absence."""

    words: str | None


class ConditionSet:
    """All conditions of a rule file, compiled; each text is looked through once for all."""

    def __init__(self, conditions: Iterable[tuple[str, Condition]]) -> None:
        """`conditions` are (name of the rule, condition). Raises ConfigError naming the rule."""
        self._places: dict[tuple[str, str], int] = {}
        self._values: dict[str, re.Pattern[str]] = {}
        expressions: dict[str, list[str]] = {name: [] for name in TEXT_FIELDS}
        for rule, condition in conditions:
            try:
                self._collect(condition, expressions)
            except ConfigError as trouble:
                raise ConfigError(f"triage.toml, {rule}: {trouble}") from None
        self._texts = {name: PatternSet(found) for name, found in expressions.items()}

    def _collect(self, condition: Condition, expressions: dict[str, list[str]]) -> None:
        for inner in (*condition.all, *condition.any, *condition.none):
            self._collect(inner, expressions)
        name = condition.field or "request"
        check_field(name)
        counts = condition.at_least is not None or condition.below is not None
        if counts != (name in NUMBER_FIELDS) or (counts and condition.match is not None):
            wanted = "at_least, below or both" if name in NUMBER_FIELDS else "match, or nothing"
            raise ConfigError(f"the field {name} takes {wanted}")
        if condition.match is None:
            return
        pattern = compile_pattern(condition.match)
        if name not in TEXT_FIELDS:
            self._values[condition.match] = pattern
        elif (name, condition.match) not in self._places:
            self._places[name, condition.match] = len(expressions[name])
            expressions[name].append(condition.match)

    def holds(self, condition: Condition, subject: Subject) -> Evidence | None:
        """What makes `condition` true of the mail, None where it is not."""
        evidence: list[Evidence] = []
        for inner in condition.all:
            held = self.holds(inner, subject)
            if held is None:
                return None
            evidence.append(held)
        if condition.any:
            held = next((h for inner in condition.any if (h := self.holds(inner, subject))), None)
            if held is None:
                return None
            evidence.append(held)
        if any(self.holds(inner, subject) for inner in condition.none):
            return None
        if condition.match is not None or condition.field is not None:
            held = self._test(condition, subject)
            if held is None:
                return None
            evidence.append(held)
        return next((e for e in evidence if e.words), Evidence(None))

    def _test(self, condition: Condition, subject: Subject) -> Evidence | None:
        name = condition.field or "request"
        if name in TEXT_FIELDS:
            return self._test_text(name, condition.match, subject)
        if name in NUMBER_FIELDS:
            return _test_number(name, condition, subject)
        pattern = self._values[condition.match] if condition.match is not None else None
        for value in subject.values(name):
            if pattern is None or pattern.search(value):
                free = name.startswith(UNMASKED_FIELDS)
                return Evidence(name if free else f"{name}: {value[:_EVIDENCE_CHARACTERS]}")
        return None

    def _test_text(self, name: str, match: str | None, subject: Subject) -> Evidence | None:
        if match is None:
            return Evidence(None) if subject.text(name).strip() else None
        if name not in subject.found:
            subject.found[name] = frozenset(self._texts[name].find(subject.text(name)))
        index = self._places[name, match]
        if index not in subject.found[name]:
            return None
        found = self._texts[name].patterns[index].search(subject.text(name))
        return Evidence(" ".join(found.group().split())[:_EVIDENCE_CHARACTERS] if found else None)


def _test_number(name: str, condition: Condition, subject: Subject) -> Evidence | None:
    for number in subject.numbers(name):
        if condition.at_least is not None and number < condition.at_least:
            continue
        if condition.below is None or number < condition.below:
            return Evidence(f"{name}: {number:g}")
    return None
