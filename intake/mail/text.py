"""The text of a mail as a person reads it, out of the parts that are shown as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from intake.mail.armour import take_off_armour
from intake.mail.body import Layout, Slot, lay_out
from intake.mail.budget import Budget
from intake.mail.charset import decode
from intake.mail.enriched import read_enriched, read_richtext
from intake.mail.html_text import render_text
from intake.mail.leaves import find_uuencoded, leaf_bytes, type_parameters
from intake.mail.part import Part
from intake.mail.rtf import read_rtf
from intake.mail.sealed import Unsealed, find_envelopes
from intake.mail.structure import find_parts
from intake.mail.transfer import restore_encoding
from intake.model.entities import unescape
from intake.settings.schema import Limits

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_:-]{2,40})", re.I)
_STUB = re.compile(
    r"html|browser|view (?:this|it|online)|plain.?text|text version|浏览器|瀏覽器|navigateur",
    re.I,
)
_LONGEST_STUB_CHARACTERS = 300
# Everything below a space but tab and line feed; databases and terminals choke on them.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HTML_BEGINS = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype\s+html|html|head|body)[\s>]", re.I
)
_MARKUP = re.compile(r"<[a-zA-Z!/?]")
# More than anybody reads; a whole library in one mail must not fill the memory many times over.
_LONGEST_TEXT_BYTES = 4_000_000
_LONGEST_COMPARED_CHARACTERS = 100_000
_DEEPEST_ENVELOPE = 3


@dataclass(slots=True)
class Text:
    """The readable body, the HTML as it came, and files that were written into the text."""

    text: str = ""
    html: str | None = None
    written_in: list[tuple[Part, int, str, bytes]] = field(default_factory=list)


def read_text(
    raw: bytes, layout: Layout, hint: str | None, defects: list[str], *, depth: int = 0
) -> Text:
    """The text of all slots, one below the other; where there is none, that of an envelope.

    An envelope is a winmail.dat or a signed S/MIME message; an encrypted one is told in `defects`.
    Raises BudgetExceeded where a mail inside an envelope does.
    """
    out = Text()
    reader = _Reader(raw, hint, defects, out)
    texts: list[str] = []
    htmls = []
    for slot in layout.slots:
        plain, shown = reader.read_slot(slot)
        if shown.strip():
            htmls.append(shown)
        text = _choose(plain, shown)
        # Some send the same twice, as text and as HTML, and do not say that it is.
        if not (texts and _same(text, texts[-1])):
            texts.append(text)
    out.text = "\n\n".join(text for text in texts if text.strip()).strip("\n")
    out.html = "\n".join(htmls) or None
    for envelope in find_envelopes(raw, layout.files, defects, only_said=bool(out.text.strip())):
        _open(envelope, out, defects, hint, depth)
        if out.text.strip():
            break
    return out


def _open(envelope: Unsealed, out: Text, defects: list[str], hint: str | None, depth: int) -> None:
    if envelope.mail is not None and depth < _DEEPEST_ENVELOPE:
        root = find_parts(envelope.mail, Budget(Limits()), defects)
        inside = read_text(envelope.mail, lay_out(root), hint, defects, depth=depth + 1)
        out.text, out.html = inside.text, inside.html
    elif envelope.html:
        out.text, out.html = render_text(envelope.html), envelope.html
    elif envelope.text:
        out.text = _tidy(envelope.text).strip("\n")


def _same(one: str, other: str) -> bool:
    return len(one) < _LONGEST_COMPARED_CHARACTERS and one.split() == other.split()


def _choose(plain: str, shown: str) -> str:
    if not shown or (plain.strip() and not _is_stub(plain, shown)):
        return plain
    rendered = render_text(shown)
    return rendered if rendered.strip() else plain


def _is_stub(plain: str, shown: str) -> bool:
    """A plain text that only says to look at the HTML."""
    text = plain.strip()
    return (
        len(text) < _LONGEST_STUB_CHARACTERS
        and len(shown) > 3 * len(text) + 500
        and bool(_STUB.search(text))
        and len(render_text(shown)) > 2 * len(text)
    )


class _Reader:
    """Reads the text parts of one mail."""

    def __init__(self, raw: bytes, hint: str | None, defects: list[str], out: Text) -> None:
        self._raw = raw
        self._hint = hint
        self._defects = defects
        self._out = out

    def read_slot(self, slot: Slot) -> tuple[str, str]:
        """The plain text and the HTML of `slot`, each "" where there is none."""
        plain = []
        shown = []
        for part in slot.plain:
            text = self._plain(part)
            if _is_html(text):
                shown += [] if slot.html else [text]
            else:
                plain.append(text)
        for part in slot.html:
            text = self._html(part)
            if _MARKUP.search(text) or not text.strip():
                shown.append(text)
            elif not any(map(str.strip, plain)):
                # Plain text under the wrong name: its line breaks are meant.
                plain.append(unescape(text))
        if not any(map(str.strip, (*plain, *shown))):
            plain += self._others(slot)
        return "\n".join(plain), "\n".join(shown)

    def _others(self, slot: Slot) -> Iterator[str]:
        for part in slot.other:
            text = self._plain(part)
            if part.media_type == "text/enriched":
                yield read_enriched(text)
            elif part.media_type == "text/richtext":
                yield read_richtext(text)
            elif part.media_type.endswith("-html"):
                yield render_text(text)
            elif part.media_type.endswith("/rtf"):
                yield read_rtf(self._bytes(part))[0]
            else:
                yield text

    def _plain(self, part: Part) -> str:
        data = self._bytes(part)
        if b"begin " in data:
            for number, (name, content, start, end) in enumerate(find_uuencoded(data), 1):
                self._out.written_in.append((part, number, name, content))
                data = data[:start] + b"\0" * (end - start) + data[end:]
        parameters = type_parameters(part)
        text = self._decoded(data, parameters.get("charset"), self._hint)
        if parameters.get("format", "").lower() == "flowed":
            text = unflow(text, delete_space=parameters.get("delsp", "").lower() == "yes")
        return take_off_armour(text, self._defects)

    def _html(self, part: Part) -> str:
        data = self._bytes(part)
        charset = type_parameters(part).get("charset")
        hint = self._hint
        if not data.isascii() and (found := _META_CHARSET.search(data[:4000])):
            hint = found[1].decode("ascii")
        return self._decoded(data, charset or hint, hint)

    def _bytes(self, part: Part) -> bytes:
        data = leaf_bytes(self._raw, part, self._defects)
        return restore_encoding(data, part.encoding, self._defects)

    def _decoded(self, data: bytes, charset: str | None, hint: str | None) -> str:
        if len(data) > _LONGEST_TEXT_BYTES:
            self._defects.append("The text is very long; its end is only in the original mail.")
            data = data[: data.rfind(b"\n", 0, _LONGEST_TEXT_BYTES) + 1 or _LONGEST_TEXT_BYTES]
        text, defect = decode(data, charset, hint)
        if defect:
            self._defects.append(defect)
        return _tidy(text)


def _tidy(text: str) -> str:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", text).removeprefix("\ufeff")


def _is_html(text: str) -> bool:
    """HTML that is said to be plain text."""
    return text.lstrip()[:1] == "<" and bool(_HTML_BEGINS.match(text)) and "</" in text


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
