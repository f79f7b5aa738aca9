"""What a file is by its bytes, and which dangers that means."""

from __future__ import annotations

import struct

import pytest

from intake.mail.archives import list_archive
from intake.mail.compound_writer import write_compound
from intake.mail.content_types import find_type
from intake.mail.file_kinds import kind_of
from intake.mail.risk import Suspect, find_risks
from tests.mail.archive_files import build_rar_5, build_seven, build_tar, build_zip, zip_of
from tests.mail.outlook_files import build_msg, build_tnef

UNKNOWN = "application/octet-stream"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 1920, 1080)
OPENXML = "application/vnd.openxmlformats-officedocument."
P7 = b"\x30\x82\x01\x00\x06\x09" + bytes.fromhex("2a864886f70d0107")
TEST_FILE = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def office(folder: str, *more: str) -> bytes:
    names = ["[Content_Types].xml", "_rels/.rels", f"{folder}/document.xml", *more]
    return zip_of(dict.fromkeys(names, b"<x/>"))


def odf(kind: str, *more: str) -> bytes:
    stated = f"application/vnd.oasis.opendocument.{kind}".encode()
    return zip_of({"mimetype": stated, **dict.fromkeys(("content.xml", *more), b"<x/>")}, method=0)


def ole(*names: str) -> bytes:
    return write_compound({name: bytes(5000) for name in names})


# Files of these first bytes are longer than their signatures, and read only if they are.
BINARY = (b"I", b"\0", b"\xe4", b"\x1a")
PADDING = (b"", bytes(64))
TYPES = [
    (b"%PDF-1.7 x", "a", "application/pdf"),
    (b"{\\rtf1 x}", "a", "application/rtf"),
    (office("word"), "a.docx", OPENXML + "wordprocessingml.document"),
    (office("xl"), "a.xlsx", OPENXML + "spreadsheetml.sheet"),
    (office("ppt"), "a.pptx", OPENXML + "presentationml.presentation"),
    (
        office("word", "word/vbaProject.bin"),
        "a.docx",
        "application/vnd.ms-word.document.macroEnabled.12",
    ),
    (odf("text"), "a.odt", "application/vnd.oasis.opendocument.text"),
    (odf("spreadsheet"), "a.ods", "application/vnd.oasis.opendocument.spreadsheet"),
    (ole("WordDocument"), "a.doc", "application/msword"),
    (ole("Workbook"), "a.xls", "application/vnd.ms-excel"),
    (ole("PowerPoint Document"), "a.ppt", "application/vnd.ms-powerpoint"),
    (ole("EncryptionInfo", "EncryptedPackage"), "a.xlsx", "application/x-ole-encrypted"),
    (ole("Other"), "a.db", "application/x-ole-storage"),
    (ole("WordDocument")[:1500], "a.doc", "application/x-ole-storage"),
    (build_msg("Subject"), "a.msg", "application/vnd.ms-outlook"),
    (build_tnef(), "winmail.dat", "application/ms-tnef"),
    (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "a", "text/calendar"),
    (b"\xef\xbb\xbfBEGIN:VCARD\r\n", "a", "text/vcard"),
    (PNG, "a", "image/png"),
    (b"\xff\xd8\xff\xe0\0\x10JFIF", "a", "image/jpeg"),
    (b"GIF89a\1\0\1\0\0\0\0", "a", "image/gif"),
    (b"RIFF\x24\0\0\0WEBPVP8 ", "a", "image/webp"),
    (b"BM\x36\0\0\0\0\0\0\0", "a", "image/bmp"),
    (b"II*\0\x08\0\0\0", "a", "image/tiff"),
    (b"\0\0\1\0\1\0\x10\x10", "a", "image/vnd.microsoft.icon"),
    (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "a", "image/heic"),
    (b"\0\0\0\x1cftypavif\0\0\0\0mif1avif", "a", "image/avif"),
    (b"<?xml version='1.0'?><!-- drawn --><svg xmlns='x'>", "a", "image/svg+xml"),
    (b"ID3\x03\0\0\0\0\0\x21", "a", "audio/mpeg"),
    (b"RIFF\x24\0\0\0WAVEfmt ", "a", "audio/wav"),
    (b"OggS\0\2\0\0", "a", "audio/ogg"),
    (b"#!AMR\n\x3c\x91", "a", "audio/amr"),
    (b"\0\0\0\x18ftypmp42\0\0\0\0", "a", "video/mp4"),
    (b"\0\0\0\x14ftypqt  \0\0\0\0", "a", "video/quicktime"),
    (b"\x1aE\xdf\xa3\x9fB\x86\x81\1B\xf7\x81\1B\xf2\x81\4B\xf3\x81\x08B\x82\x84webm", "a", None),
    (b"MZ\x90\0\3\0\0\0", "a", "application/x-msdownload"),
    (b"\x7fELF\2\1\1\0", "a", "application/x-executable"),
    (b"\xcf\xfa\xed\xfe\7\0\0\1", "a", "application/x-mach-binary"),
    (b"\xca\xfe\xba\xbe\0\0\0\2\1\0\0\7", "a", "application/x-mach-binary"),
    (b"\xca\xfe\xba\xbe\0\0\0\x34\0\x1d", "a", "application/java-vm"),
    (zip_of({"META-INF/MANIFEST.MF": b"x"}), "a", "application/java-archive"),
    (zip_of({"AndroidManifest.xml": b"x"}), "a", "application/vnd.android.package-archive"),
    (b"#!/bin/sh\nrm -r x\n", "a", "text/x-shellscript"),
    (b"Get-Process | Stop-Process\n", "a.ps1", "text/x-powershell"),
    (b"var x = new ActiveXObject('a');\n", "a.js", "text/javascript"),
    (b'Set x = CreateObject("a")\r\n', "a.vbs", "text/vbscript"),
    ("Write-Host 1\r\n".encode("utf-16"), "a.ps1", "text/x-powershell"),
    (b"<html><hta:application id='x'>", "a", "application/hta"),
    (b"ITSF\3\0\0\0\x60\0\0\0", "a", "application/vnd.ms-htmlhelp"),
    (b"L\0\0\0\1\x14\2\0\0\0", "a", "application/x-ms-shortcut"),
    (b"[InternetShortcut]\r\nURL=http://x", "a.url", "application/x-url"),
    (bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3"), "a", "application/onenote"),
    (bytes(0x8001) + b"CD001\1", "a", "application/x-iso9660-image"),
    (build_zip("a.txt"), "a", "application/zip"),
    (build_seven("a.txt"), "a", "application/x-7z-compressed"),
    (build_rar_5("a.txt"), "a", "application/vnd.rar"),
    (build_tar("a.txt"), "a", "application/x-tar"),
    (b"\x1f\x8b\x08\0\0\0\0\0", "a", "application/gzip"),
    (b"From: a@b.example\nTo: c\nSubject: x\n\nhello", "a", "message/rfc822"),
    (b"Subject: x\n\nhello", "a.eml", "message/rfc822"),
    (b"Name: a\nStreet: b\nTown: c\n\nhello", "a", "text/plain"),
    (b"a,b\n1,2\n", "a.csv", "text/csv"),
    (b'{"a": 1}', "a.json", "application/json"),
    (b"<!DOCTYPE html><p>", "a", "text/html"),
    (b"<table><tr><td>1", "a.htm", "text/html"),
    (b"plain words\n", "a", "text/plain"),
    ("Grüße".encode("latin-1"), "a", "text/plain"),
    (P7 + b"\2\xa0", "smime.p7s", "application/pkcs7-signature"),
    (P7 + b"\3\xa0", "smime.p7m", "application/pkcs7-mime"),
    (b"-----BEGIN PGP SIGNATURE-----\n", "a", "application/pgp-signature"),
    (b"begin 644 a.pdf\n#0V%T\n`\nend\n", "a", "text/x-uuencode"),
    (b"\x01\x02\x03\x04 nothing that anybody knows", "a", UNKNOWN),
    (b"", "a", UNKNOWN),
]


@pytest.mark.parametrize(
    "data, name, found", TYPES, ids=[str(index) for index in range(len(TYPES))]
)
def test_bytes_tell_the_type(data, name, found):
    assert find_type(data + PADDING[data[:1] in BINARY], UNKNOWN, name) == (found or "video/webm")


@pytest.mark.parametrize(
    "data, declared, found",
    [
        (PNG, "image/jpeg", "image/png"),
        (b"<html>", "image/png", "text/html"),
        (b"a,b\n1,2", "text/csv", "text/csv"),
        (b"From: a\nTo: b\nSubject: c\n\nx", "text/plain", "text/plain"),
        (b"hello", "application/pdf", "text/plain"),
        (b"\0\1\2", "application/x-own", "application/x-own"),
        (b'{"a": 1}', "application/ld+json", "application/ld+json"),
        (build_zip("a"), "application/epub+zip", "application/epub+zip"),
    ],
)
def test_what_is_declared_counts_where_the_bytes_do_not_tell(data, declared, found):
    assert find_type(data, declared) == found


def labels(name: str, data: bytes, declared: str = UNKNOWN) -> tuple[str, ...]:
    content_type = find_type(data, declared, name)
    return find_risks(Suspect(name, name, content_type, data, list_archive(data)))


# BOF and WRITEACCESS, FILEPASS (MS-XLS 2.4.21, 2.4.349, 2.4.117); FibBase (MS-DOC 2.5.2).
SHEET = struct.pack("<HH4s", 0x809, 4, b"") + struct.pack("<HH6s", 0x5C, 6, b"mei") + bytes(5000)
FILE_PASS = struct.pack("<HH", 0x2F, 2)
WORD_LOCKED = struct.pack("<10xH", 0x0100) + bytes(5000)
PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>>\n"


@pytest.mark.parametrize(
    "name, data, risk",
    [
        ("a.pdf.exe", b"MZ\0", ("executable", "double-extension")),
        ("invoice.pdf        .scr", b"MZ\0", ("executable", "double-extension")),
        ("a.pdf", b"MZ\0", ("executable", "type-mismatch")),
        ("a.msi", ole("Other"), ("executable",)),
        ("a.js", b"x=1", ("script",)),
        ("a.txt", b"#!/bin/sh\n", ("script",)),
        ("a.hta", b"<html>", ("script", "html")),
        ("a.lnk", b"L\0\0\0\1\x14\2\0", ("shortcut",)),
        ("a.iso", bytes(0x8001) + b"CD001", ("disk-image",)),
        ("a.one", b"\0\1", ("onenote",)),
        ("a.docx", office("word", "word/vbaProject.bin"), ("macro-document",)),
        ("a.xlsm", office("xl"), ("macro-document",)),
        (
            "a.xls",
            write_compound({"Workbook": b"x", "_VBA_PROJECT_CUR": {"VBA": b"x"}}),
            ("macro-document",),
        ),
        ("a.docx", ole("EncryptedPackage"), ("encrypted-document",)),
        ("a.doc", write_compound({"WordDocument": WORD_LOCKED}), ("encrypted-document",)),
        (
            "a.xls",
            write_compound({"Workbook": SHEET[:18] + FILE_PASS + SHEET[18:]}),
            ("encrypted-document",),
        ),
        ("a.ppt", ole("PowerPoint Document", "EncryptedSummary"), ("encrypted-document",)),
        ("a.ods", odf("spreadsheet", "Basic/Standard/Module1.xml"), ("macro-document",)),
        ("a.mht", b"From: x\nTo: y\nSubject: z\n\n<html>", ("html",)),
        ("a.iqy", b"WEB\n1\nhttp://x\n", ("script",)),
        ("a.pdf", PDF + b"/OpenAction << /S /JavaScript", ("active-pdf",)),
        ("a.pdf", PDF + b"<</S /Launch /F (cmd.exe)", ("active-pdf",)),
        ("a.pdf", PDF + b"/Type /EmbeddedFile", ("files-in-pdf",)),
        ("a.png", b"<html><body>", ("type-mismatch", "html")),
        ("a.jpg", b"<svg xmlns='x'>", ("type-mismatch", "svg")),
        ("a.zip", build_zip("b.exe"), ("executable-in-archive",)),
        ("a.zip", build_zip("c.txt", "d/b.js"), ("executable-in-archive",)),
        ("a.zip", build_zip("b.txt")[:-20], ("damaged-archive",)),
        ("a.7z", build_seven("b.txt", password="x"), ("encrypted-archive",)),
        ("a.com", TEST_FILE, ("test-signature",)),
        ("a.zip", zip_of({"b.txt": TEST_FILE}), ("test-signature",)),
    ],
)
def test_risks_are_named(name, data, risk):
    assert labels(name, data) == risk


@pytest.mark.parametrize(
    "name, data",
    [
        ("a.pdf", PDF),
        ("a.docx", office("word")),
        ("a.doc", ole("WordDocument")),
        ("a.xls", write_compound({"Workbook": SHEET})),
        ("a.ods", odf("spreadsheet")),
        ("a.doc", b"{\\rtf1 x}"),
        ("report.xls", b"name\tvalue\n1\t2\n"),
        ("a.png", PNG),
        ("a.png", b"\xff\xd8\xff\xe0\0\x10JFIF"),
        ("a.csv", b"a;b\n"),
        ("www.shop.com", b"hello"),
        ("Offer for shop.com", PDF),
        ("a.zip", build_zip("www.shop.com/index.txt", "photo.jpg")),
        ("a.txt", b"-----BEGIN PGP MESSAGE-----\n"),
        ("a.eml", b"From: a\nTo: b\nSubject: c\n\nx"),
        ("a.mp3", b"ID3\3\0\0\0"),
        ("a.bin", b""),
        ("a.pdf", b""),
        ("a.msg", build_msg("x")),
    ],
)
def test_ordinary_files_have_no_label(name, data):
    assert labels(name, data) == ()


def test_a_name_that_was_turned_around_is_said():
    file = Suspect("invoicefdp.exe", "invoice\u202efdp.exe", UNKNOWN, b"x", None)
    assert find_risks(file) == ("executable", "disguised-name")


@pytest.mark.parametrize(
    "content_type, declared, name, kind",
    [
        ("application/pdf", UNKNOWN, "a", "document"),
        ("application/vnd.ms-outlook", UNKNOWN, "a.msg", "message"),
        ("application/pkcs7-mime", UNKNOWN, "smime.p7m", "message"),
        ("application/pkcs7-signature", UNKNOWN, "smime.p7s", "signature"),
        ("application/pgp-keys", UNKNOWN, "key.asc", "other"),
        ("text/plain", "text/calendar", "a", "calendar"),
        ("text/plain", UNKNOWN, "a", "document"),
        ("audio/mpeg", UNKNOWN, "a", "audio"),
        ("video/mp4", UNKNOWN, "a", "video"),
        ("application/x-7z-compressed", UNKNOWN, "a", "archive"),
        (UNKNOWN, UNKNOWN, "a.rar", "archive"),
        ("application/x-ole-encrypted", UNKNOWN, "a.docx", "document"),
        (UNKNOWN, UNKNOWN, "a", "other"),
    ],
)
def test_files_are_called_what_staff_would(content_type, declared, name, kind):
    assert kind_of(content_type, declared, name) == kind
