"""Which parts are the text, which are files, and the text as a person reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from intake.mail.charset import decode
from intake.mail.headers import read_value
from intake.mail.html_text import render_text
from intake.mail.leaves import find_uuencoded, leaf_bytes
from intake.mail.parameters import parse_parameters
from intake.mail.part import Part

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_:-]{2,40})", re.I)
_SHOWN = ("text/plain", "text/html")
# Other faces of the same text, which only some mail programs show.
_OTHER_FACES = ("text/enriched", "text/x-amp-html", "text/watch-html", "text/richtext")
_STUB = re.compile(
    r"html|browser|view (?:this|it|online)|plain.?text|text version|浏览器|瀏覽器|navigateur",
    re.I,
)
_LONGEST_STUB_CHARACTERS = 300
# Everything below a space but tab and line feed; databases and terminals choke on them.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(slots=True)
class Slot:
    """One place in the mail where text is shown; `plain` and `html` say the same."""

    plain: list[Part] = field(default_factory=list)
    html: list[Part] = field(default_factory=list)


@dataclass(slots=True)
class Layout:
    """What of a mail is text and what are files, each in order."""

    slots: list[Slot] = field(default_factory=list)
    files: list[Part] = field(default_factory=list)


@dataclass(slots=True)
class Text:
    """The readable body, the HTML as it came, and files that were written into the text."""

    text: str = ""
    html: str | None = None
    written_in: list[tuple[Part, int, str, bytes]] = field(default_factory=list)


def lay_out(root: Part) -> Layout:
    """Text and files of the mail (or attached message) whose tree is `root`."""
    layout = Layout()
    _place(root, None, layout, None)
    return layout


def _place(part: Part, parent: Part | None, layout: Layout, slot: Slot | None) -> None:
    if part.media_type == "multipart/alternative":
        inner = Slot() if slot is None else slot
        if slot is None:
            layout.slots.append(inner)
        for child in part.children:
            _place(child, part, layout, inner)
    elif part.media_type.startswith("multipart/"):
        for child in part.children:
            # RFC 1740: the other half of an appledouble is a resource fork, no file.
            if child.media_type != "application/applefile":
                _place(child, part, layout, slot)
    elif not _is_text(part, parent, layout, slot):
        layout.files.append(part)
    elif part.media_type in _SHOWN:
        place = slot
        if place is None:
            place = Slot()
            layout.slots.append(place)
        (place.html if part.media_type == "text/html" else place.plain).append(part)


def _is_text(part: Part, parent: Part | None, layout: Layout, slot: Slot | None) -> bool:
    """Whether a mail program shows this leaf as the text rather than as a file."""
    if part.media_type not in _SHOWN:
        return slot is not None and part.media_type in _OTHER_FACES
    disposition = disposition_of(part)
    named = bool(name_of(part))
    if disposition == "attachment":
        # A mail that is one text and nothing else is that text, whatever it calls itself.
        return parent is None and not named
    if not named or slot is not None:
        return True
    is_first = not layout.slots and not layout.files
    return is_first and disposition != "inline"


def disposition_of(part: Part) -> str:
    """RFC 2183: "attachment", "inline", or "" where the part does not say."""
    raw = part.raw_field("content-disposition") or b""
    word = raw.partition(b";")[0].strip().strip(b"\"'").lower()
    return word.decode("ascii", "replace") if word in (b"attachment", b"inline") else ""


def name_of(part: Part, hint: str | None = None) -> str:
    """The file name a part was given, as written; "" for none."""
    for field_name, parameter, other in (
        ("content-disposition", "filename", "name"),
        ("content-type", "name", "filename"),
    ):
        raw = part.raw_field(field_name)
        if raw is not None and b"=" in raw:
            parameters = parse_parameters(b";" + raw.partition(b";")[2], hint)
            name = parameters.get(parameter) or parameters.get(other)
            if name:
                return name
    return ""


def read_text(raw: bytes, layout: Layout, hint: str | None, defects: list[str]) -> Text:
    """The text of all slots, one below the other."""
    out = Text()
    texts = []
    htmls = []
    for slot in layout.slots:
        plain = "\n".join(_read_plain(raw, part, hint, out, defects) for part in slot.plain)
        html = "\n".join(_read_html(raw, part, hint, defects) for part in slot.html)
        if html.strip():
            htmls.append(html)
        texts.append(_choose(plain, html))
    out.text = "\n\n".join(text for text in texts if text.strip()).strip("\n")
    out.html = "\n".join(htmls) or None
    return out


def _choose(plain: str, html: str) -> str:
    if not html or (plain.strip() and not _is_stub(plain, html)):
        return plain
    rendered = render_text(html)
    return rendered if rendered.strip() else plain


def _is_stub(plain: str, html: str) -> bool:
    """A plain text that only says to look at the HTML."""
    text = plain.strip()
    return (
        len(text) < _LONGEST_STUB_CHARACTERS
        and len(html) > 3 * len(text) + 500
        and bool(_STUB.search(text))
        and len(render_text(html)) > 2 * len(text)
    )


def _read_plain(raw: bytes, part: Part, hint: str | None, out: Text, defects: list[str]) -> str:
    data = leaf_bytes(raw, part, defects)
    if b"begin " in data:
        for number, (name, content, start, end) in enumerate(find_uuencoded(data), 1):
            out.written_in.append((part, number, name, content))
            data = data[:start] + b"\0" * (end - start) + data[end:]
    parameters = _parameters(part)
    text = _decoded(data, parameters.get("charset"), hint, defects)
    if parameters.get("format", "").lower() == "flowed":
        return unflow(text, delete_space=parameters.get("delsp", "").lower() == "yes")
    return text


def _read_html(raw: bytes, part: Part, hint: str | None, defects: list[str]) -> str:
    data = leaf_bytes(raw, part, defects)
    charset = _parameters(part).get("charset")
    if charset is None and not data.isascii():
        found = _META_CHARSET.search(data[:4000])
        charset = found[1].decode("ascii") if found else None
    return _decoded(data, charset, hint, defects)


def _parameters(part: Part) -> dict[str, str]:
    return parse_parameters(b";" + (part.raw_field("content-type") or b"").partition(b";")[2])


def _decoded(data: bytes, charset: str | None, hint: str | None, defects: list[str]) -> str:
    text, defect = decode(data, charset, hint)
    if defect:
        defects.append(defect)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", text)


def unflow(text: str, *, delete_space: bool) -> str:
    """RFC 3676 4.1: lines that end in a space go on in the next one of the same quote depth."""
    out: list[list[str]] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        # RFC 3676 4.4: one space was stuffed before what would be misread.
        content = content.removeprefix(" ")
        flows = content.endswith(" ") and content != "-- "
        if flows and delete_space:
            content = content[:-1]
        if open_depth == depth and content != "-- ":
            out[-1].append(content)
        else:
            out.append([f"{'>' * depth} {content}" if depth else content])
        open_depth = depth if flows else None
    return "\n".join("".join(pieces) for pieces in out)


def description_of(part: Part, hint: str | None = None) -> str:
    """The Content-Description (RFC 2045 8), "" for none."""
    return read_value(part.raw_field("content-description") or b"", hint)
