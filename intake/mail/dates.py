"""Dates of every shape that people's programs write, where mail-parser found none."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero gennaio januari",
            "feb february februar février fevrier febrero febbraio",
            "mar march märz mrz maerz mars marzo maart",
            "apr april avril abril aprile",
            "may mai mayo maggio mei maj",
            "jun june juni juin junio giugno",
            "jul july juli juillet julio luglio",
            "aug august août aout agosto augustus",
            "sep sept september septembre septiembre settembre",
            "oct october oktober okt octobre octubre ottobre",
            "nov november novembre noviembre",
            "dec december dezember dez décembre decembre diciembre dicembre",
        ),
        1,
    )
    for name in names.split()
}
_ISO = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[T\s]*(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?"
)
_WORDY = re.compile(
    r"(\d{1,2})[\s.-]+([^\W\d_]{3,10})\.?[\s,-]+(\d{4})\s+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?"
    r"\s*([+-]\d{2}:?\d{2})?"
)
_YEARS = range(1970, 2200)


def find_date(value: str) -> datetime | None:
    """The moment a date header names, in UTC; None where it names none. Zone UTC where unsaid."""
    value = value[:200]
    # The standard library swaps day and month in dotted dates; ISO is tried before it.
    return _from_numbers(value) or _from_library(value) or _from_words(value)


def _from_library(value: str) -> datetime | None:
    try:
        found = parsedate_tz(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if found is None:
        return None
    year, month, day, hour, minute, second = found[:6]
    return _build(year, month, day, hour, minute, second, timedelta(seconds=found[9] or 0))


def _from_numbers(value: str) -> datetime | None:
    found = _ISO.search(value)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(found[group] or 0) for group in range(1, 7))
    return _build(year, month, day, hour, minute, second, _offset(found[7]))


def _from_words(value: str) -> datetime | None:
    found = _WORDY.search(value)
    month = _MONTHS.get(found[2].lower()) if found else None
    if found is None or month is None:
        return None
    day, year, hour, minute, second = (int(found[group] or 0) for group in (1, 3, 4, 5, 6))
    return _build(year, month, day, hour, minute, second, _offset(found[7]))


def _offset(zone: str | None) -> timedelta:
    if not zone or zone == "Z":
        return timedelta()
    digits = zone[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -offset if zone[0] == "-" else offset


def _build(
    year: int, month: int, day: int, hour: int, minute: int, second: int, offset: timedelta
) -> datetime | None:
    if year not in _YEARS:
        return None
    try:
        # RFC 5322 3.3 allows a leap second, Python does not.
        local = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=timezone(offset))
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
