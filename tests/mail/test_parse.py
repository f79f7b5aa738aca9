"""Mails with what is expected of them beside, and what holds for every mail."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import pytest

from intake.errors import BudgetExceeded
from intake.mail.attachments import extract
from intake.mail.parse import parse_mail
from intake.settings.schema import Limits

MAILS = Path(__file__).parent.parent / "mails" / "parse"
CASES = sorted(path.stem for path in MAILS.glob("*.eml"))


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"], ids=["lf", "crlf"])
def test_mail_reads_as_expected(case, line_end):
    raw = (MAILS / f"{case}.eml").read_bytes().replace(b"\n", line_end)
    expected = tomllib.loads((MAILS / f"{case}.toml").read_text("utf-8"))
    mail = parse_mail(raw)
    shown = {
        "from": mail.author.addr_spec if mail.author else None,
        "name": mail.author.display_name if mail.author else None,
        "subject": mail.subject,
        "author_source": mail.author_source,
        "envelope_sender": mail.envelope_sender,
        "text": mail.text,
        "date": mail.date,
        "to": [address.addr_spec for address in mail.to],
        "authors": [address.addr_spec for address in mail.authors],
    }
    files = expected.pop("attachments", [])
    for wanted in expected.pop("defects", []):
        assert any(wanted in defect for defect in mail.defects), mail.defects
    assert {key: shown[key] for key in expected} == expected
    assert len(mail.attachments) == len(files), mail.attachments
    for attachment, wanted in zip(mail.attachments, files, strict=True):
        if "risk" in wanted:
            wanted["risk"] = tuple(wanted["risk"])
        assert {key: getattr(attachment, key) for key in wanted} == wanted
        data = extract(raw, attachment.section)
        assert hashlib.sha256(data).hexdigest() == attachment.sha256
        assert len(data) == attachment.size_bytes


def test_line_ends_change_no_hash():
    raw = (MAILS / "named-text-is-a-file.eml").read_bytes()
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
