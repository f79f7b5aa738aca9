from __future__ import annotations

from intake.judge.keys import candidate_numbers, make_keys, referenced_ids
from intake.model import Address, Report
from intake.model.tokens import make_message_id, make_plus_address
from tests.cast import ALICE, DESK
from tests.judge.letters import KEY, shipped_rules, write

RULES = shipped_rules()


def test_keys_of_an_answer() -> None:
    ours = make_message_id(KEY, "K7QM-42XD", "abc", "exchange.example")
    mail = write(
        subject="Re: [#K7QM-42XD] Withdrawal",
        in_reply_to=(ours,),
        references=("first@posteo.example", ours),
        reply_to=(Address("", "Other", "Posteo.Example"),),
    )
    keys = make_keys(mail, RULES)
    assert keys.author == ALICE.key
    assert keys.reply_address == "other@posteo.example"
    assert keys.referenced_ids == (ours, "first@posteo.example")
    assert [token.ticket for token in keys.tokens] == ["K7QM-42XD"]
    assert keys.subject_numbers == ("K7QM-42XD",)
    assert keys.subject_key == "withdrawal"
    assert len(set(keys.candidate_numbers)) == len(keys.candidate_numbers) > 1


def test_the_token_in_an_address_counts_wherever_the_address_stands() -> None:
    local, _, domain = make_plus_address(KEY, "K7QM-42XD", DESK.addr_spec).partition("@")
    marked = Address("", local, domain)
    for place in ({"to": (marked,)}, {"cc": (marked,)}, {"delivered_to": (marked,)}):
        assert make_keys(write(**place), RULES).tokens[0].ticket == "K7QM-42XD"
    assert make_keys(write(), RULES).tokens == ()


def test_a_bounce_names_the_mail_that_bounced() -> None:
    ours = make_message_id(KEY, "K7QM-42XD", "abc", "exchange.example")
    report = Report("dsn", "failed", "5.1.1", "Alice.Moreau@Posteo.example", None, ours)
    keys = make_keys(write(author=None, report=report), RULES)
    assert keys.bounced_recipient == ALICE.key
    assert keys.tokens[0].ticket == "K7QM-42XD"
    assert keys.author is None


def test_a_thousand_references_are_cut_but_both_ends_stay() -> None:
    many = tuple(f"{i}@posteo.example" for i in range(1000))
    found = referenced_ids(write(references=many))
    assert len(found) <= 40
    assert found[0] == "999@posteo.example"
    assert found[-1] == "0@posteo.example"


def test_candidates_are_the_same_for_the_same_mail() -> None:
    assert candidate_numbers(KEY, "ab") == candidate_numbers(KEY, "ab")
    assert not set(candidate_numbers(KEY, "ab")) & set(candidate_numbers(KEY, "cd"))
