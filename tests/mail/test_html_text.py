import time

import pytest

from intake.mail.html_text import render_text
from intake.mail.newest import find_newest


def test_inline_runs_stay_together() -> None:
    assert render_text("<p>Hello <b>te</b>am,<br>how\n are <i>you</i>?</p>") == (
        "Hello team,\nhow are you?"
    )


def test_paragraphs_have_a_line_between_and_divs_have_none() -> None:
    assert render_text("<p>a</p><p>b</p><div>c</div><div>d</div>") == "a\n\nb\n\nc\nd"
    assert render_text('<p class="MsoNormal">a</p><p class="MsoNormal">b</p>') == "a\nb"
    assert render_text("<div>a</div><div><br></div><div>b</div>") == "a\n\nb"


def test_lists_and_tables_are_kept() -> None:
    html = "<ul><li>one</li><li><p>two</p><ol start=3><li>x</li><li>y</li></ol></li></ul>"
    assert render_text(html) == "- one\n- two\n  3. x\n  4. y"
    rows = "<tr><th>Date</th><th>Coin</th></tr><tr><td><p>1 May</p></td><td>BTC</td></tr>"
    assert render_text(f"<table>{rows}</table>") == "Date  Coin\n1 May  BTC"


def test_links_are_kept_where_the_words_do_not_say_them() -> None:
    assert render_text('<a href="https://a.example/x">here</a>') == "here <https://a.example/x>"
    assert render_text('<a href="https://a.example/">a.example</a>') == "a.example"
    assert render_text('<a href="mailto:a@b.example">a@b.example</a>') == "a@b.example"
    assert render_text('<a href="javascript:x()">here</a>') == "here"


@pytest.mark.parametrize(
    "hidden",
    [
        "<style>p { color: red }</style>",
        "<script>alert(1)</script>",
        "<head><title>Mail</title></head>",
        '<div style="display:none">x<div>y</div>z</div>',
        '<span style="font-size:0px">x</span>',
        '<p STYLE="Visibility: Hidden">x</p>',
        "<div hidden>x</div>",
        "<!-- comment --><!--[if mso]><p>x</p><![endif]-->",
        '<img src="https://a.example/pixel.gif" width=1>',
        "<xml><o:x>96</o:x></xml>",
    ],
)
def test_what_is_hidden_is_dropped(hidden: str) -> None:
    assert render_text(f"<p>before</p>{hidden}<p>after</p>") == "before\n\nafter"


def test_an_address_in_angle_brackets_is_text() -> None:
    assert render_text("write to <ben@mail.example>, 1 < 2 <3") == (
        "write to <ben@mail.example>, 1 < 2 <3"
    )


def test_entities_and_spaces() -> None:
    assert render_text("a&nbsp;&nbsp;b &amp; &lt;c&gt; &#8364;\u200b\u200b") == "a b & <c> €"
    assert render_text("<pre>  if x:\n    y</pre>") == "  if x:\n    y"


def test_a_greater_sign_inside_an_attribute_ends_no_tag() -> None:
    assert render_text('<p title="a > b">text</p>') == "text"


def test_hidden_without_end_is_shown() -> None:
    assert render_text('<div style="display:none">all there is') == "all there is"


def test_quotations_are_marked() -> None:
    html = (
        "<div>Yes.</div><div class=gmail_quote><div class=gmail_attr>On Mon, 23 Nov 2026 at 10:00, "
        "Anna &lt;<a href='mailto:a@b.example'>a@b.example</a>&gt; wrote:<br></div>"
        "<blockquote class=gmail_quote>Really?<blockquote>No.</blockquote></blockquote></div>"
    )
    text = render_text(html)
    assert "> Really?\n> > No." in text
    assert find_newest(text).reply == "Yes."


def test_an_indented_paragraph_is_no_quotation() -> None:
    html = '<blockquote style="margin:0 0 0 40px;border:none;padding:0px">step one</blockquote>'
    assert render_text(html) == "step one"


@pytest.mark.parametrize(
    "divider",
    [
        '<hr style="width:98%"><div id="divRplyFwdMsg">',
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">',
        '<hr id="zwchr"><div>',
    ],
)
def test_the_rule_above_an_earlier_mail_is_drawn_once(divider: str) -> None:
    html = f"<p>Yes.</p>{divider}<b>From:</b> Anna<br><b>Sent:</b> Monday<br><b>To:</b> Ben<br>"
    text = render_text(f"{html}<b>Subject:</b> X<br><br></div><p>Really?</p>")
    assert text.count("_" * 32) == 1
    assert find_newest(text).reply == "Yes."


HOSTILE = {
    "depth": "<div>" * 100_000,
    "angles": "<" * 900_000,
    "quotes": "<blockquote>x" * 50_000,
    "attributes": '<a href="' * 90_000,
    "comments": "<!--" * 200_000,
    "styles": "<style>" * 100_000,
    "hidden": "<div style='display:none'>x" * 30_000,
    "entities": "&" * 900_000,
    "cells": "<td>x" * 150_000,
    "lists": "<ul><li>x" * 80_000,
    "odd-quotes": '<p a="' + "<p>" * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_html_takes_linear_time(name: str) -> None:
    started = time.process_time()
    render_text(HOSTILE[name])
    assert time.process_time() - started < 3
