"""What holds for every mail, and what the JSON of a mail does not show."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from intake.errors import BudgetExceeded
from intake.mail.attachments import extract
from intake.mail.parse import parse_mail
from intake.settings.schema import Limits

MAILS = Path(__file__).parent.parent / "mails"
CASES = {f"{path.parent.name}/{path.stem}": path for path in sorted(MAILS.glob("*/*.eml"))}


def read(case):
    return parse_mail((MAILS / "parse" / f"{case}.eml").read_bytes())


@pytest.mark.parametrize("case", CASES)
def test_every_file_can_be_taken_out_again(case):
    raw = CASES[case].read_bytes()
    for attachment in parse_mail(raw).attachments:
        data = extract(raw, attachment.section)
        assert hashlib.sha256(data).hexdigest() == attachment.sha256
        assert len(data) == attachment.size_bytes


@pytest.mark.parametrize("case", CASES)
def test_line_ends_change_nothing_that_is_read(case):
    raw = CASES[case].read_bytes().replace(b"\r\n", b"\n")
    one, other = parse_mail(raw), parse_mail(raw.replace(b"\n", b"\r\n"))
    assert replace(one, sha256="", size_bytes=0, attachments=()) == replace(
        other, sha256="", size_bytes=0, attachments=(), body_fingerprint=one.body_fingerprint
    )
    assert [file.filename for file in one.attachments] == [
        file.filename for file in other.attachments
    ]


@pytest.mark.parametrize(
    "case, source",
    [
        ("no-from-but-sender", "sender"),
        ("empty-from-with-reply-to", "reply-to"),
        ("several-from", "from"),
    ],
)
def test_the_author_says_where_it_was_found(case, source):
    assert read(case).author_source == source


def test_all_authors_are_kept():
    authors = read("several-from").authors
    assert [address.addr_spec for address in authors] == ["a@b.example", "c@d.example"]


@pytest.mark.parametrize(
    "case, words",
    [
        ("no-from-but-sender", "no readable From"),
        ("several-from", "several From"),
        ("lost-fold", "lost its indent"),
        ("mislabelled-utf-8", "is UTF-8"),
    ],
)
def test_what_was_repaired_is_told(case, words):
    assert any(words in defect for defect in read(case).defects)


def test_sections_lead_into_attached_mails():
    sections = [file.section for file in read("attached-message").attachments]
    assert sections == ["2", "2.2", "3", "3!2"]


def test_line_ends_change_no_hash():
    raw = (MAILS / "parse" / "named-text-is-a-file.eml").read_bytes()
    one, other = parse_mail(raw), parse_mail(raw.replace(b"\n", b"\r\n"))
    assert one.attachments[0].sha256 == other.attachments[0].sha256
    assert one.body_fingerprint == other.body_fingerprint
    assert one.sha256 != other.sha256


@pytest.mark.parametrize(
    "raw", [b"", b"\n", b"\0", b"\xff\xfe", b"no header at all", b":", b"From:", b"--\n--"]
)
def test_any_bytes_give_a_mail(raw):
    mail = parse_mail(raw)
    assert mail.size_bytes == len(raw)
    assert mail.message_id is None


def test_ids_are_read_without_brackets_and_folds():
    mail = parse_mail(
        b"Message-ID: <a@b.example>\nIn-Reply-To: <c@d.example>\n"
        b"References: <e@f.example>\n <c@\n d.example>\n\nx"
    )
    assert mail.message_id == "a@b.example"
    assert mail.in_reply_to == ("c@d.example",)
    assert mail.references == ("e@f.example", "c@d.example")


def test_the_body_decides_the_fingerprint():
    one = parse_mail(b"Message-ID: <a@b>\n\nsame words\nhere")
    other = parse_mail(b"Message-ID: <c@d>\n\nsame words here\n")
    different = parse_mail(b"Message-ID: <a@b>\n\nother words")
    assert one.body_fingerprint == other.body_fingerprint != different.body_fingerprint


def test_a_mail_over_its_size_is_refused():
    with pytest.raises(BudgetExceeded, match=r"limits\.mail_bytes"):
        parse_mail(b"x" * 101, Limits(mail_bytes=100))


HEAD = b"From: Ann <a@b.example>\nSubject: hi\n\ntext"


@pytest.mark.parametrize(
    "raw",
    [
        HEAD.replace(b": ", b" : "),
        HEAD.replace(b": ", b":"),
        HEAD.replace(b": ", b":\r\n "),
        HEAD.replace(b"From", b"FROM").replace(b"Subject", b"subject"),
        HEAD.replace(b"\n", b"\r"),
        b"\r\n\r\n" + HEAD,
        b"\0\0" + HEAD,
        b"\xef\xbb\xbf" + HEAD,
        b">From ann Mon Jan  1 00:00:00 2026\n" + HEAD,
        HEAD.decode().encode("utf-16"),
        b"X-Odd: 1\n\xd0\xa2: 2\n" + HEAD,
        b"X-Odd: 1\nsome junk\n" + HEAD,
        b"Subject:\n" + HEAD,
        b"From:\n" + HEAD,
        HEAD.replace(b"\n\n", b"\n  \n"),
    ],
)
def test_a_header_is_found_however_it_is_written(raw):
    mail = parse_mail(raw)
    assert mail.author is not None
    assert (mail.author.display_name, mail.author.addr_spec) == ("Ann", "a@b.example")
    assert (mail.subject, mail.text) == ("hi", "text")
