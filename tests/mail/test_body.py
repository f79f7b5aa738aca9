from __future__ import annotations

from base64 import b64encode, encodebytes
from quopri import encodestring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.mail.parse import parse_mail

GREETING = "Grüße aus Köln"


def raw(body: bytes | str, content_type: str = "text/plain; charset=utf-8", cte: str = "") -> bytes:
    """A mail whose whole body is `body`."""
    encoding = f"Content-Transfer-Encoding: {cte}\r\n" if cte else ""
    head = f"From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: {content_type}\r\n{encoding}"
    return head.encode() + b"\r\n" + (body.encode() if isinstance(body, str) else body)


def parts(subtype: str, *inside: tuple[str, str]) -> bytes:
    """A multipart mail of (content type, body)."""
    pieces = [f"--x\r\nContent-Type: {kind}\r\n\r\n{body}\r\n" for kind, body in inside]
    return raw("".join(pieces) + "--x--", f"multipart/{subtype}; boundary=x")


# What is sent, and the text that a person reads.
BODIES = [
    ("plain", raw(GREETING), GREETING),
    ("latin1 as utf8", raw(GREETING.encode("latin-1")), GREETING),
    ("utf8 as latin1", raw(GREETING, "text/plain; charset=iso-8859-1"), GREETING),
    ("no charset latin1", raw(GREETING.encode("latin-1"), "text/plain"), GREETING),
    ("win1252", raw("“€”".encode("cp1252"), "text/plain; charset=iso-8859-1"), "“€”"),
    ("gb2312->gbk", raw("镕䶮㐂".encode("gb18030"), "text/plain; charset=gb2312"), "镕䶮㐂"),
    (
        "gbk as latin1",
        raw("你好，请问我的提现什么时候到账".encode("gbk"), "text/plain; charset=iso-8859-1"),
        "你好，请问我的提现什么时候到账",
    ),
    (
        "gbk as utf8",
        raw("你好，请问我的提现什么时候到账".encode("gbk")),
        "你好，请问我的提现什么时候到账",
    ),
    (
        "iso2022jp",
        raw(
            "お問い合わせ①".encode("cp932").decode("cp932").encode("iso2022_jp", "ignore")
            + b"\x1b$B-!\x1b(B",
            "text/plain; charset=iso-2022-jp",
            "7bit",
        ),
        "お問い合わせ①",
    ),
    (
        "iso2022jp undeclared",
        raw("お問い合わせ".encode("iso2022_jp"), "text/plain"),
        "お問い合わせ",
    ),
    ("utf7", raw("Gr+APwA3w-e", "text/plain; charset=utf-7"), "Grüße"),
    (
        "utf16 b64",
        raw(encodebytes(GREETING.encode("utf-16")), "text/plain; charset=utf-16", "base64"),
        GREETING,
    ),
    (
        "utf16le b64 nobom",
        raw(encodebytes(GREETING.encode("utf-16-le")), "text/plain; charset=utf-16", "base64"),
        GREETING,
    ),
    ("hz", raw("关于账户".encode("hz"), "text/plain; charset=hz-gb-2312"), "关于账户"),
    (
        "double",
        raw(GREETING.encode().decode("cp1252") + " für".encode().decode("cp1252")),
        GREETING + " für",
    ),
    ("qp", raw(encodestring(GREETING.encode()), cte="quoted-printable"), GREETING),
    ("qp lower", raw(b"Gr=c3=bc=c3=9fe", cte="quoted-printable"), "Grüße"),
    ("qp space after soft", raw(b"Gr=C3=BC= \r\n=C3=9Fe", cte="quoted-printable"), "Grüße"),
    ("qp upper cte", raw(b"Gr=C3=BC=C3=9Fe", cte="Quoted-Printable"), "Grüße"),
    ("qp cte with comment", raw(b"Gr=C3=BC=C3=9Fe", cte="quoted-printable (sic)"), "Grüße"),
    ("qp broken", raw(b"100% =ZZ = x=", cte="quoted-printable"), "100% =ZZ = x"),
    (
        "qp undeclared",
        raw(
            b"Gr=C3=BC=C3=9Fe aus K=C3=B6ln, ein sehr langer=\r\n Satz",
            "text/plain; charset=utf-8",
            "7bit",
        ),
        "Grüße aus Köln, ein sehr langer Satz",
    ),
    ("b64", raw(encodebytes(GREETING.encode()), cte="base64"), GREETING),
    (
        "b64 undeclared",
        raw(encodebytes((GREETING + " und mehr Text, lang genug.").encode())),
        GREETING + " und mehr Text, lang genug.",
    ),
    (
        "b64 says, plain is",
        raw(GREETING + " is 8bit, not base64!", cte="base64"),
        GREETING + " is 8bit, not base64!",
    ),
    (
        "b64 says, ascii is",
        raw("Hello, this is plain text.\r\nReally.", cte="base64"),
        "Hello, this is plain text.\nReally.",
    ),
    ("b64 nopad", raw(b64encode(b"hello world!!").rstrip(b"="), cte="base64"), "hello world!!"),
    (
        "b64 footer",
        raw(
            encodebytes(b"hello world, this is it\n") + b"\r\n-- \r\nlist footer text\r\n",
            cte="base64",
        ),
        "hello world, this is it\n\n-- \nlist footer text",
    ),
    (
        "flowed",
        raw("one \r\ntwo\r\nthree\r\n> q1 \r\n> q2\r\n-- \r\nsig", "text/plain; format=flowed"),
        "one two\nthree\n> q1 q2\n-- \nsig",
    ),
    (
        "flowed delsp",
        raw("関 \r\n係\r\n", "text/plain; charset=utf-8; format=flowed; delsp=yes"),
        "関係",
    ),
    ("cr only", b"From: a@b.example\rSubject: x\r\rline1\rline2\r", "line1\nline2"),
    ("mixed cr", raw(b"a\rb\r\nc\nd"), "a\nb\nc\nd"),
    ("crcrlf", raw(b"a\r\r\nb\r\r\nc"), "a\nb\nc"),
    (
        "html disguised",
        raw("<html><body><p>One</p><p>Two</p></body></html>", "text/plain"),
        "One\n\nTwo",
    ),
    ("html said, plain is", raw("One\r\nTwo &amp; three", "text/html"), "One\nTwo & three"),
    (
        "html entities",
        raw("<p>Gr&uuml;&szlig;e &euro; &#20320;&#x597d;</p>", "text/html"),
        "Grüße € 你好",
    ),
    (
        "meta",
        raw(
            '<meta http-equiv="Content-Type" content="text/html;charset=windows-1251">'
            "Привет всем".encode("cp1251"),
            "text/html",
        ),
        "Привет всем",
    ),
    (
        "meta vs header",
        raw(
            '<html><head><meta charset="windows-1251"></head><p>Привет всем</p></html>'.encode(
                "cp1251"
            ),
            "text/html; charset=utf-8",
        ),
        "Привет всем",
    ),
    (
        "meta lies",
        raw(
            '<html><head><meta charset="iso-8859-1"></head><p>Grüße</p></html>',
            "text/html; charset=utf-8",
        ),
        "Grüße",
    ),
    ("rtf", raw(r"{\rtf1 Hello\par you}", "text/rtf"), "Hello\nyou"),
    ("twice", parts("mixed", ("text/plain", "One"), ("text/html", "<p>One</p>")), "One"),
    (
        "enriched",
        raw(
            "<bold>Hello</bold> <color><param>red</param>you</color>\n\nNext << line",
            "text/enriched",
        ),
        "Hello you\nNext < line",
    ),
    ("richtext", raw("Hello<nl>you <lt>b>", "text/richtext"), "Hello\nyou <b>"),
    ("markdown", raw("# Hi\n\ntext", "text/markdown"), "# Hi\n\ntext"),
    ("no ctype", b"From: a@b.example\r\n\r\nHi there\r\n", "Hi there"),
    ("broken ctype", raw("Hi", "text"), "Hi"),
    ("broken ctype2", raw("Hi", "plain"), "Hi"),
    ("broken ctype3", raw("Hi", "; charset=utf-8"), "Hi"),
    ("unk", raw("Hi there", "foo/bar"), ""),
    (
        "charset quoted",
        raw(GREETING.encode("latin-1"), 'text/plain; charset="iso-8859-1"'),
        GREETING,
    ),
    ("charset sq", raw(GREETING.encode("latin-1"), "text/plain; charset='iso-8859-1'"), GREETING),
    ("charset ws", raw(GREETING.encode("latin-1"), "text/plain; charset = iso-8859-1"), GREETING),
    (
        "charset twice",
        raw(GREETING.encode("latin-1"), "text/plain; charset=iso-8859-1; charset=utf-8"),
        GREETING,
    ),
    (
        "charset no semicolon",
        raw(
            GREETING.encode("cp1251", "ignore") + "Привет".encode("cp1251"),
            "text/plain charset=windows-1251",
        ),
        "Gre aus KlnПривет",
    ),
    (
        "pgp signed",
        raw(
            "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHello\n- -- \nsig\n- - item\n"
            "-----BEGIN PGP SIGNATURE-----\n\niQ==\n=abcd\n-----END PGP SIGNATURE-----\n"
        ),
        "Hello\n-- \nsig\n- item",
    ),
    (
        "plain empty+html",
        parts("alternative", ("text/plain", " "), ("text/html", "<p>Hi</p>")),
        "Hi",
    ),
    (
        "alt html only enr",
        parts("alternative", ("text/enriched", "<bold>Hi</bold>")),
        "Hi",
    ),
    (
        "alt cal",
        parts(
            "alternative",
            ("text/plain", "Meet"),
            ("text/calendar; method=REQUEST", "BEGIN:VCALENDAR\r\nEND:VCALENDAR"),
        ),
        "Meet",
    ),
    (
        "mixed two",
        parts("mixed", ("text/plain", "One"), ("text/plain", "Two")),
        "One\n\nTwo",
    ),
    ("nul", raw(b"a\0b\x07c"), "abc"),
    ("bom", raw("\ufeffHi"), "Hi"),
    ("nbsp", raw("a\xa0b"), "a\xa0b"),
    ("emoji", raw("hi 😀"), "hi 😀"),
    (
        "short latin in ascii",
        raw(b"Best regards, J\xf6rg", "text/plain; charset=us-ascii"),
        "Best regards, Jörg",
    ),
    (
        "big5 as gb2312",
        raw("提現尚未到帳，請協助處理，謝謝您".encode("big5"), "text/plain; charset=gb2312"),
        "提現尚未到帳，請協助處理，謝謝您",
    ),
    (
        "sjis as iso2022",
        raw("お問い合わせありがとうございます".encode("cp932"), "text/plain; charset=iso-2022-jp"),
        "お問い合わせありがとうございます",
    ),
    (
        "koi8 as 1251",
        raw(
            "Здравствуйте, не могу войти в аккаунт".encode("koi8-r"),
            "text/plain; charset=windows-1251",
        ),
        "Здравствуйте, не могу войти в аккаунт",
    ),
    ("x-unknown", raw(GREETING.encode("latin-1"), "text/plain; charset=x-unknown"), GREETING),
    (
        "noblank",
        b"From: a@b.example\r\nSubject: hi\r\nHello there, no blank line\r\nMore",
        "Hello there, no blank line\nMore",
    ),
    ("uu unknown cte", raw(GREETING, cte="x-foo"), GREETING),
]


@pytest.mark.parametrize("mail, text", [row[1:] for row in BODIES], ids=[row[0] for row in BODIES])
def test_the_text_is_what_a_person_would_read(mail, text):
    assert parse_mail(mail).text == text


@pytest.mark.parametrize(
    "mail, words",
    [
        (raw(encodestring(GREETING.encode() * 3), cte="7bit"), "quoted-printable, though"),
        (raw(encodebytes(GREETING.encode() * 3)), "base64, though"),
        (raw(GREETING, cte="base64"), "said to be base64 is not"),
        (
            raw("-----BEGIN PGP MESSAGE-----\n\nhQ==\n-----END PGP MESSAGE-----\n"),
            "encrypted (PGP)",
        ),
        (raw(GREETING.encode().decode("cp1252")), "encoded twice"),
    ],
)
def test_what_was_wrong_with_the_text_is_told(mail, words):
    assert any(words in defect for defect in parse_mail(mail).defects)


# What looks like a lost encoding and is none.
@pytest.mark.parametrize(
    "text",
    [
        "see https://x.example/?a=AB&b=CD&c=EF and ?d=20&e=3D",
        "0x" + "deadbeef" * 8,
        "aGVsbG8",
        "x=1\ny=2\nz=3",
        "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8",
        "a <b> c </b>",
        "begin 2024 with a smile",
    ],
)
def test_plain_text_stays_as_it_is(text):
    assert parse_mail(raw(text)).text == text


@given(st.binary(max_size=300), st.sampled_from(["", "7bit", "base64", "quoted-printable", "x"]))
def test_any_body_gives_a_text_without_controls(body, encoding):
    text = parse_mail(raw(body, cte=encoding)).text
    assert not any(character < " " and character not in "\n\t" for character in text)
