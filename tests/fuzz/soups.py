"""The ingredients: what mails are made of, whole and broken, by the place where it stands."""

from __future__ import annotations

from encodings.aliases import aliases
from random import Random

CHARSETS = (
    *sorted({*aliases, *aliases.values()}),
    *("utf-8", "utf8", "UTF-8", "gb2312", "gb18030", "big5", "iso-2022-jp", "utf-7", "utf-16"),
    *("utf-16le", "unicode_escape", "raw_unicode_escape", "punycode", "idna", "rot13", "zlib"),
    *("bz2", "hex", "base64", "uu", "quopri", "undefined", "mbcs", "oem", "unknown-8bit"),
    *("x-unknown", "none", "_iso-2022-jp$esc", "ansi_x3.110-1983", "cp932", "x-sjis", "0", "-"),
    *("utf-8-sig", "unicode-1-1-utf-7", "x-mac-roman", "iso-8859-8-i", "../../etc", "a" * 300),
)
ENCODINGS = (
    *("base64", "quoted-printable", "7bit", "8bit", "binary", "x-uuencode", "uue", "BASE64"),
    *('"base64"', "base64;x=y", "base 64", "x-yencode", "gzip", "", "quoted printable", "\x00"),
)
TYPES = (
    *("text/plain", "text/html", "text/calendar", "text/enriched", "text/rfc822-headers"),
    *("multipart/mixed", "multipart/alternative", "multipart/related", "multipart/digest"),
    *("multipart/report; report-type=delivery-status", "multipart/signed", "multipart/x"),
    *("message/rfc822", "message/delivery-status", "message/partial", "message/external-body"),
    *("message/disposition-notification", "message/feedback-report", "message/global"),
    *("application/ms-tnef", "application/octet-stream", "application/pkcs7-mime"),
    *("application/zip", "application/pdf", "image/png", "image/svg+xml", "audio/x", "video/mp4"),
    *("text", "/", "text/", "/plain", "TEXT/HTML", "text/plain text/html", "text/plain; a", ""),
)
FIELDS = (
    *("From", "To", "Cc", "Sender", "Reply-To", "Return-Path", "Delivered-To", "Subject", "Date"),
    *("Message-ID", "In-Reply-To", "References", "Content-Type", "Content-Disposition"),
    *("Content-Transfer-Encoding", "Content-ID", "Content-Description", "MIME-Version"),
    *("Received", "Received-SPF", "Authentication-Results", "ARC-Authentication-Results"),
    *("DKIM-Signature", "Auto-Submitted", "Precedence", "List-Id", "X-Failed-Recipients"),
    *("X-Spam-Status", "X-Mailer", "Thread-Topic", "Keywords", "Content-Language", "X"),
)
ADDRESSES = (
    *("a@b.example", "<a@b.example>", "A <a@b.example>", '"A, B" <a@b.example>', "a@b (c (d) e)"),
    *("g: a@b.example, c@d.example;", "undisclosed-recipients:;", "<>", "<@x,@y:a@b.example>"),
    *("a b <c@d>", "a@b@c", "@", "a@", "<<a@b>>", '"a\\"b" <a@b.example>', "a@[127.0.0.1]"),
    *("=?utf-8?q?A=2C_B?= <a@b.example>", "a@xn--nxasmq6b.example", "ü@ö.example", "a;b,c"),
    *("MAILER-DAEMON", "mailto:a@b.example", "a at b dot example", "[a@b](mailto:a@b)"),
    *('"a@b.example" <c@d.example>', "&lt;a@b.example&gt;", "a@b.example\x00,c@d.example"),
    *("=?utf-8?q?a=0D=0ABcc:_x=40y.example?= <a@b.example>", "a%0d%0aBcc:x@y@b.example"),
    *(
        "support@exchange.example",
        "a+k7qm42xd.aaaaaaaaaaaaaaaa@b.example",
        "a" * 300 + "@b.example",
    ),
)
WORDS = (
    *("=?utf-8?q?caf=C3=A9?=", "=?utf-8?b?5Lit5paH?=", "=?gb2312?b?1tDOxA==?=", "=?u?q?a", "?="),
    *("=?utf-8*en?q?a?=", "=?utf-8?x?a?=", "=?iso-2022-jp?b?GyRCRnxLXBsoQg==?=", "=?utf-8?b?=?="),
    *("=?utf-8?q?=0D=0AX-Injected:_1?=", "=?utf-8?b?DQpCY2M6IGFAYg==?=", "=?utf-7?q?+AA0ACg-?="),
    *("=?utf-16?b?DQA=?=", "=?rot13?q?a?=", "=?utf-8?q?=00=ED=A0=80?=", "=??q?a?=", "=?a?q??="),
    *("Re: Fwd: AW: ", "[#K7QM-42XD]", "\u202egnp.exe", "\x85", "\u2028", "\x1b$B", "中文", "🙂"),
    *(
        "\r",
        "\n",
        "\r\n",
        "\r\n ",
        "\x00",
        "\t",
        '"',
        "\\",
        "(",
        ")",
        "<",
        ">",
        ";",
        ",",
        ":",
        "=?",
    ),
)
PARAMETERS = (
    *("charset=utf-8", 'charset="gb2312"', "charset=", "charset='x", "charset*=utf-8''utf-8"),
    *("name=a.txt", 'name="../../etc/passwd"', "name*0=a; name*1=.exe", "name*=utf-8''%e4%b8%ad"),
    *("filename=a.zip", 'filename="a\r\n.exe"', "filename*1*=%41; filename*0*=utf-8''%0d%0a"),
    *("filename*=utf-16''%00", 'filename="=?utf-8?q?a=0D=0Ab.exe?="', "filename*999999999999=a"),
    *('filename="con"', 'filename="."', 'filename=".."', 'filename="\u202egpj.exe"', "filename*0"),
    *("boundary=a", 'boundary="a b"', "boundary=ab", 'boundary="', "boundary=", 'boundary="a--"'),
    *("boundary*0=a; boundary*1=b", "format=flowed; delsp=yes", "a=b", ";", "=", 'a="b;c"', "*=*"),
    *("report-type=x", "method=REQUEST", "smime-type=signed-data", "type=text/html; start=<a>"),
)
DATES = (
    *("Mon, 23 Nov 2026 10:00:00 +0100", "23 Nov 26 10:00 EST", "2026-11-23T10:00:00Z", "now"),
    *("Mon, 99 Foo 2026 99:99:99 +9999", "31 Feb 2026 00:00:00 +0000", "1 Jan 0000 00:00 +0000"),
    *("1 Jan 9999 23:59:59 -2359", "1 Jan 10000 00:00:00 +0000", "0", "-1", "Thu, 1 Jan 1970"),
    *("1 Jan 0001 00:00:00 +2359", "32767 Jan 1", "Mon, 23 Nov 2026 10:00:00 +99999999999", "١"),
    *("23/11/2026 10:00", "2026年11月23日 10:00", "Mon, , 2026", "20261123", "1e9", "\x00"),
)
TAGS = (
    *("<p>", "</p>", "<div>", "</div>", "<br>", "<blockquote>", "</blockquote>", "<table>", "<tr>"),
    *("<td>", "</td>", "</tr>", "</table>", "<ul>", "<li>", "</ul>", "<pre>", "</pre>", "<hr>"),
    *("<style>", "</style>", "<script>", "</script>", "<title>", "<textarea>", "<head>", "<body>"),
    *("<!--", "-->", "<!-", "--!>", "<![CDATA[", "]]>", "<!DOCTYPE x", "<?xml", "<!--[if mso]>"),
    *("<![endif]-->", "<![if !mso]>", "<", ">", "</", "/>", "<a", "<a href='x>", "<a href=\"a'>"),
    *(
        "<img src=cid:x alt='>'>",
        "<a href='javascript:x'>y</a>",
        "<p hidden>",
        "<o:p>",
        "<a b=c d>",
    ),
    *("<div style='display:none'>", "<div class=gmail_quote>", "<div id=divRplyFwdMsg>", "&amp;"),
    *("&", "&#", "&#0;", "&#xD800;", "&#1114112;", "&nbsp;", "&lt", "&notanentity;", "&#x80;"),
    *("<div id=appendonsend>", "<svg>", "<math>", "<template>", "<x\x00y>", "word", " ", "\n", '"'),
)
LINES = (
    *("> quoted", ">> twice", ">", "> > >", "|", "-- ", "--", "---", "_" * 32, "=" * 40, "* * *"),
    *("On Mon, 23 Nov 2026 at 10:00, A <a@b.example> wrote:", "Am 23.11.2026 schrieb A:", "写道："),
    *("Le lun. 23 nov. 2026 à 10:00, A a écrit :", "El 23/11/2026, A escribió:", "于2026年写道："),
    *("-----Original Message-----", "---------- Forwarded message ---------", "Begin forwarded"),
    *("From: A <a@b.example>", "Sent: Monday", "To: c@d.example", "Subject: x", "Date: 23 Nov"),
    *("发件人: a@b.example", "发送时间: 2026年11月23日", "Von: A", "Gesendet: Montag", "差出人: A"),
    *("Sent from my iPhone", "Get Outlook for Android", "发自我的iPhone", "Regards,", "Mit Grüßen"),
    *("begin 644 a.txt", "#86)C", "`", "end", "=ybegin line=128 size=3 name=a", "=yend size=3"),
    *(
        "",
        " ",
        "\t",
        "my answers are below",
        "my deposit is missing",
        "订单 12345 没有到账",
        "x" * 998,
    ),
    *("From x Mon Nov 23 10:00:00 2026", ">From y", "Content-Type: text/html", "--a", "--a--"),
    *("\u202e", "\ufeff", "\x0c", "\x0b", "\x85", "\u2028", "\u3000", "​", "\x1b[31m", "\x00"),
)
MAGIC = (
    *(b"PK\x03\x04", b"PK\x05\x06", b"PK\x01\x02", b"\x1f\x8b\x08\x00", b"BZh9", b"\xfd7zXZ\x00"),
    *(b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00", b"\x78\x9f\x3e\x22"),
    *(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"%PDF-1.7\n",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
    ),
    *(b"GIF89a", b"RIFF\xff\xff\xff\xffWEBPVP8X", b"BM", b"II*\x00", b"MM\x00*", b"MZ", b"\x7fELF"),
    *(b"{\\rtf1", b"<svg", b"<html>", b"#!/bin/sh", b"\x28\xb5\x2f\xfd", b"LZFu", b"From: a\n\nb"),
    *(b"\x00\x00\x00\x20ftypheic", b"ustar", b"MSCF", b"X5O!P%@AP", b"BEGIN:VCALENDAR", b"\x00"),
)
NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


def soup(dice: Random, ingredients: tuple[str, ...], most: int, joint: str = "") -> bytes:
    """Up to `most` ingredients, one after the other, at times in another charset than UTF-8."""
    text = joint.join(dice.choice(ingredients) for _ in range(dice.randint(1, most)))
    charset = dice.choice(("utf-8",) * 6 + ("latin-1", "gb18030", "utf-16", "utf-7"))
    return text.encode(charset, "replace")


def field_value(dice: Random, name: str) -> bytes:
    """A value that belongs in header `name`, well formed or not."""
    lower = name.lower()
    if lower in ("from", "to", "cc", "sender", "reply-to", "return-path", "delivered-to"):
        return soup(dice, ADDRESSES + WORDS[:4], 4, dice.choice((", ", "; ", " ", "")))
    if lower == "date":
        return soup(dice, DATES, 2, " ")
    if lower == "content-type":
        return soup(dice, TYPES, 1) + b"; " + soup(dice, PARAMETERS, 4, "; ")
    if lower == "content-disposition":
        shown = dice.choice((b"attachment", b"inline", b"", b"form-data"))
        return shown + b"; " + soup(dice, PARAMETERS, 4, "; ")
    if lower == "content-transfer-encoding":
        return soup(dice, ENCODINGS, 1)
    if lower in ("message-id", "in-reply-to", "references", "content-id"):
        return soup(dice, ("<a@b>", "<c d@e>", "<", ">", "a@b", "<>", *WORDS), 5, " ")
    return soup(dice, WORDS + ADDRESSES[:3] + PARAMETERS[:4], 8, dice.choice((" ", "")))
