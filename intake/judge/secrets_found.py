"""Passwords, keys, codes and cards that should not have been mailed: found, named, masked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from intake.judge.patterns import PatternSet, compile_pattern, find_values, once_per
from intake.judge.secret_shapes import find_parts
from intake.settings.rules import IdentifierRules, SecretRule

MASK = "••••••"
# Characters looked through at a time, and those that two pieces share: a long private key.
_PIECE, _SHARED = 16_000, 4_000


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
    """Every secret in `text` (folded, see intake.judge.folding), by place; none overlaps another.

    What several rules see in one place is one secret, named by the earliest of them.
    """
    compiled = _compiled(rules)
    found: list[tuple[int, int, int]] = []
    # Some rules look far ahead from every place: pieces keep the whole linear.
    for offset in range(0, max(len(text) - _SHARED, 1), _PIECE):
        found += _find(compiled, text[offset : offset + _PIECE + _SHARED], offset)
    return tuple(
        SecretSpan(compiled.rules[index].kind, start, end) for start, end, index in _merge(found)
    )


def _find(compiled: _Compiled, text: str, offset: int) -> Iterator[tuple[int, int, int]]:
    for index in compiled.patterns.find(text):
        rule, unless = compiled.rules[index], compiled.unless[index]
        for value, start, _ in find_values(compiled.patterns.patterns[index], text):
            if not (unless and unless.search(value)):
                for since, until in find_parts(rule.check, value):
                    yield offset + start + since, offset + start + until, index


def _merge(found: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    merged: list[tuple[int, int, int]] = []
    for start, end, index in sorted(found):
        if merged and start < merged[-1][1]:
            since, until, first = merged[-1]
            merged[-1] = since, max(until, end), min(first, index)
        else:
            merged.append((start, end, index))
    return merged


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
