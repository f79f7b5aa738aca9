"""Boxes of read text put into the order a person reads them, and broken codes made whole."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

# A code or hash too long for its line goes on at the beginning of the next: after a hyphen or
# underscore, or in the middle of a run that no prose has.
_BROKEN_OFF = re.compile(r"(?:[A-Za-z0-9][-_]|(?=\w*\d)[A-Za-z0-9]{16,})$")
_GOES_ON = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
# A box is held against so many that stand above it: a row has fewer.
_LOOKED_BACK = 20
_HEX = "[0-9A-Fa-flIOo]"
_LONG_RUN = re.compile(
    rf"(?<![0-9A-Za-z])(?:[0O][xX]{_HEX}{{4,}}|{_HEX}{{16,}}"
    rf"|{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}})(?![0-9A-Za-z])"
)
_ONLY_LOOKS = str.maketrans("lIOo", "1100")


@dataclass(frozen=True, slots=True)
class Box:
    """One run of text and where it stands, in pixels of the picture."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        """Of the letters, about."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Half-way between top and bottom."""
        return (self.top + self.bottom) / 2


def lay_out_lines(boxes: Iterable[Box]) -> str:
    """The text of all boxes: a line for each row, top to bottom, left to right within it."""
    rows: list[list[Box]] = []
    for box in _joined(sorted(boxes, key=lambda b: (b.top, b.left))):
        row = rows[-1] if rows else None
        if row is not None and abs(row[0].middle - box.middle) < min(row[0].height, box.height) / 2:
            row.append(box)
        else:
            rows.append([box])
    lines = (" ".join(b.text for b in sorted(row, key=lambda b: b.left)) for row in rows)
    return "\n".join(_LONG_RUN.sub(_mend, line) for line in lines)


def _joined(boxes: list[Box]) -> list[Box]:
    """The boxes, what was broken at the end of a line put together at its first."""
    kept: list[Box] = []
    places: list[Box] = []
    for box in boxes:
        near = range(len(kept) - 1, max(len(kept) - _LOOKED_BACK, 0) - 1, -1)
        found = next((i for i in near if _continues(kept[i], places[i], box)), None)
        if found is None:
            kept.append(box)
            places.append(box)
        else:
            kept[found] = replace(kept[found], text=kept[found].text + box.text)
            places[found] = box
    return kept


def _continues(whole: Box, last: Box, box: Box) -> bool:
    """Whether `box` stands right under `last`, the last line of `whole`, and goes on with it."""
    height = min(last.height, box.height)
    return (
        0 < box.middle - last.middle < 2.4 * height
        and abs(box.left - last.left) < 0.8 * height
        and box.left < last.right
        and _BROKEN_OFF.search(whole.text) is not None
        and _GOES_ON.match(box.text) is not None
    )


def _mend(found: re.Match[str]) -> str:
    """Hexadecimal digits hold no l and no O: those are digits misread."""
    run = found[0]
    doubtful = sum(letter in "lIOo" for letter in run)
    return run.translate(_ONLY_LOOKS) if doubtful * 8 <= len(run) else run
