"""What holds for every text and every HTML, tried on shuffled pieces of real forms."""

from hypothesis import given, settings
from hypothesis import strategies as st

from intake.mail.html_text import render_text
from intake.mail.language import find_language
from intake.mail.newest import find_newest
from tests.mail.replies import ATTRIBUTIONS, BLOCKS, MOBILE, QUOTED

LINES = st.sampled_from(
    [
        *ATTRIBUTIONS.values(),
        *BLOCKS.values(),
        *MOBILE,
        QUOTED,
        "",
        "-- ",
        "---",
        "________________________________",
        "Hello,",
        "my deposit is missing.",
        "Best regards,",
        "Tel: +49 30 1234567",
        "Please see my answers below.",
        "> ",
        "From: x",
        "This message is confidential and intended for the recipient.",
    ]
) | st.text(max_size=30)
TEXTS = st.lists(LINES, max_size=25).map("\n".join)

TAGS = st.sampled_from(
    (
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<br>",
        "<blockquote>",
        "</blockquote>",
        "<td>",
        "</td>",
        "<tr>",
        "<table>",
        "</table>",
        "<ul>",
        "<li>",
        "</ul>",
        "<pre>",
        "</pre>",
        "<a href='https://a.example'>",
        "</a>",
        "<style>",
        "</style>",
        "<!--",
        "-->",
        "<hr>",
        "<",
        ">",
        '"',
        "&amp;",
        "<div style='display:none'>",
        "<p hidden>",
        "<img alt='x'>",
        "word",
        "&#0;",
        "&#xD800;",
        " ",
    )
) | st.text(max_size=10)
PAGES = st.lists(TAGS, max_size=60).map("".join)


def words(text: str) -> list[str]:
    return sorted(text.split())


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_nothing_is_lost_and_the_reply_is_never_empty(text: str) -> None:
    newest = find_newest(text)
    assert bool(newest.reply.strip()) == bool(text.strip())
    pieces = " ".join((newest.reply, newest.signature, newest.quoted))
    assert set(words(text)) <= set(words(pieces)) | {">"}


@settings(max_examples=300, deadline=None)
@given(PAGES)
def test_html_of_any_shape_gives_text(page: str) -> None:
    text = render_text(page)
    newest = find_newest(text, html=page)
    assert bool(newest.reply.strip()) == bool(text.strip())


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_has_a_language_or_none(text: str) -> None:
    found = find_language(text)
    assert found is None or 2 <= len(found) <= 8
