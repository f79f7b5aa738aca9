"""Mail that was made to hurt: each is read or refused within two seconds, and harms nobody."""

from __future__ import annotations

import pytest

from intake.errors import BudgetExceeded
from intake.mail.parse import parse_mail
from tests.fuzz.guard import check_apart, check_read, check_refused, warm_up
from tests.mail.hostile import FIELDS, FILES, NOT_CHARSETS, READ, REFUSED, body, pumped


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    warm_up()


@pytest.mark.parametrize("case", REFUSED)
def test_more_than_the_budget_is_refused(case: str) -> None:
    found = check_apart(REFUSED[case](), check_refused)
    assert found is None, found


@pytest.mark.parametrize("case", READ)
def test_hostile_mail_is_read_in_time_and_keeps_every_promise(case: str) -> None:
    found = check_apart(READ[case](), check_read)
    assert found is None, found


@pytest.mark.parametrize("field", FIELDS)
def test_a_long_header_is_read_in_time(field: str) -> None:
    for make in pumped(field):
        found = check_apart(make(), check_read)
        assert found is None, (make()[:200], found)


@pytest.mark.parametrize(
    "case", ["zip bomb", "gzip bomb", "gzip of a forged size", "zip whose files overlap"]
)
def test_a_bomb_is_recognised_and_not_unpacked(case: str) -> None:
    mail = parse_mail(FILES[case]())
    assert "archive-bomb" in mail.attachments[0].risk


@pytest.mark.parametrize("name", NOT_CHARSETS)
def test_a_codec_that_is_no_charset_is_not_used(name: str) -> None:
    mail = parse_mail(body(f"text/plain; charset={name}", "café \\x41 eJxLBAAAYgBi".encode)())
    assert mail.text.strip() == "café \\x41 eJxLBAAAYgBi"


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "..\\..\\boot.ini", "/etc/passwd", "C:\\a\\b.exe", "a/../../b", "..."],
)
def test_no_name_leads_out_of_its_folder(name: str) -> None:
    disposition = f'Content-Disposition: attachment; filename="{name}"\r\n\r\nx'.encode()
    (file,) = parse_mail(b"From: a@b.example\r\n" + disposition).attachments
    assert file.filename
    assert not set("/\\") & set(file.filename)
    assert file.filename.strip(".")


def test_the_refusal_names_the_limit() -> None:
    with pytest.raises(BudgetExceeded, match=r"limits\.parts \(1000\)"):
        parse_mail(REFUSED["10,000 parts"]())
