"""Passwords, keys, codes and cards that should not have been mailed: found, named, masked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from intake.judge.checksums import passes_check
from intake.judge.patterns import PatternSet, compile_pattern, find_values, once_per
from intake.settings.rules import IdentifierRules, SecretRule

MASK = "••••••"
_MOST_PER_KIND = 50


@dataclass(frozen=True, slots=True)
class SecretSpan:
    """Where in a folded text a secret stands."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Compiled:
    rules: tuple[SecretRule, ...]
    patterns: PatternSet
    unless: tuple[re.Pattern[str] | None, ...]


def find_secrets(text: str, rules: IdentifierRules) -> tuple[SecretSpan, ...]:
    """Every secret in `text` (folded, see intake.judge.folding), by place."""
    compiled = _compiled(rules)
    spans: list[SecretSpan] = []
    for index in compiled.patterns.find(text):
        rule, unless = compiled.rules[index], compiled.unless[index]
        values = find_values(compiled.patterns.patterns[index], text)
        for value, start, end in islice(values, _MOST_PER_KIND):
            if not (unless and unless.search(value)) and passes_check(rule.check, value):
                spans.append(SecretSpan(_kind(rule.kind, spans, start, end), start, end))
    return tuple(sorted(spans, key=lambda span: (span.start, span.end)))


def _kind(kind: str, spans: list[SecretSpan], start: int, end: int) -> str:
    """The earlier rule names what two rules see in the same place."""
    return next((s.kind for s in spans if start < s.end and s.start < end), kind)


def mask_spans(text: str, spans: Sequence[SecretSpan]) -> str:
    """`text` with a mask of constant length in the place of each secret."""
    if not spans:
        return text
    pieces, done = [], 0
    for span in spans:
        if span.end <= done:
            continue
        pieces += [text[done : max(span.start, done)], MASK if span.start >= done else ""]
        done = span.end
    return "".join(pieces) + text[done:]


def _compile(rules: IdentifierRules) -> _Compiled:
    return _Compiled(
        rules.secrets,
        PatternSet([rule.match for rule in rules.secrets]),
        tuple(compile_pattern(f"^(?:{r.unless})$") if r.unless else None for r in rules.secrets),
    )


_compiled = once_per(_compile)
