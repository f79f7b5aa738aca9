"""What looks like a password, a token, a phrase, and what does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mnemonic import Mnemonic

from intake.judge.folding import fold_text
from intake.judge.secret_shapes import find_parts, is_base32, is_chosen, is_token

LANGUAGES = ("english", "spanish", "french", "italian", "portuguese", "czech", "japanese", "korean")
CHINESE = ("chinese_simplified", "chinese_traditional")


@pytest.mark.parametrize("value", ["hunter2!", "letMEin", "P@ssw0rd", "889123", "K!tten", "a1b2"])
def test_passwords(value: str) -> None:
    assert is_chosen(value)


@pytest.mark.parametrize(
    "value",
    [
        "wrong", "Wrong.", "WRONG", "not-working", "2026-11-20", "14:03", "********", "xxxx",
        "mei@mail.example", "https://x.example/1", "req.body.password", "getPass(1)", "${PASS1}",
        "2FA", "3x", "24h", "1234",
    ],
)  # fmt: skip
def test_no_passwords(value: str) -> None:
    assert not is_chosen(value)


def test_tokens() -> None:
    assert is_token("q8Zr5vT1nM4xB7cK2wP9sL6dF3hJ0gYa")
    assert is_token("3f2a1b9c-77de-4a51-9c8d-0e1f2a3b4c5d")
    assert not is_token("trading-bot-production-2024-west")
    assert not is_token("documentation")
    assert not is_token("20481977204819772048")


def test_base32() -> None:
    assert is_base32("JBSW Y3DP EHPK 3PXP")
    assert is_base32("ABCDEFGHABCDEFGH")
    assert not is_base32("unfortunatelylost")


@given(st.sampled_from(LANGUAGES + CHINESE), st.sampled_from((16, 20, 24, 28, 32)), st.data())
def test_every_phrase_is_found_and_nothing_around_it(
    language: str, size: int, data: st.DataObject
) -> None:
    phrase = Mnemonic(language).to_mnemonic(data.draw(st.binary(min_size=size, max_size=size)))
    phrase = fold_text(phrase)
    text = f"A b: {phrase}. C"
    assert whole(text) == phrase
    numbered = "\n".join(f"{n}. {word}" for n, word in enumerate(phrase.split(), 1))
    assert whole(f"A b:\n{numbered}\nC") == numbered


def whole(text: str) -> str:
    """All that is taken for a phrase: words may be on the lists of two languages."""
    parts = find_parts("bip39", text)
    return text[min(start for start, _ in parts) : max(end for _, end in parts)]


def test_eleven_words_are_no_phrase() -> None:
    phrase = Mnemonic("english").to_mnemonic(bytes(range(16))).split()
    assert find_parts("bip39", " ".join(phrase[:11])) == ()


def test_chinese_signs_without_blanks_need_their_checksum() -> None:
    signs = Mnemonic("chinese_simplified").to_mnemonic(bytes(range(16))).replace(" ", "")
    assert find_parts("bip39-signs", signs)
    assert not find_parts("bip39-signs", signs[1:] + signs[0])
    assert not find_parts("bip39-signs", signs[:9])
