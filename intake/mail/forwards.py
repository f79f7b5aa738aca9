"""Who wrote a forwarded mail and when: a suggestion for staff, read from what is shown of it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from intake.mail.headers import clean
from intake.model.address import Address

_ADDRESS = re.compile(
    r"([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64})@([\w-]{1,63}(?:\.[\w-]{1,63}){0,8})"
)
_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u202d\u2066\u2067\u2068\u2069"))
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_NAME_ENDS = " \t\"'“”„«»*;,:<([\xa0"

_MONTHS = (
    "jan janv janu janua january januar janvier enero ene janeiro gennaio gen januari "
    "stycznia sty января янв ocak oca ledna január januára ianuarie ian tammikuuta tammik "
    "січня січ януари يناير ינואר ιανουαρίου ιαν gener siječnja",
    "feb febr february februar février févr fév febrero fevereiro fev febbraio februari "
    "lutego lut февраля февр фев şubat şub února február februára februarie helmikuuta helmik "
    "лютого лют февруари فبراير פברואר φεβρουαρίου φεβ febrer pebruari",
    "mar march märz mär mrz mars marzo março maart mrt marca марта мар mart března március "
    "márc martie maaliskuuta maalisk березня бер март مارس מרץ μαρτίου μαρ març maret",
    "apr april avril avr abril abr aprile kwietnia kwi апреля апр nisan nis dubna április ápr "
    "apríla aprilie huhtikuuta huhtik квітня квіт април أبريل אפריל απριλίου απρ",
    "may mai mayo maio maggio mag mei maja maj мая май mayıs května május máj mája toukokuuta "
    "toukok травня трав مايو מאי μαΐου μαΐ maig",
    "jun june juni juin junio junho giugno giu czerwca cze июня июн haziran haz června június "
    "jún júna iunie iun kesäkuuta kesäk червня черв юни يونيو יוני ιουνίου ιουν juny",
    "jul july juli juillet juil julio julho luglio lug lipca lip июля июл temmuz tem července "
    "július júl júla iulie iul heinäkuuta heinäk липня лип юли يوليو יולי ιουλίου ιουλ juliol",
    "aug august août aout agosto ago augustus augusti sierpnia sie августа авг ağustos ağu "
    "srpna augusztus augusta elokuuta elok серпня серп август أغسطس אוגוסט αυγούστου αυγ "
    "agost agustus agu",
    "sep sept september septembre septiembre setembro set settembre września wrz сентября "
    "сент сен eylül eyl září szeptember szept septembra septembrie syyskuuta syysk вересня "
    "вер септември سبتمبر ספטמבר σεπτεμβρίου σεπ setembre",
    "oct october okt oktober octobre octubre outubro out ottobre ott października paź октября "
    "окт ekim eki října október októbra octombrie lokakuuta lokak жовтня жовт октомври أكتوبر "
    "אוקטובר οκτωβρίου οκτ",
    "nov november novembre noviembre novembro listopada lis ноября нояб ноя kasım kas "
    "listopadu novembra noiembrie noi marraskuuta marrask листопада лист ноември نوفمبر "
    "נובמבר νοεμβρίου νοε",
    "dec december dez dezember déc décembre dic diciembre dezembro dicembre des desember "
    "grudnia gru декабря дек aralık ara prosince decembra decembrie joulukuuta jouluk грудня "
    "груд декември ديسمبر דצמבר δεκεμβρίου δεκ desembre prosinca",
)
_MONTH_NUMBERS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_WORD = re.compile(r"[^\W\d_]{3,12}")
_ATTRIBUTED_NAME = re.compile(r"[^\d,:;\"“”<>()\[\]]{1,80}$")
_YEAR_FIRST = re.compile(r"(\d{4})\s?[-/.年년]\s?(\d{1,2})\s?[-/.月월]\s?(\d{1,2})")
_YEAR_LAST = re.compile(r"\b(\d{1,2})([./-])(\d{1,2})[./-](\d{4}|\d\d)\b")
# Vietnamese numbers its months: `23 thg 11, 2026`.
_NUMBERED_MONTH = re.compile(r"\b(\d{1,2}) (?:thg|tháng) (\d{1,2})\b", re.IGNORECASE)
_YEAR = re.compile(r"\b((?:19|20)\d\d)\b")
_DAY = re.compile(r"(?<![\d:.])(\d{1,2})(?:st|nd|rd|th|er)?(?![\d:])")
_CLOCK = re.compile(r"(?<![\d.])(\d{1,2})[:.h時时点點시]\s?(\d\d)(?:[:.分](\d\d))?")
_AFTERNOON = re.compile(r"\bp\.?\s?m\b|下午|晚上|오후|午後|μ\.?μ|\d\sم\b", re.IGNORECASE)
_MORNING = re.compile(r"\ba\.?\s?m\b|上午|凌晨|오전|午前|π\.?μ|\d\sص\b", re.IGNORECASE)
# RFC 5322 3.3: what ends so is a Date header as it was.
_RFC_ZONE = re.compile(r":\d\d [+-]\d{4}(?:\s|$)")
_ZONE = re.compile(r"(?:GMT|UTC)?\s?([+-])(\d\d):?(\d\d)\b")


def find_shown_address(value: str) -> Address | None:
    """The address in `Name <a@b.example>`, `Name [mailto:a@b.example]` or alone, None without."""
    value = value[:1000].translate(_MARKS)
    match = _ADDRESS.search(value)
    if match is None:
        return None
    name = re.sub(r"\[?mailto:?$", "", value[: match.start()].strip(_NAME_ENDS)).strip(_NAME_ENDS)
    # A tab of the table that programs show the headers in may stand within.
    return Address(clean(name), match[1], match[2].rstrip("."))


def find_author(line: str) -> Address | None:
    """Who wrote, in an attribution line: `23.11.2026, 10:00, "Ben" <ben@mail.example>:`."""
    found = find_shown_address(line)
    if found is None:
        return None
    name = _ATTRIBUTED_NAME.search(found.display_name)
    return replace(found, display_name=name[0].strip(_NAME_ENDS) if name else "")


def find_shown_date(value: str) -> datetime | None:
    """The moment a mail program shows in `value`, UTC where it names no zone; None if unreadable.

    A day before the month where the separator leaves it open, unless a.m. or p.m. is said.
    """
    text = value[:200].translate(_MARKS).translate(_DIGITS)
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
    found = _YEAR.search(text)
    if found is None:
        return None
    if match := _NUMBERED_MONTH.search(text):
        return int(found[1]), int(match[2]), int(match[1])
    before, after = text[: found.start()], text[found.end() :]
    # Hungarian puts the year first.
    shown = before if _month(before) else after
    month, day = _month(shown), _DAY.search(shown)
    return (int(found[1]), month, int(day[1])) if month and day else None


def _month(text: str) -> int:
    """The last month named in `text`, for "mar." before it is a Tuesday in French; 0 for none."""
    # Hebrew writes "in" together with the month.
    words = (word.casefold().removeprefix("ב") for word in reversed(_WORD.findall(text)))
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
