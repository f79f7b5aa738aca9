"""Sets of UIDs as ascending, disjoint ranges, so that a large mailbox costs little memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

UidRange = tuple[int, int]
"""First and last UID, both belong to it."""

_ITEM = re.compile(rb"(\d{1,10})(?::(\d{1,10}))?\Z")
_UID_LIMIT = 2**32 - 1


def parse_sequence_set(text: bytes) -> list[UidRange]:
    """RFC 9051 9, sequence-set, without `*`: b"1:5,9" gives [(1, 5), (9, 9)].

    Raises ValueError for anything else.
    """
    ranges: list[UidRange] = []
    for item in text.split(b","):
        match = _ITEM.match(item)
        if match is None:
            raise ValueError(f"{item[:40]!r} is no range of UIDs")
        first = int(match.group(1))
        last = int(match.group(2) or first)
        ranges.append((min(first, last), max(first, last)))
    return merge_ranges(ranges)


def ranges_of(uids: Iterable[int]) -> list[UidRange]:
    """The ranges of single UIDs in any order."""
    return merge_ranges((uid, uid) for uid in uids)


def merge_ranges(ranges: Iterable[UidRange]) -> list[UidRange]:
    """Sorted, neighbours joined. Raises ValueError for what cannot be a UID (RFC 9051 2.3.1.1)."""
    merged: list[UidRange] = []
    for first, last in sorted(ranges):
        if not 0 < first <= last <= _UID_LIMIT:
            raise ValueError(f"{first}:{last} is no range of UIDs")
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def subtract_ranges(whole: Sequence[UidRange], gone: Sequence[UidRange]) -> list[UidRange]:
    """What is in `whole` and not in `gone`; both ascending and disjoint."""
    left: list[UidRange] = []
    at = 0
    for start, last in whole:
        first = start
        while at < len(gone) and gone[at][1] < first:
            at += 1
        position = at
        while first <= last and position < len(gone) and gone[position][0] <= last:
            if first < gone[position][0]:
                left.append((first, gone[position][0] - 1))
            first = max(first, gone[position][1] + 1)
            position += 1
        if first <= last:
            left.append((first, last))
    return left


def count_uids(ranges: Iterable[UidRange]) -> int:
    """How many UIDs the ranges hold."""
    return sum(last - first + 1 for first, last in ranges)


def chunk_uids(ranges: Iterable[UidRange], size: int) -> Iterator[list[int]]:
    """The single UIDs, ascending, in lists of at most `size`."""
    single = (uid for first, last in ranges for uid in range(first, last + 1))
    while chunk := list(islice(single, size)):
        yield chunk
