"""Each line of a text told apart: the sender's own, quoted, attribution, signature."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from intake.mail.mobile_lines import is_mobile_line
from intake.mail.quotation import (
    HeaderBlock,
    attribution_length,
    header_block,
    may_attribute,
    may_open_block,
)
from intake.mail.quote_words import REPLY_MARKER_CLUES, REPLY_MARKERS
from intake.mail.signatures import (
    is_delimiter,
    is_loose_delimiter,
    is_signature,
)

Kind = Literal["own", "empty", "quoted", "attribution", "signature"]

_QUOTED = re.compile(r"[ \t\xa0]{0,4}(?:>(?!From )|&gt;|\|(?: [^|\n]*)?$)")
_REPLY_MARKER = re.compile(REPLY_MARKERS, re.IGNORECASE)
_LONGEST_MARKER_LINE = 200
_MOST_DELIMITERS_TRIED = 20


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
        self._cuts_passed = 0 if answers_below else 1
        self._own: list[int] = []
        whole = "\n".join(lines).lower()
        self._marked = any(clue in whole for clue in REPLY_MARKER_CLUES)
        index = 0
        while index < len(lines) and self.cut is None:
            index = self._step(index)

    def has(self, kind: Kind) -> bool:
        """Whether any line is of `kind`."""
        return kind in self.kinds

    def wrote_before(self, index: int) -> bool:
        """Whether the sender's own words stand before line `index`."""
        return bool(self._own) and self._own[0] < index

    def mark(self, start: int, stop: int, kind: Kind) -> None:
        """Makes lines `start` to `stop` (exclusive) of `kind`."""
        self.kinds[start:stop] = [kind] * (stop - start)

    def _step(self, index: int) -> int:
        """Tells one line, or several that belong together, and returns the next to look at."""
        line = self.lines[index]
        if not line.strip():
            return index + 1
        if _QUOTED.match(line) and not self._closes_address(index):
            self.kinds[index] = "quoted"
            return index + 1
        if may_open_block(line) and (block := header_block(self.lines, index)) is not None:
            return self._found_block(block)
        if self._marked and len(line) <= _LONGEST_MARKER_LINE and _REPLY_MARKER.search(line):
            self.kinds[index] = "attribution"
            self._earlier_mail_at(index)
            return index + 1
        if may_attribute(line) and self._is_attribution(index):
            return index + 1
        if is_mobile_line(line):
            self.kinds[index] = "signature"
        else:
            self.kinds[index] = "own"
            if not is_loose_delimiter(line):
                self._own.append(index)
        return index + 1

    def _closes_address(self, index: int) -> bool:
        """`> wrote:` under `On ... <a@b.example`: folding took the ">" to the next line."""
        above = self.lines[index - 1][-200:] if index else ""
        open_bracket = above.rfind("<") > above.rfind(">")
        return open_bracket and self.lines[index][:200].rstrip().endswith((":", "："))

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
        marked = following < len(self.lines) and bool(_QUOTED.match(self.lines[following]))
        length = attribution_length(self.lines, last, quote_follows=marked)
        if length:
            self._found_attribution(last - length + 1, last + 1, marked=marked)
        return length > 0

    def _found_attribution(self, start: int, stop: int, *, marked: bool) -> None:
        while self._own and self._own[-1] >= start:
            self._own.pop()
        self.mark(start, stop, "attribution")
        if not marked:
            self._earlier_mail_at(start)

    def _earlier_mail_at(self, index: int) -> None:
        """From here on nothing is marked: all of it is the earlier mail, if we wrote above."""
        if not self.wrote_before(index):
            return
        if self._cuts_passed:
            self.cut = index
        self._cuts_passed += 1

    def mark_signatures(self, end: int) -> None:
        """Marks what stands under signature delimiters above line `end`."""
        delimiters = [
            index
            for index in range(end)
            if self.kinds[index] == "own" and is_loose_delimiter(self.lines[index])
        ]
        tried = delimiters[:_MOST_DELIMITERS_TRIED]
        tried += delimiters[_MOST_DELIMITERS_TRIED:][-_MOST_DELIMITERS_TRIED:]
        for index in tried:
            stop = self._signature_end(index, end)
            standard = is_delimiter(self.lines[index])
            if self.wrote_before(index) and is_signature(
                self.lines[index + 1 : stop], delimited=standard
            ):
                self.mark(index, stop, "signature")

    def _signature_end(self, index: int, end: int) -> int:
        stop = index + 1
        while stop < end and self.kinds[stop] not in ("quoted", "attribution"):
            stop += 1
        return stop
