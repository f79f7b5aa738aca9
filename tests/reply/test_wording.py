"""Every piece that a report may lack has a name in every language."""

from __future__ import annotations

import tomllib

import pytest

from intake.reply.wording import name_pieces
from tests.reply.letters import TEMPLATES

TRIAGE = tomllib.loads((TEMPLATES.parent / "config" / "triage.toml").read_text())
# Of alternatives ("time|date") the first is asked for.
NEEDS = sorted(
    {n.split("|")[0] for one in TRIAGE["categories"].values() for n in one.get("needs", ())}
)


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("need", NEEDS)
def test_every_need_of_the_shipped_categories_has_words(need, language):
    (words,) = name_pieces([need], language)
    assert words != need.replace("_", " ")
    assert words.isascii() is (language == "en")


def test_a_kind_without_words_is_shown_readable_and_nothing_twice():
    assert name_pieces(["shoe_size", "shoe_size"], "en") == ("shoe size",)
    assert name_pieces(["order_id"], "fr") == ("the order ID",)


def test_every_template_a_category_names_exists():
    for category in TRIAGE["categories"].values():
        name = category.get("template")
        assert name is None or (TEMPLATES / "en" / f"{name}.txt").exists()
