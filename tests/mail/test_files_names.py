"""File names: safe, readable, and each once."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.mail.filenames import ShownNames, clean_path, make_safe, make_saveable, make_up_name

written = st.text(max_size=300) | st.sampled_from(
    ["a.txt", "A.TXT", "a.txt ", "../a.txt", "x" * 250 + ".pdf", "价" * 200 + ".pdf", "con", "."]
)


@pytest.mark.parametrize(
    "name, safe",
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\report.pdf", "report.pdf"),
        ("\\\\server\\share\\report.pdf", "report.pdf"),
        ("~/Desktop/report.pdf", "report.pdf"),
        ("a\r\nb\0.txt", "a b .txt"),
        ("fdp\u202eexe.pdf", "fdpexe.pdf"),
        ("in\u200bvoice\u00ad.pdf\u3164", "invoice.pdf"),
        ("e\u0301te\u0301.pdf", "\u00e9t\u00e9.pdf"),
        ("AC/DC.txt", "AC_DC.txt"),
        ("report.pdf. . ", "report.pdf"),
        ("  report.pdf", "report.pdf"),
        (".htaccess", ".htaccess"),
        ("Rechnung (März) 50%.pdf", "Rechnung (März) 50%.pdf"),
        ("...", None),
        (" \u202e ", None),
        ("", None),
    ],
)
def test_names_are_safe(name, safe):
    assert make_safe(name) == safe


@pytest.mark.parametrize("name", ["价" * 300 + ".pdf", "a" * 300 + ".tar.gz", "x" * 400])
def test_a_long_name_keeps_its_extension(name):
    safe = make_safe(name)
    assert safe is not None
    assert len(safe.encode()) <= 200
    if "." in name:
        assert safe.rpartition(".")[2] == name.rpartition(".")[2]


def test_reserved_names_are_changed_for_saving():
    assert make_saveable("con.txt") == "_con.txt"
    assert make_saveable("COM1") == "_COM1"
    assert make_saveable("contract.txt") == "contract.txt"
    assert make_saveable('a<b>:"c"') == "a_b___c_"


@pytest.mark.parametrize(
    "media_type, number, title, name",
    [
        ("message/rfc822", 1, "Order 7", "Order 7.eml"),
        ("message/rfc822", 2, "", "message-2.eml"),
        ("text/calendar", 1, "", "invite.ics"),
        ("image/png", 2, "", "image-2.png"),
        ("application/vnd.ms-outlook", 1, "", "file.msg"),
        ("application/x-nobody-knows", 1, "", "file.bin"),
        ("application/pkcs7-signature", 1, "", "smime.p7s"),
    ],
)
def test_names_are_made_up_from_title_or_type(media_type, number, title, name):
    assert make_up_name(media_type, number, title) == name


def test_equal_names_are_told_apart_in_one_container():
    names = ShownNames()
    chosen = [names.choose(None, name, "image/jpeg", "") for name in ("a.jpg", "a.jpg", "A.JPG")]
    assert chosen == ["a.jpg", "a (2).jpg", "A (3).JPG"]
    assert names.choose(None, "a (2).jpg", "image/jpeg", "") == "a (2) (2).jpg"
    assert names.choose("winmail.dat", "a.jpg", "image/jpeg", "") == "a.jpg"
    assert names.choose(None, "README", "text/plain", "") == "README"
    assert names.choose(None, "readme", "text/plain", "") == "readme (2)"


def test_a_thousand_equal_long_names_are_told_apart():
    names = ShownNames()
    chosen = {names.choose(None, "价" * 200 + ".pdf", "application/pdf", "") for _ in range(1000)}
    assert len(chosen) == 1000


@given(st.lists(written, max_size=20))
def test_shown_names_are_safe_and_differ(all_written):
    names = ShownNames()
    chosen = [names.choose(None, each, "text/plain", "") for each in all_written]
    assert len({name.casefold() for name in chosen}) == len(chosen)
    for name in chosen:
        assert name
        assert name == name.strip()
        assert not set(name) & set("/\\\0\r\n\u202e")
        assert not any(unicodedata.category(letter) == "Cc" for letter in name)
        assert name not in (".", "..")
        assert len(name.encode()) <= 200


@given(written)
def test_saved_names_hold_nothing_that_a_file_system_refuses(name):
    saved = make_saveable(make_safe(name) or "")
    assert saved
    assert not set(saved) & set('<>:"/\\|?*\0')
    assert saved.strip(" .") == saved


def test_a_path_in_an_archive_is_one_line():
    assert clean_path("a/b\n\u202ec.txt") == "a/b c.txt"
