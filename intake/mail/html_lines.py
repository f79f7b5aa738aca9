"""Lines of text as they grow from HTML: breaks, quotation depth, lists and table rows."""

from __future__ import annotations

_DEEPEST_QUOTE = 20
_DEEPEST_LIST = 10
_DIVIDER = "_" * 32
_CELL_GAP = "  "


class Lines:
    """Breaks are remembered and written only when text follows, so that they collapse."""

    def __init__(self) -> None:
        self.preformatted = 0
        self._lines: list[str] = []
        self._line: list[str] = []
        self._prefix = ""
        self._quote_depth = 0
        self._break = False
        self._blank = False
        self._cell_gap = False
        self._cell_started_at = 0
        self._cell_fresh = False
        self._lists: list[int | None] = []
        self._bullet = ""

    def text(self, text: str) -> None:
        """Adds `text` to the line, white space collapsed unless preformatted."""
        if self.preformatted:
            self._preformatted_text(text)
            return
        line = self._line
        words = text.split()
        if not words:
            if text and line and not self._break and line[-1][-1:] != " ":
                line.append(" ")
            return
        self._prepare()
        if line and text[0].isspace() and line[-1][-1:] != " ":
            line.append(" ")
        line.append(" ".join(words))
        if text[-1].isspace():
            line.append(" ")

    def _preformatted_text(self, text: str) -> None:
        first, *rest = text.replace("\r\n", "\n").expandtabs(4).split("\n")
        if first:
            self._prepare()
            self._line.append(first)
        for line in rest:
            self.line_break()
            if line:
                self._prepare()
                self._line.append(line)

    def _prepare(self) -> None:
        """Writes the break, empty line, bullet or cell gap that was waiting for text."""
        if self._break or self._blank:
            self._settle()
        if self._bullet:
            self._line.append(self._bullet)
            self._bullet = ""
        elif self._cell_gap and self._line:
            self._line.append(_CELL_GAP)
        elif self._lists and not self._line:
            self._line.append("  " * min(len(self._lists), _DEEPEST_LIST))
        self._cell_gap = self._cell_fresh = False

    def _settle(self) -> None:
        self._write_line()
        empty = self._prefix.rstrip()
        if self._blank and self._lines and self._lines[-1] != empty:
            self._lines.append(empty)
        self._break = self._blank = False

    def _write_line(self) -> None:
        line = "".join(self._line).rstrip()
        self._line.clear()
        if line:
            self._lines.append(self._prefix + line)

    def block(self, *, roomy: bool) -> None:
        """A block begins or ends here; `roomy` ones have an empty line around them."""
        # The first block of a table cell begins where the cell does.
        if self._cell_fresh:
            return
        self._break = True
        if roomy and not self._bullet:
            self._blank = True

    def line_break(self) -> None:
        """<br>: ends the line, and where there is none leaves an empty one."""
        if self._line and not self._break:
            self._write_line()
        else:
            self._blank = True
        self._cell_gap = False

    def divider(self) -> None:
        """A rule across the page, once where several say the same."""
        self._write_line()
        self._break = self._blank = False
        line = self._prefix + _DIVIDER
        if next((seen for seen in reversed(self._lines) if seen.strip("> ")), "") != line:
            self._lines.append(line)

    def quote(self, change: int) -> None:
        """Quotation depth goes up or down by `change`, or only a roomy block begins (0)."""
        self._write_line()
        self._quote_depth = max(0, self._quote_depth + change)
        if change < 0 or not change:
            self._blank = True
        self._prefix = "> " * min(self._quote_depth, _DEEPEST_QUOTE)

    @property
    def in_list(self) -> bool:
        """Whether a list is open: its items stand close together."""
        return bool(self._lists)

    def start_list(self, first: int | None) -> None:
        """A list numbered from `first`, or with bullets."""
        self._lists.append(first)

    def end_list(self) -> None:
        """The innermost list ends."""
        if self._lists:
            self._lists.pop()
        self._bullet = ""

    def start_item(self) -> None:
        """A list item: its bullet waits for its first words."""
        indent = "  " * min(max(len(self._lists) - 1, 0), _DEEPEST_LIST)
        number = self._lists[-1] if self._lists else None
        if number is None:
            self._bullet = f"{indent}- "
        else:
            self._bullet = f"{indent}{number}. "
            self._lists[-1] = number + 1

    def start_row(self) -> None:
        """A table row: its first cell needs no gap."""
        self._cell_gap = self._cell_gap and self._cell_fresh

    def start_cell(self) -> None:
        """A table cell goes on in the row's line where the cell before it kept to that."""
        if (self._break or self._blank) and not self._cell_gap:
            self._settle()
        self._cell_started_at = len(self._lines)
        self._cell_fresh = True

    def end_cell(self) -> None:
        """A cell that kept to one line lets the next one follow in it."""
        self._cell_fresh = False
        if len(self._lines) == self._cell_started_at:
            self._break = self._blank = False
            self._cell_gap = bool(self._line)
        else:
            self._break = True

    def mark(self) -> int:
        """A point in the present line, for `since`."""
        return 0 if self._break else len(self._line)

    def since(self, mark: int) -> str:
        """The words added to the present line after `mark`."""
        return "".join(self._line[mark:]).strip()

    def finish(self) -> str:
        """All lines."""
        self._write_line()
        return "\n".join(self._lines).strip("\n")
