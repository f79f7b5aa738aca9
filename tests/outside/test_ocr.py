"""Codes in error dialogs come out letter by letter, whatever screen they were taken from.

A look each in CI; `OCR_LOOKS=16` reads every dialog in every look (a quarter of an hour).
"""

from __future__ import annotations

import io
import os
import time
from collections import defaultdict

import pytest
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser

from intake.errors import UnreadablePicture
from intake.outside.ocr import WordReader, find_engine
from tests.reading.dialogs import CHINESE, ENGLISH, LOOKS, Dialog, Look, render

pytestmark = pytest.mark.skipif(find_engine() is None, reason="the extra ocr is not installed")

EACH = int(os.environ.get("OCR_LOOKS", "1"))
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
ROOM = {"most_pixels": 40_000_000, "seconds": 60}


@pytest.fixture(scope="module")
def reader() -> WordReader:
    return WordReader(threads=1)


def chosen() -> list[tuple[Dialog, Look]]:
    """Every look comes as often as every other, in both languages."""
    step = len(LOOKS) // EACH
    return [
        (dialog, LOOKS[(5 * number + step * n) % len(LOOKS)])
        for number, dialog in enumerate((*ENGLISH, *CHINESE))
        for n in range(EACH)
    ]


def test_the_code_is_found_in_nine_dialogs_of_ten(reader: WordReader, browser: Browser) -> None:
    groups: dict[str, list[bool]] = defaultdict(list)
    missed, slowest = [], 0.0
    for dialog, look, picture in render(browser, chosen()):
        began = time.monotonic()
        text = reader.read(picture, **ROOM).text
        slowest = max(slowest, time.monotonic() - began)
        language = "English" if dialog.title.isascii() else "Chinese"
        found = dialog.code in text
        for group in (language, *look.name.split()):
            groups[group].append(found)
        if not found:
            missed.append((dialog.code, look.name, text))
    for group, results in sorted(groups.items()):
        print(f"{group:<8} {sum(results):>4} of {len(results)}")
    print(f"slowest {slowest:.1f} s; missed: {missed}")
    for language in ("English", "Chinese"):
        assert len(groups[language]) >= 30
        assert sum(groups[language]) >= 0.9 * len(groups[language])


def picture(width: int, height: int, *texts: tuple[int, int, str]) -> bytes:
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    for left, top, text in texts:
        draw.text((left, top), text, "black", ImageFont.truetype(FONT, 22))
    kept = io.BytesIO()
    image.save(kept, "PNG")
    return kept.getvalue()


def test_a_long_capture_is_read_to_its_end(reader: WordReader) -> None:
    """Shrunk as a whole, its letters would be three pixels high."""
    rows = [(20, 40 * n + 10, f"line {n} E-{7000 + n}") for n in range(120)]
    read = reader.read(picture(500, 4800, *rows), **ROOM)
    assert read.whole
    assert read.text.split("\n") == [text for _, _, text in rows]


def test_it_stops_where_the_time_is_over(reader: WordReader) -> None:
    rows = [(20, 40 * n + 10, f"line {n} E-{7000 + n}") for n in range(60)]
    read = reader.read(picture(500, 2400, *rows), most_pixels=40_000_000, seconds=0)
    assert not read.whole
    assert "E-7000" in read.text
    assert "E-7059" not in read.text


def test_two_screens_side_by_side(reader: WordReader) -> None:
    texts = ((100, 500, "left E-1111"), (100, 540, "below E-2222"), (2700, 500, "right E-3333"))
    read = reader.read(picture(5120, 1440, *texts), **ROOM)
    assert read.text.split("\n") == ["left E-1111", "below E-2222", "right E-3333"]


def test_white_on_nothing_and_nothing_at_all(reader: WordReader) -> None:
    image = Image.new("RGBA", (400, 100), (0, 0, 0, 0))
    kept = io.BytesIO()
    image.save(kept, "PNG")
    assert reader.read(kept.getvalue(), **ROOM).text == ""


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + bytes(40), b"<svg/>"])
def test_what_is_no_picture_is_told_plainly(reader: WordReader, data: bytes) -> None:
    with pytest.raises(UnreadablePicture):
        reader.read(data, **ROOM)


def test_a_picture_larger_than_allowed_is_not_decoded(reader: WordReader) -> None:
    with pytest.raises(UnreadablePicture, match="too large"):
        reader.read(picture(400, 300), most_pixels=100_000, seconds=60)
