"""File names, types, kinds of images, containers and risks."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import pytest

from intake.errors import NotFound
from intake.mail.archives import list_archive
from intake.mail.attachments import extract
from intake.mail.containers import open_tnef
from intake.mail.content_types import find_type
from intake.mail.dates import find_date
from intake.mail.filenames import make_safe, make_saveable, make_up_name
from intake.mail.image_headers import find_dimensions
from intake.mail.images import judge_image
from intake.mail.parameters import parse_parameters
from intake.mail.risk import Suspect, find_risks

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (1920).to_bytes(4, "big") + (1080).to_bytes(4, "big")


@pytest.mark.parametrize(
    "written, safe",
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\report.pdf", "report.pdf"),
        ("a\r\nb\0.txt", "a b .txt"),
        ("fdp\u202eexe.pdf", "fdpexe.pdf"),
        ("AC/DC.txt", "AC_DC.txt"),
        ("...", None),
        ("", None),
    ],
)
def test_names_are_safe(written, safe):
    assert make_safe(written) == safe


def test_a_long_name_keeps_its_extension():
    safe = make_safe("价" * 300 + ".pdf")
    assert safe is not None
    assert safe.endswith(".pdf")
    assert len(safe.encode()) <= 200


def test_reserved_names_are_changed_for_saving():
    assert make_saveable("con.txt") == "_con.txt"
    assert make_saveable('a<b>:"c"') == "a_b___c_"


def test_names_are_made_up_from_title_or_type():
    assert make_up_name("message/rfc822", 1, "Order 7") == "Order 7.eml"
    assert make_up_name("text/calendar", 1) == "invite.ics"
    assert make_up_name("image/png", 2) == "image-2.png"


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


@pytest.mark.parametrize(
    "data, declared, found",
    [
        (b"%PDF-1.7 x", "application/octet-stream", "application/pdf"),
        (PNG, "image/jpeg", "image/png"),
        (b"MZ\x90\0", "image/png", "application/x-msdownload"),
        (b"<!DOCTYPE html><p>", "text/plain", "text/html"),
        (b"<svg xmlns='x'>", "image/png", "image/svg+xml"),
        (b"a,b\n1,2", "text/csv", "text/csv"),
        (b"From: a\nTo: b\nSubject: c\n\nx", "application/octet-stream", "message/rfc822"),
    ],
)
def test_content_tells_the_type(data, declared, found):
    assert find_type(data, declared) == found


def test_dimensions_come_from_the_header_alone():
    assert find_dimensions(PNG) == (1920, 1080)
    assert find_dimensions(b"GIF89a\x01\0\x02\0") == (1, 2)
    jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x11\x08\x02\x58\x03\x20" + bytes(9)
    assert find_dimensions(jpeg) == (800, 600)
    assert find_dimensions(b"\xff\xd8" + b"\xff" * 50) is None


@pytest.mark.parametrize(
    "name, content_type, size, referenced, kind",
    [
        ("Screenshot 2026-11-23.png", "image/png", (1920, 1080), False, "screenshot"),
        ("屏幕截图.jpg", "image/jpeg", (1200, 700), False, "screenshot"),
        ("image001.png", "image/png", (110, 40), True, "decorative"),
        ("company-logo.png", "image/png", (300, 90), True, "decorative"),
        ("p.gif", "image/gif", (1, 1), True, "decorative"),
        ("IMG_20260101.jpg", "image/jpeg", (4032, 3024), False, "photo"),
        ("x.jpg", "image/jpeg", (1170, 2532), False, "screenshot"),
    ],
)
def test_images_are_told_apart(name, content_type, size, referenced, kind):
    attached = not referenced
    data = bytes(9000)
    found = judge_image(name, content_type, data, size, referenced=referenced, attached=attached)
    assert found == kind


def _zip(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return stream.getvalue()


def test_archives_are_listed():
    listing = list_archive(_zip("a.txt", "b/c.exe"))
    assert listing is not None
    assert listing.names == ("a.txt", "b/c.exe")
    encrypted = bytearray(_zip("a.txt"))
    encrypted[encrypted.index(b"PK\x01\x02") + 8] |= 1
    found = list_archive(bytes(encrypted))
    assert found is not None
    assert found.encrypted
    broken = list_archive(b"PK\x03\x04 and nothing more")
    assert broken is not None
    assert broken.broken


def test_a_damaged_winmail_dat_is_a_defect():
    defects: list[str] = []
    assert open_tnef(b"\x78\x9f\x3e\x22\0\0garbage" * 9, defects) == []
    assert len(defects) <= 1


@pytest.mark.parametrize(
    "name, content_type, data, risk",
    [
        ("a.pdf.exe", "application/x-msdownload", b"MZ", ("executable", "double-extension")),
        ("a.docm", "application/zip", b"PK", ("macro-document",)),
        ("a.pdf", "text/html", b"<html>", ("type-mismatch", "html")),
        ("a.svg", "image/svg+xml", b"<svg>", ("svg",)),
        ("a.js", "text/plain", b"x", ("script",)),
        ("a.png", "image/png", PNG, ()),
        ("a.zip", "application/zip", _zip("b.exe"), ("executable-in-archive",)),
    ],
)
def test_risks_are_named(name, content_type, data, risk):
    listing = list_archive(data) if name == "a.zip" else None
    assert find_risks(Suspect(name, name, content_type, data, listing)) == risk


@pytest.mark.parametrize("section", ["2", "1!2", "9.9", "1!uu1", ""])
def test_a_section_that_is_not_there(section):
    with pytest.raises(NotFound):
        extract(b"Subject: x\n\nhello", section)


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
