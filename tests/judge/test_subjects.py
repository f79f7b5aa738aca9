from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.judge.subjects import is_reply_subject, subject_key


@pytest.mark.parametrize(
    "subject",
    [
        "Withdrawal pending",
        "Re: Withdrawal pending",
        "RE: re: Withdrawal  pending",
        "Re[2]: Withdrawal pending",
        "AW: WG: Withdrawal pending",
        "SV: Withdrawal pending",
        "Odp: Withdrawal pending",
        "回复: Withdrawal pending",
        "答复:转发:Withdrawal pending",
        "返信: Withdrawal pending",
        "Ответ: Withdrawal pending",
        "Antw.: Withdrawal pending".replace(".", ""),
        "Re: [#K7QM-42XD] Withdrawal pending",
        "[EXTERNAL] Fwd: Withdrawal pending!",
        "Withdrawal pending (#K7QM-42XD)",
        "Automatic reply: Withdrawal pending",
    ],
)
def test_one_conversation(subject: str) -> None:
    assert subject_key(subject) == "withdrawal pending"


@pytest.mark.parametrize(
    "subject", ["", "Re:", "Fwd: Re: ", "  ", "[#K7QM-42XD]", "Re: [#K7QM-42XD]"]
)
def test_nothing_left(subject: str) -> None:
    assert subject_key(subject) == ""


def test_words_that_only_begin_like_reply_marks() -> None:
    assert subject_key("Research: fees") == "research: fees"
    assert subject_key("Refund of 3 BTC") == "refund of 3 btc"
    assert not is_reply_subject("Ireland: a question")
    assert is_reply_subject("回复:提现")


@given(st.text(max_size=200))
def test_the_key_is_idempotent_enough(subject: str) -> None:
    assert subject_key("Re: " + subject) == subject_key(subject)
