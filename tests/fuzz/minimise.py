"""The smallest mail that still breaks the same promise."""

from __future__ import annotations

import time
from collections.abc import Callable


def minimise(raw: bytes, breaks: Callable[[bytes], bool], seconds: float) -> bytes:
    """`raw` without the lines, then the bytes, that `breaks` can do without; within `seconds`."""
    until = time.monotonic() + seconds
    lines = _reduce(raw.splitlines(keepends=True), lambda kept: breaks(b"".join(kept)), until)
    raw = b"".join(lines)
    letters = [raw[i : i + 1] for i in range(len(raw))]
    return b"".join(_reduce(letters, lambda kept: breaks(b"".join(kept)), until))


def _reduce(
    pieces: list[bytes], breaks: Callable[[list[bytes]], bool], until: float
) -> list[bytes]:
    """Drops runs of pieces, half of them first, then ever shorter ones."""
    run = max(1, len(pieces) // 2)
    while True:
        at = 0
        while at < len(pieces):
            if time.monotonic() > until:
                return pieces
            fewer = pieces[:at] + pieces[at + run :]
            if fewer and breaks(fewer):
                pieces = fewer
            else:
                at += run
        if run == 1:
            return pieces
        run = max(1, run // 2)
