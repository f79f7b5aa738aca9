from __future__ import annotations

from intake.judge.rule_examples import check_examples
from intake.settings.rules import (
    Category,
    Condition,
    IdentifierRule,
    IdentifierRules,
    PhraseSignal,
    Rules,
    SecretRule,
    SpamRules,
    TriageRule,
    TriageRules,
)
from tests.judge.letters import shipped_rules

_ABOUT_SENDERS = ("important-customer", "forged-customer")


def test_every_example_of_the_shipped_files() -> None:
    assert check_examples(shipped_rules()) == []


def test_every_shipped_rule_is_shown_by_an_example() -> None:
    rules = shipped_rules()
    of_text = [
        *rules.identifiers.identifiers,
        *rules.identifiers.secrets,
        *rules.spam.phrases,
        *(
            rule
            for rule in rules.triage.rules
            if rule.name not in ("important-customer", "forged-customer")
        ),
    ]
    lacking = [rule for rule in of_text if not rule.examples or not rule.counter_examples]
    assert lacking == []


def test_each_kind_of_rule_is_really_tried() -> None:
    wrong = {"match": "red", "examples": ("blue",), "counter_examples": ("a red one",)}
    when = Condition(match="red")
    rules = Rules(
        identifiers=IdentifierRules(
            identifiers=(IdentifierRule.model_validate({"kind": "colour", **wrong}),),
            # Of another colour: a secret is masked before triage reads the text.
            secrets=(
                SecretRule(
                    kind="colour",
                    match="pink",
                    examples=("blue",),
                    counter_examples=("a pink one",),
                ),
            ),
        ),
        spam=SpamRules(
            phrases=(PhraseSignal.model_validate({"code": "c", "text": "", "weight": 1, **wrong}),)
        ),
        triage=TriageRules(
            rules=(
                TriageRule(
                    name="t",
                    text="",
                    when=when,
                    category="nowhere",
                    examples=("blue",),
                    counter_examples=("a red one",),
                ),
            )
        ),
    )
    problems = check_examples(rules)
    assert len(problems) == 9
    assert sum("does not find its example 'blue'" in problem for problem in problems) == 4
    assert sum("takes its counter example" in problem for problem in problems) == 4
    assert "no category 'nowhere' is defined" in problems[-1]


def test_a_name_that_is_not_defined_is_said_with_the_nearest_right_one() -> None:
    rule = TriageRule(name="t", text="", when=Condition(match="x"), category="fee")
    categories = {"fees": Category(needs=("uidd", "screenshot", "amount|adress"))}
    identifiers = tuple(IdentifierRule(kind=k, match=k) for k in ("uid", "amount", "address"))
    rules = Rules(
        triage=TriageRules(categories=categories, rules=(rule,)),
        identifiers=IdentifierRules(identifiers=identifiers),
    )
    assert check_examples(rules) == [
        "triage.toml, t: no category 'fee' is defined; did you mean 'fees'?",
        "triage.toml, categories.fees.needs: no identifier 'uidd' is defined; did you mean 'uid'?",
        "triage.toml, categories.fees.needs: no identifier 'adress' is defined; "
        "did you mean 'address'?",
    ]


def test_a_broken_pattern_is_said_and_the_others_are_still_tried() -> None:
    broken = IdentifierRule(kind="x", match="(", examples=("x",))
    spam = PhraseSignal(code="c", text="", match="red", weight=1, examples=("blue",))
    rules = Rules(
        identifiers=IdentifierRules(identifiers=(broken,)), spam=SpamRules(phrases=(spam,))
    )
    problems = check_examples(rules)
    assert any("cannot be used" in problem for problem in problems)
    assert any("spam.toml, c" in problem for problem in problems)


def test_an_example_may_have_a_header() -> None:
    rule = TriageRule(
        name="t",
        text="",
        when=Condition(field="subject", match="^urgent"),
        examples=("Subject: Urgent\n\nhello",),
        counter_examples=("urgent\n\nhello", "Subject: hello\n\nurgent"),
    )
    assert check_examples(Rules(triage=TriageRules(rules=(rule,)))) == []
