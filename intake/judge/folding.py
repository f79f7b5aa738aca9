"""One form for letters that look or count the same, so that a pattern need name only one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

# Letters that show nothing but split words for a reader of text: zero-width and soft hyphens,
# direction marks, variation selectors.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\uffa0]+"
)


_LETTER = re.compile("(?s).[\u0300-\u036f\u3099\u309a]*")


def fold_text(text: str) -> str:
    """`text` in NFKC without invisible letters: the form that all patterns are matched against."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))


def fold_with_places(text: str) -> tuple[str, Sequence[int]]:
    """`text` folded letter by letter, and for each letter of it (and its end) the place in `text`.

    A letter is folded with the marks that stand on it. Where letters beyond that grow together,
    as syllables of Korean, the outcome is not that of `fold_text`.
    """
    if text.isascii():
        return text, range(len(text) + 1)
    pieces: list[str] = []
    places: list[int] = []
    for match in _LETTER.finditer(text):
        folded = fold_text(match[0])
        pieces.append(folded)
        places += [match.start()] * len(folded)
    return "".join(pieces), [*places, len(text)]


def count_invisible(text: str) -> int:
    """How many letters of `text` a reader cannot see."""
    if text.isascii():
        return 0
    return sum(len(run) for run in _INVISIBLE.findall(text))
