"""What a file is, by its first bytes; containers by what is in them."""

from __future__ import annotations

import filetype

from intake.mail.compound import MAGIC as OLE_MAGIC
from intake.mail.compound import Compound, DamagedCompound
from intake.mail.text_types import find_text_type

MAIL = "message/rfc822"
TNEF = "application/ms-tnef"
OUTLOOK = "application/vnd.ms-outlook"
OLE = "application/x-ole-storage"
UUENCODED = "text/x-uuencode"
SEALED = "application/pkcs7-mime"
# A password-protected Office document is a compound file around encrypted bytes (MS-OFFCRYPTO).
ENCRYPTED_OFFICE = "application/x-ole-encrypted"
ZIP = "application/zip"
_HEAD_BYTES = 4096
_TAIL_BYTES = 65536
# What filetype does not know, or takes for something else.
_SIGNATURES = (
    (b"\x78\x9f\x3e\x22", TNEF),
    (b"{\\rtf", "application/rtf"),
    (b"%PDF-", "application/pdf"),
    (b"MZ", "application/x-msdownload"),
    (b"\x7fELF", "application/x-executable"),
    (b"\xfe\xed\xfa\xce", "application/x-mach-binary"),
    (b"\xfe\xed\xfa\xcf", "application/x-mach-binary"),
    (b"\xce\xfa\xed\xfe", "application/x-mach-binary"),
    (b"\xcf\xfa\xed\xfe", "application/x-mach-binary"),
    (b"L\0\0\0\x01\x14\x02\0", "application/x-ms-shortcut"),
    (bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3"), "application/onenote"),
    (b"ITSF\x03\0\0\0", "application/vnd.ms-htmlhelp"),
    (b"vhdxfile", "application/x-vhdx"),
    (b"conectix", "application/x-vhd"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"\xd7\xcd\xc6\x9a", "image/wmf"),
    (b"OggS", "audio/ogg"),
    (b"SQLite format 3\0", "application/x-sqlite3"),
)
# An object id (RFC 2315 14) near the beginning of a DER sequence.
_PKCS7 = bytes.fromhex("2a864886f70d0107")
_PKCS7_SIGNED = 2
_MACHO_FAT = b"\xca\xfe\xba\xbe"
# The number of architectures of a Mach-O lies where Java has its version, which is 45 or more.
_FIRST_JAVA_VERSION = 45
_ISO = (slice(0x8001, 0x8006), b"CD001")
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_OLE_STREAMS = (
    ("EncryptedPackage", ENCRYPTED_OFFICE),
    ("__properties_version1.0", OUTLOOK),
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("VisioDocument", "application/vnd.visio"),
)
# MS-CFB 2.2: the class id of an installer package, in the root entry.
_INSTALLER = bytes.fromhex("84100c0000000000c000000000000046")
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_OPENXML = (
    (b"word/", _WORD, "application/vnd.ms-word.document.macroEnabled.12"),
    (b"xl/", _SHEET, "application/vnd.ms-excel.sheet.macroEnabled.12"),
    (b"ppt/", _SLIDES, "application/vnd.ms-powerpoint.presentation.macroEnabled.12"),
)
_ZIP_MEMBERS = (
    (b"AndroidManifest.xml", "application/vnd.android.package-archive"),
    (b"META-INF/MANIFEST.MF", "application/java-archive"),
    (b"AppxManifest.xml", "application/vnd.ms-appx"),
    (b"Index/Document.iwa", "application/vnd.apple.iwork"),
)
_NAMES_OF_FILETYPE = {
    "application/x-rar-compressed": "application/vnd.rar",
    "application/x-compress": "application/x-compress",
    "image/x-icon": "image/vnd.microsoft.icon",
    "audio/x-wav": "audio/wav",
}


def find_type(data: bytes, declared: str, name: str = "") -> str:
    """The media type of `data` by content, `declared` where the content does not tell.

    `name` decides between texts that look alike.
    """
    head = data[:_HEAD_BYTES]
    if head.startswith(OLE_MAGIC):
        return _ole_type(data)
    if head.startswith(b"PK\x03\x04"):
        return _zip_type(data, declared)
    text = find_text_type(head, declared, name)
    if text:
        return text
    found = next((kind for mark, kind in _SIGNATURES if head.startswith(mark)), None)
    if found is None and head.startswith(b"\x30") and _PKCS7 in head[:40]:
        found = _pkcs7_type(head, declared, name)
    if found is None and head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        found = "image/heic" if declared != "image/heif" else declared
    if found is None and head.startswith(_MACHO_FAT):
        java = int.from_bytes(head[4:8], "big") >= _FIRST_JAVA_VERSION
        found = "application/java-vm" if java else "application/x-mach-binary"
    if found is None and data[_ISO[0]] == _ISO[1]:
        found = "application/x-iso9660-image"
    if found is None:
        guess = filetype.guess_mime(head)
        found = _NAMES_OF_FILETYPE.get(guess, guess)
    return found or declared


def _ole_type(data: bytes) -> str:
    try:
        names = {entry.name for entry in Compound(data).entries}
    except DamagedCompound:
        return next((kind for name, kind in _OLE_STREAMS if name.encode("utf-16-le") in data), OLE)
    if _INSTALLER in data[:_TAIL_BYTES]:
        return "application/x-msi"
    return next((kind for name, kind in _OLE_STREAMS if name in names), OLE)


def _zip_type(data: bytes, declared: str) -> str:
    """OPC (ECMA-376 part 2), ODF and EPUB name themselves; for the rest their members speak."""
    if data[30:38] == b"mimetype":
        # ODF 1.2 part 3, 3.3: the first file, stored, is the media type; its length is stated.
        size = int.from_bytes(data[18:22], "little")
        stated = data[38 : 38 + min(size, 100)].decode("ascii", "replace").strip()
        return stated if "/" in stated and stated.isprintable() else ZIP
    tail = data[-_TAIL_BYTES:]
    if b"[Content_Types].xml" in data[:_HEAD_BYTES] or b"[Content_Types].xml" in tail:
        macros = has_vba(data)
        for mark, plain, with_macros in _OPENXML:
            if mark in tail:
                return with_macros if macros else plain
    found = next((kind for mark, kind in _ZIP_MEMBERS if mark in tail), None)
    return found or (declared if declared.endswith("+zip") else ZIP)


def has_vba(data: bytes) -> bool:
    """Whether an OOXML file has a VBA project, whatever its extension says."""
    return b"vbaProject.bin" in data


def _pkcs7_type(head: bytes, declared: str, name: str) -> str:
    if "pkcs7-signature" in declared:
        return "application/pkcs7-signature"
    at = head.find(_PKCS7) + len(_PKCS7)
    signed = head[at : at + 1] == bytes((_PKCS7_SIGNED,))
    if signed and name.lower().endswith(".p7s"):
        return "application/pkcs7-signature"
    return SEALED
