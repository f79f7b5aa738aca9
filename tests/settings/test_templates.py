"""Reading reply templates from disk: what is taken, and what is said of what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake.errors import ConfigError
from intake.settings.templates import load_templates, parse_template

GOOD = "---\nsubject: Re: {{ subject }}\ndescription: A test.\n---\nHello\n\n{{ desk_name }}\n"


def parse(text: str, html: str | None = None):
    return parse_template("en", "hello", "templates/en/hello.txt", text, html)


def test_front_matter_is_taken_off_and_lines_are_remembered():
    source = parse(GOOD, "<p>Hello</p>")
    assert source.subject == "Re: {{ subject }}"
    assert source.description == "A test."
    assert source.text == "Hello\n\n{{ desk_name }}"
    assert (source.subject_line, source.text_line) == (2, 5)
    assert source.html_path == "templates/en/hello.html"


def test_line_ends_and_byte_order_mark_do_not_matter():
    assert parse("\ufeff" + GOOD.replace("\n", "\r\n")) == parse(GOOD)


def test_version_follows_text_and_html():
    versions = {parse(GOOD).version, parse(GOOD, "<p>").version, parse(GOOD + "x").version}
    assert len(versions) == 3


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Hello", "line 1: a template begins with"),
        ("", "line 1: a template begins with"),
        ("---\nsubject: x\n", "not closed"),
        ("---\nsubject: x\n---\n", "lacks `description`"),
        ("---\nsubjct: x\n---\n", "line 2: unknown key `subjct`; did you mean `subject`?"),
        ("---\n\nsubject:\n---\n", "line 3: expected"),
        ("---\nsubject: x\nsubject: y\n---\n", "line 3: `subject` stands here a second time"),
    ],
)
def test_what_is_wrong_names_file_and_line(text, says):
    with pytest.raises(ConfigError) as caught:
        parse(text)
    assert "templates/en/hello.txt" in str(caught.value)
    assert says in str(caught.value)


def test_load_reads_text_and_html_side_by_side(tmp_path: Path):
    (tmp_path / "zh-Hans").mkdir()
    (tmp_path / "zh-Hans" / "hello.txt").write_text(GOOD)
    (tmp_path / "zh-Hans" / "hello.html").write_text("<p>好</p>")
    found = load_templates(tmp_path)
    assert list(found) == [("zh-Hans", "hello")]
    assert found["zh-Hans", "hello"].html == "<p>好</p>"


def test_load_refuses_an_empty_or_missing_folder(tmp_path: Path):
    with pytest.raises(ConfigError, match="no templates"):
        load_templates(tmp_path)
    with pytest.raises(ConfigError, match="no such folder"):
        load_templates(tmp_path / "nowhere")


def test_load_names_the_line_that_is_not_utf8(tmp_path: Path):
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "hello.txt").write_bytes(b"---\nsubject: caf\xe9\n")
    with pytest.raises(ConfigError, match=r"hello\.txt, line 2: not UTF-8"):
        load_templates(tmp_path)


@pytest.mark.parametrize("name", ["en/Hello.txt", "English Language/hello.txt"])
def test_load_refuses_names_nothing_could_find(tmp_path: Path, name):
    (tmp_path / name).parent.mkdir()
    (tmp_path / name).write_text(GOOD)
    with pytest.raises(ConfigError):
        load_templates(tmp_path)


def test_load_refuses_html_without_text(tmp_path: Path):
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "hello.html").write_text("<p>")
    with pytest.raises(ConfigError, match=r"no hello\.txt beside it"):
        load_templates(tmp_path)
