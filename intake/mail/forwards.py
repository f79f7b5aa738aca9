"""Who wrote a forwarded mail and when: a suggestion for staff, read from what is shown of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from intake.model.address import Address

_ADDRESS = re.compile(
    r"([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64})@([\w-]{1,63}(?:\.[\w-]{1,63}){0,8})"
)
_NAME_ENDS = " \t\"'“”„«»*;,:<([\xa0"

_MONTHS = (
    "jan|janv|janu|janua|january|januar|janvier|enero|ene|janeiro|gennaio|gen|januari|stycznia|sty"
    "|января|янв|ocak",
    "feb|febr|february|februar|février|févr|fév|febrero|fevereiro|fev|febbraio|februari|lutego|lut"
    "|февраля|февр|фев|şubat",
    "mar|march|märz|mär|mrz|mars|marzo|março|maart|mrt|marca|марта|мар|mart",
    "apr|april|avril|avr|abril|abr|aprile|kwietnia|kwi|апреля|апр|nisan",
    "may|mai|mayo|maio|maggio|mag|mei|maja|maj|мая|май|mayıs",
    "jun|june|juni|juin|junio|junho|giugno|giu|czerwca|cze|июня|июн|haziran",
    "jul|july|juli|juillet|juil|julio|julho|luglio|lug|lipca|lip|июля|июл|temmuz",
    "aug|august|août|aout|agosto|ago|augustus|augusti|sierpnia|sie|августа|авг|ağustos",
    "sep|sept|september|septembre|septiembre|setembro|set|settembre|września|wrz|сентября|сент|сен"
    "|eylül",
    "oct|october|okt|oktober|octobre|octubre|outubro|out|ottobre|ott|października|paź|октября|окт"
    "|ekim",
    "nov|november|novembre|noviembre|novembro|listopada|lis|ноября|нояб|ноя|kasım",
    "dec|december|dez|dezember|déc|décembre|dic|diciembre|dezembro|dicembre|des|desember|grudnia"
    "|gru|декабря|дек|aralık",
)
_MONTH_NUMBERS = {
    name: number for number, names in enumerate(_MONTHS, 1) for name in names.split("|")
}
_WORD = re.compile(r"[^\W\d_]{3,12}")
_YEAR_FIRST = re.compile(r"(\d{4})\s?[-/.年년]\s?(\d{1,2})\s?[-/.月월]\s?(\d{1,2})")
_YEAR_LAST = re.compile(r"\b(\d{1,2})([./-])(\d{1,2})[./-](\d{4}|\d\d)\b")
_YEAR = re.compile(r"\b((?:19|20)\d\d)\b")
_DAY = re.compile(r"(?<![\d:.])(\d{1,2})(?:st|nd|rd|th|er)?(?![\d:])")
_CLOCK = re.compile(r"(?<![\d.])(\d{1,2})[:.h時时点點시]\s?(\d\d)(?:[:.分](\d\d))?")
_AFTERNOON = re.compile(r"\bp\.?\s?m\b|下午|晚上|오후|午後|μ\.?μ", re.IGNORECASE)
_MORNING = re.compile(r"\ba\.?\s?m\b|上午|凌晨|오전|午前|π\.?μ", re.IGNORECASE)
# RFC 5322 3.3: what ends so is a Date header as it was.
_RFC_ZONE = re.compile(r":\d\d [+-]\d{4}(?:\s|$)")
_ZONE = re.compile(r"(?:GMT|UTC)?\s?([+-])(\d\d):?(\d\d)\b")


def find_shown_address(value: str) -> Address | None:
    """The address in `Name <a@b.example>`, `Name [mailto:a@b.example]` or alone, None without."""
    match = _ADDRESS.search(value[:1000])
    if match is None:
        return None
    name = re.sub(r"\[?mailto:?$", "", value[: match.start()].strip(_NAME_ENDS)).strip(_NAME_ENDS)
    return Address(name, match[1], match[2].rstrip("."))


def find_shown_date(value: str) -> datetime | None:
    """The moment a mail program shows in `value`, UTC where it names no zone; None if unreadable.

    A day before the month where the separator leaves it open, unless a.m. or p.m. is said.
    """
    text = value[:200]
    if _RFC_ZONE.search(text):
        try:
            return parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            pass
    day = _calendar_day(text)
    if day is None:
        return None
    try:
        return datetime(*day, *_clock(text), tzinfo=_zone(text))
    except (ValueError, OverflowError):
        return None


def _calendar_day(text: str) -> tuple[int, int, int] | None:
    if match := _YEAR_FIRST.search(text):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _YEAR_LAST.search(text):
        first, second = int(match[1]), int(match[3])
        year = int(match[4]) + (2000 if len(match[4]) == 2 else 0)
        american = match[2] == "/" and bool(_AFTERNOON.search(text) or _MORNING.search(text))
        if second > 12 or (american and first <= 12):
            first, second = second, first
        return year, second, first
    month = _month(text)
    year_match = _YEAR.search(text)
    if not month or year_match is None:
        return None
    day = _DAY.search(text[: year_match.start()])
    return (int(year_match[1]), month, int(day[1])) if day else None


def _month(text: str) -> int:
    words = (word.casefold() for word in _WORD.findall(text))
    return next((_MONTH_NUMBERS[word] for word in words if word in _MONTH_NUMBERS), 0)


def _clock(text: str) -> tuple[int, int, int]:
    match = _CLOCK.search(_YEAR_LAST.sub(" ", text))
    if match is None:
        return 0, 0, 0
    hour = int(match[1])
    if _AFTERNOON.search(text) and hour < 12:
        hour += 12
    elif _MORNING.search(text) and hour == 12:
        hour = 0
    return hour, int(match[2]), int(match[3] or 0)


def _zone(text: str) -> timezone:
    match = _ZONE.search(text)
    if match is None or int(match[2]) > 14:
        return UTC
    offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return timezone(offset if match[1] == "+" else -offset)
