"""What must hold for what staff are shown of a mail: its HTML and its pictures."""

from __future__ import annotations

from contextlib import suppress
from html.parser import HTMLParser

from intake.errors import UnreadablePicture
from intake.mail.attachments import extract
from intake.mail.display import clean_html
from intake.mail.picture_metadata import strip_metadata
from intake.mail.pictures import PictureLimits, examine_picture
from intake.model import ParsedMail
from tests.fuzz.oracle import expect

_NEVER = frozenset(
    (
        *("script", "style", "iframe", "frame", "object", "embed", "applet", "form", "input"),
        *("button", "textarea", "select", "link", "meta", "base", "svg", "math", "template"),
        *("noscript", "video", "audio", "source", "canvas", "html", "head", "body", "title"),
    )
)
_SCHEMES = ("http:", "https:", "mailto:", "tel:")
_OURS = "/pictures/1"
_LIMITS = PictureLimits(pixels=4_000_000)
_MOST_PICTURES = 2


def check_page(raw: bytes, mail: ParsedMail) -> None:
    """The HTML as it is shown loads, runs and submits nothing."""
    if mail.html is None:
        return
    ids = [each.content_id for each in mail.attachments if each.content_id]
    shown = clean_html(mail.html, dict.fromkeys(ids, _OURS))
    page = _Page()
    page.feed(shown.html)
    page.close()


class _Page(HTMLParser):
    """Looks at each tag of a cleaned page."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        expect(tag not in _NEVER, "no such tag is shown", tag)
        for name, value in attrs:
            expect(not name.startswith("on"), "nothing that runs is shown", name)
            text = "".join((value or "").split()).lower()
            if name == "src":
                local = text == _OURS or text.startswith("data:image/")
                expect(local, "nothing is loaded from elsewhere", value)
            elif name == "href":
                expect(text.startswith(_SCHEMES), "links lead to the web or to a mail", value)
            elif name == "style":
                expect("url(" not in text, "no style loads anything", value)
            else:
                expect(name not in ("srcset", "background", "action", "ping"), "no loads", name)


def check_pictures(raw: bytes, mail: ParsedMail) -> None:
    """A picture is opened and cleaned, or said to be unreadable."""
    pictures = [each for each in mail.attachments if each.content_type.startswith("image/")]
    for each in pictures[:_MOST_PICTURES]:
        data = extract(raw, each.section)
        with suppress(UnreadablePicture):
            strip_metadata(data)
        with suppress(UnreadablePicture):
            examine_picture(data, _LIMITS)
            # Of one that can be opened, all that can be taken off goes the first time.
            cleaned = strip_metadata(data)
            expect(strip_metadata(cleaned) == cleaned, "a clean picture stays as it is", each)
