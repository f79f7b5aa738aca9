"""How far two words are apart."""

from __future__ import annotations


def is_one_off(one: str, other: str) -> bool:
    """Whether one letter added, left out, changed or swapped turns `one` into `other`."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    same = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if same is None:
        return True
    rest, other_rest = one[same:], other[same:]
    swapped = rest[:2] == other_rest[1::-1] and rest[2:] == other_rest[2:]
    return swapped or rest[1:] == other_rest[1:] or rest[1:] == other_rest or rest == other_rest[1:]
