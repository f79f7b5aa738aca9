from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.errors import ConfigError
from intake.judge.categories import find_words, guess_category
from intake.judge.category_training import read_texts, train, write_model
from intake.judge.triage import judge_triage
from intake.model import Triage
from intake.settings.load import load_model
from intake.settings.rules import Category, CategoryModel, Rules, TriageRules
from tests.judge.letters import FACTS, NOBODY, shipped_rules, write

CONFIG = Path(__file__).parents[2] / "config"
TEXTS = [
    ("the apple is red and sweet", "fruit"),
    ("a sweet pear and an apple", "fruit"),
    ("apples and pears for sale", "fruit"),
    ("the hammer is heavy", "tool"),
    ("a hammer and a saw", "tool"),
    ("hammers and saws for sale", "tool"),
]
BOTH = {"fruit": Category(priority="low"), "tool": Category(priority="high")}


def triage(text: str, **changes: object) -> Triage:
    rules = Rules(
        triage=TriageRules.model_validate({"categories": BOTH, "model_threshold": 0.6} | changes),
        category_model=train(TEXTS),
    )
    return judge_triage(write(text, subject=""), FACTS, rules, NOBODY)


def test_it_names_the_category_its_probability_and_the_words() -> None:
    verdict = triage("I want a heavy hammer")
    assert (verdict.category, verdict.priority) == ("tool", "high")
    reason = next(r for r in verdict.reasons if r.code == "category-model")
    assert "hammer" in (reason.evidence or "")
    assert "tool with a probability of" in reason.text


def test_it_abstains_and_says_so() -> None:
    verdict = triage("all for sale", model_threshold=0.9)
    assert (verdict.category, verdict.priority) == ("general", "normal")
    reason = next(r for r in verdict.reasons if r.code == "category-unsure")
    assert not reason.fired
    assert "needed are 90%" in reason.text


def test_the_threshold_decides() -> None:
    text = "I want a heavy hammer"
    assert triage(text, model_threshold=0.999999).category == "general"
    assert triage(text, model_threshold=0.01).category == "tool"


def test_an_unsure_guess_at_something_urgent_is_looked_at_soon() -> None:
    urgent = {"fruit": Category(), "tool": Category(priority="urgent")}
    text = "I want a heavy hammer"
    unsure = {"model_threshold": 0.999999, "model_attention": 0.5}
    verdict = triage(text, categories=urgent, **unsure)
    assert (verdict.category, verdict.priority) == ("general", "high")
    assert "maybe-urgent" in {r.code for r in verdict.reasons}
    assert triage(text, **unsure).priority == "normal"
    calm = triage(text, categories=urgent, model_threshold=0.9999999, model_attention=0.999999)
    assert calm.priority == "normal"


def test_what_nobody_taught_it_nobody_is_told() -> None:
    codes = {r.code for r in triage("Guten Tag").reasons}
    assert codes == {"no-category-rule"}


def test_a_rule_comes_first() -> None:
    when = {"match": "hammer"}
    rule = {"name": "r", "text": "r", "when": when, "category": "fruit"}
    verdict = triage("a heavy hammer", rules=[rule])
    assert verdict.category == "fruit"
    assert not {"category-model", "category-unsure"} & {r.code for r in verdict.reasons}


def test_a_category_that_is_not_configured_is_never_named() -> None:
    assert triage("a heavy hammer", categories={"fruit": {}}).category in ("fruit", "general")


def test_ignored_words_do_not_count() -> None:
    assert triage("hammer", model_ignored="hammers?").category == "general"


def test_the_shipped_model_is_what_the_shipped_texts_teach() -> None:
    files = sorted((CONFIG / "categories").glob("*.txt"))
    texts = [pair for file in files for pair in read_texts(file.read_text(), file.stem)]
    assert write_model(train(texts)) == (CONFIG / "categories.json").read_text()
    assert {file.stem for file in files} == set(shipped_rules().triage.categories)


def test_no_shipped_text_is_a_case_of_the_tests() -> None:
    files = sorted((CONFIG / "categories").glob("*.txt"))
    texts = (text for file in files for text, _ in read_texts(file.read_text(), file.stem))
    taught = {text for text in texts if len(text) > 12}
    cases = "".join(p.read_text() for p in Path(__file__).parent.glob("triage_cases/*.txt"))
    assert [text for text in taught if f"\n{text}\n" in cases] == []


@given(st.permutations(TEXTS), st.integers(1, 3))
def test_order_and_repetition_of_texts_do_not_matter(texts: list[tuple[str, str]], n: int) -> None:
    assert write_model(train(texts * n)) == write_model(train(TEXTS))


def test_a_correction_moves_the_model() -> None:
    more = [(f"{colour} hammer of sugar", "fruit") for colour in ("red", "blue", "green", "pink")]
    rules = TriageRules(categories=BOTH)
    before = guess_category("hammer of sugar", train(TEXTS), rules)
    after = guess_category("hammer of sugar", train(TEXTS + more), rules)
    assert before and after
    assert (before.category, after.category) == ("tool", "fruit")


def test_a_word_of_one_text_stays_out_of_the_file() -> None:
    assert "heavy" not in train(TEXTS).words
    assert "hammer" in train(TEXTS).words


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    model = train(TEXTS)
    file = tmp_path / "categories.json"
    file.write_text(write_model(model))
    assert load_model(file) == model
    assert load_model(tmp_path / "none.json") == CategoryModel()


@pytest.mark.parametrize(
    "content", ["", "[]", '{"categories": ["a"], "texts": []}', '{"words": {"x": [1]}}']
)
def test_a_broken_model_is_an_error_that_names_the_file(tmp_path: Path, content: str) -> None:
    file = tmp_path / "categories.json"
    file.write_text(content)
    with pytest.raises(ConfigError, match=r"categories\.json"):
        load_model(file)


def test_words() -> None:
    assert list(find_words("Withdrawal 0.5BTC me@x")) == ["withdrawal", "with…", "withdr…"]
    assert list(find_words("提现失败")) == ["提", "现", "失", "败", "提现", "现失", "失败"]


@given(st.text())
def test_any_text_can_be_judged(text: str) -> None:
    guess = guess_category(text, shipped_rules().category_model, shipped_rules().triage)
    assert guess is None or 0 < guess.probability <= 1
