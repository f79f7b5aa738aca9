"""What only the HTML of a mail shows: where the quotation begins, and which lines are signature."""

from __future__ import annotations

import re
from collections.abc import Sequence

from intake.mail.html_text import render_text

_LOOKED_AT_CHARACTERS = 6000
_FEWEST_TELLING_CHARACTERS = 12
_MOST_LINES_COMPARED = 8
_LONGEST_SIGNATURE_CHARACTERS = 20_000

# The element with which mail programs begin what they quote, and the few of their marks that are
# worth looking for on their own.
_QUOTE = re.compile(
    r"<blockquote(?![^>]{0,300}\b0(?:px)? 0(?:px)? 0(?:px)? 40px)[\s>]"
    r"|<\w{1,12}\s[^>]{0,300}(?:gmail_quote|yahoo_quoted|protonmail_quote|tutanota_quote"
    r"|divRplyFwdMsg|isReplyContent|moz-cite-prefix|OLK_SRC_BODY_SECTION|appendonsend|zmail_extra"
    r"|reference-message|messageReplySection|name=[\"']?quote\b"
    r"|border-top:\s?solid\s#?\w{3,20}\s1\.0pt)",
    re.IGNORECASE,
)
_WORDS = re.compile(r"\w")
_QUOTE_CLUES = (
    *("quote", "BLOCKQUOTE", "RplyFwdMsg", "ReplyContent", "cite-prefix", "SRC_BODY_SECTION"),
    *("appendonsend", "zmail_extra", "reference-message", "ReplySection", "border-top:"),
)
_SIGNATURE = re.compile(
    r"<(div|span|pre|table|td)\s[^>]{0,300}(?:class|id)=[\"']?(?:x_)?(?:gmail_signature\b(?!_)"
    r"|signature\b|moz-signature|ms-outlook-mobile-signature|protonmail_signature_block-user"
    r"|tutanota_sig|ntes-\w{1,9}-signature|zmail_signature|bloop_sign|apple-signature)[^>]{0,300}>",
    re.IGNORECASE,
)


def find_quotation(lines: Sequence[str], html: str) -> int | None:
    """The line of the plain text with which the quotation of `html` begins, None without one."""
    # A loop: any() over a generator takes three times as long.
    for clue in _QUOTE_CLUES:
        if clue in html:
            break
    else:
        return None
    match = _QUOTE.search(html)
    # A mail that is all quotation, or one that was written into it, has none to cut.
    if match is None or not _WORDS.search(render_text(html[: match.start()])):
        return None
    shown = render_text(html[match.start() : match.start() + _LOOKED_AT_CHARACTERS]).split("\n")
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
    if "ignature" not in html and "IGNATURE" not in html:
        return frozenset()
    lines: set[str] = set()
    for match in _SIGNATURE.finditer(html):
        end = _end_of_element(html, match[1].lower(), match.end())
        if end is not None:
            lines.update(_bare(line) for line in render_text(html[match.start() : end]).split("\n"))
        if len(lines) > _LONGEST_SIGNATURE_CHARACTERS:
            break
    return frozenset(line for line in lines if line)


def signature_start(lines: Sequence[str], known: frozenset[str]) -> int:
    """Where lines known to be signature begin at the end of `lines`; their number without any."""
    start = end = len(lines)
    while end and (not (line := _bare(lines[end - 1])) or line in known):
        end -= 1
        start = end if line else start
    return start


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
