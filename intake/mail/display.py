"""The HTML of a mail made safe to be looked at: no remote loads, no scripts, no forms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

import nh3

from intake.mail.html_text import render_text

_LONGEST_CHARACTERS = 2_000_000
# Beyond this depth sanitising and showing take time that grows with its square.
_DEEPEST_NESTING = 500
_LONGEST_DATA_URL = 2_000_000

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
# Those that end by themselves, or whose nesting needs another element of the count between.
_NOT_COUNTED = frozenset(
    (
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"),
        *("wbr", "p", "li", "td", "th", "tr", "tbody", "thead", "tfoot", "dt", "dd", "option"),
    )
)
_TAGS = {
    *("a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br"),
    *("caption", "center", "cite", "code", "col", "colgroup", "dd", "del", "details", "dfn"),
    *("div", "dl", "dt", "em", "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4"),
    *("h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "li", "main", "mark", "ol", "p"),
    *("pre", "q", "rp", "rt", "ruby", "s", "samp", "section", "small", "span", "strike"),
    *("strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time"),
    *("tr", "tt", "u", "ul", "var", "wbr"),
}
_CONTENT_GOES_TOO = {
    *("script", "style", "title", "head", "iframe", "frame", "frameset", "object", "embed"),
    *("applet", "audio", "video", "canvas", "svg", "math", "template", "noscript", "select"),
    *("textarea",),
}
_CELL = {"align", "valign", "width", "height", "bgcolor", "colspan", "rowspan", "nowrap"}
_ATTRIBUTES = {
    "*": {"dir", "lang", "title", "align", "style"},
    "a": {"href"},
    "font": {"color", "face", "size"},
    "img": {"src", "alt", "width", "height", "border"},
    "ol": {"start", "type"},
    "table": _CELL | {"border", "cellpadding", "cellspacing"},
    "td": _CELL,
    "th": _CELL,
    "tr": _CELL,
}
# Nothing that takes a URL, and nothing that puts a thing where it does not belong.
_STYLES = {
    *("background-color", "border", "border-bottom", "border-collapse", "border-color"),
    *("border-left", "border-radius", "border-right", "border-spacing", "border-style"),
    *("border-top", "border-width", "color", "direction", "display", "font-family", "font-size"),
    *("font-style", "font-variant", "font-weight", "height", "letter-spacing", "line-height"),
    *("margin", "margin-bottom", "margin-left", "margin-right", "margin-top", "max-width"),
    *("min-width", "padding", "padding-bottom", "padding-left", "padding-right", "padding-top"),
    *("text-align", "text-decoration", "text-indent", "text-transform", "vertical-align"),
    *("white-space", "width", "word-break", "word-wrap"),
}
_DATA_PICTURE = re.compile(r"data:image/(?:png|gif|jpe?g|webp);base64,[A-Za-z0-9+/=\s]*\Z", re.I)
_URL_IN_STYLE = re.compile(r"url\s*\(|image\s*\(|image-set|@import|expression|\\", re.I)
_REMOTE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]{0,20}:)?//", re.I)


@dataclass(frozen=True, slots=True)
class CleanHtml:
    """HTML that may be put into a page. `remote_pictures` counts those that were not loaded.

    `as_text` says that it was too large or too deeply nested and is its text in a <pre>.
    """

    html: str
    remote_pictures: int = 0
    as_text: bool = False


def clean_html(html: str, picture_urls: Mapping[str, str]) -> CleanHtml:
    """`html` without anything that loads, runs, submits or lies over the page around it.

    `picture_urls` gives for a Content-ID without brackets (RFC 2392) the URL under which that
    part is shown; other pictures keep only their alternative text. Links stay, open elsewhere
    and tell the linked host nothing. Raises nothing.
    """
    if len(html) > _LONGEST_CHARACTERS or _is_too_deep(html):
        text = nh3.clean_text(render_text(html[:_LONGEST_CHARACTERS]))
        return CleanHtml(f"<pre>{text}</pre>", as_text=True)
    pictures = _Pictures(picture_urls)
    shown = nh3.clean(
        html.replace("\0", ""),
        tags=_TAGS,
        clean_content_tags=_CONTENT_GOES_TOO,
        attributes=_ATTRIBUTES,
        attribute_filter=pictures.filter,
        set_tag_attribute_values={"a": {"target": "_blank"}},
        link_rel="noopener noreferrer nofollow",
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"} | pictures.schemes,
        filter_style_properties=_STYLES,
    )
    return CleanHtml(shown, pictures.remote)


class _Pictures:
    """What becomes of each attribute that names a URL."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        self._urls = {key.strip("<> ").lower(): url for key, url in urls.items()}
        self.schemes = {url.partition(":")[0] for url in urls.values() if ":" in url}
        self.remote = 0

    def filter(self, tag: str, name: str, value: str) -> str | None:
        """The value to be shown for one attribute, None for none."""
        if name == "src":
            return self._source(value)
        if name == "href":
            scheme = value.strip().partition(":")[0].lower()
            return value if scheme in ("http", "https", "mailto", "tel") else None
        if name == "style":
            return None if _URL_IN_STYLE.search(value) else value
        return value

    def _source(self, value: str) -> str | None:
        scheme, _, rest = value.strip().partition(":")
        if scheme.lower() == "cid":
            return self._urls.get(unquote(rest).strip("<> ").lower())
        if len(value) < _LONGEST_DATA_URL and _DATA_PICTURE.match(value.strip()):
            return value
        if _REMOTE.match(value):
            self.remote += 1
        return None


def _is_too_deep(html: str) -> bool:
    depth = 0
    still_open: dict[str, int] = {}
    for ends, written in _TAG.findall(html):
        name = written.lower()
        if name in _NOT_COUNTED:
            continue
        count = still_open.get(name, 0)
        # An end tag of what is not open closes nothing.
        if ends and not count:
            continue
        change = -1 if ends else 1
        still_open[name] = count + change
        depth += change
        if depth > _DEEPEST_NESTING:
            return True
    return False


def page_of(shown: CleanHtml, *, language: str | None = None) -> str:
    """A whole page around `shown` that a browser may open by itself, still without loads."""
    tag = f' lang="{nh3.clean_text(language)}"' if language else ""
    return (
        f"<!DOCTYPE html>\n<html{tag}><head>"
        '<meta charset="utf-8"><meta name="referrer" content="no-referrer">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "img-src 'self' file: data:; style-src 'unsafe-inline'; form-action 'none'; "
        "base-uri 'none'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"</head><body>\n{shown.html}\n</body></html>\n"
    )
