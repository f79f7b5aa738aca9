"""Regular expressions of the rule files: all looked for in one pass, linear in the text (RE2)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import re2

from intake.errors import ConfigError

R = TypeVar("R")
C = TypeVar("C")
M = TypeVar("M")

_SET_MEMORY_BYTES = 64_000_000
_RULE_OBJECTS_KEPT = 16
_MAILS_KEPT = 3

# A sentence goes on over a line break and a decimal point, but not over an empty line. Without
# counters, which would cost RE2 a state for each length.
_SAME_SENTENCE = r"(?:[^.!?。\n]|\.\d|\n[^\n.!?。])*\n?"
_NEAR = rf"{_SAME_SENTENCE}(?:[.!?。\n]+{_SAME_SENTENCE}){{0,2}}"


def compile_pattern(expression: str) -> re.Pattern[str]:
    """`expression` ready for use, upper and lower case alike.

    Line breaks with the blanks around them mean nothing, so that long expressions can be read;
    `<same>` stands for words of the same sentence, `<near>` for words up to two sentences on.
    Raises ConfigError where it is not in the syntax of RE2 (no look-around, no back-references).
    """
    try:
        # What RE2 gives has the methods of re.Pattern.
        pattern: re.Pattern[str] = re2.compile(_expand(expression), _options())
    except re2.error as trouble:
        raise ConfigError(f"the pattern {expression!r} cannot be used: {trouble}") from None
    return pattern


def find_values(pattern: re.Pattern[str], text: str) -> Iterator[tuple[str, int, int]]:
    """Each value that `pattern` finds (its group `value`, else all), with its start and end."""
    group = pattern.groupindex.get("value", 0)
    for match in pattern.finditer(text):
        # A group that took no part in the match gives None.
        if match.group(group):
            yield match.group(group), match.start(group), match.end(group)


class PatternSet:
    """Says which of many expressions occur in a text, at about the cost of looking for one."""

    def __init__(self, expressions: Sequence[str]) -> None:
        self.patterns = tuple(compile_pattern(expression) for expression in expressions)
        self._set = re2.Set.SearchSet(_options())
        for expression in expressions:
            self._set.Add(_expand(expression))
        if expressions:
            self._set.Compile()

    def find(self, text: str) -> tuple[int, ...]:
        """Indexes of the expressions that occur in `text`, in their order."""
        if not self.patterns or not text:
            return ()
        return tuple(sorted(self._set.Match(text) or ()))


def once_per(build: Callable[[R], C]) -> Callable[[R], C]:
    """Let `build` work once for each rule object and remember the outcome.

    Told apart by identity: rule objects are frozen, but too big to be hashed for every mail.
    """
    kept: dict[int, tuple[R, C]] = {}

    def built(rules: R) -> C:
        found = kept.get(id(rules))
        if found is None or found[0] is not rules:
            if len(kept) >= _RULE_OBJECTS_KEPT:
                kept.clear()
            found = kept[id(rules)] = (rules, build(rules))
        return found[1]

    return built


def once_per_pair(build: Callable[[M, R], C]) -> Callable[[M, R], C]:
    """Let `build` work once for each mail and rule object, and remember the latest outcomes.

    All judges of a mail ask the same. Told apart by identity, as in `once_per`.
    """
    kept: tuple[tuple[M, R, C], ...] = ()

    def built(mail: M, rules: R) -> C:
        nonlocal kept
        for known_mail, known_rules, outcome in kept:
            if known_mail is mail and known_rules is rules:
                return outcome
        outcome = build(mail, rules)
        kept = ((mail, rules, outcome), *kept[: _MAILS_KEPT - 1])
        return outcome

    return built


def _expand(expression: str) -> str:
    written = "".join(line.strip() for line in expression.splitlines())
    return "(?i)" + written.replace("<same>", _SAME_SENTENCE).replace("<near>", _NEAR)


def _options() -> object:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _SET_MEMORY_BYTES
    return options
