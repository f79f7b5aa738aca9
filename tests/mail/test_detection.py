from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.mail.charset import decode
from intake.mail.detection import detect

# Short ones: names and subjects are where detection has least to go by.
SAMPLES = {
    "cp1251": [
        "Сергей Углицких",
        "Привет",
        "Иванов Иван <i@b.example>",
        "Здравствуйте, не могу войти в аккаунт",
        "Re: вопрос по заказу",
        "Ольга",
        "Київ, Україна: допоможіть",
    ],
    "koi8-r": [
        "Сергей Углицких",
        "Привет",
        "Иванов Иван <i@b.example>",
        "Здравствуйте, не могу войти в аккаунт",
        "Re: вопрос по заказу",
        "Анна",
        "ПРИВЕТ ВСЕМ",
    ],
    "gb18030": [
        "李娜",
        "张伟",
        "王小明",
        "你好，请问我的提现什么时候到账",
        "武兰成",
        "精益生产闪婚,是谁的责任",
        "关于账户问题",
        "Re: 问题",
        "发票",
        "重庆",
        "赵敏 <a@b.example>",
        "发现最美车间主任",
        "欧美简讯",
        "專業為您註冊香港公司",
    ],
    "cp950": [
        "陳小明",
        "提現尚未到帳，請協助",
        "內應力產生",
        "李大華",
        "您好",
        "中層管理者如何避免",
        "王美麗 <a@b.example>",
        "發票",
    ],
    "cp932": [
        "田中太郎",
        "やまだ はなこ",
        "お問い合わせありがとうございます",
        "山田 太郎 <a@b.example>",
        "ご注文の確認",
        "テスト",
        "鈴木",
    ],
    "euc_jp": [
        "田中太郎",
        "やまだ はなこ <a@b.example>",
        "お問い合わせありがとうございます",
        "ご注文の確認",
        "テスト",
        "山田 太郎",
    ],
    "cp949": [
        "김철수",
        "안녕하세요 출금이 되지 않습니다",
        "박지영",
        "문의드립니다",
        "이민호 <a@b.example>",
    ],
    "cp1252": [
        "Müller",
        "Jörg",
        "Größe für Übung",
        "Ann “quoted” – 5 €",
        "José Ñandú",
        "Voilà",
        "François",
        "Ann <jörg@b.example>",
        "é",
        "naïve",
        "Ups Rémi",
        "Ø",
        "Söder, Märta",
        "garçon à",
        "Gruß",
        "São Paulo ação",
        "ÜBER",
    ],
    "cp1250": [
        "Zażółć gęślą jaźń",
        "Łukasz",
        "Příliš žluťoučký kůň",
        "Dziękuję za pomoc, proszę o odpowiedź",
        "Jiří Novák – žádost",
        "Gyűrű, hosszú őszinte",
    ],
    "iso8859-2": [
        "Zażółć gęślą jaźń",
        "Dziękuję za pomoc, proszę o odpowiedź",
        "Příliš žluťoučký kůň",
    ],
    "cp1253": ["Γιώργος Παπαδόπουλος", "Καλημέρα, δεν μπορώ να συνδεθώ"],
    "cp1255": ["שלום, אני לא מצליח להתחבר", "משה כהן"],
    "cp1256": ["مرحبا، لا أستطيع الدخول", "محمد علي"],
    "cp874": ["สวัสดีครับ ผมเข้าสู่ระบบไม่ได้", "สมชาย ใจดี"],
    "cp1254": ["Şifremi unuttum, giriş yapamıyorum"],
    "mac_roman": ["Müller für Größe und Übung"],
    "cp850": ["Müller für schön und Übung"],
    "cp866": ["Здравствуйте, не могу войти"],
    "iso8859-5": ["Здравствуйте, не могу войти"],
}


@pytest.mark.parametrize("charset", SAMPLES)
def test_short_texts_are_read(charset):
    found = {
        text: text.encode(charset).decode(detect(text.encode(charset)) or "")
        for text in SAMPLES[charset]
    }
    assert {text: read for text, read in found.items() if read != text} == {}


def test_the_first_line_that_is_not_ascii_counts_wherever_it_stands():
    text = "plain\n" * 20_000 + "Здравствуйте, не могу войти"
    assert decode(text.encode("koi8-r"), None)[0] == text


@pytest.mark.parametrize(
    "charset, text", [("cp1251", "Привет, не могу войти"), ("gb18030", "关于账户问题")]
)
def test_what_is_no_latin_script_is_read_though_it_is_said_to_be(charset, text):
    read, defect = decode(text.encode(charset), "iso-8859-1")
    assert read == text
    assert defect is not None


@pytest.mark.parametrize(
    "text", ["Ünïcödé çà et là", "ÄÖÜ", "«Ça»", "50 € – ¡Olé!", "Ö", "é è à ù"]
)
def test_latin_script_stays_latin(text):
    assert decode(text.encode("cp1252"), "iso-8859-1") == (text, None)


@given(
    st.binary(max_size=200),
    st.sampled_from([None, "utf-8", "gb2312", "iso-2022-jp", "utf-16", "x"]),
)
def test_any_bytes_are_text_in_any_charset(data, declared):
    text, _ = decode(data, declared)
    text.encode("utf-8")


DECLARED = {
    **{charset: charset for charset in SAMPLES},
    **{"utf-8": "utf-8", "iso-8859-1": "cp1252", "gb2312": "gb18030", "shift_jis": "cp932"},
    **{
        "iso-2022-jp": "iso2022_jp",
        "utf-7": "utf-7",
        "utf-16": "utf-16",
        "iso-8859-15": "iso8859-15",
    },
}


@pytest.mark.parametrize("declared", DECLARED)
def test_what_is_declared_rightly_is_never_doubted(declared):
    every = {word for texts in SAMPLES.values() for text in texts for word in (text, *text.split())}
    wrong = []
    for text in sorted(every):
        raw = text.encode(DECLARED[declared], "replace")
        kept = raw.decode(DECLARED[declared])
        if "?" not in kept and decode(raw, declared) != (kept, None):
            wrong.append((text, decode(raw, declared)))
    assert wrong == []


@pytest.mark.parametrize("text", ["<html>Grüße aus Köln", "Grüße, and more"])
def test_bytes_are_no_utf_16_though_html_says_so(text):
    assert decode(text.encode(), "unicode")[0] == text
