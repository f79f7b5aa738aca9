from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.judge.links import find_links, host_of


def test_links_of_text_and_markup() -> None:
    text = "see https://one.example/a?b=c, and (http://TWO.example)."
    markup = '<p><A class="x" HREF="https://three.example/x&amp;y">go</a><a name="z">no</a>'
    assert [link.host for link in find_links(text, markup)] == [
        "three.example",
        "one.example",
        "two.example",
    ]


def test_what_a_link_shows() -> None:
    def shown(label: str) -> str | None:
        return find_links("", f'<a href="https://evil.example/">{label}</a>')[0].shown_host

    assert shown("https://www.exchange.example/security") == "www.exchange.example"
    assert shown("<b>paypal.com</b>") == "paypal.com"
    assert shown("www.exchange.example") == "www.exchange.example"
    assert shown("Confirm now") is None
    assert shown("statement.pdf") is None
    assert shown("Node.js") is None


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://a.example/x", "a.example"),
        ("https://user:pw@a.example:8080/x", "a.example"),
        ("http://exchange.example@evil.example/", "evil.example"),
        ("http://evil.example\\@exchange.example/", "evil.example"),
        ("http://[2001:db8::1]:80/", "[2001:db8::1]"),
        ("http://a.example.?x", "a.example"),
        ("mailto:x@a.example", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_host_of(url: str, host: str) -> None:
    assert host_of(url) == host


@given(st.text("<a href=\"'>/:x.", max_size=300))
def test_no_markup_is_too_odd(markup: str) -> None:
    find_links(markup, markup)


@pytest.mark.parametrize("piece", ["<a ", "<a href=", '<a href="', "<a>", "https://", "<"])
def test_a_long_markup_of_near_misses_is_no_trap(piece: str) -> None:
    assert len(find_links(piece * 5_000, piece * 60_000)) <= 100
