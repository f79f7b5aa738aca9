"""Outlook's two containers, built by hand: .msg (MS-OXMSG) and winmail.dat (MS-OXTNEF)."""

from __future__ import annotations

import struct
from typing import Any

from intake.mail.compound import Tree
from intake.mail.compound_writer import write_compound

_LONG, _BOOLEAN, _STRING, _UNICODE, _OBJECT, _BINARY = 0x03, 0x0B, 0x1E, 0x1F, 0x0D, 0x0102
_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")


def utf_16(text: str) -> bytes:
    """As Unicode strings lie in both."""
    return text.encode("utf-16-le")


def msg_file(name: str, data: bytes, *, content_id: str = "", hidden: bool = False) -> Tree:
    """One attached file of a .msg."""
    storage: Tree = {
        "__properties_version1.0": _numbers(8, (_LONG, 0x3705, 1), (_BOOLEAN, 0x7FFE, hidden)),
        "__substg1.0_37010102": data,
    }
    if name:
        storage["__substg1.0_3707001F"] = utf_16(name)
    if content_id:
        storage["__substg1.0_3712001F"] = utf_16(content_id)
    return storage


def msg_message(subject: str, *files: Tree) -> Tree:
    """A message attached to a .msg."""
    inner = _message(24, subject, files)
    return {
        "__properties_version1.0": _numbers(8, (_LONG, 0x3705, 5)),
        "__substg1.0_3701000D": inner,
    }


def build_msg(subject: str, *files: Tree, **streams: bytes) -> bytes:
    """A .msg with `files` made by msg_file and msg_message."""
    tree = _message(32, subject, files)
    return write_compound({**tree, "__nameid_version1.0": {"__substg1.0_00020102": b""}, **streams})


def _message(head_bytes: int, subject: str, files: tuple[Tree, ...]) -> Tree:
    tree: Tree = {
        "__properties_version1.0": _numbers(head_bytes, (_LONG, 0x3FFD, 1251)),
        "__substg1.0_0037001F": utf_16(subject),
        "__substg1.0_1000001F": utf_16("The text of the inner mail."),
        "__substg1.0_0C1F001F": utf_16("inner@mail.example"),
    }
    for number, file in enumerate(files):
        tree[f"__attach_version1.0_#{number:08X}"] = file
    return tree


def _numbers(head_bytes: int, *items: tuple[int, int, int]) -> bytes:
    return bytes(head_bytes) + b"".join(
        struct.pack("<HHIQ", kind, number, 6, value) for kind, number, value in items
    )


def build_tnef(*attributes: bytes) -> bytes:
    """A winmail.dat of attributes made by the functions below."""
    version = attribute(1, 0x00089006, struct.pack("<I", 0x10000))
    return b"\x78\x9f\x3e\x22\x01\x00" + version + b"".join(attributes)


def attribute(level: int, number: int, data: bytes, *, checksum: int | None = None) -> bytes:
    """MS-OXTNEF 2.1.2; a `checksum` other than the right one for damage."""
    right = sum(data) & 0xFFFF
    head = struct.pack("<BII", level, number, len(data))
    return head + data + struct.pack("<H", right if checksum is None else checksum)


def codepage(number: int) -> bytes:
    """attOemCodepage."""
    return attribute(1, 0x00069007, struct.pack("<II", number, 0))


def message_properties(**values: Any) -> bytes:
    """attMsgProps: `subject`, `html`, `rtf`."""
    known = {"subject": (0x0037, _UNICODE), "html": (0x1013, _BINARY), "rtf": (0x1009, _BINARY)}
    return attribute(1, 0x00069003, _properties((*known[key], val) for key, val in values.items()))


def tnef_file(
    title: bytes, data: bytes, *properties: tuple[int, int, Any], checksum: int | None = None
) -> bytes:
    """The attributes of one file: its short name, its bytes, and MAPI properties."""
    parts = [attribute(2, 0x00069002, bytes(14), checksum=checksum)]
    if title:
        parts.append(attribute(2, 0x00018010, title + b"\0", checksum=checksum))
    if data:
        parts.append(attribute(2, 0x0006800F, data, checksum=checksum))
    parts.append(attribute(2, 0x00069005, _properties(properties), checksum=checksum))
    return b"".join(parts)


def long_name(name: str) -> tuple[int, int, str]:
    """PR_ATTACH_LONG_FILENAME in Unicode."""
    return 0x3707, _UNICODE, name


def long_name_8(name: bytes) -> tuple[int, int, bytes]:
    """PR_ATTACH_LONG_FILENAME in the code page of the message."""
    return 0x3707, _STRING, name


def message_object(tnef: bytes) -> tuple[int, int, bytes]:
    """PR_ATTACH_DATA_OBJ that holds a message."""
    return 0x3701, _OBJECT, _MESSAGE + tnef


def ole_object(data: bytes) -> tuple[int, int, bytes]:
    """PR_ATTACH_DATA_OBJ that holds an object of another program."""
    return 0x3701, _OBJECT, bytes.fromhex("0b00000000000000c000000000000046") + data


def _properties(items: Any) -> bytes:
    out = []
    listed = list(items)
    for number, kind, value in listed:
        raw = utf_16(value) + b"\0\0" if kind == _UNICODE else value
        raw = raw + b"\0" if kind == _STRING else raw
        padded = raw + bytes(-len(raw) % 4)
        out.append(struct.pack("<HHII", kind, number, 1, len(raw)) + padded)
    return struct.pack("<I", len(listed)) + b"".join(out)
