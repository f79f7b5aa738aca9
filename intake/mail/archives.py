"""Archives are listed where they lie in the mail; nothing is ever unpacked to a disk."""

from __future__ import annotations

import struct

from intake.mail.archive_listing import DamagedArchive, Listing
from intake.mail.archive_rar import is_rar, list_rar
from intake.mail.archive_seven import is_seven, list_seven
from intake.mail.archive_streams import is_stream, is_tar, list_stream, list_tar
from intake.mail.archive_zip import list_zip

_READERS = (
    (lambda data: data.startswith((b"PK\x03\x04", b"PK\x05\x06")), list_zip),
    (is_stream, list_stream),
    (is_seven, list_seven),
    (is_rar, list_rar),
    (is_tar, list_tar),
)


def list_archive(data: bytes) -> Listing | None:
    """What is in a zip, 7z, rar, tar or packed file, told by its bytes; None for anything else."""
    reader = next((read for fits, read in _READERS if fits(data)), None)
    if reader is None:
        return None
    try:
        return reader(data)
    except (DamagedArchive, struct.error):
        return Listing(broken=True)
