from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.model.tokens import (
    find_ticket_numbers,
    find_tokens,
    make_message_id,
    make_plus_address,
    make_ticket_number,
    remove_ticket_numbers,
    verify_message_id,
    verify_plus_address,
)

KEY = b"k" * 32
keys = st.binary(min_size=1, max_size=64)
shas = st.text("0123456789abcdef", min_size=64, max_size=64)
tickets = st.builds(make_ticket_number, keys, shas, st.integers(0, 9))
nonces = st.text("0123456789abcdef", min_size=12, max_size=12)


def test_a_ticket_number_is_short_and_readable() -> None:
    number = make_ticket_number(KEY, "ab" * 32, 0)
    assert len(number) == 9
    assert number[4] == "-"
    assert not set(number) & set("ILOU")
    assert number == make_ticket_number(KEY, "ab" * 32, 0)
    assert number != make_ticket_number(KEY, "ab" * 32, 1)
    assert number != make_ticket_number(b"other", "ab" * 32, 0)


@given(keys, tickets, nonces)
def test_our_message_ids_come_back(key: bytes, ticket: str, nonce: str) -> None:
    message_id = make_message_id(key, ticket, nonce, "Exchange.Example")
    assert verify_message_id(key, message_id) == ticket
    assert verify_message_id(key, f"<{message_id.upper()}>") == ticket
    assert message_id == message_id.lower()
    assert len(message_id) < 76


@given(keys, tickets, nonces, st.integers(1, 40))
def test_a_folded_line_does_no_harm(key: bytes, ticket: str, nonce: str, at: int) -> None:
    message_id = make_message_id(key, ticket, nonce, "exchange.example")
    assert verify_message_id(key, f"{message_id[:at]}\r\n\t{message_id[at:]}") == ticket
    address = make_plus_address(key, ticket, "support@exchange.example")
    assert verify_plus_address(key, f"{address[:at]}\r\n {address[at:]}") == ticket


@given(keys, tickets)
def test_our_plus_addresses_come_back(key: bytes, ticket: str) -> None:
    address = make_plus_address(key, ticket, "support@exchange.example")
    assert verify_plus_address(key, address.upper()) == ticket
    assert len(address.partition("@")[0]) <= 64  # RFC 5321 4.5.3.1.1


@given(
    keys, tickets, nonces, st.integers(0, 37), st.sampled_from("0123456789abcdefghjkmnpqrstvwxyz")
)
def test_a_tampered_token_never_holds(
    key: bytes, ticket: str, nonce: str, at: int, letter: str
) -> None:
    message_id = make_message_id(key, ticket, nonce, "exchange.example")
    tampered = message_id[:at] + letter + message_id[at + 1 :]
    if tampered != message_id:
        assert verify_message_id(key, tampered) is None
    address = make_plus_address(key, ticket, "s@exchange.example")
    changed = address[: at % 24 + 2] + letter + address[at % 24 + 3 :]
    if changed != address:
        assert verify_plus_address(key, changed) is None


@given(tickets, nonces)
def test_another_key_proves_nothing(ticket: str, nonce: str) -> None:
    made = make_message_id(KEY, ticket, nonce, "exchange.example")
    assert verify_message_id(b"another", made) is None
    address = make_plus_address(KEY, ticket, "support@exchange.example")
    assert verify_plus_address(b"another", address) is None


def test_without_a_key_nothing_is_ours() -> None:
    made = make_message_id(b"", "K7QM-42XD", "abc", "exchange.example")
    assert verify_message_id(b"", made) is None
    assert find_tokens(b"", [made], []) == ()


def test_a_mark_of_one_kind_is_not_one_of_the_other() -> None:
    mac = make_plus_address(KEY, "K7QM-42XD", "s@x.example").rpartition(".")[0].partition(".")[2]
    assert verify_message_id(KEY, f"k7qm42xd.abc.{mac.partition('@')[0]}@x.example") is None


def test_find_tokens_names_the_place() -> None:
    message_id = make_message_id(KEY, "K7QM-42XD", "abc", "x.example")
    address = make_plus_address(KEY, "K7QM-42XD", "support@x.example")
    found = find_tokens(KEY, ["stranger@y.example", message_id], ["support@x.example", address])
    assert [(t.ticket, t.place) for t in found] == [
        ("K7QM-42XD", "references"),
        ("K7QM-42XD", "recipient"),
    ]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Re: [#K7QM-42XD] Withdrawal", ("K7QM-42XD",)),
        ("ticket #k7qm42xd please", ("K7QM-42XD",)),
        ("about K7QM-42XD", ("K7QM-42XD",)),
        ("about # K7QM-42XD", ("K7QM-42XD",)),
        ("about K7QM–42XD.", ("K7QM-42XD",)),
        ("about #K7QM-42XD and [#AAAA-BBBB]", ("K7QM-42XD", "AAAA-BBBB")),
        ("read out with O for 0: #K7QM-4OXD", ("K7QM-40XD",)),
        ("回复:[#K7QM-42XD]提现", ("K7QM-42XD",)),
        ("THAT-WHEN and well-made", ()),
        ("order 7f3c1a2e-9b4d-4c1f-8a2e-1234567890ab", ()),
        ("+1 555-1234-5678", ()),
    ],
)
def test_find_ticket_numbers(text: str, numbers: tuple[str, ...]) -> None:
    assert find_ticket_numbers(text) == numbers


def test_remove_ticket_numbers() -> None:
    assert remove_ticket_numbers("Re: [#K7QM-42XD] Withdrawal") == "Re: Withdrawal"
    assert remove_ticket_numbers("提现 (#K7QM-42XD)") == "提现"
    assert remove_ticket_numbers("a # K7QM-42XD b K7QM-42XD c") == "a b c"
    assert remove_ticket_numbers("no number") == "no number"
