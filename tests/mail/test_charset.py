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


@pytest.mark.parametrize(
    "data, declared, text",
    [
        (b"\x1b$B-!\x1b(B", "iso-2022-jp", "①"),
        (b'\x1b$B$"\x1b(B a\n\x1b$B$$\n', "iso-2022-jp", "あ a\nい\n"),
        (b"\x1b(I\x31\x32\x1b(B", "iso-2022-jp", "ｱｲ"),
        ("あ丂".encode("iso2022_jp_2004"), "iso-2022-jp", "あ丂"),
        ("한글".encode("iso2022_kr"), "iso-2022-kr", "한글"),
        ("sixteen".encode("utf-16-le"), "utf-16", "sixteen"),
        ("sixteen".encode("utf-16-be"), "utf-16", "sixteen"),
        ("sixteen bits\n".encode("utf-16-le"), None, "sixteen bits\n"),
        ("关于账户".encode("utf-16-le"), "utf-16le", "关于账户"),
        ("请帮助我登录上".encode("utf-16-be"), "utf-16be", "请帮助我登录上"),
        ("你好，我的账户被冻结了\r\n".encode("gb18030"), "utf-16", "你好，我的账户被冻结了\r\n"),
        ("你好，我的账户被冻结了\r\n".encode(), "unicode", "你好，我的账户被冻结了\r\n"),
        ("Мой счёт заблокирован\n".encode("cp1251"), "utf-16be", "Мой счёт заблокирован\n"),
        ("“tak” – ž".encode("cp1250"), "iso-8859-2", "“tak” – ž"),
        ("关于账户".encode(), "gb2312", "关于账户"),
        ("お問い合わせ".encode(), "shift_jis", "お問い合わせ"),
        ("Grüße aus Köln".encode().decode("cp1252").encode(), "utf-8", "Grüße aus Köln"),
        ("Grüße".encode().decode("cp1252").encode().decode("cp1252").encode(), None, "Grüße"),
        ("Ich sehe Ã¼ und Ã¶ statt ü".encode(), "utf-8", "Ich sehe Ã¼ und Ã¶ statt ü"),
        (b"cut Gr" + b"\xc3", "utf-8", "cut Gr\ufffd"),
        (b"a\0b", None, "a\0b"),
    ],
)
def test_what_programs_make_of_charsets(data, declared, text):
    assert decode(data, declared)[0] == text
