from __future__ import annotations

import pytest

from intake.errors import BudgetExceeded
from intake.mail.budget import Budget
from intake.mail.part import Part
from intake.mail.structure import find_parts
from intake.settings.schema import Limits


def scan(raw: bytes, **limits: int) -> tuple[Part, list[str]]:
    defects: list[str] = []
    return find_parts(raw, Budget(Limits(**limits)), defects), defects


def test_parts_have_imap_section_numbers():
    inner = b"Content-Type: multipart/mixed; boundary=i\n\n--i\n\na\n--i\n\nb\n--i--"
    raw = (
        b"Content-Type: multipart/mixed; boundary=o\n\n--o\n\nx\n"
        b"--o\nContent-Type: message/rfc822\n\nSubject: s\n\nbody\n"
        b"--o\nContent-Type: message/rfc822\n\n" + inner + b"\n--o--\n"
    )
    root, defects = scan(raw)
    text, single, several = root.children
    assert (text.section, single.section, several.section) == ("1", "2", "3")
    assert single.children[0].section == "2.1"
    assert [part.section for part in several.children[0].children] == ["3.1", "3.2"]
    leaf = several.children[0].children[1]
    assert raw[leaf.body_start : leaf.body_end] == b"b"
    assert defects == []


def test_a_single_text_is_section_one():
    root, _ = scan(b"Subject: x\n\nhello")
    assert (root.section, root.media_type) == ("1", "text/plain")


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_the_line_break_before_a_delimiter_is_not_the_bodys(end):
    lines = [b"Content-Type: multipart/mixed; boundary=b", b"", b"--b", b"", b"one", b"--b--", b""]
    raw = end.join(lines)
    root, _ = scan(raw)
    leaf = root.children[0]
    assert raw[leaf.body_start : leaf.body_end] == b"one"


def test_a_mail_that_stops_early_keeps_what_came():
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhal"
    root, defects = scan(raw)
    assert root.children[0].body_end == len(raw)
    assert defects == ["The mail ends before its last part does."]


def test_a_header_without_empty_line_ends_at_the_first_text():
    root, defects = scan(b"Subject: x\nHello there\nhow are you")
    assert [name for name, _ in root.fields] == ["subject"]
    assert root.body_start == 11
    assert defects == ["The header ends without an empty line."]


@pytest.mark.parametrize(
    "limits, raw",
    [
        ({"parts": 2}, b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\n1\n--b\n\n2\n--b--"),
        ({"header_lines": 3}, b"A: 1\nB: 2\nC: 3\nD: 4\n\nx"),
        ({"header_bytes": 20}, b"A: " + b"1" * 30 + b"\n\nx"),
        ({"depth": 1}, b"Content-Type: message/rfc822\n\n" * 3),
    ],
)
def test_each_count_has_its_limit(limits, raw):
    scan(raw)
    with pytest.raises(BudgetExceeded):
        scan(raw, **limits)
