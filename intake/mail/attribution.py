"""Attribution lines: "On that day somebody wrote:", in one line or folded over several."""

from __future__ import annotations

import re
from collections.abc import Sequence

from intake.mail.quotation import header_role, is_divider
from intake.mail.quote_words import OPENINGS, READER_WORDS, VERBS, WEAK_VERBS

_LONGEST_LINE = 400
_MOST_JOINED_LINES = 4
_LONGEST_FOLDED_LINE = 90
_MOST_LINES_ABOVE = 4

_VERB = re.compile(VERBS, re.IGNORECASE)
_VERB_LAST = re.compile(rf"(?:{VERBS})[^\n]{{0,12}}[:：][*_\s]{{0,4}}$", re.IGNORECASE)
_WEAK_VERB = re.compile(rf"{VERBS}|{WEAK_VERBS}", re.IGNORECASE)
_OPENING = re.compile(rf"[\s*_\-\"'“«>]{{0,12}}(?:{OPENINGS})", re.IGNORECASE)
_ADDRESS = re.compile(
    r"[<(\[]\s?[^<>()\[\]\s]{1,80}@[^<>()\[\]\s]{1,120}|mailto:|&lt;\S{1,120}@"
    r"|(?:^|\s)[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,80}"
)
_DATE = re.compile(
    r"\b(?:19|20)\d\d\b|\d{4}年|\d{4}년|\d{1,2}[:.h]\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b"
)
_CLOCK = re.compile(r"\b\d{1,2}[:.h]\d\d\b|\d時\d|\d点\d|\d시")
_LAST_CHARACTERS = frozenset(":：->")
_ENDING = re.compile(r"[:：][*_\s]{0,4}$|-{3,}\s{0,9}$")
_OPEN_ENDING = re.compile(r"(?:>|GMT[+-]\d\d:\d\d\s\S[^\n]{0,80})\s{0,9}$")
# Gmail of old: `2016-03-03 17:21 GMT+01:00 Some One <a@b.example>:`, sometimes without the rest.
_ISO_OPENING = re.compile(r"\s{0,4}\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?[^<\n]{0,60}")
_ISO_WITH_ZONE = re.compile(r"\s{0,4}\d{4}-\d\d-\d\d \d{1,2}:\d\d GMT[+-]\d{1,2}:?\d\d\s\S")
_TO_THE_READER = re.compile(rf"\b(?:{READER_WORDS})\b", re.IGNORECASE)
# Yahoo on Android goes on in the same line: `On ..., Anna <a@b.example> wrote:   Hello`.
_GOES_ON = re.compile(r"@[^\s<>]{1,120}>[^\n:：]{1,40}[:：]\s{2,9}\S")
_DIGIT = re.compile(r"\d")
_MARKS = str.maketrans("", "", "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def may_attribute(stripped: str) -> bool:
    """Whether `attribution_length` is worth asking of a stripped line: it ends as they do."""
    if stripped[-1] in _LAST_CHARACTERS or "GMT" in stripped:
        return True
    if stripped[-1].isalnum():
        return False
    end = _unmarked(stripped[-20:]).rstrip("*_ \t\xa0")
    return end[-1:] in _LAST_CHARACTERS and bool(end)


def _unmarked(line: str) -> str:
    """Without the marks of writing direction that Arabic and Hebrew lines are full of."""
    return line if line.isascii() else line.translate(_MARKS)


def goes_on(line: str) -> bool:
    """Whether an attribution and the unmarked quotation stand together in `line`."""
    if "@" not in line or not _OPENING.match(line):
        return False
    start = line[:_LONGEST_LINE]
    match = _GOES_ON.search(start)
    return match is not None and bool(_VERB.search(match[0])) and bool(_DATE.search(start))


def attribution_length(
    lines: Sequence[str], last: int, *, quote_follows: bool, unended: bool = False
) -> int:
    """How many lines up to and with `last` say "on that day somebody wrote:"; 0 for none.

    With `unended` a quotation follows the very next and the line need not end with a colon.
    """
    line = _unmarked(lines[last])
    if len(line) > _LONGEST_LINE:
        return 0
    if unended:
        lines, line = [*lines[max(0, last - 5) : last], f"{line.rstrip()}:"], f"{line}:"
        last = len(lines) - 1
    if not quote_follows and not _tells_who_or_when(lines[max(0, last - 3) : last + 1]):
        return 0
    if not (_ENDING.search(line) or _OPEN_ENDING.search(line)):
        return 0
    joined = ""
    named, told = 0, False
    for count in range(1, min(_MOST_JOINED_LINES, last + 1) + 1):
        above = _unmarked(lines[last - count + 1])
        quoted = count > 1 and above.lstrip().startswith(">")
        if quoted or not above.strip() or len(above) > _LONGEST_LINE:
            break
        joined = f"{above.strip()} {joined}".strip()
        if _opens_and_attributes(joined, quote_follows=quote_follows):
            return _with_lines_above(lines, last, count)
        if not told and _names_and_attributes(joined, quote_follows=quote_follows):
            # "wrote:" alone above a quotation: the name may stand in the line before.
            told = _ADDRESS.search(joined) is not None
            named = count if told or not named else named
    return _with_lines_above(lines, last, named) if named else 0


def _tells_who_or_when(lines: Sequence[str]) -> bool:
    """Whether an address or a digit of a date is there at all: most lines hold neither."""
    joined = " ".join(lines)
    return "@" in joined or "mailto:" in joined or _DIGIT.search(joined) is not None


def _opens_and_attributes(joined: str, *, quote_follows: bool) -> bool:
    """A line that begins as attributions do: "On ...", "Am ...", a date, a weekday."""
    if "@" not in joined and not _DIGIT.search(joined):
        return False
    if not _OPENING.match(joined):
        return False
    if _ISO_WITH_ZONE.match(joined):
        return True
    addressed = _ADDRESS.search(joined) is not None
    if addressed and _CLOCK.search(joined) and _ENDING.search(joined):
        return True
    if addressed and _ISO_OPENING.match(joined):
        return True
    if not _ENDING.search(joined) or not _DATE.search(joined):
        return False
    if quote_follows and _WEAK_VERB.search(joined):
        return True
    return bool(_VERB.search(joined)) and (addressed or not _TO_THE_READER.search(joined))


def _names_and_attributes(joined: str, *, quote_follows: bool) -> bool:
    """A line that begins with the name: `Somebody <a@b.example> wrote:`.

    An address, a date and a colon above a quotation say it in a language that we do not know.
    """
    # Most lines that end with a colon: no quotation follows, and nobody is named.
    if not quote_follows and "@" not in joined and "mailto:" not in joined:
        return False
    if not _ENDING.search(joined):
        return False
    addressed = _ADDRESS.search(joined) is not None
    if not _VERB.search(joined):
        return quote_follows and addressed and _DATE.search(joined) is not None
    if addressed:
        return True
    dated = _DATE.search(joined) is not None and len(joined) <= _LONGEST_FOLDED_LINE
    return quote_follows and (dated or _VERB_LAST.search(joined) is not None)


def _with_lines_above(lines: Sequence[str], last: int, count: int) -> int:
    """More lines of the same attribution: its beginning, the name, labels and a divider."""
    count = _with_opening_above(lines, last, count)
    count = _with_name_above(lines, last, count)
    for _ in range(_MOST_LINES_ABOVE):
        above = last - count
        if above < 0 or (header_role(lines[above]) is None and not is_divider(lines[above])):
            break
        count += 1
    return count


def _with_opening_above(lines: Sequence[str], last: int, count: int) -> int:
    """`On Mon, Nov 23, 2026` over `at 10:00 AM Anna wrote:`, where both begin as attributions."""
    above = last - count
    if above < 0 or count >= _MOST_JOINED_LINES:
        return count
    line = lines[above].strip()
    if not line or len(line) > _LONGEST_FOLDED_LINE or line[-1] in ".!?:;。！？：":
        return count
    dated = _DATE.search(line) is not None and _CLOCK.search(lines[above + 1]) is not None
    return count + 1 if dated and _OPENING.match(line) else count


def _with_name_above(lines: Sequence[str], last: int, count: int) -> int:
    """Gmail in Chinese breaks between `Name <address>` and the date: the name belongs to it."""
    above = last - count
    if above < 0:
        return count
    line = lines[above].strip()
    alone = above == 0 or not lines[above - 1].strip()
    if alone and len(line) < 120 and line.endswith(">") and _ADDRESS.search(line):
        return count + 1
    return count
