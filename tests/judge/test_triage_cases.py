"""264 mails as customers write them, with the judgement of a support agent.

Written before the rules were tried on them. At first sight, before the model and with the rules of
then, 133 of the 214 first had the right category; 38 of the 50 in second_look.txt, which were
written when the 214 were right. Add cases; change an expectation only where it is wrong.
"""

from __future__ import annotations

import pytest

from intake.judge.triage import judge_triage
from intake.model import ParsedMail
from tests.judge.letters import FACTS, NOBODY, shipped_rules, triage_of, write
from tests.judge.triage_cases import TriageCase, read_cases

# "Neither did it reach my take-profit price": the words are there, the order type is not.
KNOWN = {"second_look/order-zh-2": {"identifiers", "missing"}}
CASES = {case.name: case for case in read_cases()}
LOUD = ("URGENT!!! ASAP!!!", "THIS IS AN EMERGENCY!!!", "紧急!!!马上!!!十万火急", "SOFORT!!!")


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    case = CASES[name]
    found = judge_triage(case.mail, FACTS, shipped_rules(), NOBODY)
    wrong = case.differences(found)
    assert set(wrong) == KNOWN.get(name, set()), (wrong, found.reasons)


def test_there_are_enough_cases_and_each_category_has_some() -> None:
    assert len(CASES) >= 250
    of_category = {case.category for case in CASES.values()}
    assert of_category == set(shipped_rules().triage.categories)


def _loud(case: TriageCase, cry: str) -> ParsedMail:
    return write(f"{cry}\n\n{case.mail.reply.upper()}!!!", subject=f"{cry} {case.mail.subject}")


@pytest.mark.parametrize("cry", LOUD)
def test_shouting_never_raises_a_priority(cry: str) -> None:
    order = ("low", "normal", "high", "urgent")
    raised = []
    for case in CASES.values():
        calm = triage_of(write(case.mail.reply, subject=case.mail.subject))
        loud = triage_of(_loud(case, cry))
        # From low to normal is the model abstaining: a cry has words of its own.
        if order.index(loud.priority) > max(order.index(calm.priority), 1):
            raised.append(case.name)
    assert raised == []


def test_security_cases_are_urgent_however_calmly_they_are_told() -> None:
    urgent = [case for case in CASES.values() if case.category == "account-compromised"]
    assert len(urgent) >= 25
    assert {triage_of(case.mail).priority for case in urgent} == {"urgent"}
