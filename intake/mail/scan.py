"""Each line of a text told apart: the sender's own, quoted, attribution, signature."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from intake.mail.attribution import attribution_length, goes_on, may_attribute
from intake.mail.mobile_lines import MOBILE_HEADS, MOBILE_STARTS_EAST, is_mobile_line
from intake.mail.quotation import HeaderBlock, header_block, may_open_block
from intake.mail.quote_words import (
    ALL_REPLY_MARKER_CLUES,
    REPLY_MARKER_CLUES,
    REPLY_MARKER_HEADS,
    REPLY_MARKERS,
)
from intake.mail.signatures import (
    heading_rule,
    is_delimiter,
    is_loose_delimiter,
    is_signature,
    underlines,
)

Kind = Literal["own", "empty", "quoted", "attribution", "signature"]

_QUOTED = re.compile(r"[ \t\xa0]{0,4}(?:>(?!From )|＞|&gt;|\|(?: [^|\n]*)?$)")
# The Bat puts the initials of the author before the mark.
_QUOTED_WITH_INITIALS = re.compile(r"[ \t]{0,4}[A-Z]{1,3}>{1,9}(?:\s|$)")
_REPLY_MARKER = re.compile(REPLY_MARKERS, re.IGNORECASE)
_CLEAR_SIGNED = ("-----BEGIN PGP SIGNED MESSAGE-----", "-----BEGIN PGP SIGNATURE-----")
_END_OF_PGP = "-----END PGP SIGNATURE-----"
_MOST_LINES_OF_PGP = 60
_LONGEST_MARKER_LINE = 200
_MOST_DELIMITERS_TRIED = 20
# Nobody writes as many lines that only look like headers and attributions.
_MOST_LINES_ASKED = 4000
_MOST_LINES_OF_DRAWN_TABLE = 15

# A line that begins and ends with none of these, names nothing before a colon and is not sent
# from a telephone is the sender's own: nearly every line of nearly every mail.
_DRAWN = frozenset(">＞|&<([*_-=~#+—–─━‐‑‒―−＝＊＿－ᐧ◆◇■□★☆\u200e\u200f\u202a\u202b\ufeff")
_TELLING_STARTS = _DRAWN | MOBILE_STARTS_EAST
_TELLING_HEADS = MOBILE_HEADS | REPLY_MARKER_HEADS
_TELLING_ENDS = frozenset(":：>-_*\u200e\u200f\u202c")
_LONGEST_LABEL = 40


class Scan:
    """One walk over `lines`. `cut` is where an unmarked earlier mail begins, None without one.

    `block` is the first block of headers shown. With `answers_below` the first earlier mail is
    no cut: the sender says that the answers stand in it.
    """

    def __init__(self, lines: Sequence[str], *, answers_below: bool = False) -> None:
        self.lines = lines
        self.cut: int | None = None
        self.block: HeaderBlock | None = None
        self.quotes = False
        self._stripped = [line.strip() for line in lines]
        self.kinds: list[Kind] = ["own" if stripped else "empty" for stripped in self._stripped]
        self._other = False
        self._asked = 0
        self._initials = False
        self._cuts_passed = 0 if answers_below else 1
        self._first_own: int | None = None
        self._first_unseen = 0
        self._delimiters: dict[int, None] = {}
        self._walk()

    @property
    def all_own(self) -> bool:
        """Whether every line that is not empty is the sender's own."""
        return not self._other

    def wrote_before(self, index: int) -> bool:
        """Whether the sender's own words stand before line `index`."""
        while self._first_own is None and self._first_unseen < index:
            at = self._first_unseen
            if self.kinds[at] == "own" and at not in self._delimiters:
                self._first_own = at
            self._first_unseen += 1
        return self._first_own is not None and self._first_own < index

    def mark(self, start: int, stop: int, kind: Kind) -> None:
        """Makes lines `start` to `stop` (exclusive) of `kind`."""
        self._other = True
        self.kinds[start:stop] = [kind] * (stop - start)
        if self._first_own is not None and self._first_own >= start:
            self._first_own = None

    def _walk(self) -> None:
        """Tells the lines until one begins an unmarked earlier mail."""
        following = 0
        for index in self._telling_lines():
            if index >= following:
                following = self._tell(index, self._stripped[index])
                if self.cut is not None:
                    return

    def _telling_lines(self) -> Iterator[int]:
        """The lines that may be anything but the sender's own: a glance tells the others."""
        telling = [
            index
            for index, line in enumerate(self._stripped)
            if line
            and (
                line[0] in _TELLING_STARTS
                or line[-1] in _TELLING_ENDS
                or ":" in line[:_LONGEST_LABEL]
                or "：" in line[:_LONGEST_LABEL]
                or line[:4].lower() in _TELLING_HEADS
            )
        ]
        for index in telling:
            yield index
            if self._initials:
                break
        else:
            return
        yield from (later for later in range(index + 1, len(self.lines)) if self._stripped[later])

    def _tell(self, index: int, stripped: str) -> int:
        """Tells one line, or several that belong together, and returns the next to look at."""
        line = self.lines[index]
        drawn = stripped[0] in _DRAWN
        if (drawn or self._initials) and self._is_quoted(line) and not self._closes_address(index):
            return self._found_quoted(index)
        self._asked += 1
        if self._asked > _MOST_LINES_ASKED:
            return index + 1
        if stripped.startswith(_CLEAR_SIGNED):
            return self._found_clear_signed(index, stripped)
        if may_open_block(stripped) and (block := header_block(self.lines, index)) is not None:
            return self._found_block(block)
        if "@" in stripped and goes_on(stripped) and self.wrote_before(index):
            return self._found_marker(index)
        headed = stripped[0] in _TELLING_STARTS or stripped[:4].lower() in _TELLING_HEADS
        if headed and _is_reply_marker(stripped):
            return self._found_marker(index)
        if may_attribute(stripped) and self._is_attribution(index):
            return index + 1
        if headed and is_mobile_line(stripped):
            self.mark(index, index + 1, "signature")
            self._take_drawn_table(index)
        elif drawn and is_loose_delimiter(line):
            self._delimiters[index] = None
        return index + 1

    def _found_clear_signed(self, index: int, stripped: str) -> int:
        """RFC 9580 7: the head of a clear-signed text up to an empty line, and its signature."""
        head = stripped == _CLEAR_SIGNED[0]
        stop = index + 1
        while stop < len(self.lines) and stop < index + _MOST_LINES_OF_PGP:
            line = self._stripped[stop]
            stop += 1
            if line == _END_OF_PGP or (head and not line):
                break
        self.mark(index, stop, "signature")
        return stop

    def _found_marker(self, index: int) -> int:
        self.mark(index, index + 1, "attribution")
        self._earlier_mail_at(index)
        return index + 1

    def _is_quoted(self, line: str) -> bool:
        if _QUOTED.match(line):
            return True
        return self._initials and _QUOTED_WITH_INITIALS.match(line) is not None

    def _closes_address(self, index: int) -> bool:
        """`> wrote:` under `On ... <a@b.example`: folding took the ">" to the next line."""
        above = self.lines[index - 1][-200:] if index else ""
        open_bracket = above.rfind("<") > above.rfind(">")
        return open_bracket and self.lines[index][:200].rstrip().endswith((":", "："))

    def _found_quoted(self, index: int) -> int:
        self.quotes = True
        self.mark(index, index + 1, "quoted")
        last = index - 1
        if last >= 0 and self.kinds[last] == "own" and ":" in self._stripped[last]:
            # Directly above a quotation "wrote" needs no colon.
            length = attribution_length(self.lines, last, quote_follows=True, unended=True)
            if length:
                self._found_attribution(last - length + 1, index, marked=True)
        return index + 1

    def _found_block(self, block: HeaderBlock) -> int:
        if self.block is None:
            self.block = block
        self.mark(block.start, block.end, "attribution")
        self._earlier_mail_at(block.start)
        return block.end

    def _is_attribution(self, last: int) -> bool:
        following = last + 1
        while following < len(self.lines) and not self._stripped[following]:
            following += 1
        below = self.lines[following] if following < len(self.lines) else ""
        initials = _QUOTED_WITH_INITIALS.match(below) is not None
        marked = initials or _QUOTED.match(below) is not None
        length = attribution_length(self.lines, last, quote_follows=marked)
        if length:
            self._initials = self._initials or initials
            self._found_attribution(last - length + 1, last + 1, marked=marked)
        return length > 0

    def _found_attribution(self, start: int, stop: int, *, marked: bool) -> None:
        for at in range(start, stop):
            self._delimiters.pop(at, None)
        self.mark(start, stop, "attribution")
        self.quotes = True
        if not marked:
            self._earlier_mail_at(start)

    def _earlier_mail_at(self, index: int) -> None:
        """From here on nothing is marked: all of it is the earlier mail, if we wrote above."""
        if not self.wrote_before(index):
            return
        if self._cuts_passed:
            self.cut = index
        self._cuts_passed += 1

    def _take_drawn_table(self, index: int) -> None:
        """NetEase draws its signature with bars, above a line that says who made it."""
        top = max(0, index - _MOST_LINES_OF_DRAWN_TABLE)
        bars = [at for at in range(top, index) if self.lines[at].strip(" \t\xa0") in ("|", "| |")]
        if not bars or not self.wrote_before(bars[0]):
            return
        self.mark(bars[0], index, "signature")

    def mark_signatures(self, end: int) -> None:
        """Marks what stands under signature delimiters above line `end`."""
        delimiters = [index for index in self._delimiters if index < end]
        tried = delimiters[:_MOST_DELIMITERS_TRIED]
        tried += delimiters[_MOST_DELIMITERS_TRIED:][-_MOST_DELIMITERS_TRIED:]
        for index in tried:
            if self.kinds[index] != "own" or not self.wrote_before(index):
                continue
            stop = self._signature_end(index, end)
            line, above = self.lines[index], self.lines[index - 1]
            standard = is_delimiter(line)
            doubtful = not standard and (heading_rule(line) or underlines(line, above))
            if is_signature(
                self.lines[index + 1 : stop], delimited=standard, needs_contact=doubtful
            ):
                self.mark(index, stop, "signature")

    def _signature_end(self, index: int, end: int) -> int:
        stop = index + 1
        while stop < end and self.kinds[stop] not in ("quoted", "attribution"):
            stop += 1
        return stop


def _is_reply_marker(line: str) -> bool:
    """Whether a help desk program asks to write above this line."""
    if len(line) > _LONGEST_MARKER_LINE:
        return False
    small = line.lower()
    clues = REPLY_MARKER_CLUES if small.isascii() else ALL_REPLY_MARKER_CLUES
    # A loop: any() over a generator takes three times as long.
    for clue in clues:
        if clue in small:
            return _REPLY_MARKER.search(small) is not None
    return False
