"""Every mail of tests/mails through the whole of parse and decide, beside what is expected."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake import pipeline
from intake.errors import StaleFacts
from intake.model import Decision, Facts, ThreadVerdict
from tests.mail_cases import NOW, MailCase, compare, load_cases, make_facts, rules_with

CASES = list(load_cases())
HELLO = (
    b"From: Mei <mei@mailbox.example>\r\nTo: support@exchange.example\r\n"
    b"Message-ID: <hello@mailbox.example>\r\nSubject: Hello\r\n\r\nA question about fees.\r\n"
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_mail(case: MailCase):
    mail, decision = case.decide()
    problems = case.check(mail, decision)
    if problems:
        about = f"{case.name}: {case.data['about']}"
        pytest.fail("\n".join([about, *problems, "", *reasons_of(decision)]), pytrace=False)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_deciding_twice_gives_the_same_byte_for_byte(case: MailCase):
    assert case.decide() == case.decide()


def reasons_of(decision: Decision) -> list[str]:
    """The Decision as a person reads it: each stage with what fired."""
    lines = [f"disposition: {decision.disposition}, ticket: {decision.ticket}"]
    for stage in ("automatic", "sender", "spam", "thread", "triage", "acknowledgement"):
        lines.append(f"{stage}:")
        for reason in getattr(decision, stage).reasons:
            if reason.fired:
                evidence = f" [{reason.evidence}]" if reason.evidence else ""
                lines.append(f"  {reason.code}: {reason.text}{evidence}")
    return lines


def test_the_first_free_number_is_taken():
    rules = rules_with()
    mail = pipeline.parse(HELLO)
    first, second, *_ = pipeline.keys_of(mail, rules).candidate_numbers
    assert pipeline.decide(mail, Facts(now=NOW), rules).ticket == first
    assert pipeline.decide(mail, Facts(now=NOW, taken_numbers=(first,)), rules).ticket == second


def test_no_free_number_means_gathering_again():
    rules = rules_with()
    mail = pipeline.parse(HELLO)
    taken = pipeline.keys_of(mail, rules).candidate_numbers
    with pytest.raises(StaleFacts):
        pipeline.decide(mail, Facts(now=NOW, taken_numbers=taken), rules)


def test_only_the_date_of_the_acknowledgement_depends_on_the_time():
    rules = rules_with()
    mail = pipeline.parse(HELLO)
    now = pipeline.decide(mail, Facts(now=NOW), rules)
    later = pipeline.decide(mail, Facts(now=NOW + timedelta(days=1)), rules)
    assert now.acknowledgement.mail is not None
    assert later.acknowledgement.mail is not None
    assert now.acknowledgement.mail.message_id == later.acknowledgement.mail.message_id


def test_a_mail_of_a_ticket_joins_it_whatever_else_it_looks_like():
    rules = rules_with()
    mail = pipeline.parse(HELLO)
    decision = pipeline.decide(mail, Facts(now=NOW), rules)
    disposition = pipeline.choose_disposition(
        Facts(now=NOW), decision.automatic, decision.spam, ThreadVerdict(joins="K7QM-42XD")
    )
    assert disposition == "joins-ticket"


def test_expectations_can_fail():
    view = {"spam": {"verdict": "ham"}, "reasons": [{"code": "a", "fired": False}]}
    assert compare(view, "spam.verdict", "spam")
    assert compare(view, "spam.nonsense", "ham")
    assert compare(view, "reasons", {"has": ["a"]})
    assert not compare(view, "reasons", {"lacks": ["a"], "missed": ["a"], "count": 1})


def test_only_customers_the_mail_names_are_known():
    rules = rules_with()
    keys = pipeline.keys_of(pipeline.parse(HELLO), rules)
    people = [
        {"customer_id": "1", "name": "Mei", "address": "Mei@mailbox.example"},
        {"customer_id": "2", "name": "Tom", "address": "tom@mailbox.example"},
    ]
    facts = make_facts({"customers": people}, keys, rules)
    assert [customer.customer_id for customer in facts.customers] == ["1"]
