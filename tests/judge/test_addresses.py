from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.judge.addresses import (
    address_key,
    domain_key,
    domains_aligned,
    has_known_ending,
    organisational_domain,
)
from intake.settings.people import Identity

IDENTITY = Identity()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Alice@Posteo.Example", "alice@posteo.example"),
        ("a.l.i.c.e+exchange@gmail.com", "alice@googlemail.com"),
        ("alice@müller.example", "ALICE@xn--mller-kva.example"),
        ("alice@posteo.example.", "alice@posteo.example"),
        ("alice+news@outlook.com", "alice@outlook.com"),
        ("alice@posteo.example", "alice@posteo.example"),
        ('"alice"@posteo.example', "alice@posteo.example"),
    ],
)
def test_the_same_mailbox(one: str, other: str) -> None:
    assert address_key(one, IDENTITY) == address_key(other, IDENTITY)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("alice+news@posteo.example", "alice@posteo.example"),
        ("a.lice@posteo.example", "alice@posteo.example"),
        ("a.lice@outlook.com", "alice@outlook.com"),
        ("alice@posteo.example", "alice@posteo.example.org"),
        ("alice", "alice@posteo.example"),
        ("+alice@gmail.com", "@gmail.com"),
    ],
)
def test_different_mailboxes(one: str, other: str) -> None:
    assert address_key(one, IDENTITY) != address_key(other, IDENTITY)


def test_the_operator_decides_whose_tags_count() -> None:
    identity = Identity(plus_tag_domains=("posteo.example",), ignore_dots_domains=())
    assert address_key("alice+x@posteo.example", identity) == "alice@posteo.example"
    assert address_key("a.b+x@gmail.com", identity) == "a.b+x@gmail.com"


@given(st.one_of(st.emails(), st.text(max_size=60)))
def test_the_key_is_idempotent(address: str) -> None:
    key = address_key(address, IDENTITY)
    assert address_key(key, IDENTITY) == key


@given(st.emails())
def test_case_never_matters(address: str) -> None:
    assert address_key(address.upper(), IDENTITY) == address_key(address.lower(), IDENTITY)


@given(st.text(max_size=80))
def test_no_domain_is_too_odd(domain: str) -> None:
    assert domain_key(domain_key(domain)) == domain_key(domain)
    organisational_domain(domain)
    has_known_ending(domain)


def test_domains_of_one_organisation() -> None:
    assert organisational_domain("mail.a.posteo.co.uk") == "posteo.co.uk"
    assert domains_aligned("mail.posteo.example", "posteo.example")
    assert domains_aligned("news.posteo.co.uk", "mail.posteo.co.uk")
    assert not domains_aligned("posteo.co.uk", "other.co.uk")
    assert not domains_aligned("one.github.io", "other.github.io")
    assert not domains_aligned("notposteo.example", "posteo.example")
    assert not domains_aligned("", "")
