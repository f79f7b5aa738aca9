"""Mail that was made to hurt, by what it does: made when asked for, since much of it is large.

READ must be read, REFUSED is over the budget of one mail (Limits); nothing may take long, take
much memory, or break a promise of tests/fuzz/oracle.py on the way.
"""

from __future__ import annotations

import base64
import gzip
import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable

from tests.fuzz.containers import png, tnef

HEAD = b"From: a@b.example\r\nSubject: x\r\n"
PLAIN = HEAD + b"\r\n"
HTML = HEAD + b"Content-Type: text/html\r\n\r\n"
MULTIPART = HEAD + b"Content-Type: multipart/mixed; boundary=a\r\n\r\n"
BASE64 = b"Content-Transfer-Encoding: base64\r\n\r\n"
Make = Callable[[], bytes]


def header(name: str, value: bytes) -> Make:
    """A mail with one strange header."""
    start = b"" if name in ("From", "Subject") else HEAD
    return lambda: start + name.encode() + b": " + value + b"\r\n\r\nhello\r\n"


def body(kind: str, content: Make) -> Make:
    """A mail with one strange body."""
    return lambda: HEAD + b"Content-Type: " + kind.encode() + b"\r\n\r\n" + content()


def file(name: str, data: Make) -> Make:
    """A mail with one strange file."""
    head = f"Content-Type: application/octet-stream; name={name}\r\n".encode()
    return lambda: HEAD + head + BASE64 + base64.encodebytes(data())


def nested(levels: int) -> bytes:
    """Multiparts in multiparts."""
    opening = b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n"
    return HEAD + b"".join(opening % (level, level) for level in range(levels)) + b"\r\nhi"


def attached(levels: int, size: int = 0) -> bytes:
    """Attached messages in attached messages, each of which holds all the text again."""
    return HEAD + b"Content-Type: message/rfc822\r\n\r\n" * levels + PLAIN + b"hi " * (size // 3)


def zip_bomb() -> bytes:
    """30 MB of zeros, packed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(30_000_000))
    return stream.getvalue()


def zip_of_many() -> bytes:
    """An archive of 100,000 empty files, written by hand, as the library takes seconds."""
    local, central = bytearray(), bytearray()
    for number in range(100_000):
        name = b"%06d.txt" % number
        at = len(local)
        local += struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 0, 0, 0, 0, 0, 0, len(name), 0) + name
        fields = (20, 20, 0, 0, 0, 0, 0, 0, 0, len(name), 0, 0, 0, 0, 0, at)
        central += struct.pack("<4s6H3I5H2I", b"PK\1\2", *fields) + name
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, len(central), len(local), 0)
    return bytes(local + central + end)


def overlapping_zip() -> bytes:
    """A thousand directory entries for one and the same packed megabyte."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("kernel", bytes(1_000_000))
    data = stream.getvalue()
    start = data.index(b"PK\1\2")
    central = data[start : data.index(b"PK\5\6")] * 1000
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 1000, 1000, len(central), start, 0)
    return data[:start] + central + end


def gzip_bomb() -> bytes:
    """30 MB of zeros, packed."""
    packer = zlib.compressobj(wbits=31)
    return packer.compress(bytes(30_000_000)) + packer.flush()


def forged_gzip() -> bytes:
    """The same, its trailer saying that it holds one byte."""
    return gzip_bomb()[:-4] + struct.pack("<I", 1)


def sparse_tar() -> bytes:
    """A file that says it has 8 EB, and an old GNU sparse one."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.GNU_FORMAT) as archive:
        archive.addfile(tarfile.TarInfo("a"))
        info = tarfile.TarInfo("b")
        info.type = tarfile.GNUTYPE_SPARSE
        archive.addfile(info)
    data = bytearray(stream.getvalue())
    data[124:136] = b"\x80\0\0\0" + b"\x7f" + b"\xff" * 7
    return bytes(data)


def picture_bombs() -> dict[str, bytes]:
    """Pictures of a few bytes that claim to be huge."""
    side = 0xFFFF
    jpeg = b"\xff\xd8\xff\xc0\0\x0b\x08" + struct.pack(">HH", side, side) + b"\1\1\x11\0\xff\xd9"
    webp = b"WEBPVP8X" + struct.pack("<I", 10) + b"\0" * 4 + b"\xff" * 6
    return {
        "png": png(0x7FFFFFFF, 0x7FFFFFFF),
        "jpg": jpeg,
        "gif": b"GIF89a" + struct.pack("<HH", side, side) + b"\xf7\0\0" + bytes(768) + b";",
        "webp": b"RIFF" + struct.pack("<I", len(webp)) + webp,
        "bmp": b"BM" + struct.pack("<IIIIiiHHI", 58, 0, 54, 40, 2**31 - 1, -(2**31), 1, 24, 0),
        "tiff": b"II*\0\x08\0\0\0\xff\xff" + b"\0\1\4\0\xff\xff\xff\xff" * 5000,
    }


def endless_tnef() -> bytes:
    """A winmail.dat whose attributes say that they have 4 GB."""
    data = bytearray(tnef())
    data[11:15] = b"\xff\xff\xff\xff"
    return bytes(data)


def large_tnef() -> bytes:
    """A winmail.dat of 20,000 files."""
    whole = tnef()
    start = whole.index(struct.pack("<BI", 2, 0x00069002))
    return whole[:start] + whole[start:] * 20_000


def yenc() -> bytes:
    """A yEnc block, which is no mail encoding, with every byte there is."""
    return b"=ybegin line=128 size=9 name=../a\r\n" + bytes(range(256)) * 4000 + b"\r\n=yend size=9"


def mails_in_mails() -> bytes:
    """A file that is a mail in base64 that holds a file that is a mail, ten times over."""
    inner = PLAIN + b"hi " * 100_000
    for _ in range(10):
        inner = HEAD + b"Content-Type: message/rfc822\r\n" + BASE64 + base64.encodebytes(inner)
    return inner


REFUSED: dict[str, Make] = {
    "10,000 parts": lambda: MULTIPART + b"--a\r\n\r\nhi\r\n" * 10_000,
    "10,000 attached messages": lambda: (
        MULTIPART + b"--a\r\nContent-Type: message/rfc822\r\n\r\nA: b\r\n\r\nhi\r\n" * 10_000
    ),
    "500 levels": lambda: nested(500),
    "500 attached messages in each other": lambda: attached(500),
    "10,000 levels": lambda: nested(10_000),
    "header line of 1 MB": lambda: HEAD + b"X: " + b"a" * 1_000_001 + b"\r\n\r\nhi",
    "header of 1 MB in folds": lambda: HEAD + b"X:" + b"\r\n a" * 300_000 + b"\r\n\r\nhi",
    "100,000 headers": lambda: HEAD + b"X: b\r\n" * 100_000 + b"\r\nhi",
    "100,000 headers in a part": lambda: MULTIPART + b"--a\r\n" + b"X: b\r\n" * 100_000 + b"\r\nhi",
    "headers of 1 MB over all parts": lambda: (
        MULTIPART + (b"--a\r\nX: " + b"a" * 2000 + b"\r\n\r\nhi\r\n") * 700
    ),
    "100,000 references": header("References", b"\r\n ".join([b"<a@b.example>"] * 100_000)),
    "50,000 recipients": header("To", b",\r\n ".join([b"Ann <ann@b.example>"] * 50_000)),
    "more bytes than a mail may have": lambda: PLAIN + b"a" * 36_000_000,
    "winmail.dat of 20,000 files": file("winmail.dat", large_tnef),
}

_PUMPS = (
    *(
        b"<",
        b">",
        b'"',
        b"(",
        b")",
        b"\\",
        b",",
        b";",
        b":",
        b"@",
        b"=",
        b"?",
        b".",
        b"/",
        b"[",
        b"]",
    ),
    *(
        b" ",
        b"\t",
        b"\r\n ",
        b"\r\n\t",
        b"\0",
        b"\xff",
        b"\xe4\xb8",
        b"=?",
        b"?=",
        b"=?u?q?",
        b"&lt;",
    ),
    *(
        b"\\(()",
        b'\\"a',
        b"a@b,",
        b"a@b ",
        b"<a@b>",
        b"(a)",
        b"(()",
        b'"a" ',
        b"a:;",
        b"<@a:",
        b"\x1b$B",
    ),
    *(
        b"=?utf-8?q?a?=",
        b"=?utf-8?b?4?= ",
        b"=?x?b?" + b"A" * 60 + b"?= ",
        b"\xe3\x80\x80\r\n \r\n ",
    ),
)
FIELDS = (
    *("From", "To", "Delivered-To", "Subject", "Date", "References"),
    *("Content-Type", "Content-Disposition", "Authentication-Results"),
)


def pumped(name: str) -> list[Make]:
    """Header `name` full of each of what could make a reader look twice."""
    return [header(name, (pump * (30_000 // len(pump) + 1))[:30_000]) for pump in _PUMPS]


STRUCTURES: dict[str, Make] = {
    "49 levels": lambda: nested(48),
    "49 attached messages in each other": lambda: attached(48, 300_000),
    "attached mails in base64": mails_in_mails,
    "1,000 parts": lambda: MULTIPART + b"--a\r\n\r\nhi\r\n" * 998,
    "delimiters that are none": lambda: MULTIPART + b"--ab\r\n" * 1_000_000,
    "endless boundary": lambda: (
        HEAD
        + b'Content-Type: multipart/mixed; boundary="'
        + b"a" * 900_000
        + b'"\r\n\r\n--a\r\n\r\nb'
    ),
    "a megabyte of delimiter": lambda: MULTIPART + b"--a" + b"a" * 1_000_000 + b"\r\n\r\nhi",
    "only closing delimiters": lambda: MULTIPART + b"--a--\r\n" * 1_000_000,
    "lines of dashes": lambda: MULTIPART + b"-\n" * 2_000_000,
    "10,000 parameters": header("Content-Type", b"text/plain" + b"; a=b" * 10_000),
    "10,000 continuations": header(
        "Content-Disposition",
        b"attachment" + b"".join(b"; filename*%d=a" % number for number in range(4000)),
    ),
    "a continuation of a number too large": header(
        "Content-Disposition", b"attachment; filename*" + b"9" * 5000 + b"=a"
    ),
    "parameters without an end": header("Content-Type", b"text/plain" + b';a="b' * 12_000),
    "header name of 1 MB": lambda: HEAD + b"X" * 1_000_001 + b": a\r\n\r\nhi",
    "a header that is all name": lambda: HEAD + b"a" * 900_000 + b"\r\n\r\nhi",
    "header of folds": lambda: HEAD + b"X:" + b"\r\n a" * 200_000 + b"\r\n\r\nhi",
    "header of blank folds": lambda: HEAD + b"X: a" + b"\r\n " * 240_000 + b"b\r\n\r\nhi",
    "2,000 headers of one name": lambda: b"To: a@b.example, c@d.example\r\n" * 1990 + b"\r\nhi",
    "names with one hash": lambda: b"".join(b"X%d: a\r\n" % n for n in range(1990)) + b"\r\nhi",
    "900 results": lambda: (
        HEAD + b"Authentication-Results: a; dkim=pass header.d=b; spf=fail\r\n" * 1900 + b"\r\nhi"
    ),
    "nested groups": header("To", b"a:" * 30_000 + b"b@c.example" + b";" * 300),
    "nested comments": header("From", b"(" * 30_000 + b"a" + b")" * 29_000 + b"a@b.example"),
    "no MIME but parts": lambda: (
        HEAD
        + b"MIME-Version: 9.9\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n"
        + b"--a\r\n\r\nhi\r\n--a--"
    ),
}
TEXTS: dict[str, Make] = {
    "nothing": lambda: b"",
    "30 MB without a header": lambda: b"a" * 30_000_000,
    "30 MB of lines": lambda: PLAIN + b"The quick brown fox jumps.\r\n" * 1_100_000,
    "millions of empty lines": lambda: PLAIN + b"\n" * 10_000_000,
    "millions of short lines": lambda: PLAIN + b"a\n" * 5_000_000,
    "only blanks": lambda: PLAIN + b" " * 10_000_000,
    "only NUL": lambda: bytes(10_000_000),
    "NUL in between": lambda: PLAIN + b"a\0" * 3_000_000,
    "every byte": lambda: PLAIN + bytes(range(128, 256)) * 40_000,
    "quotes": lambda: PLAIN + b"> a\n" * 2_000_000,
    "deep quotes": lambda: PLAIN + b">" * 5_000_000 + b"a",
    "deeper and deeper quotes": lambda: PLAIN + b"".join(b">" * n + b" a\n" for n in range(3000)),
    "attributions": lambda: PLAIN + b"On Mon, 1 Jan 2024, A <a@b.example> wrote:\n" * 100_000,
    "header blocks": lambda: PLAIN + b"From: a\nSent: b\nTo: c\nSubject: d\n\n" * 100_000,
    "dividers": lambda: PLAIN + b"-----Original Message-----\n" * 100_000,
    "signatures": lambda: PLAIN + b"-- \na\n" * 500_000,
    "Chinese without a blank": lambda: PLAIN + "订单没有到账".encode() * 300_000,
    "mbox lines": lambda: b"From a@b Mon Jan  1 00:00:00 2024\n" * 300_000,
    "flowed": body("text/plain; format=flowed", lambda: b"a \r\n" * 1_000_000),
    "quoted-printable of = only": body(
        "text/plain\r\nContent-Transfer-Encoding: quoted-printable", lambda: b"=" * 5_000_000
    ),
    "quoted-printable of soft breaks": body(
        "text/plain\r\nContent-Transfer-Encoding: quoted-printable", lambda: b"=\r\n" * 3_000_000
    ),
    "uuencode that never ends": lambda: PLAIN + b"begin 644 a\n" * 300_000,
    "uuencode of wrong lengths": lambda: (
        PLAIN + b"begin 644 a\n" + b" \x7f\x01~!!!!\n" * 300_000 + b"end\n"
    ),
    "uuencoded files": lambda: PLAIN + b"begin 644 a\n#86)C\n`\nend\n" * 100_000,
    "yEnc": lambda: PLAIN + yenc(),
    "links": lambda: PLAIN + b"https://a.example/?b=c&d=e " * 100_000,
    "addresses": lambda: PLAIN + b"a@b.example " * 200_000,
    "ticket numbers": lambda: PLAIN + b"[#K7QM-42XD] " * 200_000,
    "order numbers": lambda: PLAIN + b"0x" + b"a1" * 1_000_000,
    "digits": lambda: PLAIN + b"1" * 3_000_000,
    "words of a phrase": lambda: PLAIN + b"abandon " * 300_000,
    "delivery report of blank lines": body("message/delivery-status", lambda: b"\n" * 3_000_000),
    "delivery report of fields": body("message/delivery-status", lambda: b"Action: a\n" * 300_000),
    "bounce without structure": lambda: (
        b"From: MAILER-DAEMON@b.example\nSubject: failure notice\n\n"
        + b"<a@b.example>:\n" * 200_000
    ),
    "calendar": body("text/calendar", lambda: b"BEGIN:VEVENT\r\nSUMMARY:a\r\n" * 100_000),
    "RTF of braces": body("text/rtf", lambda: b"{\\rtf1 " + b"{" * 1_000_000),
    "enriched": body("text/enriched", lambda: b"<bold>" * 300_000),
}
PAGES: dict[str, bytes] = {
    "open tags": b"<div>" * 1_000_000,
    "nested blockquotes": b"<blockquote>a" * 100_000 + b"</blockquote>" * 100_000,
    "nested tables": b"<table><tr><td>" * 100_000,
    "nested lists": b"<ul><li>a" * 100_000,
    "nested links": b"<a href=x>" * 200_000,
    "closing tags": b"</div>" * 500_000,
    "brackets": b"<" * 3_000_000,
    "other brackets": b"<a" * 1_000_000,
    "comments without an end": b"<!--" * 500_000,
    "comments": b"<!-- a -->" * 300_000,
    "declarations": b"<!" * 1_000_000,
    "instructions": b"<?" * 1_000_000,
    "CDATA": b"<![CDATA[" * 300_000,
    "conditional comments": b"<!--[if mso]>a<![endif]-->" * 100_000,
    "scripts without an end": b"<script>" * 300_000,
    "styles without an end": b"<style>" * 300_000,
    "style full of rules": b"<style>" + b".a{display:none}" * 100_000 + b"</style><p class=a>b",
    "entities": b"&amp;" * 1_000_000,
    "entities without an end": b"&" * 2_000_000,
    "entities of digits": b"&#" + b"1" * 1_000_000 + b";",
    "entities that name nothing": b"&#xffffffffff;" * 200_000,
    "100,000 attributes": b"<p " + b"a=b " * 100_000 + b">c",
    "100,000 equal attributes": b"<p " + b'style="display:none" ' * 100_000 + b">c",
    "an attribute without an end": b'<p a="' + b"b" * 3_000_000,
    "quotes in a tag": b"<p " + b"\"'" * 500_000 + b">a",
    "brackets in attributes": b'<p a=">>>>">' * 200_000,
    "styles in tags": b'<p style="' + b"a:b;" * 300_000 + b'">c',
    "blanks in a tag": b"<p" + b" " * 2_000_000 + b">a",
    "blank lines": b"<br>\n" * 500_000,
    "paragraphs": b"<p>a</p>\n" * 300_000,
    "cells": b"<table><tr>" + b"<td>a</td>" * 200_000,
    "pictures": b"<img src=cid:a@b alt=c>" * 100_000,
    "preformatted": b"<pre>" + b"a\n" * 500_000,
    "NUL": b"<\0p>\0" * 500_000,
    "wide characters": "<p>订单</p>".encode() * 100_000,
    "quotes of Gmail": b'<div class="gmail_quote">' * 100_000,
}
FILES: dict[str, Make] = {
    "zip bomb": file("a.zip", zip_bomb),
    "zip of 100,000 files": file("a.zip", zip_of_many),
    "zip whose files overlap": file("a.zip", overlapping_zip),
    "gzip bomb": file("a.gz", gzip_bomb),
    "gzip of a forged size": file("a.gz", forged_gzip),
    "tar of huge sparse files": file("a.tar", sparse_tar),
    "packed tar of zeros": file("a.tgz", lambda: gzip.compress(bytes(20_000_000), 9, mtime=0)),
    "7z of a huge header": file(
        "a.7z", lambda: b"7z\xbc\xaf\x27\x1c\0\4" + b"\0" * 4 + b"\xff" * 16 + bytes(1000)
    ),
    "rar of a huge header": file("a.rar", lambda: b"Rar!\x1a\7\1\0" + b"\xff" * 100_000),
    "OLE whose chain is a ring": file(
        "a.msg",
        lambda: (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + bytes(16)
            + b"\x3e\0\3\0\xfe\xff\x09\0\6"
            + bytes(900_000)
        ),
    ),
    "winmail.dat of absurd lengths": file("winmail.dat", endless_tnef),
    "base64 of nothing": file("a.png", bytes),
    "base64 of padding": lambda: HEAD + b"Content-Type: image/png\r\n" + BASE64 + b"=A" * 3_000_000,
    "base64 of no letters": lambda: (
        HEAD + b"Content-Type: image/png\r\n" + BASE64 + b"-" * 9_000_000
    ),
    "20 MB of base64": file("a.bin", lambda: bytes(20_000_000)),
    "PDF of nothing": file("a.pdf", lambda: b"%PDF-1.7\n" + b"/JavaScript <<" * 300_000),
    "SVG of nothing": file("a.svg", lambda: b"<svg>" + b"<g onload=" * 300_000),
    **{
        f"{kind} of an absurd size": file(f"a.{kind}", lambda data=data: data)
        for kind, data in picture_bombs().items()
    },
}
NOT_CHARSETS = (
    *(
        "idna",
        "punycode",
        "rot13",
        "zlib",
        "zip",
        "bz2",
        "hex",
        "base64",
        "uu",
        "quopri",
        "undefined",
    ),
    *("unicode_escape", "raw_unicode_escape", "unicode_internal", "mbcs", "oem"),
)
CHARSETS: dict[str, Make] = {
    name: body(
        f"text/plain; charset={name}", lambda: b"caf\xc3\xa9 \\x41 +AEE- eJxLBAAAYgBi\r\n" * 2000
    )
    for name in (
        *NOT_CHARSETS,
        "utf-7",
        "utf-16",
        "utf-32",
        "hz",
        "iso-2022-kr",
        "cp65001",
        "a" * 999,
    )
}
READ: dict[str, Make] = {
    **STRUCTURES,
    **TEXTS,
    **{f"HTML: {name}": body("text/html", lambda page=page: page) for name, page in PAGES.items()},
    **FILES,
    **{f"charset {name[:20]}": mail for name, mail in CHARSETS.items()},
}
