"""The few facts of Exif (a TIFF header, CIPA DC-008) that tell a camera from a screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

_Order = Literal["big", "little"]
_Tags = dict[int, tuple[int, int, int]]

_WIDTH, _HEIGHT, _MAKE, _MODEL, _ORIENTATION, _SOFTWARE = 256, 257, 271, 272, 274, 305
_EXIF, _GPS, _EXPOSURE, _F_NUMBER, _COMMENT = 0x8769, 0x8825, 0x829A, 0x829D, 0x9286
_MOST_TAGS = 100
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class ExifFacts:
    """`camera` where one left its name or its exposure; `maker` the program and the comment.

    `orientation` is 1..8 (TIFF 6.0, 274), 1 where nothing or nonsense is stated.
    """

    camera: bool = False
    maker: str = ""
    orientation: int = 1
    size: tuple[int, int] | None = None


def read_exif(data: bytes) -> ExifFacts:
    """The facts in a TIFF structure, the empty ones where it is damaged. Raises nothing."""
    orders: dict[bytes, _Order] = {b"II": "little", b"MM": "big"}
    order = orders.get(data[:2])
    if order is None or len(data) < 8:
        return ExifFacts()
    first = _read_tags(data, int.from_bytes(data[4:8], order), order)
    inner = _read_tags(data, first[_EXIF][2], order) if _EXIF in first else {}
    camera = any(_text(data, first, tag).strip() for tag in (_MAKE, _MODEL))
    exposed = _EXPOSURE in inner or _F_NUMBER in inner or _GPS in first
    orientation = first[_ORIENTATION][2] if _ORIENTATION in first else 1
    size = None
    if _WIDTH in first and _HEIGHT in first:
        size = first[_WIDTH][2], first[_HEIGHT][2]
    return ExifFacts(
        camera=camera or exposed,
        maker=f"{_text(data, first, _SOFTWARE)} {_text(data, inner, _COMMENT)}".strip(),
        orientation=orientation if 1 <= orientation <= 8 else 1,
        size=size,
    )


def _read_tags(data: bytes, at: int, order: _Order) -> _Tags:
    """Tag -> (type, count, value, or the place of a longer one); short values are aligned."""
    tags: _Tags = {}
    count = min(int.from_bytes(data[at : at + 2], order), _MOST_TAGS)
    for number in range(count):
        entry = data[at + 2 + 12 * number : at + 14 + 12 * number]
        if len(entry) < 12:
            break
        tag, kind = int.from_bytes(entry[:2], order), int.from_bytes(entry[2:4], order)
        value = entry[8:10] if kind == 3 else entry[8:12]
        tags[tag] = kind, int.from_bytes(entry[4:8], order), int.from_bytes(value, order)
        if kind == 2 and tags[tag][1] <= 4:
            # A text of four bytes stands where a longer one's place would.
            tags[tag] = kind, tags[tag][1], at + 10 + 12 * number
    return tags


def _text(data: bytes, tags: _Tags, tag: int) -> str:
    if tag not in tags:
        return ""
    _, count, at = tags[tag]
    found = data[at : at + min(count, _LONGEST)]
    # A comment begins with the name of its code in eight bytes, often UTF-16.
    return found.replace(b"\0", b"").decode("utf-8", "replace")
