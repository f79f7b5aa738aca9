from __future__ import annotations

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.mail.addresses import find_address, parse_addresses
from intake.mail.parse import parse_mail


def b(text: str, charset: str, codec: str | None = None) -> bytes:
    """`text` as an encoded word (RFC 2047) that names `charset`."""
    return b"=?%s?B?%s?=" % (charset.encode(), b64encode(text.encode(codec or charset)))


# What help desks find behind "From:", the name that a person reads there, and the address.
FROMS = [
    (b'"Name, First" <a@b.example>', "Name, First", "a@b.example"),
    (b"Name (comment) <a@b.example>", "Name (comment)", "a@b.example"),
    (b"a@b.example (Name)", "Name", "a@b.example"),
    (b"<a@b.example> Name", "Name", "a@b.example"),
    (b"Name <a@b.example", "Name", "a@b.example"),
    (b"Name a@b.example>", "Name", "a@b.example"),
    (b"'a@b.example' <a@b.example>", "", "a@b.example"),
    (b"'Name' <a@b.example>", "Name", "a@b.example"),
    (b'"=?utf-8?B?TcO8bGxlcg==?=" <a@b.example>', "Müller", "a@b.example"),
    (b'"=?utf-8?Q?M=C3=BCller?= Joe" <a@b.example>', "Müller Joe", "a@b.example"),
    (b"'=?utf-8?B?TcO8bGxlcg==?=' <a@b.example>", "Müller", "a@b.example"),
    (b"=?utf-8?B?TcO8?= =?utf-8?B?bGxlcg==?= <a@b.example>", "Müller", "a@b.example"),
    (b"=?utf-8?B?TcO8?==?utf-8?B?bGxlcg==?= <a@b.example>", "Müller", "a@b.example"),
    (b"=?utf-8?B?TcM=?= =?utf-8?B?vGxsZXI=?= <a@b.example>", "Müller", "a@b.example"),
    (b"=?utf-8?B?TcO8bGxlcg==?=<a@b.example>", "Müller", "a@b.example"),
    (b"=?utf-8?Q?M=C3=BCller Joe?= <a@b.example>", "Müller Joe", "a@b.example"),
    (b"=?utf-8?Q?M=C3=BCller\r\n Joe?= <a@b.example>", "Müller Joe", "a@b.example"),
    (
        b"=?iso-8859-1?Q?M=FCller?= =?iso-8859-1?Q?=2C_J=F6rg?= <a@b.example>",
        "Müller, Jörg",
        "a@b.example",
    ),
    (
        b"=?iso-8859-1?Q?M=FCller,?= =?iso-8859-1?Q?_J=F6rg?= <a@b.example>",
        "Müller, Jörg",
        "a@b.example",
    ),
    (b"=?iso-8859-1*de?Q?M=FCller?= <a@b.example>", "Müller", "a@b.example"),
    (b"=?ISO-8859-1?Q?M=FCller_=28Vertrieb=29?= <a@b.example>", "Müller (Vertrieb)", "a@b.example"),
    (b"=?utf8?Q?M=C3=BCller?= <a@b.example>", "Müller", "a@b.example"),
    (b"=?cp-850?Q?M=81ller?= <a@b.example>", "Müller", "a@b.example"),
    (b"=?ansi_x3.110-1983?Q?M=FCller?= <a@b.example>", "Müller", "a@b.example"),
    (b"=?x-unknown?Q?M=FCller?= <a@b.example>", "Müller", "a@b.example"),
    (b"=?x-unknown?Q?M=C3=BCller?= <a@b.example>", "Müller", "a@b.example"),
    (b"=?us-ascii?Q?M=FCller?= <a@b.example>", "Müller", "a@b.example"),
    (b"=?UTF-8?Q?M=FCller?= <a@b.example>", "Müller", "a@b.example"),
    (b"=?windows-1252?Q?M=FCller?= <a@b.example>", "Müller", "a@b.example"),
    (b"=?x-mac-roman?Q?M=9Fller?= <a@b.example>", "Müller", "a@b.example"),
    (b("李娜", "gb2312", "gb18030") + b" <a@b.example>", "李娜", "a@b.example"),
    (b("李娜", "gb_1312-80", "gb18030") + b" <a@b.example>", "李娜", "a@b.example"),
    (b("李娜喆", "x-gbk", "gb18030") + b" <a@b.example>", "李娜喆", "a@b.example"),
    (b("김철수", "ks_c_5601-1987", "cp949") + b" <a@b.example>", "김철수", "a@b.example"),
    (b("שלום", "iso-8859-8-i", "iso-8859-8") + b" <a@b.example>", "שלום", "a@b.example"),
    (b"=?unicode-1-1-utf-7?Q?M+APw-ller?= <a@b.example>", "Müller", "a@b.example"),
    ("Müller <a@b.example>".encode(), "Müller", "a@b.example"),
    ('"Müller, Jörg" <a@b.example>'.encode(), "Müller, Jörg", "a@b.example"),
    ("Müller, Jörg <a@b.example>".encode("latin-1"), "Müller, Jörg", "a@b.example"),
    ("Сергей Углицких <a@b.example>".encode("koi8-r"), "Сергей Углицких", "a@b.example"),
    ("Сергей Углицких <a@b.example>".encode("cp1251"), "Сергей Углицких", "a@b.example"),
    ("张伟 <a@b.example>".encode("gb18030"), "张伟", "a@b.example"),
    ("陳小明 <a@b.example>".encode("big5"), "陳小明", "a@b.example"),
    ("田中太郎 <a@b.example>".encode("cp932"), "田中太郎", "a@b.example"),
    ("やまだ はなこ <a@b.example>".encode("cp932"), "やまだ はなこ", "a@b.example"),
    ("やまだ はなこ <a@b.example>".encode("euc-jp"), "やまだ はなこ", "a@b.example"),
    ("山田 太郎 <a@b.example>".encode("iso2022_jp"), "山田 太郎", "a@b.example"),
    ("김철수 <a@b.example>".encode("cp949"), "김철수", "a@b.example"),
    (b"undisclosed-recipients:;", "", ""),
    (b"Team: Ann <a@b.example>, c@d.example;", "Ann", "a@b.example"),
    (b"Ann <a@b.example>, Bob <c@d.example>", "Ann", "a@b.example"),
    (b"Ann <a@b.example>; Bob <c@d.example>", "Ann", "a@b.example"),
    (b"a@b.example; c@d.example", "", "a@b.example"),
    (b"<>", "", ""),
    (b"Ann <=?utf-8?Q?j=C3=B6rg?=@b.example>", "Ann", "jörg@b.example"),
    (b'"Ann" <a@b.example> via list', "Ann via list", "a@b.example"),
    (b"Ann <a@b.example>\0", "Ann", "a@b.example"),
    ("\u200bAnn <a@b.example>".encode(), "Ann", "a@b.example"),
    (b"(Mail Delivery System) <>", "Mail Delivery System", ""),
    (b"ann at b.example (Ann Other)", "Ann Other", ""),
    (b"undisclosed-recipients", "undisclosed-recipients", ""),
    (b"", "", ""),
    (b"root", "", "root"),
    (b"root (Cron Daemon)", "Cron Daemon", "root"),
    (b"Cron Daemon <root>", "Cron Daemon", "root"),
    (b"MAILER-DAEMON (Mail Delivery System)", "Mail Delivery System", "MAILER-DAEMON"),
    (b"Mail Delivery System <MAILER-DAEMON>", "Mail Delivery System", "MAILER-DAEMON"),
    (b"foo bar@b.example", "foo", "bar@b.example"),
    (b"a @b.example", "", "a@b.example"),
    (b"a@ b.example", "", "a@b.example"),
    (b"<a @b.example>", "", "a@b.example"),
    (b"Ann <a @ b.example>", "Ann", "a@b.example"),
    (b"Ann < a@b.example >", "Ann", "a@b.example"),
    (b"Ann <foo bar@b.example>", "Ann", "foo bar@b.example"),
    (b"Ann <a@b.example.>", "Ann", "a@b.example."),
    (b"Ann <a.@b.example>", "Ann", "a.@b.example"),
    (b"Ann <.a@b.example>", "Ann", ".a@b.example"),
    (b"Ann <a..b@b.example>", "Ann", "a..b@b.example"),
    ("Ann <jörg@b.example>".encode(), "Ann", "jörg@b.example"),
    ("Ann <jörg@b.example>".encode("latin-1"), "Ann", "jörg@b.example"),
    ("Ann <a@müller.example>".encode(), "Ann", "a@müller.example"),
    ("a@müller.example".encode("latin-1"), "", "a@müller.example"),
    (b"Ann <a@xn--mller-kva.example>", "Ann", "a@xn--mller-kva.example"),
    (b"<@a.example,@b.example:c@d.example>", "", "c@d.example"),
    (b"Ann <@a.example,@b.example:c@d.example>", "Ann", "c@d.example"),
    (b"Ann <mailto:a@b.example>", "Ann", "a@b.example"),
    (b"mailto:a@b.example", "", "a@b.example"),
    (b"a@b.example <mailto:a@b.example>", "", "a@b.example"),
    (b"a@b.example [mailto:a@b.example]", "", "a@b.example"),
    (b"Ann [mailto:a@b.example]", "Ann", "a@b.example"),
    (b"Ann [a@b.example]", "Ann", "a@b.example"),
    (b"http://www.b.example <a@b.example>", "http://www.b.example", "a@b.example"),
    (b'"Ann \\"Annie\\" Other" <a@b.example>', 'Ann "Annie" Other', "a@b.example"),
    (b'"Ann \\\\ Other" <a@b.example>', "Ann \\ Other", "a@b.example"),
    (b'"Ann Other <a@b.example>', "Ann Other", "a@b.example"),
    (b'Ann Other" <a@b.example>', "Ann Other", "a@b.example"),
    (b'"Ann" Other" <a@b.example>', "Ann Other", "a@b.example"),
    (b'Ann "Annie" Other <a@b.example>', "Ann Annie Other", "a@b.example"),
    (b'"Ann, Other <a@b.example>', "Ann, Other", "a@b.example"),
    (b"Ann via Service <a@b.example>", "Ann via Service", "a@b.example"),
    (b"'Ann' via Service <a@b.example>", "'Ann' via Service", "a@b.example"),
    (b"\"'Ann Other'\" <a@b.example>", "Ann Other", "a@b.example"),
    (b"a@b.example <a@b.example>", "", "a@b.example"),
    (b'"a@b.example" <a@b.example>', "", "a@b.example"),
    (b'"c@d.example" <a@b.example>', "c@d.example", "a@b.example"),
    (b"c@d.example <a@b.example>", "c@d.example", "a@b.example"),
    (b'"c@d.example" via Foo <a@b.example>', "c@d.example via Foo", "a@b.example"),
    (b'"Ann (c@d.example)" <a@b.example>', "Ann (c@d.example)", "a@b.example"),
    (b"Ann (c@d.example) <a@b.example>", "Ann (c@d.example)", "a@b.example"),
    (b"Ann <c@d.example> <a@b.example>", "Ann <c@d.example>", "a@b.example"),
    (b'"Ann <c@d.example>" <a@b.example>', "Ann <c@d.example>", "a@b.example"),
    (b"ANN <ANN@B.EXAMPLE>", "ANN", "ANN@B.EXAMPLE"),
    (b"<<a@b.example>>", "", "a@b.example"),
    (b"Ann <<a@b.example>>", "Ann", "a@b.example"),
    (b"<Ann> <a@b.example>", "Ann", "a@b.example"),
    (b"Ann, Other <a@b.example>", "Ann, Other", "a@b.example"),
    (b"Dr. J. Doe <a@b.example>", "Dr. J. Doe", "a@b.example"),
    (b"Ann @ Company <a@b.example>", "Ann @ Company", "a@b.example"),
    (b"Ann: Company <a@b.example>", "Ann: Company", "a@b.example"),
    (b"Company: Ann <a@b.example>", "Company: Ann", "a@b.example"),
    (b"[Company] Ann <a@b.example>", "[Company] Ann", "a@b.example"),
    (b"Ann | Company <a@b.example>", "Ann | Company", "a@b.example"),
    (b"Ann/Company; Dept <a@b.example>", "Ann/Company; Dept", "a@b.example"),
    (b"Ann Other a@b.example", "Ann Other", "a@b.example"),
    (b"Ann Other, a@b.example", "Ann Other", "a@b.example"),
    (b'"Ann Other" a@b.example', "Ann Other", "a@b.example"),
    (b'"a@b.example"', "", "a@b.example"),
    (b"'a@b.example'", "", "a@b.example"),
    (b'"a b"@b.example', "", '"a b"@b.example'),
    (b'Ann <"a b"@b.example>', "Ann", '"a b"@b.example'),
    (b'Ann <"a@x"@b.example>', "Ann", '"a@x"@b.example'),
    (b"O'Neil <o'neil@b.example>", "O'Neil", "o'neil@b.example"),
    (b"Ann <a+tag=x@b.example>", "Ann", "a+tag=x@b.example"),
    (b"Ann <a@[192.0.2.1]>", "Ann", "a@[192.0.2.1]"),
    (b"Ann <a@localhost>", "Ann", "a@localhost"),
    (b"Ann <a@b_c.example>", "Ann", "a@b_c.example"),
    (b"Ann\t<a@b.example>", "Ann", "a@b.example"),
    (b"Ann\r\n <a@b.example>", "Ann", "a@b.example"),
    (b'"Ann\r\n Other"\r\n\t<a@b.example>', "Ann Other", "a@b.example"),
    (b"Ann\0 <a@b.example>", "Ann", "a@b.example"),
    ("\u202eAnn\u202c <a@b.example>".encode(), "Ann", "a@b.example"),
    (b"=?utf-8?Q?=22Ann=22_=3Ca=40b=2Eexample=3E?=", "Ann", "a@b.example"),
    (b"=?utf-8?Q?Ann?= <=?utf-8?Q?a=40b.example?=>", "Ann", "a@b.example"),
    (b"=?utf-8?Q?a=40b.example?=", "", "a@b.example"),
    (b"=?utf-8?Q?Ann <a@b.example>", "Ann", "a@b.example"),
    (b"=?utf-8?B?QW5u <a@b.example>", "Ann", "a@b.example"),
    (b"=?utf-8?Q?Ann? <a@b.example>", "Ann", "a@b.example"),
    (b"=?utf-8?Q??= <a@b.example>", "", "a@b.example"),
    (b"=?utf-8?B??= <a@b.example>", "", "a@b.example"),
    (b"=?utf-8?B?QW5u=?= <a@b.example>", "Ann", "a@b.example"),
    (b"=?utf-8?B?TcO8bGxlcg?= <a@b.example>", "Müller", "a@b.example"),
    (b"=?utf-8?B?TcO8 bGxlcg==?= <a@b.example>", "Müller", "a@b.example"),
    (b"=?UTF-8?Q?M=c3=bcller?= <a@b.example>", "Müller", "a@b.example"),
    (b"Ann =?UTF-8?Q?M=C3=BCller?= X <a@b.example>", "Ann Müller X", "a@b.example"),
    (b"=?UTF-8?Q?=22M=C3=BCller=2C_J=C3=B6rg=22?= <a@b.example>", "Müller, Jörg", "a@b.example"),
    (b"=?UTF-8?Q?'M=C3=BCller'?= <a@b.example>", "Müller", "a@b.example"),
    (b"=?UTF-8?Q?Ann=0D=0ABcc:_x@y.example?= <a@b.example>", "Ann Bcc: x@y.example", "a@b.example"),
    (b"Ann <a@b.example>,", "Ann", "a@b.example"),
    (b",Ann <a@b.example>", "Ann", "a@b.example"),
    (b"; a@b.example", "", "a@b.example"),
    (b"From: Ann <a@b.example>", "Ann", "a@b.example"),
    (b"Ann <a@b@c.example>", "Ann", "a@b@c.example"),
    (b"Ann (Sales) (EU) <a@b.example>", "Ann (Sales) (EU)", "a@b.example"),
    (b"(Ann) a@b.example", "Ann", "a@b.example"),
    (b"(Ann) <a@b.example>", "Ann", "a@b.example"),
    (b"a@b.example (Ann (Sales))", "Ann (Sales)", "a@b.example"),
    (b"a@b.example (=?utf-8?Q?M=C3=BCller?=)", "Müller", "a@b.example"),
    (b'a@b.example ("Ann")', "Ann", "a@b.example"),
    (b"Ann (Sales <a@b.example>", "Ann (Sales", "a@b.example"),
    (b"Ann Sales) <a@b.example>", "Ann Sales)", "a@b.example"),
    (b":-) Ann <a@b.example>", ":-) Ann", "a@b.example"),
    (b"Ann &amp; Bob <a@b.example>", "Ann &amp; Bob", "a@b.example"),
    (b"Ann \\<a@b.example\\>", "Ann", "a@b.example"),
    (b'"Ann" &lt;a@b.example&gt;', "Ann", "a@b.example"),
    (b"Ann {a@b.example}", "Ann", "a@b.example"),
    (b"Ann (a@b.example)", "Ann", "a@b.example"),
    (b"Ann -- a@b.example", "Ann", "a@b.example"),
    ("“Ann” <a@b.example>".encode(), "“Ann”", "a@b.example"),
    ("Ann ＜a@b.example＞".encode(), "Ann", "a@b.example"),
    ("张伟＜a@b.example＞".encode(), "张伟", "a@b.example"),
    ("张伟<a@b.example>".encode(), "张伟", "a@b.example"),
    (b"unknown", "", "unknown"),
    (b"Some Person", "Some Person", ""),
    (b'"Some Person"', "Some Person", ""),
    (b"Some Person <>", "Some Person", ""),
    (b"Some Person <nobody>", "Some Person", "nobody"),
    (b"/G=Ann/S=Other/O=Org/C=DE/@gw.b.example", "", "/G=Ann/S=Other/O=Org/C=DE/@gw.b.example"),
    (b'"/C=DE/S=Other"@b.example', "", '"/C=DE/S=Other"@b.example'),
    (b"uunet!foo!ann", "", "uunet!foo!ann"),
    (b"Ann <IMCEAEX-_O=ORG_CN=ANN@b.example>", "Ann", "IMCEAEX-_O=ORG_CN=ANN@b.example"),
    (b"Ann <SRS0=x=y=d.example=ann@b.example>", "Ann", "SRS0=x=y=d.example=ann@b.example"),
]


@pytest.mark.parametrize("value, name, address", FROMS)
def test_the_author_is_who_a_person_would_say(value, name, address):
    author = parse_mail(b"From: " + value + b"\r\nSubject: x\r\n\r\nhello\r\n").author
    found = (author.display_name, author.addr_spec) if author else ("", "")
    assert found == (name, address)


@given(st.binary(max_size=300) | st.text('<>@,;:"()\\ab =?QB.', max_size=300).map(str.encode))
def test_no_value_is_too_strange(value):
    for address in parse_addresses(value):
        assert "\n" not in address.addr_spec + address.display_name


@pytest.mark.parametrize(
    "value, expected",
    [
        ("Doe, John <j@x.example>", [("Doe, John", "j@x.example")]),
        (
            '"Doe, John" <j@x.example>, b@y.example',
            [("Doe, John", "j@x.example"), ("", "b@y.example")],
        ),
        ("Team: a@x.example, B <b@x.example>;", [("", "a@x.example"), ("B", "b@x.example")]),
        ("a@x.example (Ann Other)", [("Ann Other", "a@x.example")]),
        ("'Ann' <mailto:a@x.example>", [("Ann", "a@x.example")]),
        ("<@relay.example:a@x.example>", [("", "a@x.example")]),
        ("Ann <a@x.example", [("Ann", "a@x.example")]),
        ("=?utf-8?Q?Eve,_x:_y?= <e@x.example>", [("Eve, x: y", "e@x.example")]),
        ('"a@x.example" <a@x.example>', [("", "a@x.example")]),
        ("MAILER-DAEMON <>", [("", "MAILER-DAEMON")]),
        ("Undisclosed recipients:;", []),
        ("<>", []),
        ("", []),
    ],
)
def test_addresses_people_send(value, expected):
    found = parse_addresses(value.encode())
    assert [(each.display_name, each.addr_spec) for each in found] == expected


def test_an_internationalised_address_is_kept():
    (found,) = parse_addresses("用户 <用户@例子.广告>".encode())
    assert (found.local_part, found.domain) == ("用户", "例子.广告")


def test_an_address_hidden_in_a_name_is_found():
    found = find_address(b"=?utf-8?Q?Ann_=3Ca=40x.example=3E?=")
    assert found is not None
    assert (found.display_name, found.addr_spec) == ("Ann", "a@x.example")
