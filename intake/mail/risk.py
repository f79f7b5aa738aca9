"""Labels for what could harm the person who opens a file. A label is a fact, not a verdict."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from intake.mail.archive_listing import Listing
from intake.mail.eicar import is_test_file

_EXECUTABLE = frozenset(
    (
        *("exe", "com", "scr", "pif", "cpl", "msi", "msp", "msix", "appx", "dll", "sys"),
        *("drv", "jar", "apk", "ipa", "app", "deb", "rpm", "dmg", "pkg", "gadget"),
        *("application", "ocx"),
    )
)
_SCRIPT = frozenset(
    (
        *("js", "jse", "vbs", "vbe", "vb", "wsf", "wsh", "hta", "ps1", "psm1", "bat", "cmd"),
        *("sh", "bash", "py", "pl", "rb", "php", "reg", "lnk", "scf", "url", "inf", "sct"),
        *("chm", "msc", "iso", "img", "vhd", "vhdx", "one", "xll"),
    )
)
_MACRO = frozenset(
    (
        *("docm", "dotm", "xlsm", "xltm", "xlam", "xlsb", "pptm", "potm", "ppsm", "ppam"),
        *("sldm"),
    )
)
_DISGUISE = frozenset(
    (
        *("pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "txt", "jpg", "jpeg", "png"),
        *("gif", "csv", "rtf", "zip", "mp3", "mp4", "html", "htm"),
    )
)
# Content that a name with these extensions may have.
_EXPECTED = {
    "pdf": ("application/pdf",),
    "png": ("image/png",),
    "jpg": ("image/jpeg",),
    "jpeg": ("image/jpeg",),
    "gif": ("image/gif",),
    "docx": ("application/vnd.openxml", "application/zip", "application/x-ole"),
    "xlsx": ("application/vnd.openxml", "application/zip", "application/x-ole"),
    "txt": ("text/", "application/octet-stream", "message/", "application/json"),
    "csv": ("text/", "application/octet-stream", "application/vnd.ms-excel", "application/csv"),
}
_PROGRAM_TYPES = ("application/x-msdownload", "application/x-executable")
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_MACRO_STREAMS = (b"vbaProject.bin", b"V\0B\0A\0", b"_\0V\0B\0A\0_\0P\0R\0O\0J\0E\0C\0T")


@dataclass(frozen=True, slots=True)
class Suspect:
    """What a rule may look at. `written_name` is the name before it was made safe."""

    name: str
    written_name: str
    content_type: str
    data: bytes
    listing: Listing | None

    @property
    def extensions(self) -> list[str]:
        """Lower-case extensions, outermost last."""
        return [piece.strip().lower() for piece in self.name.split(".")[1:]]

    @property
    def extension(self) -> str:
        """The extension that counts, "" for none."""
        return self.extensions[-1] if self.extensions else ""


def _is_executable(file: Suspect) -> bool:
    return file.extension in _EXECUTABLE or file.content_type in _PROGRAM_TYPES


def _is_script(file: Suspect) -> bool:
    return file.extension in _SCRIPT or file.content_type == "text/x-script"


def _has_macros(file: Suspect) -> bool:
    if file.extension in _MACRO:
        return True
    office = file.content_type.startswith(
        ("application/vnd.", "application/ms", "application/x-ole")
    )
    return office and any(mark in file.data for mark in _MACRO_STREAMS)


def _contradicts_name(file: Suspect) -> bool:
    expected = _EXPECTED.get(file.extension)
    if expected is None or not file.data:
        return False
    if expected[0].startswith("image/") and file.content_type.startswith("image/"):
        return file.content_type == "image/svg+xml"
    return not file.content_type.startswith(expected)


def _is_double(file: Suspect) -> bool:
    pieces = file.extensions
    return len(pieces) >= 2 and pieces[-2] in _DISGUISE and pieces[-1] in _EXECUTABLE | _SCRIPT


def _holds_program(file: Suspect) -> bool:
    names = file.listing.names if file.listing else ()
    return any(name.rpartition(".")[2].lower() in _EXECUTABLE | _SCRIPT for name in names)


_RULES: tuple[tuple[str, Callable[[Suspect], bool]], ...] = (
    ("executable", _is_executable),
    ("script", _is_script),
    ("macro-document", _has_macros),
    ("type-mismatch", _contradicts_name),
    ("double-extension", _is_double),
    ("disguised-name", lambda file: bool(_DIRECTION.search(file.written_name))),
    ("html", lambda file: file.content_type == "text/html"),
    ("svg", lambda file: file.content_type == "image/svg+xml"),
    ("encrypted-archive", lambda file: bool(file.listing and file.listing.encrypted)),
    ("archive-bomb", lambda file: bool(file.listing and file.listing.bomb)),
    ("damaged-archive", lambda file: bool(file.listing and file.listing.broken)),
    ("executable-in-archive", _holds_program),
    (
        "test-signature",
        lambda file: is_test_file(file.data) or bool(file.listing and file.listing.test_file),
    ),
)


def find_risks(file: Suspect) -> tuple[str, ...]:
    """The labels that hold for `file`, in the order of the table."""
    return tuple(label for label, holds in _RULES if holds(file))
