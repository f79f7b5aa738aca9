"""RTF to text, and back to the HTML that Outlook wrapped into it (MS-OXRTFEX)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from intake.mail.charset import find_codec

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])"
    rb"|([^\\{}\r\n]+)|[\r\n]+|\\"
)
_DEEPEST_GROUP = 500
_MOST_TOKENS = 400_000
# Groups that hold no text of the document.
_ASIDE = frozenset(
    (
        *("fonttbl", "colortbl", "stylesheet", "listtable", "listoverridetable", "rsidtbl"),
        *("generator", "info", "pict", "object", "header", "headerl", "headerr", "headerf"),
        *("footer", "footerl", "footerr", "footerf", "footnote", "annotation", "fldinst"),
        *("themedata", "colorschememapping", "datastore", "latentstyles", "xmlnstbl", "mmathpr"),
        *("filetbl", "revtbl"),
    )
)
_BREAKS = {"par": "\n", "line": "\n", "sect": "\n", "page": "\n", "row": "\n", "cell": "\t"}
_SIGNS = {
    **{"tab": "\t", "emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’"},
    **{"ldblquote": "“", "rdblquote": "”", "emspace": " ", "enspace": " ", "zwj": "", "zwnj": ""},
}
_SYMBOLS = {b"~": "\xa0", b"_": "-", b"-": "", b":": "", b"*": ""}
# The charset numbers of Windows fonts.
_FONT_CHARSETS = {
    **{0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950"},
    **{161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257"},
    **{204: "cp1251", 222: "cp874", 238: "cp1250"},
}


@dataclass(slots=True)
class _Group:
    aside: bool = False
    fonts: bool = False
    tag: bool = False
    hidden: bool = False
    codec: str = "cp1252"
    replaced: int = 1


@dataclass(slots=True)
class _Document:
    group: _Group = field(default_factory=_Group)
    stack: list[_Group] = field(default_factory=list)
    too_deep: int = 0
    out: list[str] = field(default_factory=list)
    pending: bytearray = field(default_factory=bytearray)
    fonts: dict[int, str] = field(default_factory=dict)
    font: int = 0
    default_font: int = 0
    from_html: bool = False
    starred: bool = False
    to_skip: int = 0


def read_rtf(data: bytes) -> tuple[str, bool]:
    """The text of an RTF document, and whether it is HTML. Raises nothing; linear in time."""
    document = _Document()
    at = 0
    for _ in range(_MOST_TOKENS):
        found = _TOKEN.match(data, at)
        if found is None:
            break
        at = found.end()
        word, number, code, symbol, brace, text = found.groups()
        if word is not None:
            value = int(number) if number else None
            if word == b"bin":
                at += max(0, value or 0)
            else:
                _control(document, word.decode("ascii"), value)
        elif brace is not None:
            _brace(document, brace)
        elif code is not None:
            _append(document, bytes((int(code, 16),)))
        elif text is not None:
            _append(document, text)
        elif symbol is not None:
            _symbol(document, symbol)
    _flush(document)
    text_read = "".join(document.out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text_read, document.from_html


def _brace(document: _Document, brace: bytes) -> None:
    _flush(document)
    document.to_skip = 0
    document.starred = False
    if brace == b"{":
        if len(document.stack) >= _DEEPEST_GROUP:
            document.too_deep += 1
            return
        document.stack.append(document.group)
        document.group = replace(document.group)
    elif document.too_deep:
        document.too_deep -= 1
    elif document.stack:
        document.group = document.stack.pop()


def _control(document: _Document, word: str, value: int | None) -> None:
    group = document.group
    if word == "u" and value is not None:
        _flush(document)
        _write(document, chr(value % 65536))
        document.to_skip = group.replaced
        return
    _flush(document)
    if document.starred:
        document.starred = False
        group.tag = word == "htmltag"
        group.aside = group.aside or not group.tag
    elif word in _ASIDE:
        group.aside = True
        group.fonts = word == "fonttbl"
    elif word in _BREAKS or word in _SIGNS:
        _write(document, _BREAKS.get(word) or _SIGNS[word])
    else:
        _set(document, word, value)


def _set(document: _Document, word: str, value: int | None) -> None:
    group = document.group
    match word:
        case "fromhtml":
            document.from_html = value != 0
        case "htmlrtf" | "v":
            # What is only there for readers of RTF (MS-OXRTFEX 2.1.3.1.3), and hidden text.
            if word == "htmlrtf" or not document.from_html:
                group.hidden = value != 0
        case "ansicpg":
            group.codec = find_codec(f"cp{value}") or group.codec
        case "uc":
            group.replaced = min(max(value or 0, 0), 10)
        case "deff":
            document.default_font = value or 0
        case "plain":
            group.codec = document.fonts.get(document.default_font, group.codec)
        case "f":
            document.font = value or 0
            group.codec = document.fonts.get(document.font, group.codec)
        case "fcharset" if group.fonts and value in _FONT_CHARSETS:
            document.fonts[document.font] = _FONT_CHARSETS[value]


def _symbol(document: _Document, symbol: bytes) -> None:
    if symbol == b"*":
        _flush(document)
        document.starred = True
    elif symbol in (b"\n", b"\r"):
        _flush(document)
        _write(document, "\n")
    elif symbol in b"\\{}":
        _append(document, symbol)
    else:
        _flush(document)
        _write(document, _SYMBOLS.get(symbol, ""))


def _append(document: _Document, data: bytes) -> None:
    if document.to_skip:
        skipped = min(document.to_skip, len(data))
        document.to_skip -= skipped
        data = data[skipped:]
    document.starred = False
    document.pending += data


def _flush(document: _Document) -> None:
    if document.pending:
        _write(document, document.pending.decode(document.group.codec, "replace"))
        document.pending.clear()


def _write(document: _Document, text: str) -> None:
    group = document.group
    if not (group.aside or group.hidden):
        document.out.append(text)
