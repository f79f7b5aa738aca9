"""Labels for what could harm the person who opens a file. A label is a fact, not a verdict."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from intake.mail.archive_listing import Listing
from intake.mail.content_types import ENCRYPTED_OFFICE, OLE, OUTLOOK, has_vba
from intake.mail.eicar import is_test_file
from intake.mail.office_locks import is_locked
from intake.mail.risk_types import contradicts

_EXECUTABLE = frozenset(
    (
        *("exe", "com", "scr", "pif", "cpl", "msi", "msp", "msix", "appx", "dll", "sys"),
        *("drv", "jar", "apk", "ipa", "app", "deb", "rpm", "pkg", "gadget", "xll", "ocx"),
        *("application", "appimage", "elf", "xpi", "crx"),
    )
)
_SCRIPT = frozenset(
    (
        *("js", "jse", "vbs", "vbe", "vb", "wsf", "wsh", "hta", "ps1", "psm1", "bat", "cmd"),
        *("sh", "bash", "py", "pl", "rb", "php", "reg", "inf", "sct", "chm", "msc", "ws"),
        *("applescript", "command", "scpt", "ahk", "iqy", "slk", "diagcab", "jnlp", "appref-ms"),
        *("settingcontent-ms", "xbap"),
    )
)
_SHORTCUT = frozenset(
    ("lnk", "url", "scf", "website", "webloc", "desktop", "search-ms", "library-ms")
)
_DISK_IMAGE = frozenset(("iso", "img", "vhd", "vhdx", "dmg", "udf", "vmdk"))
_NOTEBOOK = frozenset(("one", "onepkg", "onetoc2"))
_MACRO = frozenset(
    (
        *("docm", "dotm", "xlsm", "xltm", "xlam", "pptm", "potm", "ppsm", "ppam", "sldm"),
        *("xla", "wll", "ppa"),
    )
)
_DISGUISE = frozenset(
    (
        *("pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "txt", "jpg", "jpeg", "png"),
        *("gif", "csv", "rtf", "zip", "mp3", "mp4", "html", "htm", "eml", "msg", "odt", "mov"),
    )
)
_DANGEROUS = _EXECUTABLE | _SCRIPT | _SHORTCUT | _DISK_IMAGE | _NOTEBOOK
_PROGRAM_TYPES = (
    *("application/x-msdownload", "application/x-executable", "application/x-mach-binary"),
    *("application/x-msi", "application/vnd.ms-appx", "application/x-deb", "application/x-rpm"),
    *("application/java-archive", "application/vnd.android.package-archive", "application/wasm"),
)
_SCRIPT_TYPES = (
    *("text/x-shellscript", "application/hta", "application/vnd.ms-htmlhelp", "text/vbscript"),
    *("text/x-powershell", "text/javascript", "text/x-msdos-batch"),
)
# Name endings that are words or places as well: only bytes of a program make these programs.
_WORDS_TOO = frozenset(("com", "app", "application", "pkg", "sys", "command", "desktop", "inf"))
_DISK_TYPES = ("application/x-iso9660-image", "application/x-vhd", "application/x-vhdx")
_ODF = "application/vnd.oasis.opendocument."
_ODF_MACRO = re.compile(r"(?:Basic|Scripts)/.+\.(?:xml|py|js|bsh)$")
_PAGE = ("text/html", "application/xhtml+xml")
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_VBA_STREAM = "_VBA_PROJECT".encode("utf-16-le")
# Keys of ISO 32000-1 12.6 and 7.11. One pattern from "/" on is the fastest way through megabytes.
_PDF_KEY = re.compile(rb"/(?:(JavaScript|JS ?\(|Launch\b)|EmbeddedFile)")
# Where a PDF has its catalog and its last changes; its streams are packed and say nothing.
_PDF_LOOKED_AT_BYTES = 250_000


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
    if file.content_type in _PROGRAM_TYPES:
        return True
    return file.extension in _EXECUTABLE - _WORDS_TOO


def _is_script(file: Suspect) -> bool:
    return file.content_type in _SCRIPT_TYPES or file.extension in _SCRIPT - _WORDS_TOO


def _is_shortcut(file: Suspect) -> bool:
    types = ("application/x-ms-shortcut", "application/x-url")
    return file.content_type in types or file.extension in _SHORTCUT - _WORDS_TOO


def _is_disk_image(file: Suspect) -> bool:
    return file.content_type in _DISK_TYPES or file.extension in _DISK_IMAGE


def _is_notebook(file: Suspect) -> bool:
    return file.content_type == "application/onenote" or file.extension in _NOTEBOOK


def _has_macros(file: Suspect) -> bool:
    if file.extension in _MACRO or "macroEnabled" in file.content_type:
        return True
    if file.content_type.startswith(_ODF):
        # ODF 1.2 part 3, 3.2 leaves room for them; this is where office suites keep theirs.
        return file.listing is not None and any(map(_ODF_MACRO.match, file.listing.names))
    if file.data.startswith(b"PK"):
        return file.listing is not None and "openxml" in file.content_type and has_vba(file.data)
    office = file.content_type.startswith(("application/vnd.ms-", "application/msword", OLE))
    return office and file.content_type != OUTLOOK and _VBA_STREAM in file.data


def _contradicts_name(file: Suspect) -> bool:
    return bool(file.data) and contradicts(file.extension, file.content_type)


def _is_double(file: Suspect) -> bool:
    pieces = file.extensions
    return len(pieces) >= 2 and pieces[-2] in _DISGUISE and pieces[-1] in _DANGEROUS


def _holds_program(file: Suspect) -> bool:
    names = file.listing.names if file.listing else ()
    endings = (name.rpartition(".")[2].lower() for name in names if "." in name)
    return any(ending in _DANGEROUS - _WORDS_TOO for ending in endings)


def _is_active_pdf(file: Suspect) -> bool:
    return any(active for active in _pdf_keys(file))


def _holds_files_as_pdf(file: Suspect) -> bool:
    return not all(active for active in _pdf_keys(file))


def _pdf_keys(file: Suspect) -> Iterator[bytes | None]:
    """For each key near the ends of a PDF: the one that runs something, or None."""
    if file.content_type != "application/pdf":
        return
    tail = max(_PDF_LOOKED_AT_BYTES, len(file.data) - _PDF_LOOKED_AT_BYTES)
    for start, end in ((0, _PDF_LOOKED_AT_BYTES), (tail, len(file.data))):
        for found in _PDF_KEY.finditer(file.data, start, end):
            yield found[1]


def _is_locked(file: Suspect) -> bool:
    return file.content_type == ENCRYPTED_OFFICE or is_locked(file.data, file.content_type)


def _is_page(file: Suspect) -> bool:
    return file.content_type in _PAGE or file.extension in ("mht", "mhtml", "shtml", "xhtml")


def _is_test(file: Suspect) -> bool:
    return is_test_file(file.data) or bool(file.listing and file.listing.test_file)


_RULES: tuple[tuple[str, Callable[[Suspect], bool]], ...] = (
    ("executable", _is_executable),
    ("script", _is_script),
    ("shortcut", _is_shortcut),
    ("disk-image", _is_disk_image),
    ("onenote", _is_notebook),
    ("macro-document", _has_macros),
    ("encrypted-document", _is_locked),
    ("active-pdf", _is_active_pdf),
    ("files-in-pdf", _holds_files_as_pdf),
    ("type-mismatch", _contradicts_name),
    ("double-extension", _is_double),
    ("disguised-name", lambda file: bool(_DIRECTION.search(file.written_name))),
    ("html", _is_page),
    ("svg", lambda file: file.content_type == "image/svg+xml"),
    ("encrypted-archive", lambda file: bool(file.listing and file.listing.encrypted)),
    ("archive-bomb", lambda file: bool(file.listing and file.listing.bomb)),
    ("damaged-archive", lambda file: bool(file.listing and file.listing.broken)),
    ("executable-in-archive", _holds_program),
    ("test-signature", _is_test),
)


def find_risks(file: Suspect) -> tuple[str, ...]:
    """The labels that hold for `file`, in the order of the table."""
    return tuple(label for label, holds in _RULES if holds(file))
