"""The links of a mail: where they lead, and what they show."""

from __future__ import annotations

import re
from dataclasses import dataclass

from intake.judge.addresses import has_known_ending
from intake.judge.folding import fold_text
from intake.model.entities import unescape

_SCANNED_HTML = 200_000
_MOST_LINKS = 100
_LONGEST_TAG = 4_000
_LONGEST_LABEL = 300
_URL = re.compile(r"\b(?:https?|hxxps?)://[^\s<>\"'\])}】」]{3,2000}", re.IGNORECASE)
_HREF = re.compile(r"\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
_TAGS = re.compile(r"<[^>]{0,2000}>")
_SHOWN_HOST = re.compile(
    r"^\s*(?:https?://)?((?:[\w-]{1,63}\.){1,5}[a-z]{2,18})(?:[/:?#]\S*)?\s*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Link:
    """One link. `shown_host` is the host that the clickable words name, None for other words."""

    url: str
    host: str
    shown_host: str | None = None


def find_links(text: str, markup: str | None) -> tuple[Link, ...]:
    """The links in the markup and in the plain text, each target once, at most _MOST_LINKS."""
    found: dict[tuple[str, str | None], Link] = {}
    for link in (*_find_in_markup((markup or "")[:_SCANNED_HTML]), *_find_in_text(text)):
        found.setdefault((link.url, link.shown_host), link)
    return tuple(found.values())[:_MOST_LINKS]


def host_of(url: str) -> str:
    """The host of a web address, lower case, "" where it has none (RFC 3986 3.2)."""
    _, found, rest = url.partition("://")
    if not found:
        return ""
    authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0].rpartition("@")[2]
    if authority.startswith("["):
        return authority.partition("]")[0] + "]"
    return authority.partition(":")[0].lower().rstrip(".")


def _find_in_text(text: str) -> list[Link]:
    urls = (match.group().rstrip(".,;:!?)") for match in _URL.finditer(text))
    return [Link(url, host_of(url)) for url, _ in zip(urls, range(_MOST_LINKS), strict=False)]


def _find_in_markup(markup: str) -> list[Link]:
    links: list[Link] = []
    small = markup.lower()
    at = small.find("<a")
    while at >= 0 and len(links) < _MOST_LINKS:
        end = small.find(">", at, at + _LONGEST_TAG)
        if end < 0:
            end = at + 2
        link = _read_anchor(markup[at:end], markup, small, end + 1)
        if link:
            links.append(link)
        at = small.find("<a", end)
    return links


def _read_anchor(tag: str, markup: str, small: str, start: int) -> Link | None:
    found = _HREF.search(tag) if tag[2:3].isspace() else None
    if not found:
        return None
    url = unescape(next(group for group in found.groups() if group is not None)).strip()
    close = small.find("</a", start, start + 4 * _LONGEST_LABEL)
    label = markup[start : close if close >= 0 else start]
    words = fold_text(unescape(_TAGS.sub("", label)))[:_LONGEST_LABEL]
    return Link(url, host_of(url), _find_shown_host(words))


def _find_shown_host(words: str) -> str | None:
    """The host that clickable words name; "readme.txt" names none."""
    shown = _SHOWN_HOST.match(words)
    if not shown:
        return None
    host = shown.group(1).lower()
    sure = words.lstrip().lower().startswith(("http", "www."))
    return host if sure or has_known_ending(host) else None
