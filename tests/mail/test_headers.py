from __future__ import annotations

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.mail.headers import decode_base64, decode_words, read_value
from intake.mail.parse import parse_mail

EMOJI = "\U0001f600"
# Each half of the pair encoded for itself, as some programs write it.
CESU_8 = b"".join(half.encode("utf-8", "surrogatepass") for half in ("\ud83d", "\ude00"))


def b64(text: str, charset: str) -> bytes:
    return b64encode(text.encode(charset))


# What is sent as a subject, and what a person reads there.
SUBJECTS = [
    ("问题".encode()[:4] + b"\r\n " + "问题".encode()[4:], "问题"),
    ("问题".encode()[:3] + b"\r\n " + "问题".encode()[3:], "问 题"),
    (b"Hello\r\n\tworld", "Hello\tworld"),
    (b"Hello\r\n  world", "Hello  world"),
    ("Grüße".encode(), "Grüße"),
    ("Grüße".encode("latin-1"), "Grüße"),
    ("Привет мир".encode("koi8-r"), "Привет мир"),
    ("关于账户问题".encode("gbk"), "关于账户问题"),
    ("回覆：您的訂單".encode("big5"), "回覆：您的訂單"),
    ("お問い合わせ①".encode("cp932"), "お問い合わせ①"),
    ("お問い合わせ".encode("iso2022_jp"), "お問い合わせ"),
    (b"=?iso-2022-jp?B?" + b64encode("お問い合わせ".encode("iso2022_jp")) + b"?=", "お問い合わせ"),
    (b"=?iso-2022-jp?B?" + b64encode(b"\x1b$B-!\x1b(B") + b"?=", "①"),
    (b"=?utf-8?B?R3LDvMOfZQ?=", "Grüße"),
    (b"=?utf-8?B?R3LDvMOfZQ=?=", "Grüße"),
    (b"=?utf-8?B?R3LDvMOfZQ===?=", "Grüße"),
    (b"=?utf-8?B?R3LDvM?=", "Grü"),
    (b"=?utf-8?Q?Gr=C3=BC=C3=9Fe_aus_K=C3=B6ln?=", "Grüße aus Köln"),
    (b"=?utf-8?Q?Gr=C3=BC=C3=9Fe aus K=C3=B6ln?=", "Grüße aus Köln"),
    (b"=?utf-8?q?Gr=c3=bc=c3=9fe?=", "Grüße"),
    (b"=?UTF-8?Q?a?= =?UTF-8?Q?b?=", "ab"),
    (b"=?UTF-8?Q?a?=  \r\n =?UTF-8?Q?b?=", "ab"),
    (b"=?UTF-8?Q?a?= b =?UTF-8?Q?c?=", "a b c"),
    (b"Re:=?UTF-8?Q?a?=b", "Re:ab"),
    (b"Re: =?UTF-8?Q?a?=,=?UTF-8?Q?b?=", "Re: a,b"),
    (b"=?UTF-8?Q?=E2=82?= =?UTF-8?Q?=AC5?=", "€5"),
    (b"=?UTF-8?B?4oI=?= =?UTF-8?B?rDU=?=", "€5"),
    (b"=?UTF-8?B?4oI?= =?UTF-8?B?rDU?=", "€5"),
    (b"=?UTF-8?Q?=E2=82?= =?UTF-8?B?rDU=?=", "€5"),
    (b"=?utf-8?Q?=E2=82?= =?UTF-8?Q?=AC5?=", "€5"),
    (
        b"=?gb2312?B?"
        + b64encode("关于账户".encode("gbk")[:5])
        + b"?= =?gb2312?B?"
        + b64encode("关于账户".encode("gbk")[5:])
        + b"?=",
        "关于账户",
    ),
    (b"=?utf-8?B?" + b64("Müller", "utf-8"), "Müller"),
    (b"Re: =?utf-8?B?" + b64("Müller und", "utf-8")[:-3], "Re: Müller u"),
    (b"=?utf-8?Q?M=C3=BCller", "Müller"),
    (b"=?utf-8?Q?M=C3=BCller?", "Müller"),
    (
        b"=?utf-8?B?"
        + b64("Müller", "utf-8")
        + b"?=\r\n =?utf-8?B?"
        + b64(" und Söhne", "utf-8")[:-2],
        "Müller und Söhn",
    ),
    (b"=?utf-8?Q?What=3F_really=3F?=", "What? really?"),
    (b"=?utf-8?Q?What?_really??=", "What? really?"),
    (b"=?utf-8?Q?100%_=3D_all?=", "100% = all"),
    (b"=?utf-8?Q?1=2?=", "1=2"),
    (b"=?windows-1251?B?" + b64encode("Привет".encode("cp1251")) + b"?=", "Привет"),
    (
        b"=?iso-8859-1?B?" + b64encode("Привет мир, вопрос".encode("cp1251")) + b"?=",
        "Привет мир, вопрос",
    ),
    (b"=?iso-8859-1?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
    (b"=?utf-8?Q?Gr=FC=DFe?=", "Grüße"),
    (
        b"=?utf-8?B?" + b64encode("Grüße aus Köln".encode().decode("cp1252").encode()) + b"?=",
        "Grüße aus Köln",
    ),
    (b"=?iso-8859-15?Q?5_=A4?=", "5 €"),
    (b"=?iso-8859-1?Q?=80_5?=", "€ 5"),
    (b"=?iso-8859-2?Q?=84tak=94?=", "„tak”"),
    (b"=?utf-8*de?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
    (b"=?utf-8*de-AT?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
    (b"=?UTF8?B?R3LDvMOfZQ==?=", "Grüße"),
    (b'=?"utf-8"?B?R3LDvMOfZQ==?=', "Grüße"),
    (b"=?charset=utf-8?B?R3LDvMOfZQ==?=", "Grüße"),
    (b"=?utf-8?B?8J+YgA==?= hi", EMOJI + " hi"),
    (b"=?utf-8?B?" + b64encode(CESU_8) + b"?= hi", EMOJI + " hi"),
    (CESU_8 + b" hi", EMOJI + " hi"),
    (b"=?utf-8?B?8J+Y?= =?utf-8?B?gA==?=", EMOJI),
    (b"a\0b", "a b"),
    (b"a\x07b", "a b"),
    ("a\u202eb\u202c".encode(), "ab"),
    ("\ufeffabc".encode(), "abc"),
    (b"=?utf-8?Q?a=00b?=", "a b"),
    (b"=?utf-8?Q?a=0D=0ABcc:_x?=", "a Bcc: x"),
    (b"=?utf-7?Q?Benachrichtung_+ANw-ber?=", "Benachrichtung Über"),
    (b"Benachrichtung =?unicode-1-1-utf-7?Q?+ANw-?= ber", "Benachrichtung Ü ber"),
    (b"=?us-ascii?Q?plain_text?=", "plain text"),
    (b"=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
    (b"=?nonsense?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
    (b"=??Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
    (b"=?utf-8?B?R3LD\r\n vMOfZQ==?=", "Grüße"),
    (b"=?utf-8?B?R3LD vMOfZQ==?=", "Grüße"),
    (b"=?utf-8?B?R3LDvMOfZQ==?==?utf-8?B?IQ==?=", "Grüße!"),
    (b"=?utf-8?B?R3LDvMOfZQ==?=!", "Grüße!"),
    (b"=?utf-16?B?" + b64encode("Grüße".encode("utf-16")) + b"?=", "Grüße"),
    (b"=?utf-16le?B?" + b64encode("Grüße".encode("utf-16-le")) + b"?=", "Grüße"),
    (
        b"=?big5?B?"
        + b64encode("問題".encode("big5"))
        + b"?= =?gb2312?B?"
        + b64encode("问题".encode("gbk"))
        + b"?=",
        "問題问题",
    ),
    (b"=?gb2312?B?" + b64encode("問題".encode("gbk")) + b"?=", "問題"),
    (b"=?gb2312?B?" + b64encode("问题 账户".encode()) + b"?=", "问题 账户"),
    (b"=?gb18030?B?" + b64encode("问题 账户".encode()) + b"?=", "问题 账户"),
    (b"=?hz-gb-2312?Q?=7E{ND=7E}?=", "文"),
    (b"=?HZ-GB-2312?B?" + b64encode("问题".encode("hz")) + b"?=", "问题"),
    (b"=?koi8-r?B?" + b64encode("Привет".encode("koi8-r")) + b"?=", "Привет"),
    (b"=?koi8-u?B?" + b64encode("Привіт".encode("koi8-u")) + b"?=", "Привіт"),
    (
        b"=?windows-1257?B?" + b64encode("Ačiū už pagalbą".encode("cp1257")) + b"?=",
        "Ačiū už pagalbą",
    ),
    (b"=?windows-1258?B?" + b64encode(b"Vi\xea\xf2t") + b"?=", "Viê\u0323t"),
    (b"=?tis-620?B?" + b64encode("สวัสดี".encode("cp874")) + b"?=", "สวัสดี"),
    (b"  padded  ", "padded"),
    (b"Re: AW: Fwd: x", "Re: AW: Fwd: x"),
    (b"=?utf-8?Q?=5BTicket=23123=5D_Re?=: x", "[Ticket#123] Re: x"),
    (b"&#20320;&#22909;", "&#20320;&#22909;"),
    (b"Gr=FC=DFe", "Gr=FC=DFe"),
    (b"=?iso-8859-1?Q?Gr=FC=DFe_aus_=?=\r\n =?iso-8859-1?Q?K=F6ln?=", "Grüße aus Köln"),
    (b"=?ISO-8859-1?Q?Gr=FC=DFe_?==?ISO-8859-1?Q?K=F6ln?=", "Grüße Köln"),
    (b"=?UTF-8?B?" + b64("長い件名です" * 8, "utf-8") + b"?=", "長い件名です" * 8),
    (b"=?utf-8?B?" + b64("a\nb", "utf-8") + b"?=", "a b"),
]


@pytest.mark.parametrize("value, subject", SUBJECTS)
def test_the_subject_is_what_a_person_would_read(value, subject):
    mail = parse_mail(b"From: a@b.example\r\nSubject: " + value + b"\r\n\r\nhello\r\n")
    assert " ".join(mail.subject.split()) == " ".join(subject.split())


def test_a_very_long_subject_is_cut():
    assert len(read_value(b"x" * 100_000)) == 20_000


@given(st.binary(max_size=300) | st.text("=?utf-8QBb _\n\r\tA\xfc", max_size=300).map(str.encode))
def test_any_value_is_read_without_controls(value):
    text = read_value(value)
    assert text.encode("utf-8") is not None
    assert not any(
        character < " " or "\x7f" <= character <= "\x9f" for character in text if character != "\t"
    )


@given(st.text(max_size=60), st.sampled_from(["utf-8", "utf-16", "gb18030"]))
def test_an_encoded_word_gives_back_what_was_put_in(text, charset):
    word = b"=?" + charset.encode() + b"?B?" + b64(text, charset) + b"?="
    assert decode_words(word) == text.removeprefix("\ufeff")


@given(st.binary(max_size=200))
def test_base64_gives_back_what_was_put_in(data):
    assert decode_base64(b64encode(data)) == data


def test_the_id_that_is_answered_stands_behind_the_writer() -> None:
    old = b"Message from Ann <ann@mail.example> of Mon, 2 Mar 2026 <id1@mail.example>"
    for value, ids in (
        (old, ("id1@mail.example",)),
        (b"<a@b.example> <c@d.example>", ("a@b.example", "c@d.example")),
        (b"<a@b.example> (Ann, Monday)", ("a@b.example",)),
    ):
        mail = parse_mail(b"From: x@y.example\r\nIn-Reply-To: " + value + b"\r\n\r\nhi")
        assert mail.in_reply_to == ids
