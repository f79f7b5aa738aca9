"""One form for letters that look or count the same, so that a pattern need name only one."""

from __future__ import annotations

import re
import unicodedata

# Letters that show nothing but split words for a reader of text: zero-width and soft hyphens,
# direction marks, variation selectors.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\uffa0]+"
)


def fold_text(text: str) -> str:
    """`text` in NFKC without invisible letters: the form that all patterns are matched against."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))


def count_invisible(text: str) -> int:
    """How many letters of `text` a reader cannot see."""
    if text.isascii():
        return 0
    return sum(len(run) for run in _INVISIBLE.findall(text))
