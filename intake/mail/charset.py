"""Bytes to text: by what was declared where that holds, by what is there where it does not."""

from __future__ import annotations

import codecs
import re

from intake.mail.charset_names import find_codec
from intake.mail.detection import best_guess, detect, is_foreign, sample_of
from intake.mail.iso_2022 import decode_iso_2022

__all__ = ["decode", "find_codec", "wide_codec"]
_WIDE_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The codecs that take the mark off.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    *((mark, name[:6]) for mark, name in _WIDE_MARKS),
)
_JUDGED_BYTES = 65536
_LATIN = frozenset(("cp1252", "cp1250", "cp1254", "cp1257", "iso8859-1", "iso8859-2", "iso8859-15"))
_EAST_ASIAN = frozenset(("gb18030", "cp950", "big5hkscs", "cp932", "euc_jp", "cp949", "johab"))
_SINGLE_BYTE = _LATIN | {
    *("cp1251", "cp1253", "cp1255", "cp1256", "cp1258", "cp874", "koi8-r", "koi8-u", "mac-roman"),
    *("cp437", "cp850", "cp852", "cp866", *(f"iso8859-{number}" for number in range(3, 17))),
}
# Where the bytes 80 to 9F are text, the ISO charset was not meant (WHATWG Encoding, 4.2).
_WINDOWS = {
    **{"iso8859-2": "cp1250", "iso8859-7": "cp1253", "iso8859-8": "cp1255"},
    **{"iso8859-13": "cp1257", "iso8859-15": "cp1252"},
}
_C1 = re.compile(rb"[\x80-\x9f]")
# UTF-8 read as Windows-1252 and encoded again: a letter of a lead byte, then one of a trail byte.
_TWICE = re.compile(
    rb"\xc3[\x82-\xb4](?:\xc2[\x80-\xbf]|\xe2[\x80-\x84]|[\xc5\xc6\xcb][\x80-\xbf])"
)
_FEWEST_TWICE = 2
_MOST_ROUNDS = 3
# UTF-16 surrogates that were each written as UTF-8 (Unicode CESU-8).
_SURROGATES = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")
_NOT_ASCII = re.compile("[^\x00-\x7f]")
_WIDE = re.compile("[\u0800-\U0010ffff]")
_NOT_OF_NAMES = re.compile(r"[^!-~]+")
_CERTAIN = 0.8
# Characters of private use, and small letters before capitals: the sister charset was meant.
_DOUBTED = frozenset(("gb18030", "cp950", "cp932", "cp949", "cp1251", "koi8-r"))
_DOUBT = re.compile("[\ue000-\uf8ff]|[а-яё][А-ЯЁ]{3}")


def decode(data: bytes, declared: str | None, hint: str | None = None) -> tuple[str, str | None]:
    """The text in `data`, and a defect in plain words where `declared` did not hold.

    `hint` is a charset that the rest of the mail uses. Never raises; what no charset explains
    becomes U+FFFD.
    """
    if data.isascii() and b"\x1b" not in data and b"\0" not in data:
        name = find_codec(declared)
        if name in ("utf-7", "hz"):
            return _strict(data, name) or data.decode("ascii"), None
        if name not in _WIDE_CODECS or not _BELOW_BLANK.search(data):
            return data.decode("ascii"), None
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace"), None
    name = find_codec(declared)
    if (wide := _unmarked_wide_codec(data, name)) is not None:
        return data[: len(data) // 2 * 2].decode(wide, "replace"), None
    if name in _WIDE_CODECS:
        # "unicode" in the HTML of a mail that was sent in something else.
        name = None
    if b"\x1b" in data and data.isascii():
        return decode_iso_2022(data) or data.decode("ascii"), None
    text = _strict(data, "utf-8")
    if text is not None and _is_utf_8(text, name):
        differs = name not in (None, "utf-8")
        defect = f"Text said to be {_shown(declared)} is UTF-8." if differs else None
        return _once(data, text, defect)
    if name is not None and (text := _strict(data, name)) is not None:
        if name in _WINDOWS and _C1.search(data):
            return data.decode(_WINDOWS[name], "replace"), None
        if (name in _LATIN and is_foreign(data)) or (name in _DOUBTED and _DOUBT.search(text)):
            return _foreign(data, text, name, declared, hint)
        return text, None
    return _repaired(data, declared, name, hint)


def _shown(declared: str | None) -> str:
    """The name of a charset as a defect shows it."""
    return _NOT_OF_NAMES.sub(" ", declared or "")[:40]


def _is_utf_8(text: str, name: str | None) -> bool:
    """Whether valid UTF-8 is meant where `name` is declared.

    Text in a single-byte charset is as good as never valid UTF-8 by chance; in an East Asian one
    two wide characters and nothing else are not.
    """
    if name in _EAST_ASIAN:
        wide = len(_WIDE.findall(text))
        return wide > 1 and wide * 10 >= len(_NOT_ASCII.findall(text)) * 9
    return name is None or name == "utf-8" or name in _SINGLE_BYTE


def _once(data: bytes, text: str, defect: str | None) -> tuple[str, str | None]:
    """`text` as it was before it was encoded as UTF-8 again, where all of it was."""
    for _ in range(_MOST_ROUNDS):
        if len(_TWICE.findall(data, 0, _JUDGED_BYTES)) < _FEWEST_TWICE:
            break
        try:
            data = text.encode("cp1252", _C1_AS_BYTES)
            text = data.decode("utf-8")
        except UnicodeError:
            break
        defect = "Text was encoded twice."
    return text, defect


def wide_codec(data: bytes, declared: str | None) -> str | None:
    """The codec of UTF-16 or UTF-32 without its mark; None where `data` is anything else."""
    for mark, name in _WIDE_MARKS:
        if data.startswith(mark):
            return name
    if data.isascii() and b"\0" not in data and not _BELOW_BLANK.search(data):
        return None
    return _unmarked_wide_codec(data, find_codec(declared))


def _unmarked_wide_codec(data: bytes, name: str | None) -> str | None:
    """UTF-16 without a byte order mark; None where it is something else."""
    said = name in _WIDE_CODECS
    if len(data) < 2 or not (said or b"\0" in data):
        return None
    high, low = data[:_JUDGED_BYTES:2].count(0), data[1:_JUDGED_BYTES:2].count(0)
    half = min(len(data), _JUDGED_BYTES) / 2
    more, fewer = max(high, low), min(high, low)
    if not said and (more < max(half * _WIDE_SHARE, _FEWEST_ZEROS) or fewer * 8 > more):
        return None
    if said and (_BYTE_TEXT.match(data) or (not more and _is_byte_text(data))):
        return None
    # RFC 2781 4.3: without a mark it is big-endian; most programs that leave it out are not.
    little = name == "utf-16-le" or (name != "utf-16-be" and low >= high)
    if said and high + low > half / 4:
        little = low >= high
    return "utf-16-le" if little else "utf-16-be"


def _is_byte_text(data: bytes) -> bool:
    """Whether `data`, which has no zero byte, ends its lines in single bytes and is a text then.

    UTF-16 has a zero in every line end, blank, digit and Latin letter.
    """
    if not data.endswith(b"\n") or _BELOW_BLANK.search(data):
        return False
    return _strict(data, "utf-8") is not None or best_guess(sample_of(data))[1] >= _CERTAIN


_WIDE_CODECS = ("utf-16", "utf-16-le", "utf-16-be")
_BELOW_BLANK = re.compile(rb"[\x01-\x08\x0b\x0c\x0e-\x1f]")
# Words and blanks in single bytes, which UTF-16 never looks like.
_BYTE_TEXT = re.compile(rb"[^\x00-\x08\x0b\x0c\x0e-\x1f]*? ?<?[A-Za-z]{3,20}[ >\r\n]")
_WIDE_SHARE = 0.4
_FEWEST_ZEROS = 8


def _strict(data: bytes, name: str) -> str | None:
    try:
        text = data.decode(name)
        text.encode("utf-8")
    except (UnicodeError, LookupError, ValueError):
        return None
    return text


def _foreign(
    data: bytes, text: str, name: str, declared: str | None, hint: str | None
) -> tuple[str, str | None]:
    """Text whose words no language has: not one plain Latin letter, or capitals at their ends."""
    found, score = best_guess(sample_of(data), find_codec(hint))
    if found in _LATIN or found == name or score < _CERTAIN:
        return text, None
    return data.decode(found, "replace"), f"Text said to be {_shown(declared)} was read as {found}."


def _repaired(
    data: bytes, declared: str | None, name: str | None, hint: str | None
) -> tuple[str, str]:
    said = f"said to be {_shown(declared)}" if declared else "without a charset"
    if (whole := _joined(data)) is not None:
        return whole, f"Text {said} has characters cut in two."
    if name == "utf-8" and (whole := _without_cut_end(data)) is not None:
        return whole, f"Text {said} is cut off within a character."
    # Cut off or damaged in a few places, but what it says it is.
    if (mixed := _mixed(data)) is not None:
        return mixed, f"Text {said} is UTF-8 and Latin-1 mixed."
    if name is not None:
        text = data[:_JUDGED_BYTES].decode(name, "replace")
        broken = text.count("\ufffd")
        if broken * 50 <= len(text) and broken * 2 < len(_NOT_ASCII.findall(text)):
            return data.decode(name, "replace"), f"Text {said} is damaged in places."
    found = detect(data, find_codec(hint))
    if found is None:
        text = data.decode(name or "utf-8", "replace")
        return text, f"Text {said} could not be read completely."
    return data.decode(found, "replace"), f"Text {said} was read as {found}."


def _joined(data: bytes) -> str | None:
    """UTF-8 whose rarer characters were encoded as two surrogates each."""
    if not _SURROGATES.search(data):
        return None
    try:
        pairs = data.decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass")
    except UnicodeError:
        return None
    return pairs.decode("utf-16", "replace")


def _without_cut_end(data: bytes) -> str | None:
    """UTF-8 whose last character is incomplete, and nothing else."""
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data) + "\ufffd"
    except UnicodeError:
        return None


def _mixed(data: bytes) -> str | None:
    """UTF-8 with pieces of Latin-1 pasted in; None where it is something else."""
    text = data[:_JUDGED_BYTES].decode("utf-8", "replace")
    broken = text.count("\ufffd")
    read = len(_NOT_ASCII.findall(text)) - broken
    # A few bytes that happen to be UTF-8 in some other charset do not make a text UTF-8.
    if not read or broken > read * 4 or broken * 4 > len(text):
        return None
    if broken * 3 > read and best_guess(sample_of(data))[1] >= _CERTAIN:
        return None
    return data.decode("utf-8", _LATIN_1_PIECES)


def _latin_1_piece(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    piece = error.object[error.start : error.end]
    if error.end == len(error.object) and error.reason == "unexpected end of data":
        return "\ufffd", error.end
    return piece.decode("cp1252", "replace"), error.end


_LATIN_1_PIECES = "intake-latin-1-pieces"
codecs.register_error(_LATIN_1_PIECES, _latin_1_piece)


def _c1_byte(error: UnicodeError) -> tuple[bytes, int]:
    """Windows-1252 leaves five bytes open; programs pass them through as controls."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    character = error.object[error.start]
    if not "\x80" <= character <= "\x9f":
        raise error
    return character.encode("latin-1"), error.start + 1


_C1_AS_BYTES = "intake-c1-as-bytes"
codecs.register_error(_C1_AS_BYTES, _c1_byte)
