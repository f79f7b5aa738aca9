"""What came from outside is safe before a template sees it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.model import SecretFound, SenderVerdict, SpamVerdict, Triage
from intake.reply.variables import (
    MOST_NAME,
    MOST_SUBJECT,
    NAMES,
    VARIABLES,
    clean_line,
    clean_name,
    clean_subject,
    make_variables,
)
from tests.reply.letters import (
    MAIL,
    MEI,
    TEMPLATES,
    TICKET,
    UNKNOWN,
    VERIFIED,
    make_case,
    make_rules,
)


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ("Withdrawal pending", "Withdrawal pending"),
        ("Re: Re: AW: Fwd: Withdrawal", "Withdrawal"),
        ("Re[2]: Withdrawal", "Withdrawal"),
        ("回复：提现", "提现"),
        ("Re: Fees [#K7QM-42XD] again", "Fees again"),
        ("Look at https://evil.example/x now", "Look at now"),
        ("Look at evil.example/x now", "Look at now"),
        ("mailto:a@b.example please", "please"),
        ("Version 2.5 of file.txt", "Version 2.5 of file.txt"),
        ("a\r\nBcc: evil@b.example", "a Bcc: evil@b.example"),
        ("\u202egnp.exe", "gnp.exe"),
        ("  \t ", ""),
        ("Re:", ""),
    ],
)
def test_subjects(subject, shown):
    assert clean_subject(subject) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Mei Lin", "Mei Lin"),
        ("J. R. O'Neill-Smith", "J. R. O'Neill-Smith"),
        ("Claim at evil.example", "Claim at evil example"),
        ("https://evil.example", ""),
        ("<b>Tom</b>", "b Tom b"),
        ("tom@evil.example", "tom evil example"),
        ("林美", "林美"),
    ],
)
def test_names(name, shown):
    assert clean_name(name) == shown


def test_length_is_bounded_and_shown_to_be():
    assert clean_line("x" * 500, 10) == "x" * 9 + "…"
    assert len(clean_subject("x" * 10_000)) == MOST_SUBJECT


@given(st.text())
def test_nothing_survives_that_could_break_a_header_or_be_a_link(text):
    for clean, most in ((clean_subject, MOST_SUBJECT), (clean_name, MOST_NAME)):
        shown = clean(text)
        assert len(shown) <= most
        assert not any(unicodedata.category(letter)[0] == "C" for letter in shown)
        assert not set(shown) & set("\r\n\0\u2028\u2029")
        assert "://" not in shown
        assert shown == shown.strip()


@given(st.text(alphabet="aw.:/#[]Re @\n\u200b"))
def test_links_are_not_put_together_from_pieces(text):
    assert "://" not in clean_subject(text)
    for shown in (clean_subject(text), clean_name(text)):
        assert not re.search(r"\bwww\.\w", shown)


def test_every_documented_variable_is_given_and_no_other():
    assert set(make_variables(make_case(), TICKET, "en")) == NAMES


def test_a_proven_customer_is_named_and_quoted():
    values = make_variables(make_case(), TICKET, "en")
    assert (values["customer_name"], values["subject"]) == ("Mei Lin", "Withdrawal pending")


@pytest.mark.parametrize(
    "changes",
    [
        {"sender": UNKNOWN},
        {"sender": SenderVerdict("claimed", MEI)},
        {"sender": SenderVerdict("conflict")},
        {"spam": SpamVerdict("unsure", 0.6)},
    ],
)
def test_nobody_else_is_quoted(changes):
    values = make_variables(make_case(**changes), TICKET, "en")
    assert values["subject"] == ""
    assert bool(values["customer_name"]) is ("spam" in changes)


def test_claimed_and_unknown_senders_get_the_same_values():
    triage = Triage("general", "normal", secrets=(SecretFound("password", "text"),))
    claimed = make_case(sender=SenderVerdict("claimed", replace(MEI, language="zh")), triage=triage)
    unknown = make_case(sender=UNKNOWN, triage=triage)
    assert make_variables(claimed, TICKET, "en") == make_variables(unknown, TICKET, "en")


def test_missing_pieces_are_named_in_the_language_of_the_template():
    case = make_case(triage=Triage("deposit", "normal", missing=("order_id", "shoe_size")))
    assert make_variables(case, TICKET, "en")["missing"] == ("the order ID", "shoe size")
    assert make_variables(case, TICKET, "zh-Hans")["missing"] == ("订单编号", "shoe size")


def test_answer_hours_and_time_of_arrival():
    rules = make_rules(triage={"categories": {"fraud": {"answer_hours": 3.6}}})
    case = make_case(rules=rules, triage=Triage("fraud", "urgent"), sender=VERIFIED, mail=MAIL)
    values = make_variables(case, TICKET, "en")
    assert values["answer_hours"] == 4
    assert values["received_at"] == "2026-11-23 10:00 UTC"


def test_the_readme_of_the_templates_documents_every_variable():
    lines = (TEMPLATES / "README.md").read_text().splitlines()
    for variable in VARIABLES:
        row = f"| `{variable.name}` | {variable.kind} | {variable.about} | "
        assert any(line.startswith(row) for line in lines), row


def test_a_claimed_customer_is_named_only_where_the_table_says_so():
    claimed = SenderVerdict("claimed", MEI)
    told = make_rules(claimed={"reveal_registered": True})
    named = make_rules(claimed={"reveal_registered": True, "name_in_acknowledgement": True})
    for rules, name in ((make_rules(), ""), (told, ""), (named, "Mei Lin")):
        values = make_variables(make_case(sender=claimed, rules=rules), TICKET, "en")
        assert values["customer_name"] == name
        assert values["subject"] == ""
    stranger = make_variables(make_case(sender=UNKNOWN, rules=named), TICKET, "en")
    assert stranger["customer_name"] == ""
