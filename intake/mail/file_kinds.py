"""What staff would call a file; images are told apart elsewhere."""

from __future__ import annotations

import re

from intake.model.parsed import AttachmentKind

_ARCHIVES = (
    *("zip", "x-tar", "gzip", "x-gzip", "x-bzip2", "x-xz", "x-7z-compressed", "x-rar-compressed"),
    *("vnd.rar", "x-rar", "x-compressed", "x-zip-compressed", "x-lzip", "x-compress", "zstd"),
    *("vnd.ms-cab-compressed", "java-archive", "vnd.android.package-archive", "x-iso9660-image"),
)
_MESSAGES = ("message/rfc822", "message/global", "application/vnd.ms-outlook")
# What is encrypted, or signed around its text, is the mail itself (RFC 8551 3.2, RFC 3156 4).
_SEALED = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_SIGNATURES = ("pkcs7-signature", "x-pkcs7-signature", "pgp-signature")
_DOCUMENT = re.compile(
    r"pdf|rtf|word|excel|powerpoint|officedocument|opendocument|ole-encrypted|xml|json|csv|visio|iwork"
    r"|onenote|postscript|epub|yaml"
)
_BY_NAME: tuple[tuple[str, AttachmentKind], ...] = (
    (r"\.(?:eml|msg)$", "message"),
    (r"\.(?:ics|vcs)$", "calendar"),
    (r"\.(?:p7s|sig)$", "signature"),
    (r"\.(?:zip|rar|7z|tar|gz|tgz|bz2|xz|cab|zst)$", "archive"),
    (r"\.(?:pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|txt|csv|pages|numbers|key|pub|vsd)$", "document"),
)


def is_archive(content_type: str) -> bool:
    """Whether files of this type are there to hold other files."""
    return content_type.partition("/")[2] in _ARCHIVES


def kind_of(content_type: str, declared: str, name: str) -> AttachmentKind:
    """The kind by content, by what was declared, then by name."""
    for media_type in (content_type, declared):
        kind = _by_type(media_type)
        if kind is not None:
            return kind
    lower = name.lower()
    kind = next((kind for pattern, kind in _BY_NAME if re.search(pattern, lower)), None)
    if kind is not None:
        return kind
    main = content_type.partition("/")[0]
    return "document" if main in ("text", "message") or _DOCUMENT.search(content_type) else "other"


def _by_type(media_type: str) -> AttachmentKind | None:
    main, _, sub = media_type.partition("/")
    if media_type in _MESSAGES or media_type in _SEALED:
        return "message"
    if media_type == "text/calendar" or sub == "ics":
        return "calendar"
    if sub in _SIGNATURES:
        return "signature"
    if sub in ("pgp-encrypted", "pgp-keys"):
        return "other"
    if is_archive(media_type) or sub.endswith("ms-tnef"):
        return "archive"
    if main == "audio":
        return "audio"
    return "video" if main == "video" else None
