"""What words in pictures add to a triage, and what they never take away."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from intake.judge.second_look import add_to_triage, describe_new
from intake.judge.triage import PRIORITIES
from intake.model import Identifier, Reason, SecretFound, Triage

OTHER = Reason("no-category-rule", "No rule of triage.toml knows what it is about.", fired=False)
BEFORE = Triage("other", "normal", reasons=(OTHER,))
ORDER = Identifier("order_id", "88213377", "screenshot.png")
AFTER = Triage(
    "order",
    "high",
    identifiers=(ORDER,),
    missing=("pair",),
    secrets=(SecretFound("password", "screenshot.png"),),
    reasons=(Reason("order", "It is about an order.", evidence="Order no. 88213377"),),
)


def test_the_default_category_gives_way() -> None:
    both = add_to_triage(BEFORE, AFTER, "other")
    assert both == AFTER
    assert describe_new(BEFORE, both) == (
        "Read in pictures: order ID 88213377 in screenshot.png; a secret in screenshot.png, which"
        " must not be mailed (password); it is about order, not other; its priority is high, not"
        " normal."
    )


def test_a_category_that_was_found_stays_unless_another_hurries_more() -> None:
    before = replace(BEFORE, category="deposit", priority="high", missing=("order_id", "uid"))
    both = add_to_triage(before, AFTER, "other")
    assert (both.category, both.priority, both.missing) == ("deposit", "high", ("uid",))
    urgent = replace(AFTER, category="account-taken-over", priority="urgent")
    both = add_to_triage(before, urgent, "other")
    assert (both.category, both.priority) == ("account-taken-over", "urgent")


def test_nothing_new_is_nothing_to_tell() -> None:
    both = add_to_triage(BEFORE, BEFORE, "other")
    assert both == BEFORE
    assert describe_new(BEFORE, both) is None


IDENTIFIERS = st.builds(
    Identifier, st.sampled_from(["order_id", "uid"]), st.sampled_from("123"), st.just("text")
)
SECRETS = st.builds(SecretFound, st.just("card"), st.sampled_from("ab"))
TRIAGES = st.builds(
    Triage,
    st.sampled_from(["other", "order", "deposit"]),
    st.sampled_from(PRIORITIES),
    st.lists(IDENTIFIERS, unique=True).map(tuple),
    st.lists(st.sampled_from(["order_id", "uid", "screenshot"]), unique=True).map(tuple),
    st.lists(st.builds(SecretFound, st.just("card"), st.sampled_from("ab")), unique=True).map(
        tuple
    ),
    st.lists(st.builds(Reason, st.sampled_from("xyz"), st.just("so")), unique=True).map(tuple),
)


@given(TRIAGES, TRIAGES)
def test_it_only_ever_adds_and_a_second_time_adds_nothing(before: Triage, after: Triage) -> None:
    both = add_to_triage(before, after, "other")
    assert PRIORITIES.index(both.priority) >= PRIORITIES.index(before.priority)
    assert set(before.identifiers) <= set(both.identifiers)
    assert set(before.secrets) <= set(both.secrets)
    assert {r.code for r in before.reasons} <= {r.code for r in both.reasons}
    assert add_to_triage(both, after, "other") == both


def test_an_alternative_found_in_a_picture_is_enough() -> None:
    before = Triage("money", "normal", missing=("uid", "tx_hash"))
    after = Triage("money", "normal", (Identifier("address", "bc1q", "a.png"),), missing=("uid",))
    assert add_to_triage(before, after, "general").missing == ("uid",)
