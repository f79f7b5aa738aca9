"""Which parts of a mail are its text and which are files, and what those files are called."""

from __future__ import annotations

from dataclasses import dataclass, field

from intake.mail.headers import read_value
from intake.mail.parameters import parse_parameters
from intake.mail.part import Part

_SHOWN = ("text/plain", "text/html")
# Other faces of the same text, which only some mail programs show.
_OTHER_FACES = ("text/enriched", "text/richtext", "text/x-amp-html", "text/watch-html")
# Text that a program without knowledge of its markup shows as it stands (RFC 2046 4.1.4).
_LIKE_PLAIN = (
    *("text/enriched", "text/richtext", "text/markdown", "text/x-markdown", "text/x-web-markdown"),
    *("text/unknown", "text/text", "text/ascii", "text/utf-8", "text/*", "text/rtf"),
)


@dataclass(slots=True)
class Slot:
    """One place in the mail where text is shown; `plain`, `html` and `other` say the same."""

    plain: list[Part] = field(default_factory=list)
    html: list[Part] = field(default_factory=list)
    other: list[Part] = field(default_factory=list)


@dataclass(slots=True)
class Layout:
    """What of a mail is text and what are files, each in order."""

    slots: list[Slot] = field(default_factory=list)
    files: list[Part] = field(default_factory=list)


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
    else:
        place = slot
        if place is None:
            place = Slot()
            layout.slots.append(place)
        kinds = {"text/html": place.html, "text/plain": place.plain}
        kinds.get(part.media_type, place.other).append(part)


def _is_text(part: Part, parent: Part | None, layout: Layout, slot: Slot | None) -> bool:
    """Whether a mail program shows this leaf as the text rather than as a file."""
    if part.media_type not in _SHOWN:
        alone = parent is None and part.media_type in _LIKE_PLAIN and not name_of(part)
        return alone or (slot is not None and part.media_type in _OTHER_FACES)
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


def description_of(part: Part, hint: str | None = None) -> str:
    """The Content-Description (RFC 2045 8), "" for none."""
    return read_value(part.raw_field("content-description") or b"", hint)
