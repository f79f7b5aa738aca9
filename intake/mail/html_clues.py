"""What only the HTML of a mail shows: where the quotation begins, and which lines are signature."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from intake.mail.html_text import render_text

_LOOKED_AT_CHARACTERS = 6000
_FEWEST_TELLING_CHARACTERS = 12
_MOST_LINES_COMPARED = 8
_LONGEST_SIGNATURE_CHARACTERS = 20_000

# Names in the start tags with which mail programs begin what they quote: some hold a blockquote
# or are called a quote, so that one look for "quote" spares most pages all of the first.
_QUOTE_CLUES = (
    *("gmail_quote", "yahoo_quoted", "protonmail_quote", "tutanota_quote", 'name="quote"'),
    *("isReplyContent", "moz-cite-prefix", "zmail_extra", "messageReplySection"),
)
_OTHER_CLUES = ("divRplyFwdMsg", "reference-message")
_RULE_CLUE = "border-top:"
_BLOCKQUOTES = ("<blockquote", "<BLOCKQUOTE")
_INDENT = re.compile(r"<[^>]{0,300}\b0(?:px)? 0(?:px)? 0(?:px)? 40px", re.IGNORECASE)
_RULE = re.compile(r"<[^>]{0,300}border-top:\s?solid\s#?\w{3,20}\s1\.0pt")
_SIGNATURE = re.compile(
    r"<(div|span|pre|table|td)\s[^>]{0,300}?(?:class|id)=[\"']?(?:x_)?(?:gmail_signature\b(?!_)"
    r"|signature\b|moz-signature|ms-outlook-mobile-signature|protonmail_signature_block-user"
    r"|ntes-\w{1,9}-signature|zmail_signature|apple-signature)[^>]{0,300}>",
    re.IGNORECASE,
)
_WORDS = re.compile(r"\w")
_LONGEST_TAG = 400
_MOST_TRIED = 20


def find_quotation(lines: Sequence[str], html: str) -> int | None:
    """The line of the plain text with which the quotation of `html` begins, None without one."""
    start = _quotation_start(html)
    # A mail that is all quotation, or one that was written into it, has none to cut.
    if start is None or not _WORDS.search(render_text(html[:start])):
        return None
    shown = render_text(html[start : start + _LOOKED_AT_CHARACTERS]).split("\n")
    quoted = [line for line in map(_bare, shown) if line.strip("_")][:_MOST_LINES_COMPARED]
    filled = [(index, _bare(line)) for index, line in enumerate(lines) if line.strip()]
    for at, wanted in enumerate(quoted):
        following = quoted[at + 1] if at + 1 < len(quoted) else ""
        for place, (_, line) in enumerate(filled):
            below = filled[place + 1][1] if place + 1 < len(filled) else ""
            if _same(line, wanted) and (line != wanted or _goes_on(below, following)):
                return _with_lines_before(filled, place, quoted[:at])
    return None


def find_signature_lines(html: str) -> frozenset[str]:
    """The lines of the elements that mail programs mark as the signature."""
    lines: set[str] = set()
    for tag in _tags(html, "ignature"):
        match = _SIGNATURE.match(html, tag)
        end = _end_of_element(html, match[1].lower(), match.end()) if match else None
        if end is not None:
            lines.update(map(_bare, render_text(html[tag:end]).split("\n")))
    return frozenset(line for line in lines if line)


def signature_start(lines: Sequence[str], known: frozenset[str]) -> int:
    """Where lines known to be signature begin at the end of `lines`; their number without any."""
    start = end = len(lines)
    while end and (not (line := _bare(lines[end - 1])) or line in known):
        end -= 1
        start = end if line else start
    return start


def _quotation_start(html: str) -> int | None:
    """Where the first element begins that a mail program quotes with."""
    quotes = "quote" in html or "QUOTE" in html
    found = [html.find(clue) for clue in (_QUOTE_CLUES if quotes else ()) + _OTHER_CLUES]
    starts = [_tag_around(html, at) for at in found if at >= 0]
    starts += islice((tag for tag in _tags(html, _RULE_CLUE) if _RULE.match(html, tag)), 1)
    for clue in _BLOCKQUOTES if quotes else ():
        starts += islice((tag for tag in _tags(html, clue) if not _INDENT.match(html, tag)), 1)
    return min(starts, default=None)


def _tags(html: str, clue: str) -> Iterator[int]:
    """Where the first few tags with `clue` in them begin."""
    at = html.find(clue)
    for _ in range(_MOST_TRIED):
        if at < 0:
            return
        yield _tag_around(html, at + 1)
        at = html.find(clue, at + 1)


def _tag_around(html: str, at: int) -> int:
    """Where the tag begins in which position `at` is."""
    return max(html.rfind("<", max(0, at - _LONGEST_TAG), at), 0)


def _bare(line: str) -> str:
    return " ".join(line.strip("> \t\xa0").split())


def _same(line: str, wanted: str) -> bool:
    """Whether one is the beginning of the other: plain text is folded, HTML is not."""
    short, long = sorted((line, wanted), key=len)
    return len(short) >= _FEWEST_TELLING_CHARACTERS and long.startswith(short)


def _goes_on(below: str, wanted: str) -> bool:
    """Whether the next lines agree as well, where there are any."""
    return not below or not wanted or below.startswith(wanted) or wanted.startswith(below)


def _with_lines_before(filled: Sequence[tuple[int, str]], place: int, before: Sequence[str]) -> int:
    """The quotation may begin with lines too short to tell it."""
    for wanted in reversed(before):
        above = filled[place - 1][1] if place else ""
        # The attribution may read otherwise in plain text.
        if above != wanted and not (above.endswith(":") and wanted.endswith(":")):
            break
        place -= 1
    return filled[place][0]


def _end_of_element(html: str, name: str, at: int) -> int | None:
    """Behind the end tag of the element open at `at`, None where it is far or missing."""
    depth = 1
    tags = re.compile(rf"<(/?){name}\b", re.IGNORECASE)
    for tag in tags.finditer(html, at, at + _LONGEST_SIGNATURE_CHARACTERS):
        depth += -1 if tag[1] else 1
        if not depth:
            return tag.end()
    return None
