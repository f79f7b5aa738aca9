"""Where an earlier mail begins inside a text: dividers and blocks of headers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from intake.mail.quote_words import (
    FORWARD_CLUES,
    FORWARD_WORDS,
    FORWARDED_BY,
    HEADER_LABELS,
    MAIL_WORDS,
    ORIGINAL_WORDS,
    RAW_HEADERS,
    RULE,
    HeaderRole,
)

_LONGEST_LINE = 400
_LONGEST_BARE_DIVIDER = 60
_LONGEST_BLOCK_LINES = 24

_ADDRESS = re.compile(r"[<(\[]\s?[^<>()\[\]\s]{1,80}@[^<>()\[\]\s]{1,120}|mailto:")
_CLOCK = re.compile(r"\b\d{1,2}[:.h]\d\d\b|\d時\d|\d点\d|\d시")

_DIVIDER = re.compile(
    rf"[\s>]{{0,9}}[{RULE}]{{2,}}[\s>]{{0,4}}([^\n]{{2,120}}?)[\s<]{{0,4}}[{RULE}]{{2,}}\s{{0,9}}$"
)
_FORWARD = re.compile(FORWARD_WORDS, re.IGNORECASE)
_ORIGINAL = re.compile(ORIGINAL_WORDS, re.IGNORECASE)
_MAIL = re.compile(rf"[\W_]{{1,80}}original[\W_]*$|{MAIL_WORDS}|{FORWARDED_BY}", re.IGNORECASE)
_RAW_HEADER = re.compile(rf"[\s>]{{0,4}}(?:{RAW_HEADERS})[:：]", re.IGNORECASE)
_RULE = re.compile(rf"\s{{0,9}}[{RULE}]{{5,200}}\s{{0,9}}$")
_LOTUS_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4} \d{1,2}:\d\d(?::\d\d)?(?: [AP]M)?\s{0,4}$")
_LABEL_MARKS = " \t\xa0*_>|#\u200e\u200f\u202a\u202c"
_ANY_LABEL = re.compile(r"[\s*]{0,4}[^\W\d_][^\d:：\n]{1,24}[*\s]{0,3}[:：][*\s]{0,4}\S")
_RULE_CHARACTERS = frozenset(RULE)
_LABEL = re.compile(rf"[{_LABEL_MARKS}]{{0,30}}([^:：|\n]{{1,24}})[:：|]")


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """Lines `start` to `end` (exclusive) show the headers of an earlier mail.

    `attribution` is the line that Yandex shows in place of headers, "" where there is none.
    """

    start: int
    end: int
    forwarded: bool
    values: dict[HeaderRole, str] = field(default_factory=dict)
    attribution: str = ""


def divider_kind(line: str) -> str | None:
    """ "forwarded" or "original" for a line that divides a mail from an earlier one."""
    if len(line) > _LONGEST_LINE:
        return None
    first, last = line.lstrip(" \t\xa0>*")[:1], line.rstrip()[-1:]
    if last in _RULE_CHARACTERS and (match := _DIVIDER.match(line)) is not None:
        if _FORWARD.search(match[1]):
            return "forwarded"
        return "original" if _ORIGINAL.search(match[1]) else None
    if last not in ":：" or not first.isalpha() or len(line) > _LONGEST_BARE_DIVIDER:
        return None
    # Apple Mail: "Begin forwarded message:".
    small = line.lower()
    if not any(clue in small for clue in FORWARD_CLUES):
        return None
    return "forwarded" if _FORWARD.search(line) and _MAIL.search(line) else None


def is_divider(line: str) -> bool:
    """A line that divides a mail from an earlier one, or a bare rule."""
    return is_rule(line) or divider_kind(line) is not None


def is_rule(line: str) -> bool:
    """A line of dashes, underscores or stars only."""
    return _RULE.match(line) is not None


def header_role(line: str) -> tuple[HeaderRole, str] | None:
    """What header `line` shows, and its value: `*From:* x`, `发件人：x`, `| Date | x |`."""
    match = _LABEL.match(line)
    if match is None:
        return None
    label = match[1].strip(_LABEL_MARKS).casefold()
    role = HEADER_LABELS.get(label) or HEADER_LABELS.get(
        label.replace(" ", "").replace("\u3000", "")
    )
    return None if role is None else (role, line[match.end() :].strip(_LABEL_MARKS))


def may_open_block(stripped: str) -> bool:
    """Whether `header_block` is worth asking of a stripped line: cheap, for most say no."""
    if _LABEL.match(stripped) is not None and header_role(stripped) is not None:
        return True
    last = stripped[-1]
    if stripped[0].isdigit() and _LOTUS_DATE.match(stripped):
        return True
    if last in _RULE_CHARACTERS:
        return is_rule(stripped) or divider_kind(stripped) is not None
    return last in ":：" and divider_kind(stripped) is not None


def header_block(lines: Sequence[str], start: int) -> HeaderBlock | None:
    """The block of headers of an earlier mail at `start`: its divider, or its first header."""
    if lines[start][:1].isdigit():
        return _lotus_block(lines, start)
    kind = divider_kind(lines[start])
    at = start
    if kind is not None or is_rule(lines[start]):
        at = _next_filled(lines, start + 1)
        if at - start > 4:
            at = start + 1
    values, end = _header_values(lines, at)
    enough = _is_enough(values, divided=kind is not None)
    if kind is None and values and _is_raw_source(lines, at, end):
        return None
    if not enough and kind is not None:
        return _bare_block(lines, start, at, forwarded=kind == "forwarded")
    if not enough and kind is None:
        if at == start or not _looks_like_headers(lines[at : at + 3]):
            return None
        end = at + 3
    return HeaderBlock(start, end, kind == "forwarded", values)


def _lotus_block(lines: Sequence[str], dated: int) -> HeaderBlock | None:
    """Lotus Notes of old: a name over a date, then labels alone, each over its value."""
    values: dict[HeaderRole, str] = {"date": lines[dated].strip()}
    end = dated + 1
    for at in range(dated + 1, min(dated + _LONGEST_BLOCK_LINES, len(lines) - 1)):
        role = HEADER_LABELS.get(lines[at].strip(_LABEL_MARKS).casefold())
        if role is not None:
            values.setdefault(role, lines[at + 1].strip())
            end = at + 2
    if not dated or "to" not in values or "subject" not in values:
        return None
    values["from"] = lines[dated - 1].strip()
    return HeaderBlock(dated - 1, end, forwarded=False, values=values)


def _bare_block(
    lines: Sequence[str], start: int, at: int, *, forwarded: bool
) -> HeaderBlock | None:
    """A divider without headers under it; an attribution may stand there."""
    if lines[start].rstrip()[-1:] not in _RULE_CHARACTERS or not _MAIL.search(lines[start]):
        return None
    below = lines[at].strip() if at < len(lines) else ""
    if forwarded and len(below) < _LONGEST_LINE and below.endswith(":") and _ADDRESS.search(below):
        return HeaderBlock(start, at + 1, forwarded, attribution=below)
    return HeaderBlock(start, start + 1, forwarded)


def _is_raw_source(lines: Sequence[str], start: int, end: int) -> bool:
    """Headers as they travelled (RFC 5322 3.6), which no mail program shows: somebody asks about
    them."""
    around = [*lines[max(0, start - 1) : start], *lines[start : end + 1]]
    return any(_RAW_HEADER.match(line) for line in around)


def _header_values(lines: Sequence[str], at: int) -> tuple[dict[HeaderRole, str], int]:
    values: dict[HeaderRole, str] = {}
    end = at
    loose = 0
    for index in range(at, min(at + _LONGEST_BLOCK_LINES, len(lines))):
        line = lines[index]
        found = header_role(line)
        if found is not None:
            values.setdefault(*found)
            end, loose = index + 1, 0
            continue
        # A folded value, or an empty line between two headers; more of it is the mail itself.
        loose += 1
        if index == at or loose > 3:
            break
        if not line.strip() and "subject" in values and "from" in values:
            break
    return values, _with_folded_value(lines, end, values)


def _with_folded_value(lines: Sequence[str], end: int, values: dict[HeaderRole, str]) -> int:
    """A last value over two lines belongs to the block where an empty line ends it."""
    if not values or end >= len(lines) or end + 1 >= len(lines):
        return end
    if lines[end].strip() and not lines[end + 1].strip() and lines[end][:1] in " \t":
        return end + 1
    return end


def _is_enough(values: dict[HeaderRole, str], *, divided: bool) -> bool:
    if divided:
        return len(values) >= 2
    if "from" not in values:
        return False
    if "subject" in values and ("date" in values or "to" in values):
        return True
    # From, To and a date alone may be a transfer that a customer lists.
    dated = "date" in values and ("to" in values or bool(_CLOCK.search(values["date"])))
    return "@" in values["from"] and dated


def _looks_like_headers(lines: Sequence[str]) -> bool:
    """Three labelled lines under a rule, one with an address: headers in a language unknown."""
    labelled = len(lines) == 3 and all(_ANY_LABEL.match(line) for line in lines)
    return labelled and any(_ADDRESS.search(line) for line in lines)


def _next_filled(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at
