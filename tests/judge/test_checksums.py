from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.judge.checksums import (
    CHECKS,
    is_base58check,
    is_bech32,
    is_eip55,
    is_iban,
    is_luhn,
    keccak256,
    passes_check,
)


def test_keccak_of_known_inputs() -> None:
    empty = "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    assert keccak256(b"").hex() == empty
    abc = "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"
    assert keccak256(b"abc").hex() == abc


@given(st.integers(0, 300))
def test_keccak_differs_from_sha3_by_its_padding_only(length: int) -> None:
    data = b"x" * length
    assert len(keccak256(data)) == 32
    assert keccak256(data) != hashlib.sha3_256(data).digest()


def test_the_usual_addresses() -> None:
    assert is_eip55("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")
    assert is_base58check("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa")
    assert is_base58check("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t")
    assert is_bech32("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4")
    assert is_bech32("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4")
    assert is_bech32("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0")
    assert is_iban("GB82 WEST 1234 5698 7654 32")
    assert is_luhn("4111 1111 1111 1111")


@pytest.mark.parametrize(
    ("check", "value"),
    [
        ("base58check", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
        ("bech32", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
        ("iban", "GB82WEST12345698765432"),
        ("luhn", "4111111111111111"),
        ("eip55", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
    ],
)
def test_one_wrong_letter_is_noticed(check: str, value: str) -> None:
    assert passes_check(check, value)
    for at in range(6, len(value)):
        letter = "2" if value[at] == "3" else "3"
        assert not passes_check(check, value[:at] + letter + value[at + 1 :])


@given(st.sampled_from(sorted(CHECKS)), st.text(max_size=60))
def test_no_text_is_too_odd(check: str, text: str) -> None:
    assert passes_check(check, text) in (True, False)
