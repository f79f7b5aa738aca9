"""Where and how the HTML of a mail shows its images."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote

from intake.mail.farewells import is_farewell

_REFERENCE = re.compile(r"cid:([^\"'\s>)]{1,500})", re.I)
_LONGEST_TAG = 3_000
# A mail with more images than this is no letter; the others are told by themselves.
_MOST_LOOKED_AT = 100
# Word writes some hundred characters around each line of a signature.
_LOOKED_BACK = 6_000
# A name, or "Dear all".
_FEW_WORDS = 30
_ALT = re.compile(r"\salt=(?:\"([^\"]{0,300})|'([^']{0,300})|([^\s>]{1,300}))", re.I)
_SIDES = (
    re.compile(
        r"\swidth=[\"']?(\d{1,5})(?![\d%])|[\"';\s]width:\s{0,3}(\d{1,5})(?:\.\d+)?px", re.I
    ),
    re.compile(
        r"\sheight=[\"']?(\d{1,5})(?![\d%])|[\"';\s]height:\s{0,3}(\d{1,5})(?:\.\d+)?px", re.I
    ),
)
# What mail programs name the block of a signature.
_SIGNATURE_BLOCK = re.compile(
    r"gmail_signature|moz-signature|applemailsignature|[\"'=](?:x_)?signature|ms-outlook-mobile-sig"
    r"|class=[\"'][^\"'>]{0,40}signature|data-smartmail",
    re.I,
)
_BREAK = re.compile(r"(?:br|/?p|/?div|/?td|/?tr|/?table|/?li)\b", re.I)
_QUOTE = re.compile(r"<blockquote|gmail_quote|divRplyFwdMsg|appendonsend", re.I)
# A farewell this many lines above, with a name, a firm and numbers between.
_SIGNATURE_LINES = 16


@dataclass(frozen=True, slots=True)
class Place:
    """How an image is shown: `width` and `height` as the HTML asks, None where it does not.

    `signed` says that it stands in or under a signature, `at_edge` that all of the text is on one
    side of it, `times` how often it is shown.
    """

    width: int | None = None
    height: int | None = None
    alt: str = ""
    linked: bool = False
    signed: bool = False
    at_edge: bool = False
    times: int = 1


class Places:
    """The images of one HTML text, looked for once and only when an image asks."""

    def __init__(self, html: str) -> None:
        self._html = html
        self._found: dict[str, list[int]] | None = None
        self._looked = 0

    def find(self, content_id: str | None) -> Place | None:
        """Where the image with this Content-ID (RFC 2392) is shown first; None where nowhere."""
        if not content_id:
            return None
        if self._found is None:
            self._found = {}
            for found in _REFERENCE.finditer(self._html):
                key = unescape(unquote(found[1]))
                self._found.setdefault(key, []).append(found.start())
        shown = self._found.get(unquote(content_id))
        if not shown:
            return None
        self._looked += 1
        return self._look(shown) if self._looked <= _MOST_LOOKED_AT else Place()

    def _look(self, shown: list[int]) -> Place:
        html, at = self._html, shown[0]
        start = html.rfind("<", max(0, at - _LONGEST_TAG), at)
        end = html.find(">", at, at + _LONGEST_TAG)
        tag = html[start if start >= 0 else at : end if end >= 0 else at + _LONGEST_TAG]
        before = html[max(0, start - _LOOKED_BACK) : max(0, start)]
        rest = end + 1 if end >= 0 else at
        after = html[rest : rest + _LOOKED_BACK]
        alt = _ALT.search(tag)
        width, height = (_side(pattern, tag) for pattern in _SIDES)
        return Place(
            width,
            height,
            unescape(next(filter(None, alt.groups()), "")) if alt else "",
            linked=before.rfind("<a ") > before.rfind("</a"),
            signed=_is_signed(before),
            at_edge=(_words(before) < _FEW_WORDS) != (_words(after) < _FEW_WORDS),
            times=len(shown),
        )


def _words(html: str) -> int:
    """How much text there is, in characters without spaces."""
    return len("".join(_read(html).split()))


def _read(html: str) -> str:
    """The text of a piece of HTML, in lines; linear in its length, whatever it holds."""
    beginning, *tags = html.rpartition("</style>")[2].split("<")
    found = [beginning.rpartition(">")[2]]
    for piece in tags:
        tag, _, text = piece.partition(">")
        found.append("\n" + text if _BREAK.match(tag) else text)
    return unescape("".join(found))


def _side(pattern: re.Pattern[str], tag: str) -> int | None:
    found = pattern.search(tag)
    return int(found[1] or found[2]) if found else None


def _is_signed(before: str) -> bool:
    """Whether a signature began shortly above, in the same mail of a chain of quoted ones."""
    quotes = list(_QUOTE.finditer(before))
    if quotes:
        before = before[quotes[-1].start() :]
    if _SIGNATURE_BLOCK.search(before):
        return True
    lines = [line for raw in _read(before).splitlines() if (line := raw.strip())]
    return any(line in ("--", "-- ") or is_farewell(line) for line in lines[-_SIGNATURE_LINES:])
