"""Each line of a text told apart: the sender's own, quoted, attribution, signature."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from intake.mail.attribution import attribution_length, goes_on, may_attribute
from intake.mail.mobile_lines import holds_later_words, is_mobile_line, may_be_mobile
from intake.mail.quotation import HeaderBlock, header_block, may_open_block
from intake.mail.quote_words import REPLY_MARKER_CLUES, REPLY_MARKERS
from intake.mail.signatures import (
    heading_rule,
    is_delimiter,
    is_loose_delimiter,
    is_signature,
    underlines,
)

Kind = Literal["own", "empty", "quoted", "attribution", "signature"]

_QUOTED = re.compile(r"[ \t\xa0]{0,4}(?:>(?!From )|&gt;|\|(?: [^|\n]*)?$)")
# The Bat puts the initials of the author before the mark.
_QUOTED_WITH_INITIALS = re.compile(r"[ \t]{0,4}[A-Z]{1,3}>{1,9}(?:\s|$)")
_REPLY_MARKER = re.compile(REPLY_MARKERS, re.IGNORECASE)
_LONGEST_MARKER_LINE = 200
_MOST_DELIMITERS_TRIED = 20
_MOST_LINES_OF_DRAWN_TABLE = 15

# A line that begins and ends with none of these, names nothing before a colon and is not sent
# from a telephone is the sender's own: nearly every line of nearly every mail.
_TELLING_STARTS = frozenset(">|&<([*_-=~#+—–─━‐‑‒―−＝＊＿－ᐧ◆◇■□★☆\u200e\u200f\u202a\u202b\ufeff")
_TELLING_ENDS = frozenset(":：>-_*\u200e\u200f\u202c")
_LONGEST_LABEL = 40


class Scan:
    """One walk over `lines`. `cut` is where an unmarked earlier mail begins, None without one.

    `block` is the first block of headers shown. With `answers_below` the first earlier mail is
    no cut: the sender says that the answers stand in it.
    """

    def __init__(self, lines: Sequence[str], *, answers_below: bool = False) -> None:
        self.lines = lines
        self.kinds: list[Kind] = ["empty"] * len(lines)
        self.cut: int | None = None
        self.block: HeaderBlock | None = None
        self.quotes = False
        self._cuts_passed = 0 if answers_below else 1
        self._own: list[int] = []
        self._delimiters: list[int] = []
        whole = "\n".join(lines).lower()
        self._marked = any(clue in whole for clue in REPLY_MARKER_CLUES)
        self._every_line_may_tell = self._marked or holds_later_words(whole)
        index = 0
        while index < len(lines) and self.cut is None:
            index = self._step(index)

    def wrote_before(self, index: int) -> bool:
        """Whether the sender's own words stand before line `index`."""
        return bool(self._own) and self._own[0] < index

    def mark(self, start: int, stop: int, kind: Kind) -> None:
        """Makes lines `start` to `stop` (exclusive) of `kind`."""
        self.kinds[start:stop] = [kind] * (stop - start)

    def _step(self, index: int) -> int:
        """Tells one line, or several that belong together, and returns the next to look at."""
        stripped = self.lines[index].strip()
        if not stripped:
            return index + 1
        if (
            stripped[0] in _TELLING_STARTS
            or stripped[-1] in _TELLING_ENDS
            or ":" in (start := stripped[:_LONGEST_LABEL])
            or "：" in start
            or may_be_mobile(stripped)
            or self._every_line_may_tell
            or (self.quotes and ">" in stripped[:6])
        ):
            return self._tell(index)
        self.kinds[index] = "own"
        self._own.append(index)
        return index + 1

    def _tell(self, index: int) -> int:
        line = self.lines[index]
        if self._is_quoted(line) and not self._closes_address(index):
            return self._found_quoted(index)
        if may_open_block(line) and (block := header_block(self.lines, index)) is not None:
            return self._found_block(block)
        if self._marked and len(line) <= _LONGEST_MARKER_LINE and _REPLY_MARKER.search(line):
            self.kinds[index] = "attribution"
            self._earlier_mail_at(index)
            return index + 1
        if may_attribute(line) and self._is_attribution(index):
            return index + 1
        if goes_on(line) and self.wrote_before(index):
            self.kinds[index] = "attribution"
            self._earlier_mail_at(index)
            return index + 1
        if is_mobile_line(line):
            self.kinds[index] = "signature"
            self._take_drawn_table(index)
            return index + 1
        self.kinds[index] = "own"
        if is_delimiter(line) or is_loose_delimiter(line):
            self._delimiters.append(index)
        else:
            self._own.append(index)
        return index + 1

    def _is_quoted(self, line: str) -> bool:
        if _QUOTED.match(line):
            return True
        return self.quotes and _QUOTED_WITH_INITIALS.match(line) is not None

    def _closes_address(self, index: int) -> bool:
        """`> wrote:` under `On ... <a@b.example`: folding took the ">" to the next line."""
        above = self.lines[index - 1][-200:] if index else ""
        open_bracket = above.rfind("<") > above.rfind(">")
        return open_bracket and self.lines[index][:200].rstrip().endswith((":", "："))

    def _found_quoted(self, index: int) -> int:
        self.quotes = True
        self.kinds[index] = "quoted"
        last = index - 1
        if last >= 0 and self.kinds[last] == "own" and ":" in self.lines[last]:
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
        while following < len(self.lines) and not self.lines[following].strip():
            following += 1
        marked = following < len(self.lines) and (
            _QUOTED.match(self.lines[following]) is not None
            or _QUOTED_WITH_INITIALS.match(self.lines[following]) is not None
        )
        length = attribution_length(self.lines, last, quote_follows=marked)
        if length:
            self._found_attribution(last - length + 1, last + 1, marked=marked)
        return length > 0

    def _found_attribution(self, start: int, stop: int, *, marked: bool) -> None:
        while self._own and self._own[-1] >= start:
            self._own.pop()
        while self._delimiters and self._delimiters[-1] >= start:
            self._delimiters.pop()
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
        while self._own[-1] >= bars[0]:
            self._own.pop()

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
