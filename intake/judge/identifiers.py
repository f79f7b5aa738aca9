"""Account numbers, orders, transactions and amounts that a mail names."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from intake.judge.checksums import passes_check
from intake.judge.patterns import PatternSet, find_values, once_per
from intake.judge.reading import Reading
from intake.model import Identifier
from intake.settings.rules import IdentifierRule, IdentifierRules

_MOST_PER_KIND = 20
# Each costs a checksum: a mail full of look-alikes must not be expensive.
_MOST_TRIED_PER_RULE = 40


def find_identifiers(reading: Reading, rules: IdentifierRules) -> tuple[Identifier, ...]:
    """Each identifier once, in the order of the rules; quoted older mails are not read.

    Subject, text and each picture are read apart: none holds half of an identifier. What the words
    of a picture alone hold says so by its name.

    Secrets are masked in a Reading, so that a private key is never taken for a transaction.
    """
    found: dict[tuple[str, str], Identifier] = {}
    written = reading.reply or reading.text
    for where, text in (("text", reading.subject), ("text", written), *reading.image_words):
        for identifier in find_in_text(text, rules):
            key = (identifier.kind, identifier.value)
            found.setdefault(key, replace(identifier, where=where))
    return tuple(found.values())


def find_in_text(text: str, rules: IdentifierRules) -> list[Identifier]:
    """The identifiers in one folded text. A value belongs to the first rule that claims it."""
    patterns = _patterns(rules)
    found: list[Identifier] = []
    claimed: list[tuple[int, int]] = []
    for index in patterns.find(text):
        rule = rules.identifiers[index]
        of_rule: dict[str, None] = {}
        values = find_values(patterns.patterns[index], text)
        for value, start, end in islice(values, _MOST_TRIED_PER_RULE):
            taken = any(start < until and end > since for since, until in claimed)
            folded = _fold(rule, value)
            if not taken and (folded in of_rule or passes_check(rule.check, value)):
                of_rule[folded] = None
                claimed.append((start, end))
        found += [Identifier(rule.kind, value) for value in islice(of_rule, _MOST_PER_KIND)]
    return found


def _fold(rule: IdentifierRule, value: str) -> str:
    value = " ".join(value.split())
    return {"lower": value.lower(), "upper": value.upper()}.get(rule.fold, value)


def _compile(rules: IdentifierRules) -> PatternSet:
    return PatternSet([rule.match for rule in rules.identifiers])


_patterns = once_per(_compile)
