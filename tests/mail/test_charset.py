from __future__ import annotations

import pytest

from intake.mail.charset import decode

SENTENCES = [
    ("你好，请问我的提现什么时候到账", "gb18030"),
    ("提現尚未到帳，請協助", "big5"),
    ("お問い合わせありがとうございます", "cp932"),
    ("お問い合わせありがとうございます", "euc_jp"),
    ("안녕하세요 출금이 되지 않습니다", "cp949"),
    ("Größe für Übung", "latin-1"),
    ("Сергей Углицких вопрос", "cp1251"),
    ("Zażółć gęślą jaźń", "cp1250"),
]


@pytest.mark.parametrize("text, charset", SENTENCES)
def test_charset_is_found_where_none_is_declared(text, charset):
    assert decode(text.encode(charset), None)[0] == text


@pytest.mark.parametrize(
    "declared, charset, text",
    [
        ("gb2312", "gb18030", "䶮㐂"),
        ("iso-8859-1", "cp1252", "“quoted” – 5 €"),
        ("shift_jis", "cp932", "①～"),
        ("ks_c_5601-1987", "cp949", "똠방각하"),
        ("iso-2022-jp", "iso2022_jp", "日本語"),
        ("unicode-1-1-utf-7", "utf-7", "Übermittlung"),
        ("utf-16", "utf-16", "sixteen"),
        ('"utf8"', "utf-8", "ü"),
        ("windows-1252http-equivcontent-type", "cp1252", "é"),
    ],
)
def test_declared_names_mean_what_people_send(declared, charset, text):
    assert decode(text.encode(charset), declared) == (text, None)


def test_utf_8_said_to_be_latin_1_is_read_and_told():
    text, defect = decode("Grüße".encode(), "iso-8859-1")
    assert text == "Grüße"
    assert defect == "Text said to be iso-8859-1 is UTF-8."


def test_latin_1_pasted_into_utf_8_is_read():
    data = "差出人 und ".encode() + "Größe".encode("latin-1")
    assert decode(data, "utf-8")[0] == "差出人 und Größe"


@pytest.mark.parametrize("name", ["idna", "undefined", "rot13", "no-such", "", "base64", "\0"])
def test_names_that_are_no_charset_do_no_harm(name):
    assert decode("ä".encode(), name)[0] == "ä"


def test_nothing_is_lost_of_what_nobody_can_read():
    text, defect = decode(b"\xff\x81\xfe" * 9, "utf-8")
    assert text
    assert defect
