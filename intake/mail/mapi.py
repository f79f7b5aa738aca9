"""What MAPI properties mean, which winmail.dat (MS-OXTNEF) and .msg (MS-OXMSG) share."""

from __future__ import annotations

from dataclasses import dataclass

from intake.mail.charset import decode, find_codec

# Property ids (MS-OXPROPS).
SUBJECT = 0x0037
BODY, RTF_COMPRESSED, HTML = 0x1000, 0x1009, 0x1013
DISPLAY_NAME = 0x3001
ATTACH_DATA, ATTACH_METHOD = 0x3701, 0x3705
ATTACH_FILENAME, ATTACH_LONG_FILENAME = 0x3704, 0x3707
ATTACH_MIME_TAG, ATTACH_CONTENT_ID = 0x370E, 0x3712
MESSAGE_CODEPAGE, INTERNET_CODEPAGE = 0x3FFD, 0x3FDE
ATTACHMENT_HIDDEN = 0x7FFE
# Property types (MS-OXCDATA 2.11.1).
STRING_8, UNICODE, BINARY, OBJECT = 0x1E, 0x1F, 0x0102, 0x0D
SHORT, LONG, BOOLEAN = 0x02, 0x03, 0x0B

UNNAMED_TYPE = "application/octet-stream"

# Numbers of Windows code pages that are not those of Python's cp codecs.
_CODEPAGES = {
    936: "gb18030",
    1200: "utf-16-le",
    10000: "mac_roman",
    20127: "us-ascii",
    20866: "koi8-r",
    20932: "euc-jp",
    21866: "koi8-u",
    50220: "iso-2022-jp",
    50221: "iso-2022-jp",
    50222: "iso-2022-jp",
    50225: "iso-2022-kr",
    51932: "euc-jp",
    51936: "gb18030",
    51949: "euc-kr",
    52936: "hz",
    54936: "gb18030",
    65000: "utf-7",
    65001: "utf-8",
}
_FIRST_ISO_8859 = 28590


@dataclass(frozen=True, slots=True)
class Inner:
    """A file inside a container: its name as written, "" for none, and its bytes."""

    name: str
    data: bytes
    content_id: str | None = None
    declared_type: str = UNNAMED_TYPE
    hidden: bool = False


def charset_of(codepage: int | None) -> str | None:
    """The charset of a Windows code page; None for none and for what nobody knows."""
    if not codepage:
        return None
    name = _CODEPAGES.get(codepage, f"cp{codepage}")
    if _FIRST_ISO_8859 < codepage <= _FIRST_ISO_8859 + 16:
        name = f"iso-8859-{codepage - _FIRST_ISO_8859}"
    return name if find_codec(name) or name == "us-ascii" else None


def read_string(raw: bytes, kind: int, charset: str | None) -> str:
    """The text of a string property of type `kind`, what follows the first NUL left out."""
    if kind == UNICODE:
        return raw[: len(raw) // 2 * 2].decode("utf-16-le", "replace").partition("\0")[0]
    return decode(raw.partition(b"\0")[0], charset)[0]
