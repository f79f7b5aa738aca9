"""Where the parts of a mail lie in its bytes: one linear scan, nothing decoded, nothing copied.

The scan is also the budget: it stops at the first count that one mail may not exceed, before any
parser has seen a byte.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from intake.mail.budget import Budget
from intake.mail.part import Part, media_type_of

# A header block up to this size is found with one search; a longer one line by line.
_USUAL_HEAD_BYTES = 65536
_BLANK_LINE = re.compile(rb"\n\r?\n")
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:(.*)", re.DOTALL)
_BOUNDARY = re.compile(rb"""boundary\*?0?\*?\s*=\s*(?:"([^"]*)"?|'([^']+)'|([^\s;]+))""", re.I)
# Names that tell a header line which lost its neighbour's fold from a body without separator.
_KNOWN_FIELD = re.compile(
    rb"(?:from|to|cc|bcc|sender|reply-to|subject|date|message-id|in-reply-to|references|received"
    rb"|return-path|delivered-to|mime-version|content-[a-z-]+|x-[!-9;-~]+|list-[a-z-]+|dkim-[a-z]+"
    rb"|arc-[a-z-]+|authentication-results|precedence|auto-submitted|importance|thread-[a-z]+"
    rb"|user-agent|organization|priority)[ \t]*:",
    re.I,
)
# RFC 2046 5.1.1 allows 70 characters; real ones are longer at times, never this long.
_LONGEST_DELIMITER_BYTES = 300
_MOST_MISSES = 1000
_BLANKS = (b" ", b"\t")
_CR = 13


@dataclass(slots=True)
class _Open:
    part: Part
    boundary: bytes


def find_parts(raw: bytes, budget: Budget, defects: list[str]) -> Part:
    """The tree of parts of `raw`; what was wrong with it is appended to `defects`.

    Raises BudgetExceeded. Time is linear in the length of `raw`.
    """
    return _Scan(raw, budget, defects).run()


class _Scan:
    def __init__(self, raw: bytes, budget: Budget, defects: list[str]) -> None:
        self._raw = raw
        self._budget = budget
        self._defects = defects
        self._resume = 0
        self._patience = _MOST_MISSES
        self._childless: list[Part] = []
        self._open: list[_Open] = []
        self._active: dict[bytes, int] = {}
        # Parts whose end is not found yet: the innermost leaf and the messages around it.
        self._unended: list[tuple[Part, int]] = []

    def run(self) -> Part:
        root = self._begin(0, "", None)
        at = self._resume
        while self._open:
            found = self._next_delimiter(at)
            if found is None:
                self._defects.append("The mail ends before its last part does.")
                break
            line_start, at, level, closes = found
            self._end_down_to(level, line_start)
            container = self._open[level]
            self._forget(level + (0 if closes else 1))
            if closes:
                # The line break that ends this delimiter may begin the next one.
                at -= 1
            else:
                number = len(container.part.children) + 1
                prefix = container.part.section
                section = f"{prefix}.{number}" if prefix else str(number)
                self._begin(at, section, container.part)
                at = self._resume
        self._end_down_to(-1, len(self._raw))
        for part in self._childless:
            if not part.children:
                part.media_type = "text/plain"
                part.section = f"{part.section}.1".lstrip(".")
                self._defects.append("A multipart has no parts; it is read as plain text.")
        return root

    def _begin(self, at: int, section: str, parent: Part | None) -> Part:
        """Read the header block at `at`; `self._resume` is where delimiters are looked for next."""
        self._budget.take_part(len(self._unended))
        lines, body = self._head(at)
        fields, body = self._fields(lines, at, body)
        part = Part(section, fields, at, body, len(self._raw))
        part.media_type = media_type_of(part, parent)
        if parent is not None:
            parent.children.append(part)
        self._resume = max(0, body - 1)
        self._unended.append((part, len(self._open)))
        if part.media_type.startswith("multipart/"):
            self._begin_multipart(part)
        if not part.media_type.startswith("multipart/"):
            if not section or (parent is not None and parent.is_message):
                part.section = f"{section}.1".lstrip(".")
            # RFC 2046 5.2.1: an encoded message cannot be looked into without decoding.
            if part.is_message and part.encoding in ("", "7bit", "8bit", "binary"):
                self._begin(body, part.section, part)
        return part

    def _begin_multipart(self, part: Part) -> None:
        found = _BOUNDARY.search(part.raw_field("content-type") or b"")
        boundary = next((group for group in found.groups() if group), b"") if found else b""
        boundary = boundary.rstrip()
        guess = self._guess_boundary(part)
        named = boundary and len(boundary) <= _LONGEST_DELIMITER_BYTES - 4
        # A boundary that a relay changed: the first delimiter there is differs, and it is nowhere.
        lost = not self._open and guess not in (b"", boundary) and self._is_absent(boundary, part)
        if not named or lost:
            boundary = guess
        if not boundary:
            part.media_type = "text/plain"
            self._defects.append("A multipart names no boundary; it is read as plain text.")
            return
        self._childless.append(part)
        self._open.append(_Open(part, boundary))
        self._active[boundary] = len(self._open) - 1

    def _is_absent(self, boundary: bytes, part: Part) -> bool:
        return self._raw.find(b"--" + boundary, part.body_start) < 0

    def _guess_boundary(self, part: Part) -> bytes:
        """The first delimiter-like line of a multipart whose header lost the boundary."""
        window = self._raw[part.body_start : part.body_start + 2000]
        found = re.search(rb"(?:^|\n)--([!-~]{5,70})\r?\n[Cc]ontent-", window)
        return found[1] if found else b""

    def _head(self, at: int) -> tuple[list[bytes], int]:
        """The lines of the header block at `at`, and where its body starts."""
        raw = self._raw
        if raw[at : at + 1] == b"\n" or raw[at : at + 2] == b"\r\n":
            return [], raw.index(b"\n", at) + 1
        blank = _BLANK_LINE.search(raw, at, at + _USUAL_HEAD_BYTES)
        if blank and raw.find(b"\n--", at, blank.start()) < 0 and raw[at : at + 2] != b"--":
            lines = raw[at : blank.start()].split(b"\n")
            return lines, blank.end()
        return self._head_by_line(at)

    def _head_by_line(self, at: int) -> tuple[list[bytes], int]:
        """The same where there is no blank line near: up to a delimiter or the first text."""
        raw = self._raw
        lines: list[bytes] = []
        taken = 0
        while at < len(raw):
            end = raw.find(b"\n", at)
            end = len(raw) if end < 0 else end
            if end == at or (end == at + 1 and raw[at] == _CR):
                return lines, min(end + 1, len(raw))
            start = raw[at : at + _LONGEST_DELIMITER_BYTES]
            if start.startswith(b"--") and self._level_of(raw[at:end]) is not None:
                break
            taken += end - at
            if start[0] not in b" \t" and not _FIELD.match(start):
                lines.append(start)
                break
            if taken > self._budget.head_bytes_left:
                self._budget.take_head(len(lines), taken)
            lines.append(raw[at:end])
            at = end + 1
        return lines, at

    def _fields(
        self, lines: list[bytes], start: int, body: int
    ) -> tuple[list[tuple[str, bytes]], int]:
        """The header fields in `lines`, and where the body starts, which may be among them."""
        fields: list[tuple[str, list[bytes]]] = []
        taken = 0
        last_known: int | None = None
        for index, line in enumerate(lines):
            found = _FIELD.match(line)
            if found:
                fields.append((found[1].decode("ascii").lower(), [found[2].strip()]))
            elif fields and line[:1] not in _BLANKS and last_known is None:
                last_known = _last_known_field(lines)
            if not found and fields and (line[:1] in _BLANKS or index < (last_known or 0)):
                # RFC 5322 2.2.3; a line that lost its leading blank is taken for a fold as well.
                name, folds = fields[-1]
                folds.append(line.rstrip())
                if line[:1] not in _BLANKS:
                    self._defects.append(f"A line of the header {name[:60]} lost its indent.")
            elif not found and (fields or line[:1] not in _BLANKS):
                self._defects.append("The header ends without an empty line.")
                body = start + taken
                break
            taken += len(line) + 1
        self._budget.take_head(len(fields), taken)
        return [(name, b"\n".join(folds)) for name, folds in fields], body

    def _next_delimiter(self, at: int) -> tuple[int, int, int, bool] | None:
        """Start and end of the next line that is a delimiter, its level, whether it closes."""
        raw = self._raw
        while (start := self._next_candidate(at)) >= 0:
            end = raw.find(b"\n", start)
            end = len(raw) if end < 0 else end
            if end - start <= _LONGEST_DELIMITER_BYTES:
                found = self._level_of(raw[start:end])
                if found is not None:
                    return start, min(end + 1, len(raw)), *found
            self._patience -= 1
            at = end
        return None

    def _next_candidate(self, at: int) -> int:
        """Where the next line begins that may be a delimiter, -1 for none."""
        raw = self._raw
        if at == 0 and raw.startswith(b"--"):
            return 0
        # Base64 has no "-": one byte is looked for far faster than three.
        while self._patience > 0:
            dash = raw.find(b"-", at)
            if dash < 0 or raw[dash - 1 : dash + 2] == b"\n--":
                return dash
            self._patience -= 1
            at = raw.find(b"\n", dash)
            if at < 0:
                return -1
        # A text full of dashes: from here on only whole delimiters are worth stopping at.
        marks = b"|".join(re.escape(boundary) for boundary in self._active)
        found = re.compile(rb"\n--(?:" + marks + rb")(?:--)?[ \t]*\r?(?=\n|\Z)").search(raw, at)
        return found.start() + 1 if found else -1

    def _level_of(self, line: bytes) -> tuple[int, bool] | None:
        """RFC 2046 5.1.1: "--" boundary, "--" again to close, then white space."""
        mark = line[2:].rstrip()
        if mark in self._active:
            return self._active[mark], False
        if mark.endswith(b"--") and mark[:-2] in self._active:
            return self._active[mark[:-2]], True
        return None

    def _end_down_to(self, level: int, at: int) -> None:
        """Everything opened inside the multipart at `level` ends at `at` (its line break not)."""
        end = at
        if level >= 0 and end > 0:
            end -= 2 if self._raw[end - 2 : end] == b"\r\n" else 1
        while self._unended and self._unended[-1][1] > level:
            part, _ = self._unended.pop()
            part.body_end = max(part.body_start, end)

    def _forget(self, level: int) -> None:
        for gone in self._open[level:]:
            if self._active.get(gone.boundary, -1) >= level:
                del self._active[gone.boundary]
        del self._open[level:]
        for index, still in enumerate(self._open):
            self._active[still.boundary] = index


def _last_known_field(lines: list[bytes]) -> int:
    """Where the last line stands that can only be a header field."""
    for index in range(len(lines) - 1, -1, -1):
        if _KNOWN_FIELD.match(lines[index]):
            return index
    return 0
