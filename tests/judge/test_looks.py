"""The marks of look-alikes: what is one letter off shares one, whatever the letter."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from intake.judge.looks import (
    company_domains,
    imitation_of,
    label_looks,
    label_of,
    looks_of,
    name_look,
)
from intake.model import Address
from intake.model.looks import Imitation
from intake.model.spelling import is_one_off
from tests.judge.letters import shipped_rules

RULES = shipped_rules()
LOCALS = st.text("abcdefgh27", min_size=6, max_size=20).filter(lambda s: not s.isdigit())


def author(written: str, name: str = "") -> Imitation:
    local_part, _, domain = written.rpartition("@")
    found = imitation_of(Address(name, local_part, domain), RULES)
    assert found is not None
    return found


@given(LOCALS, st.data())
def test_one_letter_off_shares_a_mark_or_is_a_swap_at_a_border(local: str, data: st.DataObject):
    other = data.draw(edits(local))
    assume(other and not other.isdigit() and len(other) >= 6)
    imitation, looks = author(f"{other}@posteo.example"), looks_of(f"{local}@posteo.example", "")
    assume(is_one_off(imitation.locals[0], looks.local))
    assert set(imitation.near) & set(looks.near) or looks.local in imitation.locals


def edits(word: str) -> st.SearchStrategy[str]:
    """Everything one letter off `word`."""
    places, letters = st.integers(0, len(word) - 1), st.sampled_from("abcdefgh27xk")
    return st.one_of(
        st.builds(lambda i, c: word[:i] + c + word[i:], places, letters),
        st.builds(lambda i, c: word[:i] + c + word[i + 1 :], places, letters),
        st.builds(lambda i: word[:i] + word[i + 1 :], places),
        st.builds(lambda i: word[:i] + word[i : i + 2][::-1] + word[i + 2 :], places),
        st.builds(lambda c: word + c, letters),
    )


@given(st.text("abcdefgh", min_size=5, max_size=15), st.data())
def test_labels_one_letter_off_share_head_or_tail(label: str, data: st.DataObject):
    other = data.draw(edits(label))
    assume(is_one_off(label, other) and label_of(f"{other}.example") == other)
    found, imitation = label_looks(label), author(f"somebody@{other}.example")
    assert found is not None
    swapped = sorted(label) == sorted(other)
    assert swapped or found.head in imitation.heads or found.tail in imitation.tails


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("alice.moreau@posteo.example", "alice.moreau@p0steo.example"),
        ("alice.moreau@posteo.example", "aIice.moreau@posteo.example"),
        ("alice.moreau@posteo.example", "аlice.moreau@posteo.example"),  # with a Cyrillic a
        ("tom.barnes@modern.example", "tom.bames@rnodern.example"),
        ("tom@posteo.example", "tom@" + "pósteo.example".encode("idna").decode()),
    ],
)
def test_letters_that_look_alike_are_one(one: str, other: str) -> None:
    looks, imitation = looks_of(one, ""), author(other)
    assert looks.local == imitation.locals[0]
    assert looks.label == imitation.labels[0]


def test_a_name_inside_a_host_is_looked_up_too() -> None:
    assert "posteo" in author("alice@posteo-mail.example").labels
    assert "posteo" in author("alice@posteo.example.evil.example").labels
    # The ending is nobody's name.
    assert "example" not in author("alice@posteo.example").labels[1:]


def test_at_a_public_provider_only_its_own_label_counts() -> None:
    found = author("john.smith@outlook.com", "John Smith")
    assert (found.labels, found.heads, found.tails) == (("outlook",), (), ())
    assert found.public == "outlook.com"


@pytest.mark.parametrize(
    ("written", "telling"),
    [
        ("john.smith@outlook.com", False),  # as john.smith@gmail.com is somebody else
        ("darkwolf1987@outlook.com", True),
        ("12345678@163.com", True),  # the number of a QQ account
        ("john.smith@small-firm.example", True),
        ("support@small-firm.example", False),
        ("tom@small-firm.example", False),
    ],
)
def test_which_local_parts_are_telling(written: str, telling: bool) -> None:
    assert author(written).by_local is telling


def test_names_in_any_order() -> None:
    assert name_look("Moreau, Alice") == name_look("alice  MOREAU")
    assert name_look("") == ""


def test_company_domains_end_at_the_registered_one() -> None:
    def domains(domain: str) -> tuple[str, ...]:
        return company_domains(Address("", "x", domain), RULES)

    assert domains("a.b.acme.co.uk") == ("a.b.acme.co.uk", "b.acme.co.uk", "acme.co.uk")
    assert domains("Acme.Example") == ("acme.example",)
    assert domains("gmail.com") == ()
    assert domains("a.b.c.d.e.f.acme.example")[-1] == "acme.example"
    assert len(domains("a.b.c.d.e.f.acme.example")) <= 4


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_no_address_is_too_odd(local: str, domain: str, name: str) -> None:
    imitation_of(Address(name, local, domain), RULES)
    looks_of(f"{local}@{domain}", name)
