"""What a file is, by its bytes."""

from __future__ import annotations

import re

import filetype

from intake.model.parsed import AttachmentKind

# What filetype does not know or takes for something else.
_SIGNATURES = (
    (b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    (b"{\\rtf", "application/rtf"),
    (b"%PDF-", "application/pdf"),
    (b"-----BEGIN PGP", "application/pgp-encrypted"),
    (b"BEGIN:VCALENDAR", "text/calendar"),
    (b"BEGIN:VCARD", "text/vcard"),
    (b"#!", "text/x-script"),
    (b"MZ", "application/x-msdownload"),
    (b"\x7fELF", "application/x-executable"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = (
    (b"W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t", "application/msword"),
    (b"W\0o\0r\0k\0b\0o\0o\0k", "application/vnd.ms-excel"),
    (b"P\0o\0w\0e\0r\0P\0o\0i\0n\0t", "application/vnd.ms-powerpoint"),
    (b"_\0_\0s\0u\0b\0s\0t\0g\x001\0.\x000", "application/vnd.ms-outlook"),
)
_OPENXML = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
_HTML = re.compile(rb"\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype html|html|head|body)\b", re.I | re.S)
_SVG = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype svg|svg)\b", re.I | re.S
)
_MAIL = re.compile(rb"(?:[A-Za-z-]{2,40}:[^\n]{0,998}\n(?:[ \t][^\n]{0,998}\n){0,30}){3}")
_LOOKED_AT_BYTES = 4096
_ARCHIVES = (
    *("zip", "x-tar", "gzip", "x-gzip", "x-bzip2", "x-xz", "x-7z-compressed", "x-rar-compressed"),
    *("vnd.rar", "x-rar", "x-compressed", "x-zip-compressed", "x-lzip", "x-compress", "zstd"),
    "vnd.ms-cab-compressed",
)


def find_type(data: bytes, declared: str) -> str:
    """The media type of `data` by content; `declared` where the content does not tell."""
    head = data[:_LOOKED_AT_BYTES]
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            return declared if name == "application/pgp-encrypted" and "pgp" in declared else name
    if head.startswith(_OLE):
        return next((kind for mark, kind in _OLE_STREAMS if mark in data), "application/x-ole")
    if head.startswith(b"PK\x03\x04"):
        return _zip_type(data, declared)
    if b"\0" not in head and _is_text(head):
        return _text_type(head, declared)
    guess = filetype.guess_mime(head)
    return guess or declared


def _zip_type(data: bytes, declared: str) -> str:
    if b"[Content_Types].xml" in data[:_LOOKED_AT_BYTES] or b"[Content_Types].xml" in data[-8192:]:
        return next((kind for mark, kind in _OPENXML if mark in data), "application/zip")
    if data[30:38] == b"mimetype":
        return data[38:100].partition(b"PK")[0].decode("ascii", "replace") or "application/zip"
    return declared if declared.endswith(("epub+zip", "java-archive")) else "application/zip"


def _is_text(head: bytes) -> bool:
    odd = sum(1 for byte in head[:512] if byte < 9 or 13 < byte < 27 or 27 < byte < 32)
    return odd == 0


def _text_type(head: bytes, declared: str) -> str:
    if _SVG.match(head):
        return "image/svg+xml"
    if _HTML.match(head):
        return "text/html"
    if declared.startswith(("text/", "message/")) or declared.endswith(
        ("json", "xml", "signature")
    ):
        return declared
    if _MAIL.match(head):
        return "message/rfc822"
    if declared.startswith(("image/", "audio/", "video/")) or declared in _BINARY_ONLY:
        return "text/plain"
    return declared if declared != "application/octet-stream" else "text/plain"


_BINARY_ONLY = ("application/zip", "application/pdf", "application/msword")


def is_archive(content_type: str) -> bool:
    """Whether files of this type are there to hold other files."""
    return content_type.partition("/")[2] in _ARCHIVES


def kind_of(content_type: str, declared: str, name: str) -> AttachmentKind:
    """What staff would call the file; images are told apart elsewhere."""
    for media_type in (content_type, declared):
        main, _, sub = media_type.partition("/")
        if media_type in ("message/rfc822", "message/global", "application/vnd.ms-outlook"):
            return "message"
        if media_type == "text/calendar" or sub == "ics":
            return "calendar"
        if "signature" in sub or sub in ("pgp-keys",):
            return "signature"
        if sub in _ARCHIVES or sub.endswith("ms-tnef"):
            return "archive"
        if main in ("audio", "video"):
            return "audio" if main == "audio" else "video"
    lower = name.lower()
    if lower.endswith((".eml", ".msg")):
        return "message"
    if lower.endswith(".ics"):
        return "calendar"
    if lower.endswith((".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".cab")):
        return "archive"
    main = content_type.partition("/")[0]
    if main == "text" or _DOCUMENT.search(content_type) or _DOCUMENT_NAME.search(lower):
        return "document"
    return "other"


_DOCUMENT = re.compile(
    r"pdf|rtf|word|excel|powerpoint|officedocument|opendocument|ole|xml|json|csv"
)
_DOCUMENT_NAME = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|txt|csv|pages|numbers|key)$")
