"""That no secret leaves the mail: found, named, masked, and in no verdict."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mnemonic import Mnemonic

from intake.judge.folding import fold_text
from intake.judge.keys import make_keys
from intake.judge.reading import read_mail
from intake.judge.secrets_found import MASK, SecretSpan, find_secrets, mask_spans
from intake.model import Attachment
from tests.judge.letters import (
    HUMAN,
    knowing,
    sender_of,
    shipped_rules,
    spam_of,
    thread_of,
    triage_of,
    write,
)

RULES = shipped_rules().identifiers
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

keys = st.text("ABCDEFGHJKMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz", min_size=20, max_size=40).map(
    lambda text: f"{text}7Q"
)
hexadecimal = st.text("0123456789abcdef", min_size=64, max_size=64)
passwords = st.text("ABCDEFGHKMNPQRSTabcdefghkmnpqrst23456789!#%", min_size=8, max_size=20).map(
    lambda text: f"{text}9!Z"
)
phrases = st.binary(min_size=16, max_size=16).map(Mnemonic("english").to_mnemonic)
digits = st.integers(100000, 999999).map(str)

told = st.one_of(
    keys.map(lambda v: (f"api key: {v}", v)),
    keys.map(lambda v: (f"API密钥:{v}", v)),
    keys.map(lambda v: (f"my API secret is {v}", v)),
    hexadecimal.map(lambda v: (f"my private key is {v}", v)),
    hexadecimal.map(lambda v: (f"私钥:0x{v}", v)),
    passwords.map(lambda v: (f"password: {v}", v)),
    passwords.map(lambda v: (f"我的密码是{v}", v)),
    phrases.map(lambda v: (f"my seed phrase:\n{v}", v)),
    digits.map(lambda v: (f"the verification code is {v}", v)),
    digits.map(lambda v: (f"验证码:{v}", v)),
)


def shot(words: str) -> Attachment:
    png = "image/png"
    return Attachment(
        "2", "page.png", png, png, 9, "0" * 64, "screenshot", "attachment", words=words
    )


@given(told, st.sampled_from(["subject", "text", "image"]))
@example(("password: hunter2!", "hunter2!"), "subject")
def test_no_secret_reaches_a_verdict(secret: tuple[str, str], place: str) -> None:
    sentence, value = secret
    text = "I cannot log in to my account, please help. " + (sentence if place == "text" else "")
    mail = write(
        text,
        subject=sentence if place == "subject" else "Login",
        attachments=(shot(sentence),) if place == "image" else (),
    )
    facts = knowing()
    triage = triage_of(mail)
    verdicts = (triage, sender_of(mail), spam_of(mail), thread_of(mail, facts, HUMAN))
    for verdict in verdicts:
        assert value not in repr(verdict)
        assert value.split()[0] not in repr(verdict) or len(value.split()[0]) < 9
    found = {secret_found.where for secret_found in triage.secrets}
    assert {"subject": "subject", "text": "text", "image": "page.png"}[place] in found


@given(told)
def test_masking_leaves_nothing(secret: tuple[str, str]) -> None:
    sentence, value = secret
    folded = fold_text(f"Hello. {sentence} Thank you.")
    masked = mask_spans(folded, find_secrets(folded, RULES))
    assert value not in masked
    assert MASK in masked
    assert masked.startswith("Hello. ")


def test_a_private_key_is_no_transaction() -> None:
    key = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318"
    triage = triage_of(write(f"private key: {key}"))
    assert [secret.kind for secret in triage.secrets] == ["private_key"]
    assert "tx_hash" not in {identifier.kind for identifier in triage.identifiers}
    told = triage_of(write(f"TxID: {key}"))
    assert not told.secrets
    assert told.identifiers[0].value == key


@pytest.mark.parametrize(
    "text",
    [
        "It says wrong password but I am sure.",
        "I forgot my password, please reset it.",
        "password: forgotten",
        "I do not get the verification code.",
        "The order 7d1f4a52-2b59-4b64-9b8f-0e9a6c1d2f33 was not filled.",
        "My UID is 20481977 and the amount 1,250 USDT.",
        "我收不到验证码,密码没有错",
        "Never tell anybody your seed phrase or private key!",
    ],
)
def test_ordinary_words_are_no_secrets(text: str) -> None:
    assert read_mail(write(text), RULES).secrets == ()


def test_overlapping_spans_are_masked_once() -> None:
    spans = (SecretSpan("a", 2, 6), SecretSpan("b", 3, 5), SecretSpan("c", 5, 8))
    assert mask_spans("0123456789", spans) == f"01{MASK}89"


@pytest.mark.parametrize("piece", ["abandon ", "1 ", "api key ", "A", "[", "4111 ", "的 "])
def test_a_long_text_of_near_misses_is_no_trap(piece: str) -> None:
    read_mail(write(piece * 20_000), RULES)


def test_words_of_many_images_are_bounded() -> None:
    many = tuple(shot("password: Abc12345!") for _ in range(100))
    assert len(read_mail(write("x", attachments=many), RULES).image_words) <= 10


def test_keys_hold_no_words_of_the_body() -> None:
    mail = write("password: Abc12345!")
    assert "Abc12345" not in repr(make_keys(mail, shipped_rules()))
