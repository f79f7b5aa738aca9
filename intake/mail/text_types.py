"""What kind of text a file is: its first lines tell, then its name."""

from __future__ import annotations

import re

_HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype html|html|head|body)\b",
    re.I | re.S,
)
_HTML_PIECE = re.compile(
    r"\s*<(?:meta|title|script|style|table|div|p|a|img|center|font|iframe|form)\b", re.I
)
_SVG = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)?(?:<!doctype svg[^>]{0,300}>\s*)?<svg\b",
    re.I | re.S,
)
_MAIL = re.compile(r"(?:[A-Za-z-]{2,40}:[^\n]{0,998}\n(?:[ \t][^\n]{0,998}\n){0,30}){3}")
_MAIL_LINE = re.compile(r"(?:From |[A-Za-z-]{2,40}:[^\n]{0,998}\n)")
_MAIL_FIELD = re.compile(
    r"^(?:from|received|return-path|message-id|subject|date|mime-version|x-[a-z-]+):", re.I | re.M
)
_BEGINNINGS = (
    ("BEGIN:VCALENDAR", "text/calendar"),
    ("BEGIN:VCARD", "text/vcard"),
    ("-----BEGIN PGP MESSAGE", "application/pgp-encrypted"),
    ("-----BEGIN PGP SIGNATURE", "application/pgp-signature"),
    ("-----BEGIN PGP PUBLIC KEY", "application/pgp-keys"),
    ("-----BEGIN PGP PRIVATE KEY", "application/pgp-keys"),
    ("#!AMR", "audio/amr"),
    ("#!", "text/x-shellscript"),
    ("{\\rtf", "application/rtf"),
    ("%PDF-", "application/pdf"),
    ("%!PS", "application/postscript"),
    ("[InternetShortcut]", "application/x-url"),
)
# Types by extension, for texts that were sent as nothing in particular.
_EXTENSIONS = {
    "csv": "text/csv",
    "json": "application/json",
    "xml": "application/xml",
    "md": "text/markdown",
    "ics": "text/calendar",
    "vcf": "text/vcard",
    "css": "text/css",
    "yaml": "application/yaml",
    "yml": "application/yaml",
    "js": "text/javascript",
    "jse": "text/javascript",
    "vbs": "text/vbscript",
    "vbe": "text/vbscript",
    "ps1": "text/x-powershell",
    "psm1": "text/x-powershell",
    "bat": "text/x-msdos-batch",
    "cmd": "text/x-msdos-batch",
    "py": "text/x-python",
    "asc": "text/plain",
}
_MAIL_EXTENSIONS = ("eml", "mht", "mhtml")
_BINARY_MAIN = ("image", "audio", "video", "font")
_BINARY = re.compile(r"zip|pdf|msword|ms-excel|ms-powerpoint|officedocument|opendocument|x-ms|rar")
_UUENCODED = re.compile(r"begin [0-7]{3,4} \S[^\n]{0,200}\n[!-`]")
_UNKNOWN = ("application/octet-stream", "application/x-unknown", "application/unknown")
_ODD = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def find_text_type(head: bytes, declared: str, name: str) -> str | None:
    """The media type of the text that begins with `head`; None where it is no text."""
    text = _as_text(head)
    if text is None or not text.strip():
        return declared if text is not None and declared.startswith("text/") else None
    start = text.lstrip("\ufeff \t\r\n")
    found = next((kind for mark, kind in _BEGINNINGS if start.startswith(mark)), None)
    if found is not None:
        return declared if "pgp" in found and "pgp" in declared else found
    if _UUENCODED.match(start):
        return "text/x-uuencode"
    return _marked_up(start, declared, name) or _by_claim(start, declared, name)


def _as_text(head: bytes) -> str | None:
    """The letters of `head`; what lies in an 8-bit charset need not come out right here."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    if _ODD.search(head, 0, 512) or b"\0" in head:
        return None
    return head.decode("latin-1").replace("\xef\xbb\xbf", "", 1)


def _marked_up(start: str, declared: str, name: str) -> str | None:
    if not start.startswith("<"):
        return None
    if "<hta:application" in start.lower():
        return "application/hta"
    if _SVG.match(start):
        return "image/svg+xml"
    named = declared == "text/html" or name.lower().endswith((".htm", ".html"))
    if _HTML.match(start) or (named and _HTML_PIECE.match(start)):
        return "text/html" if declared != "application/xhtml+xml" else declared
    return None


def _by_claim(start: str, declared: str, name: str) -> str | None:
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if declared.startswith(("text/", "message/")) or declared.endswith(
        ("json", "xml", "signature", "mbox", "pgp-keys", "pgp-encrypted", "yaml")
    ):
        if declared == "text/plain" and extension in _MAIL_EXTENSIONS and _is_mail(start, True):
            return "message/rfc822"
        return declared
    if _is_mail(start, extension in _MAIL_EXTENSIONS):
        return "message/rfc822"
    if declared in _UNKNOWN:
        return _EXTENSIONS.get(extension, "text/plain")
    if declared.partition("/")[0] in _BINARY_MAIN or _BINARY.search(declared):
        # What is said to be a sheet and is a text mostly is comma separated, or a page.
        return _EXTENSIONS.get(extension, "text/plain")
    return declared


def _is_mail(start: str, named: bool) -> bool:
    """Three header fields, or one where the name says that it is a mail (RFC 5322 2.2)."""
    unix = start.replace("\r\n", "\n")
    if named:
        return bool(_MAIL_LINE.match(unix))
    return bool(_MAIL.match(unix) and _MAIL_FIELD.search(unix))
