from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.errors import ConfigError
from intake.judge.patterns import PatternSet, compile_pattern, find_values, once_per
from tests.judge.letters import shipped_rules

RULES = shipped_rules()
EXPRESSIONS = [
    *(rule.match for rule in RULES.spam.phrases),
    *(rule.match for rule in RULES.identifiers.identifiers),
    *(rule.match for rule in RULES.identifiers.secrets),
]
EXAMPLES = [
    example
    for rule in (*RULES.spam.phrases, *RULES.identifiers.identifiers, *RULES.identifiers.secrets)
    for example in (*rule.examples, *rule.counter_examples)
]
ALL = PatternSet(EXPRESSIONS)


@given(st.lists(st.sampled_from(EXAMPLES), max_size=12).map("\n".join))
def test_one_pass_finds_what_each_expression_finds(text: str) -> None:
    alone = tuple(i for i, pattern in enumerate(ALL.patterns) if pattern.search(text))
    assert ALL.find(text) == alone


def test_the_set_does_not_give_up_on_a_long_text() -> None:
    text = "\n".join(EXAMPLES) * 20
    assert set(ALL.find(text)) == {i for i, p in enumerate(ALL.patterns) if p.search(text)}


def test_an_empty_set_and_an_empty_text() -> None:
    assert PatternSet([]).find("text") == ()
    assert PatternSet(["a"]).find("") == ()


def test_line_breaks_and_words_for_gaps() -> None:
    pattern = compile_pattern("red<same>green\n   |blue<near>black")
    assert pattern.search("RED and 0.5 of\ngreen")
    assert not pattern.search("red. And green")
    assert not pattern.search("red\n\ngreen")
    assert pattern.search("blue. And. black")
    assert not pattern.search("blue. And. Or. black")


def test_what_re2_does_not_know_is_refused() -> None:
    for expression in ("(", "(?=a)", r"(a)\1", "a{2000}"):
        with pytest.raises(ConfigError):
            compile_pattern(expression)


def test_values_and_their_places() -> None:
    found = list(find_values(compile_pattern(r"id (?P<value>\d+)"), "提现 id 12, ID 7"))
    assert found == [("12", 6, 8), ("7", 13, 14)]
    assert list(find_values(compile_pattern(r"x(?P<value>y)?"), "x xy")) == [("y", 3, 4)]


def test_rules_are_built_once_each() -> None:
    built: list[str] = []

    def build(rules: list[str]) -> str:
        built.append(rules[0])
        return rules[0]

    get = once_per(build)
    one, other = ["one"], ["other"]
    assert [get(one), get(other), get(one), get(["one"])] == ["one", "other", "one", "one"]
    assert built == ["one", "other", "one"]
    many = [[str(i)] for i in range(100)]
    assert [get(rules) for rules in many] == [str(i) for i in range(100)]
