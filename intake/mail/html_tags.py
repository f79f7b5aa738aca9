"""What the tags of mail HTML mean for its text."""

from __future__ import annotations

import re

from intake.model.entities import unescape

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "body",
        "caption",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "li",
        "main",
        "nav",
        "noscript",
        "option",
        "section",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "html",
    ]
)
"""Start and end on a line of their own."""

PARAGRAPHS = frozenset(
    ["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "pre", "blockquote"]
)
"""Blocks with an empty line around them."""

VOID = frozenset(
    [
        "area",
        "base",
        "basefont",
        "br",
        "col",
        "embed",
        "frame",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)

UNREAD = frozenset(
    ["style", "script", "title", "xml", "template", "svg", "math", "object", "applet", "noframes"]
)
"""Elements whose content nobody is meant to read."""

NOT_NESTED = frozenset(["p", "li", "td", "th", "tr", "option", "dd", "dt"])
"""A second start tag of these ends the first (HTML 13.1.2.4, optional end tags)."""

CELLS = frozenset(["td", "th"])
"""Cells of a table follow each other in the line of their row."""

ACTIVE = BLOCKS | PARAGRAPHS | CELLS | UNREAD | {"br", "a", "hr", "img"}
"""All others say nothing about the text after them."""

_HIDING_CLUES = ("none", "hidden", ":0", ": 0", ":all", ": all")
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all"
    r"|opacity\s*:\s*0(?:\.0*)?(?:[;\"']|$)"
    r"|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:[;!\"']|$)|max-height\s*:\s*0(?:px|pt)?\s*(?:[;!\"']"
    r"|$)"
)
_HIDDEN_ATTRIBUTE = re.compile(r"\shidden(?:\s|=|/|$)")

# Outlook (Word, web, mobile), Zimbra and Yahoo draw a rule or open a box above the earlier mail.
_DIVIDER = re.compile(
    r"border:\s?none;\s*border-top:\s?solid\s#?\w{3,20}\s1\.0pt"
    r"|id=[\"']?(?:divRplyFwdMsg|x_divRplyFwdMsg|OLK_SRC_BODY_SECTION|isReplyContent"
    r"|ms-outlook-mobile-reference-message|mail-editor-reference-message-container)"
    r"|class=[\"']?(?:yahoo_quoted|ms-outlook-mobile-reference-message)",
    re.IGNORECASE,
)

# Gmail and Outlook indent with a blockquote that quotes nobody.
_INDENT = re.compile(r"margin:\s?0(?:px)?\s+0(?:px)?\s+0(?:px)?\s+40px", re.IGNORECASE)


def is_hidden(head: str) -> bool:
    """Whether the start tag `head` hides its element."""
    low = head.lower()
    # Substrings first: most tags have a style, few of them one of these.
    if "style" in low and any(clue in low for clue in _HIDING_CLUES) and _HIDING.search(low):
        return True
    return "hidden" in low and _HIDDEN_ATTRIBUTE.search(low) is not None


def is_divider(head: str) -> bool:
    """Whether a mail program opens the quotation of an earlier mail with this start tag."""
    return _DIVIDER.search(head) is not None


def is_quote(head: str) -> bool:
    """Whether a blockquote start tag quotes, in place of only indenting."""
    return "class" in head or _INDENT.search(head) is None


def attribute(head: str, name: str) -> str:
    """The value of attribute `name` in the start tag `head`, "" where there is none."""
    match = _ATTRIBUTES[name].search(head)
    if match is None:
        return ""
    return unescape(match[1] or match[2] or match[3] or "").strip()


def _attribute_pattern(name: str) -> re.Pattern[str]:
    value = r"""\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""
    return re.compile(rf"(?:^|[\s\"'/]){name}{value}", re.IGNORECASE)


_ATTRIBUTES = {name: _attribute_pattern(name) for name in ("href", "alt", "class", "start")}
