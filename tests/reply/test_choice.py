"""Which letter goes out: what a claimed customer gets is what a stranger gets."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from intake.model import SenderVerdict
from intake.reply.choice import choose_template
from intake.settings.people import Claimed
from intake.settings.rules import Rules, TemplateSource
from tests.reply.letters import MEI, UNKNOWN, make_case, make_rules, shipped_templates

CLAIMED = SenderVerdict("claimed", MEI)
OWN = TemplateSource("en", "acknowledgement-claimed", "x.txt", "We have it", "", "Hi", None, "1")


def rules(*, reveal: bool, written: bool) -> Rules:
    templates = dict(shipped_templates())
    if written:
        templates["en", OWN.name] = OWN
    return make_rules(claimed={"reveal_registered": reveal}, templates=templates)


def chosen(sender: SenderVerdict, rules: Rules) -> str:
    return choose_template(make_case(sender=sender, rules=rules))[0]


def test_claimed_and_unknown_senders_get_the_same_letter() -> None:
    for with_own in (False, True):
        quiet = rules(reveal=False, written=with_own)
        assert chosen(CLAIMED, quiet) == chosen(UNKNOWN, quiet) == "acknowledgement-unverified"


def test_a_letter_of_their_own_needs_the_key_and_the_template() -> None:
    assert chosen(CLAIMED, rules(reveal=True, written=True)) == OWN.name
    assert chosen(CLAIMED, rules(reveal=True, written=False)) == "acknowledgement-unverified"
    assert chosen(UNKNOWN, rules(reveal=True, written=True)) == "acknowledgement-unverified"


def test_a_name_cannot_be_told_without_revealing() -> None:
    with pytest.raises(ValidationError, match="reveal_registered"):
        Claimed(name_in_acknowledgement=True)
