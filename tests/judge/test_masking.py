"""Masks in the place of secrets: stable, recognised, and in every copy of a mail's words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake import pipeline
from intake.judge.folding import fold_text, fold_with_places
from intake.judge.keys import make_keys
from intake.judge.masking import (
    find_in_mail,
    find_marks,
    hide_secrets,
    make_mark,
    mask_html,
    mask_text,
)
from intake.judge.reading import read_mail
from intake.model import Address, Attachment, ParsedMail
from tests.judge.letters import knowing, shipped_rules, write
from tests.judge.secret_lines import Line, clean_lines, found_lines, score

SHIPPED = shipped_rules()
RULES = SHIPPED.identifiers
LINES = found_lines()
PROSE = st.sampled_from(
    (
        "Hello,",
        "请帮忙",
        "Ｆｕｌｌ　ｗｉｄｔｈ：１２",
        "café",
        "cafe\u0301",
        "\u200b",
        "\n",
        "> ",
        "한국어",
        "½ ﬁ",
        "é" * 3,
    )
)


def spans(text: str) -> list[tuple[int, int]]:
    """Where masking changed `text`, told by its marks."""
    hidden = find_in_mail(write(text), RULES)
    folded, places = fold_with_places(text)
    return [(places[s.start], places[s.end]) for s in hidden.spans(folded)]


def test_the_table_of_lines() -> None:
    assert (len(LINES), len(clean_lines())) >= (120, 150)
    precision, recall, wrong = score(spans)
    assert wrong == []
    assert (precision, recall) == (1.0, 1.0)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.text[:30])
def test_only_the_secret_is_replaced(line: Line) -> None:
    masked = mask_text(line.text, RULES)
    rest = masked
    for kind, start, _ in reversed(list(find_marks(masked))):
        rest = rest[:start] + "\0" + rest[start + len(make_mark(kind)) :]
    done = 0
    # What is left of the line stands there in its order.
    for piece in rest.split("\0"):
        place = line.text.find(piece, done)
        assert place >= 0
        done = place + len(piece)


@given(st.lists(PROSE), st.sampled_from(LINES), st.lists(PROSE))
def test_masking_again_changes_nothing(before: list[str], line: Line, after: list[str]) -> None:
    text = "\n".join([*before, line.text, *after])
    masked = mask_text(text, RULES)
    assert masked != text
    assert mask_text(masked, RULES) == masked


@given(st.lists(PROSE).map(" ".join))
def test_words_without_secrets_stay_as_they_are(text: str) -> None:
    assert mask_text(text, RULES) is text


@given(st.text(max_size=60))
def test_places_of_folded_letters(text: str) -> None:
    folded, places = fold_with_places(text)
    assert len(places) == len(folded) + 1
    assert list(places) == sorted(places)
    assert not places or (places[0] >= 0 and places[-1] == len(text))
    assert fold_text("ＡＢＣ１") == fold_with_places("ＡＢＣ１")[0]


def test_full_width_words_around_a_secret_stay() -> None:
    masked = mask_text("您好，密码：Ａｂｃ１２３４５。谢谢！", RULES)
    assert masked == "您好，密码：[password hidden]。谢谢！"


def test_a_value_is_hidden_where_nothing_tells_what_it_is() -> None:
    mail = replace(
        write("my password is Tramonto-1987", subject="Tramonto-1987 does not work"),
        reply="Tramonto-1987, I said",
        author=Address("Tramonto-1987", "mei", "mail.example"),
        attachments=(file("Tramonto-1987.txt", "the word is Tramonto-1987"),),
    )
    hidden = hide_secrets(mail, RULES)
    assert "Tramonto" not in repr(replace(hidden, headers=()))
    assert "Tramonto" not in repr(read_mail(mail, RULES))
    assert hidden.subject == "[password hidden] does not work"
    assert "tramonto" not in make_keys(mail, SHIPPED).subject_key
    decision = pipeline.decide(mail, knowing(), SHIPPED)
    assert "Tramonto" not in repr(decision)


def test_a_short_value_is_not_hidden_elsewhere() -> None:
    hidden = hide_secrets(write("my cvv: 123. Order 123 is open."), RULES)
    assert hidden.text.strip() == "my cvv: [card code hidden]. Order 123 is open."


def test_words_masked_before_count_as_what_they_were() -> None:
    """Pictures are stored masked: a replay must find the same in them."""
    read = write("see picture", attachments=(file("page.png", "password: Tramonto-1987 ok"),))
    words = mask_text("password: Tramonto-1987 ok", RULES)
    again = write("see picture", attachments=(file("page.png", words),))
    assert read_mail(read, RULES) == read_mail(again, RULES)
    assert [s.kind for s in find_in_mail(again, RULES).found] == ["password"]


@pytest.mark.parametrize(
    ("markup", "kept"),
    [
        ("<p>Hello</p>", True),
        ("<p>password: Tramonto-1987</p>", False),
        ("<td>Password:</td><td>Tramonto-1987</td>", False),
        ("<p>password: Tramon<b>to-19</b>87</p>", False),
        ("<p>password: &#84;ramonto-1987</p>", False),
        ("<style>.password: x</style><p>no secret</p>", True),
    ],
)
def test_html_is_kept_only_where_it_shows_none(markup: str, kept: bool) -> None:
    assert mask_html(markup, RULES) == (markup if kept else None)


def test_html_is_masked_where_the_text_tells_the_secret() -> None:
    html = "<p>password: <b>Tramonto-1987</b></p>"
    hidden = hide_secrets(replace(write("password: Tramonto-1987"), html=html), RULES)
    assert hidden.html == "<p>password: <b>[password hidden]</b></p>"
    cut = "<p>password: Tramonto<b>-1987</b></p>"
    assert hide_secrets(replace(write("password: Tramonto-1987"), html=cut), RULES).html is None


def test_a_mail_without_secrets_is_itself() -> None:
    mail: ParsedMail = write("my password is wrong")
    assert hide_secrets(mail, RULES) is mail


def test_secrets_far_down_are_hidden() -> None:
    """Judges read the beginning of a mail, people all of it."""
    text = "Nothing here.\n" * 4_000 + "password: Tramonto-1987\n" + "and more\n" * 100
    hidden = hide_secrets(write(text), RULES)
    assert "Tramonto" not in hidden.text
    many = "\n".join(f"password: Tramonto-{n}" for n in range(1000, 1400))
    assert "Tramonto" not in hide_secrets(write(many), RULES).text


def file(name: str, words: str) -> Attachment:
    """An attached picture with words in it."""
    png = "image/png"
    return Attachment("2", name, png, png, 9, "0" * 64, "screenshot", "attachment", words=words)


def test_a_secret_across_two_pieces_is_found_and_a_mail_full_of_them_is_bounded() -> None:
    for before in range(15_900, 16_100, 20):
        text = "x" * before + " my password is Tramonto-1987 ok" + " y" * 9_000
        assert "Tramonto" not in mask_text(text, RULES)
    many = "我的密码是Abc12345,请帮忙。" * 5_000
    assert "Abc12345" not in mask_text(many, RULES)
