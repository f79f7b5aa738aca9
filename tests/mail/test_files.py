"""Parameters, dates and kinds of images."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from intake.mail.dates import find_date
from intake.mail.image_headers import find_dimensions
from intake.mail.parameters import parse_parameters

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (1920).to_bytes(4, "big") + (1080).to_bytes(4, "big")


@pytest.mark.parametrize(
    "raw, name",
    [
        (b'; name="a b.pdf"', "a b.pdf"),
        (b"; name=a b.pdf; x=y", "a b.pdf"),
        (b"; name*=utf-8''%E2%82%AC.pdf; name=fallback.pdf", "€.pdf"),
        (b"; name*0=one; name*1=two.pdf", "onetwo.pdf"),
        (b'; name="=?utf-8?B?w6QucGRm?="', "ä.pdf"),
        (b'; name="unclosed.pdf', "unclosed.pdf"),
        ('; name="账单.pdf"'.encode("gb18030"), "账单.pdf"),
    ],
)
def test_parameters_people_send(raw, name):
    assert parse_parameters(raw)["name"] == name


def test_dimensions_come_from_the_header_alone():
    assert find_dimensions(PNG) == (1920, 1080)
    assert find_dimensions(b"GIF89a\x01\0\x02\0") == (1, 2)
    jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x11\x08\x02\x58\x03\x20" + bytes(9)
    assert find_dimensions(jpeg) == (800, 600)
    assert find_dimensions(b"\xff\xd8" + b"\xff" * 50) is None


@pytest.mark.parametrize(
    "value, expected",
    [
        ("Mon, 23 Nov 2026 10:00:00 +0100", datetime(2026, 11, 23, 9, tzinfo=UTC)),
        ("2026-11-23T10:00:00Z", datetime(2026, 11, 23, 10, tzinfo=UTC)),
        ("23. November 2026 10:00:00 +0100", datetime(2026, 11, 23, 9, tzinfo=UTC)),
        ("2026年11月23日 10:00", datetime(2026, 11, 23, 10, tzinfo=UTC)),
        ("soon", None),
        ("Mon, 99 Nov 99999 10:00:00", None),
    ],
)
def test_dates_of_every_shape(value, expected):
    assert find_date(value) == expected
