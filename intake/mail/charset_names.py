"""The Python codec that a declared charset name means, whatever it says."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

# Declared names that mean more than they say (WHATWG Encoding, "names and labels"), or that
# Python does not know. A superset reads everything the declared one does.
_MEANT = {
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gb_1312-80": "gb18030",
    "gb_2312": "gb18030",
    "chinese": "gb18030",
    "gb-2312": "gb18030",
    "csgb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "ms936": "gb18030",
    "euc-cn": "gb18030",
    "x-euc-cn": "gb18030",
    "hz-gb-2312": "hz",
    "big5": "cp950",
    "big-5": "cp950",
    "x-x-big5": "cp950",
    "cn-big5": "cp950",
    "big5-hkscs": "big5hkscs",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "ms_kanji": "cp932",
    "windows-31j": "cp932",
    "iso-2022-jp-ms": "iso2022_jp",
    "cp50220": "iso2022_jp",
    "cp50221": "iso2022_jp",
    "cp50222": "iso2022_jp",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "ksc5601": "cp949",
    "ks_c_5601-1989": "cp949",
    "windows-949": "cp949",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
    "utf8mb4": "utf-8",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "koi8": "koi8-r",
    "cyrillic": "cp1251",
    "x-cp1251": "cp1251",
    "win-1251": "cp1251",
    "win1251": "cp1251",
    "cp-1251": "cp1251",
    "x-euc-jp": "euc_jp",
    "x-euc": "euc_jp",
    "x-windows-949": "cp949",
    "x-euc-kr": "cp949",
    "x-johab": "johab",
    "visual": "iso8859-8",
    "logical": "iso8859-8",
    "dos-862": "cp862",
    "dos-720": "cp720",
    "ibm437": "cp437",
    "dos-874": "cp874",
    "ansi": "cp1252",
    "western": "cp1252",
    "unicode": "utf-16",
    "ucs-2": "utf-16",
    "iso-10646-ucs-2": "utf-16",
    "unicodefffe": "utf-16-be",
    "unicode-2-0-utf-7": "utf-7",
    "x-unicode-2-0-utf-7": "utf-7",
    "csunicode11utf7": "utf-7",
    "unicode-2-0-utf-8": "utf-8",
    "x-unicode-2-0-utf-8": "utf-8",
    "cesu-8": "utf-8",
    "utf-8n": "utf-8",
    "utf_8": "utf-8",
}
# These say that nobody knows; and codecs of Python that are no character sets.
_SAYS_NOTHING = {
    *(
        "us-ascii",
        "ascii",
        "ansi_x3.4-1968",
        "ansi_x3.110-1983",
        "iso646-us",
        "us",
        "unknown-8bit",
        "x-unknown",
        "unknown",
        "binary",
    ),
    *("default", "none", "8bit", "7bit", "undefined", "idna", "punycode", "unicode_escape"),
    *("raw_unicode_escape", "mbcs", "oem", "charset", "iso-8859", "x-user-defined", ""),
}
_NAME = re.compile(r"[a-z0-9][a-z0-9_.:+-]*")
_KNOWN_NAME = re.compile(
    r"windows-125\d|iso-8859-\d{1,2}|utf-?8|gb-?2312|gbk|gb18030|big5|koi8-[ru]|shift_?jis"
    r"|euc-(?:jp|kr)|iso-2022-jp"
)


def find_codec(declared: str | None) -> str | None:
    """The Python codec for a declared charset name, None where the name says nothing."""
    return _codec(declared) if declared else None


@lru_cache(maxsize=256)
def _codec(declared: str) -> str | None:
    found = _NAME.search(declared.lower().strip().strip("\"'"))
    name = found[0] if found else ""
    if name in _SAYS_NOTHING:
        return None
    name = _MEANT.get(name, name)
    for guess in (name, re.sub(r"^(?:x-|cp-)", "cp", name), name.partition(":")[0]):
        try:
            info = codecs.lookup(guess)
            # EBCDIC has other letters, and never came this far: a mail has line ends in ASCII.
            is_mail = b"a" in "a".encode(guess)
        except (LookupError, UnicodeError, TypeError, ValueError):
            continue
        if is_mail and info.name not in _SAYS_NOTHING:
            return info.name
    # "iso-gb2312", "windows-1252http-equivcontent-type": a known name with something stuck to it.
    known = _KNOWN_NAME.search(name)
    return _codec(known[0]) if known and known[0] != name else None
