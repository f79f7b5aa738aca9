"""Bytes to text: by what was declared where that holds, by what is there where it does not."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from charset_normalizer import from_bytes

# Declared names that mean more than they say (WHATWG Encoding, "names and labels"), or that
# Python does not know. A superset reads everything the declared one does.
_MEANT = {
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gb_2312": "gb18030",
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
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-2022-jp-ms": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext",
    "cp50221": "iso2022_jp_ext",
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
}
# These say that nobody knows; and codecs of Python that are no character sets.
_SAYS_NOTHING = {
    *("us-ascii", "ascii", "ansi_x3.4-1968", "unknown-8bit", "x-unknown", "unknown", "binary"),
    *("default", "none", "8bit", "7bit", "undefined", "idna", "punycode", "unicode_escape"),
    *("raw_unicode_escape", "mbcs", "oem", "charset", "iso-8859", "x-user-defined", ""),
}
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# RFC 1468, RFC 1557: bytes that only these charsets contain.
_ISO_2022 = ((b"\x1b$)C", "iso2022_kr"), (b"\x1b$", "iso2022_jp_ext"), (b"\x1b(J", "iso2022_jp"))
_DETECTED_BYTES = 8192
_JUDGED_BYTES = 65536
_NAME = re.compile(r"[a-z0-9][a-z0-9_.:+-]*")
_ODD = re.compile("[\x00-\x08\x0e-\x1f\x80-\x9f\ufffd\ue000-\uf8ff]")
_CJK = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff00-\uff65\u3000-\u303f]")
_KNOWN_NAME = re.compile(
    r"windows-125\d|iso-8859-\d{1,2}|utf-?8|gb-?2312|gbk|gb18030|big5|koi8-[ru]|shift_?jis"
    r"|euc-(?:jp|kr)|iso-2022-jp"
)
_EUROPEAN = ("cp1252", "cp1251", "koi8-r", "cp1250", "cp1253", "cp1254", "cp1255", "cp1256")
# Where several fit, the first is meant.
_EAST_ASIAN = ("cp949", "euc_jp", "cp932", "gb18030", "cp950")
_EVERYDAY_HANGUL = frozenset(
    "이다니는가을를에의하고지기사어로도시자한해은들리라나인요습아세정대수과서그스주부전제안있보일여게면"
)
# Lead bytes of punctuation and of the few thousand characters that ordinary text is made of.
_COMMON_LEADS = {
    "gb18030": frozenset((*range(0xA1, 0xA4), *range(0xB0, 0xD8))),
    "cp950": frozenset(range(0xA1, 0xC7)),
    "cp949": frozenset((*range(0xA1, 0xA4), *range(0xB0, 0xC9))),
}


def decode(data: bytes, declared: str | None, hint: str | None = None) -> tuple[str, str | None]:
    """The text in `data`, and a defect in plain words where `declared` did not hold.

    `hint` is a charset that the rest of the mail uses. Never raises; what no charset explains
    becomes U+FFFD.
    """
    if data.isascii() and b"\x1b" not in data:
        name = find_codec(declared)
        if name in ("utf-7", "hz", "utf-16", "utf-16-le", "utf-16-be"):
            return _decode_ascii_form(data, name), None
        return data.decode("ascii"), None
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace"), None
    name = find_codec(declared)
    text = _strict(data, "utf-8")
    if text is not None and (name is None or name in _SINGLE_BYTE or name == "utf-8"):
        if b"\x1b" in data and data.isascii():
            return _decode_iso_2022(data), None
        # Text in a single-byte charset is as good as never valid UTF-8 by chance.
        differs = name not in (None, "utf-8")
        return text, f"Text said to be {declared} is UTF-8." if differs else None
    if name is not None and (text := _strict(data, name)) is not None:
        return text, None
    return _repaired(data, declared, name, hint)


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
            "a".encode(guess)
        except (LookupError, UnicodeError, TypeError, ValueError):
            continue
        if info.name not in _SAYS_NOTHING:
            return info.name
    # "iso-gb2312", "windows-1252http-equivcontent-type": a known name with something stuck to it.
    known = _KNOWN_NAME.search(name)
    return _codec(known[0]) if known and known[0] != name else None


_SINGLE_BYTE = frozenset(
    codecs.lookup(name).name
    for name in (*_EUROPEAN, *(f"iso8859-{n}" for n in range(1, 17) if n != 12), "mac_roman")
)


def _strict(data: bytes, name: str) -> str | None:
    try:
        text = data.decode(name)
        text.encode("utf-8")
    except (UnicodeError, LookupError, ValueError):
        return None
    return text


def _decode_ascii_form(data: bytes, name: str) -> str:
    """Charsets whose bytes are all ASCII; ASCII said to be UTF-16 is ASCII."""
    if name.startswith("utf-16") and b"\0" not in data:
        return data.decode("ascii")
    text = _strict(data, name)
    return data.decode("ascii") if text is None else text


def _decode_iso_2022(data: bytes) -> str:
    for mark, name in _ISO_2022:
        if mark in data and (text := _strict(data, name)) is not None:
            return text
    return data.decode("iso2022_jp_ext", "replace") if b"\x1b$" in data else data.decode("ascii")


def _repaired(
    data: bytes, declared: str | None, name: str | None, hint: str | None
) -> tuple[str, str]:
    said = f"said to be {declared}" if declared else "without a charset"
    # Cut off or damaged in a few places, but what it says it is.
    if (mixed := _mixed(data)) is not None:
        return mixed, f"Text {said} is UTF-8 and Latin-1 mixed."
    if name is not None:
        text = data[:_JUDGED_BYTES].decode(name, "replace")
        broken = text.count("\ufffd")
        if broken * 50 <= len(text) and broken * 2 < len(_NOT_ASCII.findall(text)):
            return data.decode(name, "replace"), f"Text {said} is damaged in places."
    found = detect(data, hint)
    if found is None:
        text = data.decode(name or "utf-8", "replace")
        return text, f"Text {said} could not be read completely."
    return data.decode(found, "replace"), f"Text {said} was read as {found}."


def _mixed(data: bytes) -> str | None:
    """UTF-8 with pieces of Latin-1 pasted in; None where it is something else."""
    text = data[:_JUDGED_BYTES].decode("utf-8", "replace")
    broken = text.count("\ufffd")
    read = len(_NOT_ASCII.findall(text)) - broken
    # A few bytes that happen to be UTF-8 in some other charset do not make a text UTF-8.
    if read < 2 or broken > read * 4 or broken * 4 > len(text):
        return None
    return data.decode("utf-8", _LATIN_1_PIECES)


def _latin_1_piece(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    piece = error.object[error.start : error.end]
    return piece.decode("cp1252", "replace"), error.end


_LATIN_1_PIECES = "intake-latin-1-pieces"
codecs.register_error(_LATIN_1_PIECES, _latin_1_piece)
_NOT_ASCII = re.compile("[^\x00-\x7f]")


def detect(data: bytes, hint: str | None = None) -> str | None:
    """The likeliest charset of `data`, None where none fits. `hint` wins where it fits."""
    sample = data[:_DETECTED_BYTES]
    if _strict(sample[: len(sample) - len(sample) % 4 or None], "utf-8") is not None:
        return "utf-8"
    known = find_codec(hint)
    scored = [(score, name) for name in _EAST_ASIAN if (score := _east_asian(sample, name)) > 0.9]
    if known in _SINGLE_BYTE and scored:
        known = None
    if known and known != "utf-8" and (text := _tolerant(sample, known)) and not _ODD.search(text):
        return known
    best = from_bytes(sample, cp_isolation=[*_EAST_ASIAN, *_EUROPEAN], threshold=0.4).best()
    if scored and (best is None or best.encoding not in _EUROPEAN[1:3]):
        return max(scored, key=lambda pair: pair[0])[1]
    if best is not None:
        return str(best.encoding)
    return "cp1252" if _tolerant(sample, "cp1252") is not None else None


def _tolerant(sample: bytes, name: str) -> str | None:
    """`sample` in `name`, which may be cut in the middle of its last character."""
    for cut in range(4):
        text = _strict(sample[: len(sample) - cut], name)
        if text is not None:
            return text
    return None


def _east_asian(sample: bytes, name: str) -> float:
    """How much of what is not ASCII reads as everyday characters of East Asia."""
    text = _tolerant(sample, name)
    if not text:
        return 0.0
    foreign = [character for character in text if character > "\x7f"]
    if len(foreign) < 2:
        return 0.0
    share = sum(1 for character in foreign if _is_common(character, name)) / len(foreign)
    if name == "cp949":
        everyday = sum(1 for character in foreign if character in _EVERYDAY_HANGUL)
        share *= 1.0 if everyday * 5 >= len(foreign) else 0.5
    if name in ("cp932", "euc_jp"):
        kana = sum(1 for character in foreign if "\u3040" <= character <= "\u30ff")
        share *= 1.0 if kana * 8 >= len(foreign) else 0.5
    return share


def _is_common(character: str, name: str) -> bool:
    """Whether ordinary text in charset `name` has this character."""
    if not _CJK.match(character):
        return False
    lead_bytes = _COMMON_LEADS.get(name)
    if lead_bytes is None:
        return True
    raw = character.encode(name)
    return len(raw) == 2 and raw[0] in lead_bytes and (name == "cp950" or raw[1] >= 0xA1)
