"""Text from strangers, made fit for a terminal."""

from __future__ import annotations

import unicodedata

_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def harmless(text: str) -> str:
    """`text` without control and direction characters, which could rewrite the screen."""
    return "".join(
        c if c in "\n\t" or (unicodedata.category(c) != "Cc" and c not in _DIRECTION) else "\ufffd"
        for c in text
    )
