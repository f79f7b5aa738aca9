"""Small mails of many programs and languages, each with the lines that are new."""

import time
from datetime import UTC, datetime

import pytest

from intake.mail.forwards import find_shown_date
from intake.mail.html_text import render_text
from intake.mail.newest import find_newest
from tests.mail.newest_cases import read_cases, read_forwards
from tests.mail.newest_html import HTML_ONLY, LOST_MARKS, NEW

CASES = read_cases()
FORWARDS = read_forwards()


@pytest.mark.parametrize("name", CASES)
def test_newest_reply(name: str) -> None:
    text, new = CASES[name]
    assert find_newest(text).reply == new


@pytest.mark.parametrize("name", CASES)
def test_line_ends_and_an_empty_line_in_front_change_nothing(name: str) -> None:
    text, new = CASES[name]
    assert find_newest("\n" + text.replace("\n", "\r\n")).reply == new


@pytest.mark.parametrize("name", FORWARDS)
def test_who_wrote_a_forwarded_mail_and_when(name: str) -> None:
    text, new, about = FORWARDS[name]
    newest = find_newest(text, subject=about["subject"])
    assert newest.reply == new
    author, moment = newest.forwarded_from, newest.forwarded_date
    assert (f"{author.display_name} <{author.addr_spec}>" if author else "none") == about["from"]
    shown = moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M") if moment else "none"
    assert shown == about["date"]


@pytest.mark.parametrize(
    ("shown", "day"),
    [
        ("mar. 24 nov. 2026 à 20:16", (2026, 11, 24)),
        ("mar, 24 mar 2026 20:16", (2026, 3, 24)),
        ("2026. november 23., hétfő 20:16", (2026, 11, 23)),
        ("maanantai 23. marraskuuta 2026 20.16", (2026, 11, 23)),
        ("luni, 23 noiembrie 2026 20:16", (2026, 11, 23)),
        ("Δευτέρα, 23 Νοεμβρίου 2026 8:16 μ.μ.", (2026, 11, 23)),
        ("יום שני 23 נובמבר 2026 20:16", (2026, 11, 23)),
        ("יום ב׳, 23 בנובמבר 2026 ב-20:16", (2026, 11, 23)),
        ("٢٣ نوفمبر ٢٠٢٦ ٨:١٦ م", (2026, 11, 23)),
        ("20:16, 23 tháng 11, 2026", (2026, 11, 23)),
        ("Senin, 23 November 2026 20.16", (2026, 11, 23)),
    ],
)
def test_days_in_more_languages(shown: str, day: tuple[int, int, int]) -> None:
    moment = find_shown_date(shown)
    assert moment == datetime(*day, 20, 16, tzinfo=UTC)


def html_case(name: str) -> tuple[str, str]:
    case = HTML_ONLY[name]
    return case if isinstance(case, tuple) else (case, NEW)


@pytest.mark.parametrize("name", HTML_ONLY)
def test_newest_reply_of_html_alone(name: str) -> None:
    html, new = html_case(name)
    assert find_newest(render_text(html), html=html).reply == new


@pytest.mark.parametrize("name", LOST_MARKS)
def test_html_tells_what_plain_text_does_not_mark(name: str) -> None:
    same_in_html, text = LOST_MARKS[name]
    html, new = html_case(same_in_html)
    assert find_newest(text).reply != new
    assert find_newest(text, html=html).reply == new


HOSTILE_HTML = {
    "tags": "ignature quote" + "<div class=" * 90_000,
    "signatures": 'quote<div class="signature">' * 40_000,
    "attributes": "ignature quote <div " + 'class="x" ' * 90_000,
    "angles": "ignature quote" + "<" * 900_000,
    "quotes": "x <blockquote>y " * 50_000,
    "rules": '<p style="border-top:solid #111 2.0pt">' * 30_000,
}


@pytest.mark.parametrize("name", HOSTILE_HTML)
def test_hostile_html_takes_linear_time(name: str) -> None:
    started = time.perf_counter()
    assert find_newest("a\n\nb, which is a longer line\n" * 500, html=HOSTILE_HTML[name]).reply
    assert time.perf_counter() - started < 3


PGP = "a\n-----BEGIN PGP SIGNATURE-----\n"
HOSTILE_TEXT = {
    "signed": PGP * 30_000,
    "notices": "a\n\n" + "this message is confidential\n\n" * 60_000,
    "attributed": "On 2020 a@b.example x:\n> a\n" * 50_000,
    "raw headers": "Subject: a\nFrom: b@c.example\nReceived: x\n" * 40_000,
    "bars": "a\n" + "|\n签名由 网易邮箱大师 定制\n" * 50_000,
    "initials": "a\nOn 1 Jan 2020 10:00, you wrote:\n" + "AB> y\nz\n" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE_TEXT)
def test_hostile_text_takes_linear_time(name: str) -> None:
    started = time.perf_counter()
    assert find_newest(HOSTILE_TEXT[name]).reply
    assert time.perf_counter() - started < 3
