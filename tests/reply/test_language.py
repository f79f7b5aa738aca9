"""Which language a customer is answered in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intake.model import SenderVerdict
from intake.reply.language import (
    choose_language,
    find_template,
    language_chain,
    normalise_language,
)
from intake.reply.policy import judge_reply
from tests.reply.letters import MAIL, MEI, make_case, make_rules, shipped_templates


@pytest.mark.parametrize(
    ("tag", "folder"),
    [
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh_TW", "zh-Hant"),
        ("ZH-hk", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
        ("zh-Hans-HK", "zh-Hans"),
        ("en-GB", "en"),
        ("", "en"),
    ],
)
def test_tags(tag, folder):
    assert normalise_language(tag) == folder


def test_plain_chinese_is_told_apart_by_its_letters():
    assert normalise_language("zh", "請問這個訂單為什麼沒有成交") == "zh-Hant"
    assert normalise_language("zh", "请问这个订单为什么没有成交") == "zh-Hans"
    assert normalise_language("zh-CN", "請問這個訂單為什麼沒有成交") == "zh-Hans"


def test_chain_goes_from_traditional_to_simplified_to_the_desk_to_english():
    assert list(language_chain("zh-Hant", "de")) == ["zh-Hant", "zh-Hans", "de", "en"]
    assert list(language_chain("fr", "en")) == ["fr", "en"]


def test_first_template_of_the_chain():
    templates = shipped_templates()
    found = find_template(templates, "security-emergency", iter(("fr", "zh-Hans", "en")))
    assert found is not None
    assert found.language == "zh-Hans"
    assert find_template(templates, "no-such", iter(("en",))) is None


def test_stored_language_counts_for_proven_customers_only():
    speaks_chinese = replace(MEI, language="zh-TW")
    proven = make_case(sender=SenderVerdict("verified", speaks_chinese))
    claimed = make_case(sender=SenderVerdict("claimed", speaks_chinese))
    assert choose_language(proven)[0] == "zh-Hant"
    assert choose_language(claimed)[0] == "en"


def test_the_desk_language_where_the_mail_shows_none():
    case = make_case(mail=replace(MAIL, language=None), rules=make_rules(desk={"language": "zh"}))
    language, why = choose_language(case)
    assert (language, why.code) == ("zh-Hans", "desk-language")


def test_the_acknowledgement_states_the_language_it_is_in():
    assert judge_reply(make_case(mail=replace(MAIL, language="fr"))).language == "en"
    bare = make_case(mail=replace(MAIL, language="fr"), rules=make_rules(templates={}))
    assert judge_reply(bare).language == "en"
