"""File names that are safe to show and to save under, for files that came with any or none."""

from __future__ import annotations

import mimetypes
import re
import unicodedata

from intake.mail.headers import clean

_PATH = re.compile(r"^.*[/\\](?=[^/\\]*$)", re.S)
# Characters that change the reading direction, or are not seen at all, hide an extension.
_DIRECTION = re.compile(
    "[\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\u3164\ufeff"
    "\U000e0000-\U000e007f]"
)
_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.I)
_LONGEST_BYTES = 200
_LONGEST_EXTENSION = 12
# Without the tables of this machine: the name of a file is the same everywhere.
_TYPES = mimetypes.MimeTypes()
_EXTENSIONS = {
    "application/octet-stream": ".bin",
    "application/pgp-encrypted": ".txt",
    "application/pgp-signature": ".asc",
    "application/pgp-keys": ".asc",
    "application/pkcs7-mime": ".p7m",
    "application/pkcs7-signature": ".p7s",
    "application/x-pkcs7-mime": ".p7m",
    "application/x-pkcs7-signature": ".p7s",
    "application/ms-tnef": ".dat",
    "application/rtf": ".rtf",
    "application/vnd.ms-outlook": ".msg",
    "application/x-msdownload": ".exe",
    "application/zip": ".zip",
    "image/jpeg": ".jpg",
    "image/jpg": ".jpg",
    "image/webp": ".webp",
    "message/delivery-status": ".txt",
    "message/disposition-notification": ".txt",
    "message/feedback-report": ".txt",
    "message/global": ".eml",
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/plain": ".txt",
    "text/html": ".html",
    "text/rfc822-headers": ".txt",
    "text/vcard": ".vcf",
    "text/x-vcard": ".vcf",
}
_NAMES = {
    "application/pgp-encrypted": "pgp-version",
    "application/pgp-signature": "signature",
    "application/pkcs7-mime": "smime",
    "application/pkcs7-signature": "smime",
    "application/x-pkcs7-mime": "smime",
    "application/x-pkcs7-signature": "smime",
    "application/ms-tnef": "winmail",
    "message/delivery-status": "delivery-status",
    "message/disposition-notification": "disposition-notification",
    "message/feedback-report": "feedback-report",
    "message/rfc822": "message",
    "message/global": "message",
    "text/calendar": "invite",
    "text/rfc822-headers": "headers",
    "text/vcard": "contact",
    "text/x-vcard": "contact",
}


def make_safe(name: str) -> str | None:
    """`name` without path, control and direction characters, at most 200 bytes; None if empty."""
    name = _DIRECTION.sub("", clean(name))
    if not name.isascii():
        # macOS sends letters and their accents apart.
        name = unicodedata.normalize("NFC", name)
    # A Windows or Unix path says where the file lay at the sender's, not what it is called.
    name = _PATH.sub("", name.rstrip("/\\")) if re.search(r"^(?:\w:|\.\.?|~)?[/\\]", name) else name
    name = re.sub(r"[/\\]", "_", name).strip().rstrip(". ")
    return _shortened(name) or None


def clean_path(name: str) -> str:
    """A name with folders, as an archive lists it, without control and direction characters."""
    return _shortened(_DIRECTION.sub("", clean(name)).strip())


def make_saveable(name: str) -> str:
    """A safe name that every file system takes."""
    name = _FORBIDDEN.sub("_", name).strip(" .")
    return f"_{name}" if _RESERVED.match(name) else name or "file"


def make_up_name(media_type: str, number: int, title: str = "") -> str:
    """A sensible name for a file that came without: from its title (if any) or type.

    `number` tells several of one type apart, from 1.
    """
    extension = _EXTENSIONS.get(media_type) or _TYPES.guess_extension(media_type) or ".bin"
    stem = make_safe(title)
    if stem:
        return stem if stem.lower().endswith(extension) else f"{stem}{extension}"
    kind = media_type.partition("/")[0]
    stem = _NAMES.get(media_type) or (kind if kind in ("image", "audio", "video") else "file")
    return f"{stem}{extension}" if number < 2 else f"{stem}-{number}{extension}"


class ShownNames:
    """The names of one mail's files: safe, never empty, each once in its container."""

    def __init__(self) -> None:
        # Container and name without case: how often it was asked for.
        self._taken: dict[tuple[str | None, str], int] = {}
        self._unnamed: dict[str, int] = {}

    def choose(self, container: str | None, written: str, media_type: str, title: str) -> str:
        """The name for a file called `written`, or made up from its title or type."""
        name = make_safe(written)
        if name is None:
            number = self._unnamed[media_type] = self._unnamed.get(media_type, 0) + 1
            name = make_up_name(media_type, number, title)
        return self._unique(container, name)

    def _unique(self, container: str | None, name: str) -> str:
        """`name`, or "name (2)" where another differs from it at most in case."""
        wanted = (container, name.casefold())
        chosen, number = name, self._taken.get(wanted, 0) + 1
        while (container, chosen.casefold()) in self._taken:
            number = max(number, 2)
            chosen = _shortened(name, f" ({number})")
            number += 1
        self._taken[wanted] = max(number - 1, 1)
        self._taken.setdefault((container, chosen.casefold()), 1)
        return chosen


def _shortened(name: str, mark: str = "") -> str:
    """At most 200 bytes of UTF-8, the extension kept, with `mark` before it."""
    if not mark and len(name.encode("utf-8")) <= _LONGEST_BYTES:
        return name
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > _LONGEST_EXTENSION:
        stem, dot, extension = name, "", ""
    tail = f"{mark}{dot}{extension}"
    kept = stem.encode("utf-8")[: _LONGEST_BYTES - len(tail.encode("utf-8"))]
    return kept.decode("utf-8", "ignore") + tail
