from __future__ import annotations

from dataclasses import replace

import pytest

from intake.errors import ConfigError
from intake.judge.fields import NUMBER_FIELDS, VALUE_FIELDS
from intake.judge.triage import judge_triage
from intake.model import Attachment, Customer, Facts, Reason, SenderVerdict, Triage
from intake.settings.rules import Category, Condition, Rules, TriageRule, TriageRules
from intake.settings.schema import Desk
from tests.cast import ALICE_CUSTOMER, DESK, NOW, TOM, TOM_CUSTOMER
from tests.judge.letters import (
    FACTS,
    NOBODY,
    codes,
    forged,
    knowing,
    proven,
    shipped_rules,
    triage_of,
    write,
)


def shot() -> Attachment:
    png = "image/png"
    return Attachment("2", "page.png", png, png, 9, "0" * 64, "screenshot", "attachment")


@pytest.mark.parametrize(
    ("subject", "text", "category"),
    [
        ("Withdrawal stuck since yesterday", "It has been pending.", "withdrawal-missing"),
        ("账户被锁定,无法提现", "提现 0.35 BTC 失败", "account-locked"),
        ("Lost my authenticator", "my phone was stolen", "two-factor-lost"),
        ("Someone is withdrawing from my account!!", "Please freeze it", "account-compromised"),
        ("Limit order not filled", "although price was reached", "order-not-executed"),
        ("Cannot log in", "it says wrong password", "account-locked"),
        ("API key does not work", "error 401", "api"),
        ("Bank transfer not credited", "I sent EUR 2,400.00", "deposit-missing"),
        ("Formal complaint", "I will contact the regulator", "complaint"),
        ("無法收到驗證碼", "我從昨天開始無法收到簡訊驗證碼", "two-factor-lost"),
        ("Request for records", "court order 77/2026, attached", "legal"),
        ("止损单没有触发", "昨天 22:15", "order-not-executed"),
        ("KYC", "my passport was rejected", "kyc"),
        ("Question about fees", "which fee was taken", "fees"),
        ("被骗了", "有人冒充客服", "scam-report"),
        ("Hello", "I like your new page.", "general"),
    ],
)
def test_category(subject: str, text: str, category: str) -> None:
    assert triage_of(write(text, subject=subject)).category == category


def test_security_is_urgent_by_itself_and_shouting_is_not() -> None:
    hacked = triage_of(write("My account was hacked.", subject="hello"))
    assert hacked.priority == "urgent"
    loud = triage_of(write("WHEN WILL YOU LIST MY COIN??? URGENT!!!", subject="URGENT!!! NOW"))
    assert loud.priority in ("low", "normal")


def test_what_is_missing_is_named_once_and_a_known_customer_needs_no_uid() -> None:
    stranger = triage_of(write("My withdrawal of 5 BTC is pending."))
    assert stranger.missing == ("uid", "tx_hash", "time")
    known = triage_of(write("My withdrawal of 5 BTC is pending."), knowing(ALICE_CUSTOMER))
    assert known.missing == ("tx_hash", "time")


def test_a_screenshot_is_seen() -> None:
    locked = write("My account is locked. UID 20481977", attachments=(shot(),))
    assert triage_of(locked).missing == ()


def test_a_customer_of_a_high_tier_is_only_believed_when_proven() -> None:
    mail = write(author=TOM)
    assert triage_of(mail, knowing(TOM_CUSTOMER)).priority == "normal"
    assert triage_of(proven(mail), knowing(TOM_CUSTOMER)).priority == "high"


def test_a_forged_customer_is_looked_at_soon() -> None:
    forgery = triage_of(forged(write("Change it.")), knowing(ALICE_CUSTOMER))
    assert forgery.priority == "high"
    assert "forged-customer" in codes(forgery)
    assert triage_of(write("Change it."), knowing(ALICE_CUSTOMER)).priority == "normal"


def test_an_exposed_secret_is_a_reason() -> None:
    verdict = triage_of(write("api secret: Nf7Uq2Lz9Xc4Vb1Mk8Jh5Gd3Sa6Pw0Er"))
    assert {"secret-sent", "secret-exposed"} <= codes(verdict)
    assert verdict.priority == "high"


def test_no_rule_held_is_said() -> None:
    verdict = triage_of(write("xyzzy", subject="plugh"))
    assert not next(r for r in verdict.reasons if r.code == "no-category-rule").fired


# --- the conditions, with rules of our own ---------------------------------------------


def triage_with(*rules: TriageRule, text: str = "red and green", **changes: object) -> Triage:
    categories = {"a": Category(), "b": Category()}
    triage = TriageRules(categories=categories, rules=rules)
    facts, sender = changes.pop("facts", FACTS), changes.pop("sender", NOBODY)
    desk, identity = Desk(timezone="Asia/Shanghai"), shipped_rules().identity
    identifiers = shipped_rules().identifiers
    settings = Rules(triage=triage, desk=desk, identity=identity, identifiers=identifiers)
    mail = changes.pop("mail", None) or write(text, **changes)
    return judge_triage(mail, facts, settings, sender)


def rule(name: str, when: Condition, **outcome: object) -> TriageRule:
    return TriageRule.model_validate({"name": name, "text": name, "when": when, **outcome})


def holds(when: Condition, **changes: object) -> bool:
    return "r" in codes(triage_with(rule("r", when), **changes))


def words(match: str, field: str | None = None) -> Condition:
    return Condition(match=match, field=field)


def test_all_any_and_none() -> None:
    red, green, blue = words("red"), words("GREEN"), words("blue")
    assert holds(Condition(all=(red, green)))
    assert not holds(Condition(all=(red, blue)))
    assert holds(Condition(any=(blue, green)))
    assert not holds(Condition(any=(blue,)))
    assert holds(Condition(none=(blue,)))
    assert not holds(Condition(none=(red,)))
    assert holds(Condition(all=(red,), any=(blue, green), none=(blue,)))
    assert holds(Condition(any=(Condition(all=(red, blue)), Condition(all=(red, green)))))
    assert not holds(Condition(match="red", none=(green,)))


KNOWN = Customer(
    "20481977", "Alice Moreau", "alice.moreau@posteo.example", "fr", "vip", "confirmed",
    "Europe/Paris", "wants calls",
)  # fmt: skip
PROVEN = SenderVerdict("verified", KNOWN, (Reason("dmarc-pass", "Proven."),))
LETTER = {
    "subject": "Colours",
    "language": "de",
    "text": "red and green, UID 20481977, password: Tramonto-1987",
    "headers": (("x-form", "contact page"),),
    "attachments": (shot(),),
    "reply_to": (TOM,),
    "delivered_to": (DESK,),
    "envelope_sender": "bounce@posteo.example",
    "sender": PROVEN,
    "facts": Facts(now=NOW, earlier_mails=3),
}


@pytest.mark.parametrize(
    ("field", "match"),
    [
        ("from", "^alice"),
        ("from.name", "^Alice Moreau$"),
        ("from.domain", r"^posteo\.example$"),
        ("to", "exchange"),
        ("reply_to", "^tom"),
        ("delivered_to", "^support@"),
        ("envelope_sender", "^bounce@"),
        ("language", "^de$"),
        ("sender", "^verified$"),
        ("sender.reason", "dmarc-pass"),
        ("customer.id", "^20481977$"),
        ("customer.name", "Moreau"),
        ("customer.tier", "^vip$"),
        ("customer.language", "^fr$"),
        ("customer.timezone", "^Europe/"),
        ("customer.state", "^confirmed$"),
        ("customer.notes", "calls"),
        ("header.x-form", "contact"),
        ("header.X-Form", "contact"),
        ("attachment.kind", "screenshot"),
        ("attachment.name", r"\.png$"),
        ("attachment.type", "^image/"),
        ("identifier", "^uid$"),
        ("identifier.uid", "^2048"),
        ("secret", "^password$"),
        ("weekday", "^monday$"),
        ("subject", "colou?rs"),
        ("text", "green"),
    ],
)
def test_fields(field: str, match: str) -> None:
    assert holds(words(match, field), **LETTER)
    assert not holds(words("nowhere", field), **LETTER)
    assert holds(Condition(field=field), **LETTER)


def test_every_field_is_tried() -> None:
    table = next(m for m in test_fields.pytestmark if m.name == "parametrize").args[1]  # type: ignore[attr-defined]
    tried = {field for field, _ in table}
    untried = {"attachment.risk", "authentication"}
    assert set(VALUE_FIELDS) - tried == untried


def test_a_risky_attachment() -> None:
    file = replace(shot(), risk=("macro",))
    assert holds(words("^macro$", "attachment.risk"), attachments=(file,))
    assert not holds(Condition(field="attachment.risk"), attachments=(shot(),))


def test_authentication_by_method_and_as_a_whole() -> None:
    genuine, fake = proven(write("red")), forged(write("red"))
    assert holds(words("^proven$", "authentication"), mail=genuine)
    assert holds(words("^failed$", "authentication"), mail=fake)
    assert holds(words("^none$", "authentication"))
    assert holds(words("^pass$", "authentication.dmarc"), mail=genuine)
    assert holds(words("^fail$", "authentication.DMARC"), mail=fake)
    assert not holds(Condition(field="authentication.dkim"), mail=genuine)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("size_bytes", 12),
        ("attachment.size_bytes", 9),
        ("attachments", 1),
        ("recipients", 1),
        ("earlier_mails", 3),
        ("hour", 20),  # NOW is noon in UTC; the desk is in Shanghai
    ],
)
def test_fields_that_count(field: str, value: int) -> None:
    changes = LETTER | {"size_bytes": 12}
    assert holds(Condition(field=field, at_least=value), **changes)
    assert holds(Condition(field=field, at_least=value, below=value + 1), **changes)
    assert not holds(Condition(field=field, at_least=value + 1), **changes)
    assert not holds(Condition(field=field, below=value), **changes)


def test_every_field_that_counts_is_tried() -> None:
    table = next(m for m in test_fields_that_count.pytestmark).args[1]  # type: ignore[attr-defined]
    assert {field for field, _ in table} == set(NUMBER_FIELDS)


@pytest.mark.parametrize(
    "wrong",
    [
        {"field": "hour"},
        {"field": "hour", "match": "1"},
        {"field": "subject", "at_least": 1},
        {"at_least": 1},
    ],
)
def test_a_test_that_does_not_fit_its_field_is_an_error(wrong: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match=r"triage\.toml, r: the field \S+ takes"):
        holds(Condition.model_validate(wrong))


def test_an_empty_field_does_not_hold() -> None:
    assert not holds(Condition(field="language"))
    assert not holds(Condition(field="header.x-form"))
    assert not holds(Condition(field="image_words"))


def test_the_first_category_and_the_highest_priority_win() -> None:
    verdict = triage_with(
        rule("one", words("red"), category="a", priority="low"),
        rule("two", words("green"), category="b", priority="high"),
        rule("three", words("and"), priority="normal"),
    )
    assert (verdict.category, verdict.priority) == ("a", "high")
    assert {"one", "two", "three"} <= codes(verdict)


def test_stop_ends_the_list() -> None:
    verdict = triage_with(
        rule("one", words("red"), stop=True),
        rule("two", words("green"), category="b", priority="urgent"),
    )
    assert (verdict.category, verdict.priority) == ("general", "normal")


def test_an_unknown_field_is_an_error_that_names_the_right_ones() -> None:
    why = r"triage\.toml, r: there is no field 'atachment\.kind'; did you mean attachment\.kind\?"
    with pytest.raises(ConfigError, match=why):
        triage_with(rule("r", words("x", "atachment.kind")))


def test_two_rules_of_one_name_are_an_error() -> None:
    with pytest.raises(ConfigError, match="two rules are named 'r'"):
        triage_with(rule("r", words("x")), rule("r", words("y")))


def test_a_pattern_that_could_take_forever_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"triage\.toml, r: .*cannot be used"):
        triage_with(rule("r", words(r"(?=a)b")))


def test_headers_and_file_names_are_not_repeated_as_evidence() -> None:
    verdict = triage_with(
        rule("r", words("hunter2", "header.x-note")), headers=(("x-note", "password hunter2"),)
    )
    assert "hunter2" not in repr(verdict)


def test_tags_of_all_rules_that_held() -> None:
    verdict = triage_with(
        rule("one", words("red"), tags=["warm", "colour"]),
        rule("two", words("green"), tags=["colour", "cold"]),
        rule("three", words("blue"), tags=["sea"]),
    )
    assert verdict.tags == ("warm", "colour", "cold")


def test_the_priority_of_the_category_counts_beside_those_of_the_rules() -> None:
    def priority(**of_rule: object) -> str:
        triage = TriageRules(
            categories={"a": Category(priority="high")},
            rules=(rule("r", words("red"), category="a", **of_rule),),
        )
        return judge_triage(write("red"), FACTS, Rules(triage=triage), NOBODY).priority

    assert priority() == "high"
    assert priority(priority="low") == "high"
    assert priority(priority="urgent") == "urgent"


def test_a_need_may_have_alternatives_and_the_first_is_asked_for() -> None:
    assert "tx_hash" in triage_of(write("My withdrawal of 5 BTC is pending.")).missing
    bank = triage_of(write("I sent 500 EUR by SEPA, my deposit is missing."))
    assert bank.category == "deposit-missing"
    assert "tx_hash" not in bank.missing


def test_a_sentence_does_not_begin_in_the_subject() -> None:
    joined = words("red<same>green")
    assert holds(joined, subject="", text="red\nand green")
    assert not holds(joined, subject="red", text="and green")
