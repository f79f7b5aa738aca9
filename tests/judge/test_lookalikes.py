from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.judge.lookalikes import (
    flatten,
    imitates_domain,
    is_domain_of,
    is_one_off,
    shown_host,
    skeleton,
)

NAMES = ("Example Exchange", "示例交易所")
OWN = ("exchange.example",)


@pytest.mark.parametrize(
    "host",
    [
        "exchange-example.support",
        "exarnple-exchange.example",
        "secure.exchange.example.evil.example",
        "example-exchange.login.top",
        "ехchange-ехample.com",  # with Cyrillic letters
        "éxample-exchange.com".encode("idna").decode(),
        "exchamge.example",
        "exchnage.com",
        "exchang.net",
        "examp1eexchange.org",
    ],
)
def test_imitations(host: str) -> None:
    assert imitates_domain(host, NAMES, OWN)


@pytest.mark.parametrize(
    "host",
    ["exchange.example", "mail.exchange.example", "posteo.example", "stackexchange.com", "", "a"],
)
def test_no_imitations(host: str) -> None:
    assert imitates_domain(host, NAMES, OWN) is None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("paypal", "paypa", True),
        ("paypal", "paypall", True),
        ("paypal", "paybal", True),
        ("paypal", "papyal", True),
        ("paypal", "paypal", False),
        ("paypal", "paybel", False),
        ("", "ab", False),
        ("", "a", True),
    ],
)
def test_one_letter_off(one: str, other: str, expected: bool) -> None:
    assert is_one_off(one, other) is expected


@given(st.text(max_size=12), st.text(max_size=12))
def test_one_letter_off_is_symmetric(one: str, other: str) -> None:
    assert is_one_off(one, other) == is_one_off(other, one)


@given(st.text(max_size=40))
def test_no_host_is_too_odd(host: str) -> None:
    shown_host(host)
    skeleton(host)
    imitates_domain(host, NAMES, OWN)
    is_domain_of(host, "PayPal")
    flatten(host)


def test_a_brand_may_carry_its_own_name() -> None:
    assert is_domain_of("mail.paypal.com", "PayPal")
    assert is_domain_of("paypal.co.uk", "PayPal")
    assert not is_domain_of("paypal.evil.example", "PayPal")
