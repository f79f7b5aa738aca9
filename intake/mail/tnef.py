"""winmail.dat (MS-OXTNEF): Outlook's mail within a mail, read without believing its lengths."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from intake.mail import mapi
from intake.mail.charset import decode
from intake.mail.mapi import Inner, charset_of, read_string
from intake.mail.rtf_compressed import decompress_rtf

MAGIC = b"\x78\x9f\x3e\x22"
_HEADER_BYTES = 6
_LEVELS = (1, 2)
# Attribute ids (MS-OXTNEF 2.1.3.2), without their types.
_SUBJECT, _BODY, _ATTACH_DATA, _ATTACH_TITLE = 0x8004, 0x800C, 0x800F, 0x8010
_TRANSPORT_NAME, _ATTACH_START, _PROPERTIES = 0x9001, 0x9002, 0x9003
_ATTACHMENT, _CODEPAGE = 0x9005, 0x9007
_MULTIPLE = 0x1000
_FIRST_NAMED = 0x8000
_VARIABLE = (mapi.STRING_8, mapi.UNICODE, mapi.OBJECT, mapi.BINARY)
_FIXED_BYTES = {
    **dict.fromkeys((0x02, 0x0B), 2),
    **dict.fromkeys((0x03, 0x04, 0x0A), 4),
    **dict.fromkeys((0x05, 0x06, 0x07, 0x14, 0x40), 8),
    0x48: 16,
    0x01: 0,
}
_MESSAGE_OBJECT = bytes.fromhex("0703020000000000c000000000000046")
_MOST_ATTRIBUTES = 20_000
# Of all blocks of properties together, and values of one of them.
_MOST_PROPERTIES = 20_000
_MOST_VALUES = 64

Properties = dict[int, tuple[int, bytes]]


@dataclass(slots=True)
class TnefFile:
    """A file as it is being read."""

    names: dict[int, str] = field(default_factory=dict)
    data: bytes = b""
    properties: Properties = field(default_factory=dict)


@dataclass(slots=True)
class Tnef:
    """A winmail.dat. `rtf` is decompressed; `html` is in `html_charset` (None: not stated)."""

    subject: str = ""
    text: str = ""
    html: bytes = b""
    html_charset: str | None = None
    rtf: bytes = b""
    files: list[Inner] = field(default_factory=list)
    damaged: bool = False


def read_tnef(data: bytes) -> Tnef:
    """What is in a winmail.dat, as far as it can be read; raises nothing."""
    return _Reader().run(data)


class _Reader:
    def __init__(self) -> None:
        self._out = Tnef()
        self._charset: str | None = None
        self._files: list[TnefFile] = []
        self._texts: dict[int, bytes] = {}
        self._properties_left = _MOST_PROPERTIES

    def run(self, data: bytes) -> Tnef:
        self._read_text(self._walk(data))
        self._out.files = [file for each in self._files if (file := self._file(each))]
        return self._out

    def subject(self, data: bytes) -> str:
        """Only that, without looking at the files."""
        self._read_text(self._walk(data))
        return self._out.subject

    def _walk(self, data: bytes) -> Properties:
        """Everything into its place; the properties of the message."""
        properties: Properties = {}
        for number, content in self._attributes(data):
            if number == _CODEPAGE:
                self._charset = charset_of(int.from_bytes(content[:4], "little"))
            elif number in (_SUBJECT, _BODY):
                self._texts[number] = content
            elif number == _PROPERTIES:
                properties = self._properties(content)
            elif number in (_ATTACH_START, _ATTACH_TITLE, _ATTACH_DATA, _ATTACHMENT):
                self._take(number, content)
            elif number == _TRANSPORT_NAME and self._files:
                self._files[-1].names.setdefault(number, self._text(content))
        return properties

    def _attributes(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """MS-OXTNEF 2.1.2: level, id, type, length, content, checksum, one after the other."""
        at = _HEADER_BYTES
        for _ in range(_MOST_ATTRIBUTES):
            if at + 9 > len(data):
                break
            level, number, _, length = struct.unpack_from("<BHHI", data, at)
            if level not in _LEVELS:
                # Mail programs and scanners leave things behind the end.
                break
            start = at + 9
            if start + length > len(data):
                self._out.damaged = True
            yield number, data[start : start + length]
            at = start + length + 2
        else:
            self._out.damaged = True
        if at == _HEADER_BYTES:
            self._out.damaged = True

    def _take(self, number: int, content: bytes) -> None:
        """One attribute of a file. Each begins with its rendering data, in old ones anywhere."""
        if number == _ATTACH_START or not self._files:
            self._files.append(TnefFile())
        file = self._files[-1]
        if number == _ATTACH_TITLE:
            file.names[number] = self._text(content)
        elif number == _ATTACH_DATA:
            file.data = content
        elif number == _ATTACHMENT:
            file.properties = self._properties(content)

    def _text(self, content: bytes) -> str:
        return read_string(content, mapi.STRING_8, self._charset)

    def _string(self, properties: Properties, number: int) -> str:
        if number not in properties:
            return ""
        kind, raw = properties[number]
        return read_string(raw, kind, self._charset) if kind in _VARIABLE[:2] else ""

    def _file(self, file: TnefFile) -> Inner | None:
        properties = file.properties
        kind, content = properties.get(mapi.ATTACH_DATA, (0, b""))
        is_message = kind == mapi.OBJECT and content.startswith(_MESSAGE_OBJECT)
        if kind == mapi.OBJECT:
            # 2.1.3.4: an object begins with the id of its interface.
            content = content[16:]
        data = content if is_message else file.data or content
        if not data:
            return None
        name = next(filter(None, self._names(file)), "")
        if is_message and not name:
            name = _Reader().subject(data)
        return Inner(
            name,
            data,
            self._string(properties, mapi.ATTACH_CONTENT_ID).strip("<> ") or None,
            "application/ms-tnef"
            if is_message
            else self._string(properties, mapi.ATTACH_MIME_TAG) or mapi.UNNAMED_TYPE,
            any(properties.get(mapi.ATTACHMENT_HIDDEN, (0, b""))[1][:1]),
        )

    def _names(self, file: TnefFile) -> Iterator[str]:
        """What the file may be called, the best first."""
        yield self._string(file.properties, mapi.ATTACH_LONG_FILENAME)
        yield file.names.get(_ATTACH_TITLE, "")
        yield file.names.get(_TRANSPORT_NAME, "")
        yield self._string(file.properties, mapi.ATTACH_FILENAME)
        yield self._string(file.properties, mapi.DISPLAY_NAME)

    def _read_text(self, properties: Properties) -> None:
        out = self._out
        codepage = properties.get(mapi.INTERNET_CODEPAGE, (0, b""))[1]
        out.html_charset = charset_of(int.from_bytes(codepage[:4], "little")) or self._charset
        out.subject = self._string(properties, mapi.SUBJECT) or self._text(
            self._texts.get(_SUBJECT, b"")
        )
        kind, html = properties.get(mapi.HTML, (0, b""))
        out.html = read_string(html, kind, None).encode() if kind == mapi.UNICODE else html
        out.html = out.html.rstrip(b"\0")
        if kind == mapi.UNICODE:
            out.html_charset = "utf-8"
        out.rtf = decompress_rtf(properties.get(mapi.RTF_COMPRESSED, (0, b""))[1])
        out.text = (
            self._string(properties, mapi.BODY)
            or decode(self._texts.get(_BODY, b"").rstrip(b"\0"), out.html_charset)[0]
        )

    def _properties(self, raw: bytes) -> Properties:
        """MS-OXTNEF 2.1.3.4: each of a type, an id, for some a name, and one or several values."""
        found: Properties = {}
        try:
            at = 4
            for _ in range(min(struct.unpack_from("<I", raw)[0], self._properties_left)):
                self._properties_left -= 1
                kind, number = struct.unpack_from("<HH", raw, at)
                at += 4
                if number >= _FIRST_NAMED:
                    at = _skip_name(raw, at)
                value, at = _read_value(raw, at, kind)
                found.setdefault(number, (kind & ~_MULTIPLE, value))
        except (struct.error, ValueError):
            self._out.damaged = True
        return found


def _skip_name(raw: bytes, at: int) -> int:
    by_name, length = struct.unpack_from("<II", raw, at + 16)
    return at + 24 + (_padded(length) if by_name else 0)


def _read_value(raw: bytes, at: int, kind: int) -> tuple[bytes, int]:
    """The first value of a property, and where the last one ends."""
    base = kind & ~_MULTIPLE
    if base in _VARIABLE:
        count = struct.unpack_from("<I", raw, at)[0]
        if count > _MOST_VALUES:
            raise ValueError("more values than a property has")
        at += 4
        first: bytes | None = None
        for _ in range(count):
            length = struct.unpack_from("<I", raw, at)[0]
            at += 4
            if first is None:
                first = raw[at : at + length]
                if len(first) < length:
                    return first, len(raw)
            at += _padded(length)
        return first or b"", at
    if base not in _FIXED_BYTES:
        raise ValueError("a property of an unknown type")
    count = 1
    if kind & _MULTIPLE:
        count = struct.unpack_from("<I", raw, at)[0]
        at += 4
    size = _FIXED_BYTES[base]
    return raw[at : at + size], at + _padded(size * count)


def _padded(length: int) -> int:
    return -(-length // 4) * 4
