"""HTML to the text a person would read, with quotations marked as in plain mail.

One pass over the tags without building a tree: mail HTML is broken too often for a tree to be
worth its price, and depth cannot hurt what has none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from intake.mail.html_lines import Lines
from intake.mail.html_tags import (
    ACTIVE,
    BLOCKS,
    CELLS,
    NOT_NESTED,
    PARAGRAPHS,
    UNREAD,
    VOID,
    attribute,
    is_divider,
    is_hidden,
    is_quote,
)
from intake.model.entities import unescape

LONGEST_HTML_CHARACTERS = 1_000_000
_LONGEST_LINK_CHARACTERS = 2000

_TAG = re.compile(r"(/?)([A-Za-z][A-Za-z0-9:]{0,20})(?=[\s/]|$)")
# Characters that mail programs pad with and nobody sees.
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad\u034f]+|(?:[\u200c\u200e\u200f]\\s?){2,}")
_WORDS = re.compile(r"\w")
_MARKUP = re.compile(r"<[^<>]*>")


def render_text(html: str) -> str:
    """The readable text of `html`: tables, lists and links kept, hidden content dropped.

    Quotations (blockquote) start each line with "> "; the rule that Outlook draws above an
    earlier mail becomes a line of underscores. Looks at the first million characters. Raises
    nothing; linear in the length of `html`.
    """
    shown = _without_comments(html[:LONGEST_HTML_CHARACTERS].replace("\0", ""))
    text = _Renderer(shown).render()
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
    if not _WORDS.search(text):
        # All of it inside something hidden or never closed: better shown than lost.
        return text or " ".join(unescape(_MARKUP.sub(" ", shown)).split())
    return text


def _without_comments(html: str) -> str:
    """Without <!-- --> and with it Outlook's conditional parts; an endless comment is text."""
    kept = []
    at = 0
    while (start := html.find("<!--", at)) >= 0:
        end = html.find("-->", start + 4)
        if end < 0:
            break
        kept.append(html[at:start])
        at = end + 3
    kept.append(html[at:])
    return "".join(kept)


@dataclass(frozen=True, slots=True)
class _Tag:
    """A tag as it stands in the HTML. `matters`: more than the text after it depends on it."""

    name: str
    ends: bool
    hidden: bool
    matters: bool


def _read_tag(head: str) -> _Tag | None:
    match = _TAG.match(head)
    if match is None:
        return None
    name, ends = match[2].lower(), bool(match[1])
    hidden = not ends and (name in UNREAD or (len(head) > len(name) + 6 and is_hidden(head)))
    return _Tag(name, ends, hidden, hidden or name in ACTIVE)


class _Renderer:
    """Walks the pieces between "<" and "<": a tag, ">" and the text after it."""

    def __init__(self, html: str) -> None:
        self._before, *self._pieces = html.split("<")
        self._lines = Lines()
        self._last_end: dict[str, int] | None = None
        self._skipped: str | None = None
        self._skipped_depth = 0
        self._links: list[tuple[str, int]] = []
        self._quotes: list[bool] = []
        self._roomy_paragraph = True
        self._tags: dict[str, _Tag] = {}

    def render(self) -> str:
        """The finished text."""
        add, tags = self._lines.text, self._tags
        add(unescape(self._before))
        for position, piece in enumerate(self._pieces):
            head, closed, tail = piece.partition(">")
            # The cells of a table and the spans of a program begin alike hundreds of times.
            tag = tags.get(head) if closed else None
            if tag is None:
                if head.count('"') % 2 and '"' in tail:
                    head, tail = _past_quoted(head, tail)
                tag = _read_tag(head) if closed else None
                if tag is None:
                    # "<!DOCTYPE>" and "<?xml>" say nothing; "<3" and "<a@b.example>" are text.
                    if self._skipped is None:
                        text = tail if closed and head[:1] in "!?/" else f"<{piece}"
                        add(unescape(text) if "&" in text else text)
                    continue
                if not head.count('"') % 2:
                    tags[head] = tag
            if tag.matters or self._skipped is not None:
                self._act(tag, head, position)
            if tail and self._skipped is None:
                add(unescape(tail) if "&" in tail else tail)
        return self._lines.finish()

    def _act(self, tag: _Tag, head: str, position: int) -> None:
        """What one tag does to the lines."""
        if self._skipped is not None:
            self._skip(tag.name, ends=tag.ends, head=head)
            if self._skipped is not None or not tag.matters:
                return
        if tag.name in CELLS:
            if tag.ends:
                self._lines.end_cell()
                return
            if not tag.hidden:
                self._lines.start_cell()
                return
        if tag.ends:
            self._end(tag.name)
        else:
            self._start(tag.name, head, position, hidden=tag.hidden)

    def _start(self, name: str, head: str, position: int, *, hidden: bool) -> None:
        if hidden:
            if name not in VOID and not head.endswith("/") and self._is_closed(name, position):
                self._skipped, self._skipped_depth = name, 1
            return
        if name == "br":
            self._lines.line_break()
        elif name == "blockquote":
            self._quotes.append(is_quote(head))
            self._lines.quote(+1 if self._quotes[-1] else 0)
        elif name in BLOCKS or name in PARAGRAPHS:
            self._start_block(name, head)
        elif name == "a":
            self._links.append((attribute(head, "href"), self._lines.mark()))
        elif name == "hr":
            self._lines.divider()
        elif name == "img":
            alternative = attribute(head, "alt")
            if _WORDS.search(alternative):
                self._lines.text(f"[image: {alternative}]")

    def _start_block(self, name: str, head: str) -> None:
        # Word's paragraphs carry no margin; an empty line there is a paragraph of its own.
        roomy = name in PARAGRAPHS and not (name == "p" and "Mso" in attribute(head, "class"))
        self._lines.block(roomy=roomy and not self._lines.in_list)
        if name == "p":
            self._roomy_paragraph = roomy
        if name == "div" and is_divider(head):
            self._lines.divider()
        elif name in ("ul", "ol"):
            start = attribute(head, "start")
            first = int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 1
            self._lines.start_list(first if name == "ol" else None)
        elif name == "li":
            self._lines.start_item()
        elif name == "tr":
            self._lines.start_row()
        elif name == "pre":
            self._lines.preformatted += 1

    def _end(self, name: str) -> None:
        if name == "blockquote":
            if self._quotes:
                self._lines.quote(-1 if self._quotes.pop() else 0)
        elif name in BLOCKS or name in PARAGRAPHS:
            if name in ("ul", "ol"):
                self._lines.end_list()
            elif name == "pre":
                self._lines.preformatted = max(0, self._lines.preformatted - 1)
            roomy = self._roomy_paragraph if name == "p" else name in PARAGRAPHS
            self._lines.block(roomy=roomy and not self._lines.in_list)
        elif name == "a" and self._links:
            self._end_link(*self._links.pop())

    def _end_link(self, target: str, mark: int) -> None:
        """`words <target>` where the words do not say the target already."""
        words = self._lines.since(mark)
        scheme, _, rest = target.partition(":")
        if not words or scheme.lower() not in ("http", "https", "mailto"):
            return
        shown = target if scheme.lower() != "mailto" else rest.partition("?")[0]
        bare = shown.partition("://")[2] or shown
        if bare.rstrip("/").lower() not in words.lower():
            self._lines.text(f" <{shown[:_LONGEST_LINK_CHARACTERS]}>")

    def _skip(self, name: str, *, ends: bool, head: str) -> None:
        """Inside a skipped element: only its own name matters."""
        if name != self._skipped:
            return
        if ends:
            self._skipped_depth -= 1
        elif name in NOT_NESTED:
            self._skipped_depth = 0
        elif not head.endswith("/") and name not in UNREAD:
            self._skipped_depth += 1
        if self._skipped_depth <= 0:
            self._skipped = None

    def _is_closed(self, name: str, position: int) -> bool:
        """Whether an end tag of `name` follows; what is never closed is not skipped."""
        if self._last_end is None:
            self._last_end = {}
            for index, piece in enumerate(self._pieces):
                if piece.startswith("/") and (tag := _TAG.match(piece.partition(">")[0])):
                    self._last_end[tag[2].lower()] = index
        return self._last_end.get(name, -1) > position


def _past_quoted(head: str, tail: str) -> tuple[str, str]:
    """A ">" inside a quoted attribute value did not end the tag."""
    value, quote, rest = tail.partition('"')
    more, closed, after = rest.partition(">")
    if not closed:
        return head, tail
    return f"{head}>{value}{quote}{more}", after
