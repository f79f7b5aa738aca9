from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.outside.imap_ranges import (
    chunk_uids,
    count_uids,
    merge_ranges,
    parse_sequence_set,
    ranges_of,
    subtract_ranges,
)

UIDS = st.sets(st.integers(1, 60))


def members(ranges: list[tuple[int, int]]) -> set[int]:
    return {uid for first, last in ranges for uid in range(first, last + 1)}


@given(UIDS, UIDS)
def test_subtracting_ranges_is_subtracting_sets(whole: set[int], gone: set[int]) -> None:
    left = subtract_ranges(ranges_of(whole), ranges_of(gone))
    assert members(left) == whole - gone
    assert left == ranges_of(whole - gone)
    assert count_uids(left) == len(whole - gone)


@given(UIDS, st.integers(1, 7))
def test_chunks_hold_every_uid_once_in_order(uids: set[int], size: int) -> None:
    chunks = list(chunk_uids(ranges_of(uids), size))
    assert [uid for chunk in chunks for uid in chunk] == sorted(uids)
    assert all(len(chunk) == size for chunk in chunks[:-1])


def test_a_huge_range_costs_nothing() -> None:
    assert subtract_ranges([(1, 4_000_000_000)], [(5, 3_999_999_999)]) == [
        (1, 4),
        (4_000_000_000, 4_000_000_000),
    ]


def test_sequence_sets_of_servers() -> None:
    assert parse_sequence_set(b"1:5,9") == [(1, 5), (9, 9)]
    assert parse_sequence_set(b"9,4:2,5,1") == [(1, 5), (9, 9)]


@pytest.mark.parametrize("text", [b"", b"*", b"1:*", b"0:4", b"1,,2", b"x", b"99999999999", b"-3"])
def test_what_is_no_set_of_uids(text: bytes) -> None:
    with pytest.raises(ValueError, match="range of UIDs"):
        parse_sequence_set(text)


def test_overlapping_ranges_are_joined() -> None:
    assert merge_ranges([(5, 9), (1, 6), (10, 11), (20, 20)]) == [(1, 11), (20, 20)]
