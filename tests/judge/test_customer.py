from __future__ import annotations

from dataclasses import replace

import pytest

from intake.model import Address, Customer, Facts, MethodResult
from tests.cast import ALICE, ALICE_CUSTOMER, BOB, NOW, STRANGER, TOM_CUSTOMER
from tests.judge.letters import (
    codes,
    dmarc,
    forged,
    knowing,
    proven,
    sender_of,
    shipped_rules,
    spam_of,
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


# --- companies, states, lists ----------------------------------------------------------------

COMPANY = Customer("900", "Neighbour Ltd", "neighbour.example", by_domain=True)


def test_a_company_is_known_by_its_whole_domain() -> None:
    writer = Address("", "clerk", "Neighbour.example")
    verdict = sender_of(proven(write(author=writer)), knowing(COMPANY))
    assert (verdict.match, verdict.customer) == ("verified", COMPANY)
    assert "registered-domain" in codes(verdict)
    assert sender_of(write(author=writer), knowing(COMPANY)).match == "claimed"


def test_a_company_has_no_part_in_other_domains() -> None:
    for domain in ("mail.neighbour.example", "neighbour.example.evil.example"):
        assert sender_of(
            proven(write(author=Address("", "a", domain))), knowing(COMPANY)
        ).match == ("unknown")


def test_an_address_of_its_own_goes_before_the_companys_domain() -> None:
    own = Customer("901", "Bob Marsh", "bob@neighbour.example")
    verdict = sender_of(proven(write(author=BOB)), knowing(COMPANY, own))
    assert (verdict.match, verdict.customer) == ("verified", own)


def test_two_companies_with_one_domain_are_a_conflict() -> None:
    other = replace(COMPANY, customer_id="902")
    assert sender_of(proven(write(author=BOB)), knowing(COMPANY, other)).match == "conflict"


def test_a_domain_of_everybody_is_nobodys() -> None:
    everybody = replace(COMPANY, address="gmail.com")
    mail = proven(write(author=Address("", "bob", "gmail.com")))
    assert sender_of(mail, knowing(everybody)).match == "unknown"


def test_a_bouncing_address_is_said() -> None:
    bouncing = replace(ALICE_CUSTOMER, address_state="bouncing")
    verdict = sender_of(proven(write()), knowing(bouncing))
    assert verdict.match == "verified"
    assert "address-bouncing" in codes(verdict)


def test_a_list_that_writes_in_its_own_name_is_the_list() -> None:
    listed = Address("Alice Moreau via Help", "help", "lists.example")
    mail = proven(write(author=listed, reply_to=(ALICE,)))
    mail = replace(mail, headers=(*mail.headers, ("list-post", "<mailto:help@lists.example>")))
    verdict = sender_of(mail, ALICE_KNOWN)
    assert verdict.match == "unknown"
    assert "author-is-list" in codes(verdict)


def test_a_list_that_broke_the_proof_is_named() -> None:
    mail = forged(write())
    mail = replace(mail, headers=(*mail.headers, ("list-id", "<help.lists.example>")))
    verdict = sender_of(mail, ALICE_KNOWN)
    assert verdict.match == "claimed"
    assert {"proof-failed", "through-list"} <= codes(verdict)


def test_a_signature_that_we_checked_ourselves_verifies() -> None:
    signed = MethodResult("dkim", "pass", (("header.d", ALICE.domain),))
    assert sender_of(write(), replace(ALICE_KNOWN, dkim=(signed,))).match == "verified"


# --- look-alikes -----------------------------------------------------------------------------

IMITATED = Customer("77", "Maria Gonzalez", "maria.gonzalez@brightworks.example")
AT_GMAIL = Customer("78", "John Smith", "john.smith@gmail.com")


def impersonates(author: Address, *lookalikes: Customer) -> str | None:
    verdict = sender_of(proven(write(author=author)), Facts(now=NOW, lookalikes=lookalikes))
    assert (verdict.match, verdict.customer) == ("unknown", None)
    assert ("lookalike-of-customer" in codes(verdict)) is (verdict.impersonates is not None)
    return verdict.impersonates


@pytest.mark.parametrize(
    "author",
    [
        Address("", "maria.gonzalez", "brightwork.example"),
        Address("", "maria.gonzalez", "brihgtworks.example"),
        Address("", "maria.gonzalez", "brıghtworks.example"),
        Address("", "maria.gonzalez", "xn--brghtworks-yub.example"),
        Address("", "maria.gonza1ez", "brightworks.example"),
        Address("", "mаria.gonzalez", "brightworks.example"),  # with a Cyrillic letter
        Address("", "maria.gonzales", "brightworks.example"),
        Address("", "maria.gonzalez", "gmail.com"),
        Address("Maria Gonzalez", "ceo.office", "outlook.com"),
    ],
)
def test_imitations_are_told_and_never_matched(author: Address) -> None:
    assert impersonates(author, IMITATED) == "77"


@pytest.mark.parametrize(
    ("author", "known"),
    [
        (Address("John Smith", "john.smith", "outlook.com"), AT_GMAIL),
        (Address("", "jon.smith", "gmail.com"), AT_GMAIL),
        (Address("", "john.smith7", "gmail.com"), AT_GMAIL),
        (
            Address("Peter", "info", "gmail.com"),
            replace(IMITATED, address="info@brightworks.example"),
        ),
        (Address("", "anna", "gmail.com"), replace(IMITATED, address="anna@brightworks.example")),
        (Address("Maria", "m", "gmail.com"), replace(IMITATED, name="Maria")),
        (Address("", "peter.miller", "elsewhere.example"), IMITATED),
    ],
)
def test_what_is_common_tells_nothing(author: Address, known: Customer) -> None:
    assert impersonates(author, known) is None


def test_a_neighbour_at_a_free_provider_who_bears_the_name_is_told() -> None:
    assert impersonates(Address("John Smith", "john.smiht", "gmail.com"), AT_GMAIL) == "78"


def test_an_imitation_weighs_for_spam_but_makes_none_alone() -> None:
    author = Address("", "maria.gonzalez", "brightwork.example")
    plain, imitated = write(author=author), Facts(now=NOW, lookalikes=(IMITATED,))
    verdict = spam_of(plain, imitated)
    assert "lookalike-customer" in codes(verdict)
    assert verdict.verdict != "spam"
    assert verdict.score > spam_of(plain).score


def test_only_staff_learn_of_it() -> None:
    verdict = sender_of(
        write(author=Address("", "maria.gonzalez", "brightwork.example")),
        Facts(now=NOW, lookalikes=(IMITATED,)),
    )
    assert verdict.customer is None
    assert verdict.impersonates == "77"
