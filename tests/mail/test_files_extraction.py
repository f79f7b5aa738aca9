"""What is listed can be taken out again, byte for byte, from every mail there is."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.errors import NotFound
from intake.mail.attachments import extract
from intake.mail.parse import parse_mail
from tests.mail.archive_files import build_zip
from tests.mail.outlook_files import build_msg, build_tnef, long_name, msg_file, tnef_file

MAILS = sorted((Path(__file__).parents[1] / "mails").glob("*/*.eml"))
WITH_FILES = [path.read_bytes() for path in MAILS if path.parent.name == "files"]


def not_the_same(raw: bytes) -> list[str]:
    """The files whose bytes are not those that were listed."""
    return [
        f"{file.section} {file.filename}"
        for file in parse_mail(raw).attachments
        if hashlib.sha256(extract(raw, file.section)).hexdigest() != file.sha256
    ]


@pytest.mark.parametrize("path", MAILS, ids=lambda path: f"{path.parent.name}/{path.stem}")
@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["lf", "crlf"])
def test_every_file_of_every_mail(path: Path, end: bytes):
    raw = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", end)
    assert not_the_same(raw) == []


@pytest.mark.parametrize("raw", WITH_FILES, ids=str)
def test_a_file_is_the_same_with_either_end_of_line(raw: bytes):
    unix = raw.replace(b"\r\n", b"\n")
    hashes = [[file.sha256 for file in parse_mail(each).attachments] for each in (raw, unix)]
    assert hashes[0] == hashes[1]


@given(
    st.sampled_from(WITH_FILES),
    st.lists(st.tuples(st.integers(0, 1 << 20), st.binary(max_size=4)), min_size=1, max_size=12),
)
@settings(max_examples=150, deadline=None)
def test_every_file_of_a_mail_that_was_damaged(raw: bytes, changes: list[tuple[int, bytes]]):
    """The listing and the taking out must agree on what they cannot read as well."""
    changed = bytearray(raw)
    for at, value in changes:
        changed[at % len(changed) : at % len(changed) + len(value)] = value
    assert not_the_same(bytes(changed)) == []


def test_mails_within_mails_are_opened_to_a_depth_that_is_said():
    raw = b"From: a@b.example\nSubject: innermost\n\nhello\n"
    for level in range(12):
        head = f"From: a@b.example\nSubject: level {level}\nMIME-Version: 1.0\n"
        kind = "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
        raw = (head + kind).encode() + base64.encodebytes(raw)
    mail = parse_mail(raw)
    assert [file.container is None for file in mail.attachments] == [True, *[False] * 4]
    assert any("lies too deep" in defect for defect in mail.defects)
    assert not_the_same(raw) == []


def mail_of(content_type: str, data: bytes) -> bytes:
    head = f"From: a@b.example\nMIME-Version: 1.0\nContent-Type: {content_type}\n"
    return (head + "Content-Transfer-Encoding: base64\n\n").encode() + base64.encodebytes(data)


def test_an_archive_within_a_message_within_winmail_is_listed():
    inner = build_msg("Inner", msg_file("files.zip", build_zip("a.txt", "b.exe")))
    tnef = build_tnef(tnef_file(b"MAIL.MSG", inner, long_name("mail.msg")))
    raw = mail_of("application/ms-tnef", tnef)
    files = parse_mail(raw).attachments
    assert [file.filename for file in files] == ["winmail.dat", "mail.msg", "files.zip"]
    assert [file.container for file in files] == [None, "winmail.dat", "mail.msg"]
    assert files[2].members == ("a.txt", "b.exe")
    assert files[2].risk == ("executable-in-archive",)
    assert files[2].section == "1!1!1"
    assert not_the_same(raw) == []


def test_what_a_list_leaves_out_is_said():
    mail = parse_mail(
        mail_of("application/zip; name=a.zip", build_zip(*(f"{n}.txt" for n in range(301))))
    )
    assert len(mail.attachments[0].members) == 300
    assert "Of the names in a.zip only the first are listed." in mail.defects


@pytest.mark.parametrize(
    "section", ["2", "1!2", "9.9", "1!uu1", "", "1!", "uu1", "1!uu", "1!\u0661"]
)
def test_a_section_that_is_not_there(section: str):
    with pytest.raises(NotFound):
        extract(b"Subject: x\n\nhello", section)
