"""Whether an Office document of before 2007 asks for a password."""

from __future__ import annotations

import struct

from intake.mail.compound import Compound, DamagedCompound

_LOOKED_AT_BYTES = 4096
# MS-DOC 2.5.2: fEncrypted of FibBase.
_WORD_FLAGS, _WORD_ENCRYPTED = 0x0A, 0x0100
# MS-XLS 2.4.117: the record that follows the beginning of an encrypted workbook.
_FILE_PASS = 0x002F
_MOST_RECORDS = 10


def is_locked(data: bytes, content_type: str) -> bool:
    """Whether the .doc, .xls or .ppt in `data` is encrypted; False for anything else."""
    if not content_type.startswith(("application/msword", "application/vnd.ms-")):
        return False
    try:
        compound = Compound(data)
        streams = compound.children(compound.entries[0])
        # MS-PPT 2.1.6: the summary of an encrypted presentation has a stream of its own.
        if "EncryptedSummary" in streams:
            return True
        for name, reads in (("WordDocument", _word), ("Workbook", _sheet), ("Book", _sheet)):
            if name in streams:
                return reads(compound.read(streams[name], _LOOKED_AT_BYTES))
    except (DamagedCompound, struct.error):
        return False
    return False


def _word(head: bytes) -> bool:
    flags: int = struct.unpack_from("<H", head, _WORD_FLAGS)[0]
    return bool(flags & _WORD_ENCRYPTED)


def _sheet(head: bytes) -> bool:
    at = 0
    for _ in range(_MOST_RECORDS):
        kind, size = struct.unpack_from("<HH", head, at)
        if kind == _FILE_PASS:
            return True
        at += 4 + size
    return False
