"""Dates of every shape that people's programs write into a header."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar jänner jän janv janvier ene enero gen gennaio januari janeiro sty"
            " styczeń stycznia янв января январь ocak oca leden ledna",
            "feb february februar fév fevr févr février fevrier febrero febbraio februari fev"
            " fevereiro lut luty lutego фев февраля февраль şubat şub únor února",
            "mar march märz mär mrz maerz mars marzo maart mrt março marco marzec marca мар марта"
            " март mart březen března",
            "apr april avr avril abr abril aprile avril kwi kwiecień kwietnia апр апреля апрель"
            " nisan nis duben dubna",
            "may mai mayo maggio mag mei maj maio maja май мая mayıs květen května",
            "jun june juni juin junio giugno giu junho cze czerwiec czerwca июн июня июнь haziran"
            " haz červen června",
            "jul july juli juil juillet julio luglio lug julho lip lipiec lipca июл июля июль"
            " temmuz tem červenec července",
            "aug august août aout ago agosto augustus sie sierpień sierpnia авг августа август"
            " ağustos ağu srpen srpna",
            "sep sept september septembre septiembre set settembre setembro wrz wrzesień września"
            " сен сент сентября сентябрь eylül eyl září",
            "oct october oktober okt octobre octubre ott ottobre out outubro paź październik"
            " października окт октября октябрь ekim eki říjen října",
            "nov november novembre noviembre novembro lis listopad listopada ноя ноября ноябрь"
            " kasım kas",
            "dec december dezember dez déc décembre decembre dic diciembre dicembre dezembro gru"
            " grudzień grudnia дек декабря декабрь aralık ara prosinec prosince",
        ),
        1,
    )
    for name in names.split()
}
_MONTHS |= {f"{digits}月": number for number, digits in enumerate("一二三四五六七八九十", 1)}
_MONTHS |= {"十一月": 11, "十二月": 12, **{f"{number}月": number for number in range(1, 13)}}
# Hours east of Greenwich of the names that are met (RFC 5322 4.3 and everyday ones).
_ZONES = {
    **{"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7},
    **{"akst": -9, "akdt": -8, "hst": -10, "ast": -4, "adt": -3, "brt": -3, "brst": -2},
    **{"wet": 0, "west": 1, "bst": 1, "cet": 1, "mez": 1, "met": 1, "cest": 2, "mesz": 2},
    **{"mest": 2, "eet": 2, "eest": 3, "msk": 3, "msd": 4, "trt": 3, "sast": 2, "wat": 1},
    **{"pkt": 5, "ict": 7, "wib": 7, "hkt": 8, "sgt": 8, "pht": 8, "awst": 8, "jst": 9},
    **{"kst": 9, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13},
}
# RFC 5322 3.3, which nearly all dates follow.
_USUAL = re.compile(
    r"\s*(?:[A-Za-z]{3},)?\s*(\d{1,2}) +([A-Za-z]{3}) +(\d{4}) +(\d\d):(\d\d)(?::(\d\d))?"
    r" +([+-]\d\d)(\d\d)(?: +\([^()]{1,40}\))?\s*"
)
_COMMENT = re.compile(r"\([^()]{0,80}\)")
_TIME = re.compile(
    r"(?<!\d)(\d{1,2})([:.時时])(\d{1,2})(?:[:.分](\d{1,2})秒?)?(?:[.,]\d{1,9})?(?![\d.])"
    r"\s*([ap]\.?m\b\.?)?"
)
_COMPACT = re.compile(r"(?<!\d)(\d{4})(\d\d)(\d\d)t(\d\d)(\d\d)(\d\d)?")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?:日|t|\b)")
_WORD = r"([^\W\d_]{3,11}|\d{1,2}月|[一二三四五六七八九十]{1,2}月)"
_DAY_FIRST = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|\.)?[\s.-]*(?:de\s+)?{_WORD}[\s.,-]*(?:de\s+)?"
    r"(\d{4}|\d{2,3})(?!\d)"
)
_MONTH_FIRST = re.compile(rf"{_WORD}\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s(?:.*?\s)?(\d{{4}})(?!\d)")
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})([./ -])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_OFFSET = re.compile(r"(?<!\d)([+-])\s?(\d{1,2}):?(\d{2})?(?!\d)")
_OFFSET_OF_THREE = re.compile(r"([+-])(\d)(\d\d)(?!\d)")
_SECONDS_SINCE_1970 = re.compile(r"\s*(\d{10})(?:\d{3})?\s*")
_ZONE_NAME = re.compile(r"[a-z]{2,5}")
_YEARS = range(1970, 2200)
_HOURS_EAST = 15
_LONGEST_CHARACTERS = 200

Day = tuple[int, int, int]


def find_date(value: str) -> datetime | None:
    """The moment a date header names, in UTC; None where it names none.

    Where no zone is said, or one that does not exist, the time counts as UTC.
    """
    value = value[:_LONGEST_CHARACTERS]
    found = _USUAL.fullmatch(value)
    month = _MONTHS.get(found[2].lower()) if found else None
    if found and month:
        zone = _offset(found[7][0], found[7][1:], found[8])
        return _build((int(found[3]), month, int(found[1])), found.group(4, 5, 6), zone)
    return _find_in_words(value.lower())


def _find_in_words(value: str) -> datetime | None:
    text = _COMMENT.sub(" ", value)
    if found := _SECONDS_SINCE_1970.fullmatch(text):
        return datetime.fromtimestamp(int(found[1]), UTC)
    if found := _COMPACT.search(text):
        day = int(found[1]), int(found[2]), int(found[3])
        return _build(day, found.group(4, 5, 6), _find_zone(text[found.end() :]))
    time = _find_time(text)
    if time is None:
        day_alone = _find_day(text, us_order=False)
        return _build(day_alone, ("0", "0", None), timedelta()) if day_alone else None
    half = (time[5] or "")[:1]
    hour = int(time[1]) % 12 + 12 * (half == "p") if half else int(time[1])
    rest = f"{text[: time.start()]} {text[time.end() :]}"
    date = _find_day(rest, us_order=bool(half))
    if date is None:
        return None
    after = text[time.end() :]
    zone = _find_zone(after) if any(map(str.isalnum, after)) else _find_zone(value[time.end() :])
    return _build(date, (str(hour), time[3], time[4]), zone)


def _find_time(text: str) -> re.Match[str] | None:
    """The time of day: with colons, else with dots where they are not those of a date."""
    found = list(_TIME.finditer(text))
    colons = [each for each in found if each[2] != "."]
    return next(iter(colons), None) or (found[-1] if found else None)


def _find_day(text: str, *, us_order: bool) -> Day | None:
    if found := _YEAR_FIRST.search(text):
        return _numbers(found, 1, 2, 3)
    for pattern, month_group, day_group in ((_DAY_FIRST, 2, 1), (_MONTH_FIRST, 1, 2)):
        for found in pattern.finditer(text):
            month = _MONTHS.get(found[month_group])
            if month:
                return _full_year(found[3]), month, int(found[day_group])
    if not (found := _NUMBERS.search(text)):
        return None
    first, second = int(found[1]), int(found[3])
    month_first = second > 12 or (us_order and first <= 12 and found[2] == "/")
    day, month = (second, first) if month_first else (first, second)
    return _full_year(found[4]), month, day


def _numbers(found: re.Match[str], year: int, month: int, day: int) -> Day:
    return int(found[year]), int(found[month]), int(found[day])


def _full_year(digits: str) -> int:
    """RFC 5322 4.3: two digits are 1950 to 2049, three count from 1900."""
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (2000 if len(digits) == 2 and year < 50 else 1900)


def _find_zone(text: str) -> timedelta:
    """The offset that stands behind a time, as a number or a name."""
    text = text[:40]
    found = _OFFSET_OF_THREE.search(text) or _OFFSET.search(text)
    if found:
        return _offset(found[1], found[2], found[3] or "0")
    names = (_ZONES.get(name) for name in _ZONE_NAME.findall(text))
    return timedelta(hours=next((hours for hours in names if hours is not None), 0))


def _offset(sign: str, hours: str, minutes: str) -> timedelta:
    if int(hours) >= _HOURS_EAST or int(minutes) >= 60:
        return timedelta()
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return -offset if sign == "-" else offset


def _build(date: Day, time: tuple[str | None, ...], offset: timedelta) -> datetime | None:
    if date[0] not in _YEARS:
        return None
    hour, minute, second = (int(each or 0) for each in time)
    # RFC 5322 3.3 allows a leap second, and some write midnight as the 24th hour; Python neither.
    next_day = (hour, minute, second) == (24, 0, 0)
    try:
        local = datetime(
            *date, 0 if next_day else hour, minute, min(second, 59), tzinfo=timezone(offset)
        )
        return (local + timedelta(days=next_day)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
