from __future__ import annotations

from dataclasses import replace

from intake.model import Address, Customer
from tests.cast import ALICE, ALICE_CUSTOMER, STRANGER, TOM_CUSTOMER
from tests.judge.letters import (
    codes,
    dmarc,
    forged,
    knowing,
    proven,
    sender_of,
    shipped_rules,
    write,
)

ALICE_KNOWN = knowing(ALICE_CUSTOMER)


def test_a_proven_customer_is_verified() -> None:
    verdict = sender_of(proven(write()), ALICE_KNOWN)
    assert verdict.match == "verified"
    assert verdict.customer == ALICE_CUSTOMER
    assert "dmarc-pass" in codes(verdict)


def test_without_proof_the_customer_is_only_claimed() -> None:
    verdict = sender_of(write(), ALICE_KNOWN)
    assert verdict.match == "claimed"
    assert verdict.customer == ALICE_CUSTOMER
    assert "proof-missing" in codes(verdict)


def test_a_forgery_is_claimed_and_says_so() -> None:
    verdict = sender_of(forged(write()), ALICE_KNOWN)
    assert verdict.match == "claimed"
    assert {"proof-failed", "dmarc-fail"} <= codes(verdict)


def test_a_stranger_with_perfect_proof_is_unknown() -> None:
    verdict = sender_of(proven(write(author=STRANGER)), ALICE_KNOWN)
    assert verdict.match == "unknown"
    assert verdict.customer is None


def test_two_customers_for_one_address_are_a_conflict() -> None:
    twin = replace(TOM_CUSTOMER, address="ALICE.moreau@posteo.example")
    verdict = sender_of(proven(write()), knowing(ALICE_CUSTOMER, twin))
    assert verdict.match == "conflict"
    assert verdict.customer is None


def test_two_addresses_of_one_customer_are_none() -> None:
    again = replace(ALICE_CUSTOMER, address="Alice.Moreau@Posteo.Example")
    assert sender_of(proven(write()), knowing(ALICE_CUSTOMER, again)).match == "verified"


def test_an_address_in_the_display_name_is_no_match() -> None:
    trick = Address("alice.moreau@posteo.example", "bob", "evil.example")
    verdict = sender_of(proven(write(author=trick)), ALICE_KNOWN)
    assert verdict.match == "unknown"
    assert "address-in-name" in codes(verdict)


def test_a_registered_reply_to_is_no_match() -> None:
    mail = proven(write(author=STRANGER, reply_to=(ALICE,)))
    assert sender_of(mail, ALICE_KNOWN).match == "unknown"


def test_proof_of_another_domain_is_none() -> None:
    mail = write(authentication=(dmarc("pass", "evil.example"),))
    assert sender_of(mail, ALICE_KNOWN).match == "claimed"


def test_dots_and_tags_of_providers_that_ignore_them() -> None:
    customer = Customer("1", "Eve", "eve.adams@gmail.com")
    mail = proven(write(author=Address("", "EveAdams+exchange", "googlemail.com")))
    assert sender_of(mail, knowing(customer)).match == "verified"


def test_a_mail_without_author() -> None:
    assert sender_of(write(author=None), ALICE_KNOWN).match == "unknown"


def test_a_blocked_address_is_said() -> None:
    blocked = replace(ALICE_CUSTOMER, address_state="blocked")
    assert "address-blocked" in codes(sender_of(proven(write()), knowing(blocked)))


def test_evidence_never_holds_a_secret_of_the_key() -> None:
    assert repr(shipped_rules().key) not in repr(shipped_rules())
