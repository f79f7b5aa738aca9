"""HTML that was written to hurt whoever looks at it, and what is left of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from intake.mail.display import clean_html, page_of

URLS = {"logo@shop.example": "pictures/1"}
# Written HTML, and what of it must be gone.
HURTFUL = {
    "script": ("a<script>alert(1)</script>b", "alert"),
    "handler": ('<b onclick="alert(1)">x</b>', "onclick"),
    "broken handler": ('<img src="x"onerror=alert(1)>', "onerror"),
    "script link": ('<a href="javascript:alert(1)">x</a>', "javascript"),
    "hidden script link": ('<a href=" java&#10;script:alert(1)">x</a>', "script:"),
    "data link": ('<a href="data:text/html,<script>x</script>">x</a>', "data:"),
    "form": ('<form action="https://thief.example"><input name=pin></form>', "thief"),
    "button": ('<button formaction="https://thief.example">x</button>', "thief"),
    "frame": ('<iframe src="https://thief.example"></iframe>', "thief"),
    "object": ('<object data="https://thief.example"></object>', "thief"),
    "refresh": ('<meta http-equiv="refresh" content="0;url=//thief.example">', "thief"),
    "base": ('<base href="https://thief.example/">', "thief"),
    "style sheet": ('<link rel=stylesheet href="//thief.example">', "thief"),
    "style element": ("<style>@import '//thief.example'</style>", "thief"),
    "picture": ('<img src="https://thief.example/p.gif">', "thief"),
    "picture set": ('<img srcset="https://thief.example/p.gif 1x">', "thief"),
    "background": ('<td background="https://thief.example/p.gif">x</td>', "thief"),
    "style background": ('<p style="background:url(//thief.example)">x</p>', "thief"),
    "style colour": ('<p style="color: url(//thief.example)">x</p>', "thief"),
    "escaped style": (r'<p style="color: u\72l(//thief.example)">x</p>', "thief"),
    "overlay": ('<div style="position:fixed;top:0;z-index:9">x</div>', "position"),
    "vector picture": ('<svg><image href="//thief.example"/></svg>', "thief"),
    "picture that is a page": ('<img src="data:image/svg+xml;base64,PHN2Zz4=">', "svg"),
    "video": ('<video poster="//thief.example"></video>', "thief"),
    "comment": ("<!--[if mso]><img src=//thief.example><![endif]-->", "thief"),
    "identity": ('<p id="ticket" class="button">x</p>', "ticket"),
    "unknown picture": ('<img src="cid:other@shop.example">', "cid:"),
}


@pytest.mark.parametrize("name", HURTFUL)
def test_what_hurts_is_gone(name: str) -> None:
    html, gone = HURTFUL[name]
    assert gone in html or name == "hidden script link"
    assert gone not in clean_html(html, URLS).html


def test_pictures_of_the_mail_itself_are_shown() -> None:
    written = '<img src="cid:logo%40shop.example" alt="Shop" onload="x()">'
    shown = clean_html(written, {"<Logo@shop.example>": "pictures/1"}).html
    assert 'src="pictures/1"' in shown
    assert 'alt="Shop"' in shown


def test_pictures_from_elsewhere_are_counted() -> None:
    written = '<img src="https://a.example/1.gif"><img src="//a.example/2.gif">x<img src="3.gif">'
    assert clean_html(written, {}).remote_pictures == 2


def test_what_a_person_reads_stays() -> None:
    written = (
        '<table><tr><td colspan="2" style="font-weight:bold">Order</td></tr></table>'
        '<p dir="rtl">x <a href="https://shop.example/?a=1&amp;b=2">link</a></p><ol start="3"><li>y'
    )
    shown = clean_html(written, {}).html
    assert 'colspan="2"' in shown and "font-weight:bold" in shown
    assert 'href="https://shop.example/?a=1&amp;b=2"' in shown
    assert 'rel="noopener noreferrer nofollow"' in shown and 'target="_blank"' in shown
    assert '<p dir="rtl">' in shown and '<ol start="3">' in shown


@pytest.mark.parametrize(
    "html",
    ["<div>" * 20_000 + "deep", "<b></i>" * 20_000 + "deep", "long " * 500_000],
    ids=["nested", "never closed", "long"],
)
def test_what_would_take_too_long_is_shown_as_its_text(html: str) -> None:
    shown = clean_html(html, {})
    assert shown.as_text
    assert shown.html.startswith("<pre>")
    assert "deep" in shown.html or "long" in shown.html


SOUP = st.lists(
    st.sampled_from([*(html for html, _ in HURTFUL.values()), '"', "'", ">", "<", "</p", "<!--"])
    | st.text(max_size=8),
    max_size=12,
).map("".join)


@given(SOUP)
def test_no_mixture_of_it_loads_or_runs_anything(html: str) -> None:
    shown = clean_html(html, URLS).html.lower()
    for start in ("<script", "<iframe", "<form", "<input", "<svg", "<style", "<base", "<meta"):
        assert start not in shown
    assert 'src="http' not in shown and 'src="//' not in shown
    assert clean_html(shown, {}).remote_pictures == 0


@pytest.fixture
def thief() -> Iterator[tuple[str, list[str]]]:
    """A server that notes every request."""
    seen: list[str] = []

    class Noting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Noting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}", seen
    server.shutdown()
    server.server_close()


def test_a_browser_loads_and_runs_nothing(
    browser: Browser, thief: tuple[str, list[str]], tmp_path: Path
) -> None:
    host, seen = thief
    written = "\n".join(html.replace("thief.example", host) for html, _ in HURTFUL.values())
    written = written.replace("https://", "http://").replace("'//", "'http://")
    page = browser.new_page()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))

    # Taken as it came it does load; else this test could not fail.
    (tmp_path / "raw.html").write_text(written)
    page.goto((tmp_path / "raw.html").as_uri())
    page.wait_for_timeout(300)
    assert seen and dialogs
    seen.clear()
    dialogs.clear()

    shown = clean_html(written, URLS)
    # Without the policy of the page around it, which is the second wall.
    (tmp_path / "shown.html").write_text(shown.html)
    (tmp_path / "page.html").write_text(page_of(shown, language="en"))
    for name in ("shown.html", "page.html"):
        page.goto((tmp_path / name).as_uri())
        page.wait_for_timeout(300)
    assert not seen
    assert not dialogs
    page.close()
