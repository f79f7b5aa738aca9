from datetime import UTC, datetime, timedelta, timezone

import pytest

from intake.mail.forwards import find_shown_address, find_shown_date
from intake.mail.newest import find_newest
from intake.model import Address

EIGHT = datetime(2026, 11, 23, 20, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    "shown",
    [
        "Mon, 23 Nov 2026 20:16:00 +0000",
        "Monday, November 23, 2026 8:16:00 PM",
        "Mon, Nov 23, 2026 at 8:16 PM",
        "Thursday, 23 November 2026 8:16 p.m.",
        "23.11.2026 20:16",
        "23/11/2026 20:16",
        "11/23/2026 8:16 PM",
        "2026-11-23 20:16",
        "2026年11月23日(星期一) 晚上8:16",
        "2026年11月23日 下午 8:16",
        "2026년 11월 23일 월요일 오후 8:16",
        "2026年11月23日 20:16",
        "Montag, 23. November 2026 um 20:16 Uhr",
        "lundi 23 novembre 2026 20:16",
        "lunes, 23 de noviembre de 2026 20:16",
        "segunda-feira, 23 de novembro de 2026 20:16",
        "lunedì 23 novembre 2026 20:16",
        "maandag 23 november 2026 20:16",
        "poniedziałek, 23 listopada 2026 20:16",
        "23 ноября 2026 г. 20:16",
        "23 Kasım 2026 Pazartesi 20:16",
    ],
)
def test_dates_as_mail_programs_show_them(shown: str) -> None:
    assert find_shown_date(shown) == EIGHT


def test_a_named_zone_counts() -> None:
    found = find_shown_date("2026-11-23 21:16 GMT+01:00")
    assert found == EIGHT
    assert found is not None
    assert found.tzinfo == timezone(timedelta(hours=1))


@pytest.mark.parametrize("shown", ["", "yesterday", "99.99.2026 10:00", "2026-02-31", "1" * 500])
def test_what_is_no_date_is_none(shown: str) -> None:
    assert find_shown_date(shown) is None


@pytest.mark.parametrize(
    ("shown", "name", "address"),
    [
        ("Ben Müller <ben@mail.example>", "Ben Müller", "ben@mail.example"),
        ('"Ben" <ben@mail.example>;', "Ben", "ben@mail.example"),
        ("Ben [mailto:ben@mail.example]", "Ben", "ben@mail.example"),
        ("ben@mail.example", "", "ben@mail.example"),
        ("Ben", None, None),
    ],
)
def test_addresses_as_mail_programs_show_them(
    shown: str, name: str | None, address: str | None
) -> None:
    found = find_shown_address(shown)
    if address is None:
        assert found is None
    else:
        assert found is not None
        assert (found.display_name, found.addr_spec) == (name, address)


FORWARDS = {
    "gmail": "---------- Forwarded message ---------\nFrom: Ben <ben@mail.example>\n"
    "Date: Mon, Nov 23, 2026 at 8:16 PM\nSubject: Lost coins\nTo: <anna@desk.example>\n\n\n{}",
    "apple": "Begin forwarded message:\n\n> From: Ben <ben@mail.example>\n> Subject: Lost coins\n"
    "> Date: 23 November 2026 at 20:16:00 GMT\n> To: anna@desk.example\n>\n> {}",
    "outlook": "From: Ben <ben@mail.example>\nSent: Monday, November 23, 2026 8:16 PM\n"
    "To: Anna <anna@desk.example>\nSubject: Lost coins\n\n{}",
    "german": "---------- Weitergeleitete Nachricht ---------\nVon: Ben <ben@mail.example>\n"
    "Gesendet: Montag, 23. November 2026 20:16\nAn: anna@desk.example\nBetreff: Münzen\n\n{}",
    "chinese": "---------- 转发的邮件 ---------\n发件人：Ben <ben@mail.example>\n"
    "日期：2026年11月23日 20:16\n主题：X\n收件人：anna@desk.example\n\n{}",
}


@pytest.mark.parametrize("name", FORWARDS)
@pytest.mark.parametrize("note", ["", "Please take over.\n\n"])
def test_forwards_suggest_who_wrote_first(name: str, note: str) -> None:
    body = "My coins are gone."
    newest = find_newest(note + FORWARDS[name].format(body), subject="Fwd: Lost coins")
    assert newest.forwarded_from == Address("Ben", "ben", "mail.example")
    assert newest.forwarded_date == EIGHT
    assert newest.reply.lstrip("> ") == (note.strip() or body)


def test_an_answer_suggests_nobody() -> None:
    text = "It works.\n\n" + FORWARDS["outlook"].format("Try again.")
    newest = find_newest(text, subject="Re: Lost coins")
    assert newest.forwarded_from is None
    assert newest.reply == "It works."
