"""The conditions of triage rules: which field, which words, all/any/none of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from intake.errors import ConfigError
from intake.judge.patterns import PatternSet, compile_pattern
from intake.judge.reading import Reading
from intake.model import Identifier, ParsedMail, SenderVerdict
from intake.settings.rules import Condition

# Long texts that all rules read: looked through once for every pattern.
TEXT_FIELDS = ("request", "subject", "reply", "text", "image_words")
OTHER_FIELDS = (
    "from",
    "to",
    "language",
    "sender",
    "sender.reason",
    "customer.tier",
    "customer.language",
    "attachment.kind",
    "attachment.name",
    "attachment.type",
    "attachment.risk",
    "identifier",
    "secret",
)
_EVIDENCE_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words on which a condition rests, None where it rests on something's absence."""

    words: str | None


@dataclass(frozen=True, slots=True)
class Subject:
    """The mail that conditions are held against, with what was already found in it."""

    mail: ParsedMail
    reading: Reading
    sender: SenderVerdict
    identifiers: tuple[Identifier, ...]
    found: dict[str, frozenset[int]] = field(default_factory=dict)

    def values(self, name: str) -> Iterator[str]:
        """The values of a field that is no long text."""
        mail, customer = self.mail, self.sender.customer
        if name.startswith("header."):
            yield from mail.header_values(name.removeprefix("header."))
        elif name.startswith("attachment."):
            yield from self._attachment_values(name)
        elif name == "from" and mail.author:
            yield mail.author.addr_spec
        elif name == "to":
            yield from (a.addr_spec for a in (*mail.to, *mail.cc))
        elif name == "language" and mail.language:
            yield mail.language
        elif name == "sender":
            yield self.sender.match
        elif name == "sender.reason":
            yield from (r.code for r in self.sender.reasons if r.fired)
        elif name == "customer.tier" and customer and customer.tier:
            yield customer.tier
        elif name == "customer.language" and customer and customer.language:
            yield customer.language
        elif name == "identifier":
            yield from (i.kind for i in self.identifiers)
        elif name == "secret":
            yield from (s.kind for s in self.reading.secrets)

    def _attachment_values(self, name: str) -> Iterator[str]:
        for attachment in self.mail.attachments:
            if name == "attachment.kind":
                yield attachment.kind
            elif name == "attachment.name":
                yield attachment.filename or ""
            elif name == "attachment.type":
                yield attachment.content_type
            else:
                yield from attachment.risk

    def text(self, name: str) -> str:
        """The words of a long text field."""
        if name == "image_words":
            return self.reading.words_in_images
        return str(getattr(self.reading, name))


class ConditionSet:
    """All conditions of a rule file, compiled; each text is looked through once for all."""

    def __init__(self, conditions: tuple[Condition, ...]) -> None:
        self._places: dict[tuple[str, str], int] = {}
        self._values: dict[str, re.Pattern[str]] = {}
        expressions: dict[str, list[str]] = {name: [] for name in TEXT_FIELDS}
        for condition in conditions:
            self._collect(condition, expressions)
        self._texts = {name: PatternSet(found) for name, found in expressions.items()}

    def _collect(self, condition: Condition, expressions: dict[str, list[str]]) -> None:
        for inner in (*condition.all, *condition.any, *condition.none):
            self._collect(inner, expressions)
        name = condition.field or "request"
        if name not in (*TEXT_FIELDS, *OTHER_FIELDS) and not name.startswith("header."):
            expected = ", ".join((*TEXT_FIELDS, *OTHER_FIELDS, "header.<name>"))
            raise ConfigError(f"a condition looks at {name!r}; expected one of {expected}")
        if condition.match is None:
            return
        if name not in TEXT_FIELDS:
            self._values[condition.match] = compile_pattern(condition.match)
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
        pattern = self._values[condition.match] if condition.match is not None else None
        for value in subject.values(name):
            if pattern is None or pattern.search(value):
                # Headers and file names are a stranger's words and not masked: name them only.
                free = name.startswith("header.") or name == "attachment.name"
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
