"""Outlook's .msg (MS-OXMSG): the files of a message in a compound file, messages among them."""

from __future__ import annotations

import struct

from intake.mail import mapi
from intake.mail.compound import Compound, Entry
from intake.mail.compound_writer import write_compound
from intake.mail.mapi import Inner, charset_of, read_string

_ATTACHMENT = "__attach_version1.0_#"
_PROPERTIES = "__properties_version1.0"
_NAMED_PROPERTIES = "__nameid_version1.0"
# MS-OXMSG 2.4.1: the header of the property stream is longer in a message of its own.
_HEAD_BYTES, _INNER_HEAD_BYTES, _ATTACHMENT_HEAD_BYTES = 32, 24, 8
_PROPERTY_BYTES = 16
_MOST_PROPERTIES = 5000
_MOST_ATTACHMENTS = 1000

Numbers = dict[int, int]


def open_msg(data: bytes) -> list[Inner]:
    """The files of a .msg in order; an attached message is a .msg again. Raises DamagedCompound.

    Their sizes together stay below three times that of `data`.
    """
    return _Message(Compound(data)).files()


class _Message:
    def __init__(self, compound: Compound) -> None:
        self._compound = compound
        self._root = compound.children(compound.entries[0])
        numbers = self._numbers(self._root, _HEAD_BYTES)
        codepage = numbers.get(mapi.MESSAGE_CODEPAGE) or numbers.get(mapi.INTERNET_CODEPAGE)
        self._charset = charset_of(codepage)

    def files(self) -> list[Inner]:
        """Every attachment that has content."""
        storages = [
            entry
            for name, entry in self._root.items()
            if name.startswith(_ATTACHMENT) and entry.is_storage
        ]
        found = (self._file(storage) for storage in storages[:_MOST_ATTACHMENTS])
        return [file for file in found if file is not None]

    def _file(self, storage: Entry) -> Inner | None:
        inside = self._compound.children(storage)
        name = next(
            (
                name
                for number in (
                    mapi.ATTACH_LONG_FILENAME,
                    mapi.ATTACH_FILENAME,
                    mapi.DISPLAY_NAME,
                )
                if (name := self._string(inside, number))
            ),
            "",
        )
        stream = inside.get(_stream_name(mapi.ATTACH_DATA, mapi.BINARY))
        if stream is None:
            stream = inside.get(_stream_name(mapi.ATTACH_DATA, mapi.OBJECT))
        if stream is None:
            return None
        if stream.is_storage:
            return self._object(stream, name)
        numbers = self._numbers(inside, _ATTACHMENT_HEAD_BYTES)
        return Inner(
            name,
            self._compound.read(stream),
            self._string(inside, mapi.ATTACH_CONTENT_ID).strip("<> ") or None,
            self._string(inside, mapi.ATTACH_MIME_TAG) or mapi.UNNAMED_TYPE,
            bool(numbers.get(mapi.ATTACHMENT_HIDDEN, 0) & 1),
        )

    def _object(self, storage: Entry, name: str) -> Inner:
        """An attached message, or an object of another program, as a file of its own."""
        tree = self._compound.tree(storage)
        properties = tree.get(_PROPERTIES)
        if not isinstance(properties, bytes):
            return Inner(name, write_compound(tree))
        head = properties[:_INNER_HEAD_BYTES].ljust(_HEAD_BYTES, b"\0")
        tree[_PROPERTIES] = head + properties[_INNER_HEAD_BYTES:]
        # MS-OXMSG 2.2.3: the names of properties stand in the outermost message for all.
        names = self._root.get(_NAMED_PROPERTIES)
        if names is not None and names.is_storage:
            tree[_NAMED_PROPERTIES] = self._compound.tree(names)
        title = name or self._subject(storage)
        named = title if title.lower().endswith(".msg") else f"{title}.msg" if title else ""
        return Inner(named, write_compound(tree), declared_type="application/vnd.ms-outlook")

    def _subject(self, storage: Entry) -> str:
        return self._string(self._compound.children(storage), mapi.SUBJECT)

    def _string(self, streams: dict[str, Entry], number: int) -> str:
        for kind in (mapi.UNICODE, mapi.STRING_8):
            stream = streams.get(_stream_name(number, kind))
            if stream is not None and not stream.is_storage:
                return read_string(self._compound.read(stream), kind, self._charset)
        return ""

    def _numbers(self, streams: dict[str, Entry], head_bytes: int) -> Numbers:
        """The properties that are numbers (MS-OXMSG 2.4.2.1)."""
        stream = streams.get(_PROPERTIES)
        if stream is None or stream.is_storage:
            return {}
        raw = self._compound.read(stream)[head_bytes:]
        raw = raw[: min(len(raw) // _PROPERTY_BYTES, _MOST_PROPERTIES) * _PROPERTY_BYTES]
        return {
            number: value
            for kind, number, _, value in struct.iter_unpack("<HHIQ", raw)
            if kind in (mapi.SHORT, mapi.LONG, mapi.BOOLEAN)
        }


def _stream_name(number: int, kind: int) -> str:
    return f"__substg1.0_{number:04X}{kind:04X}"
