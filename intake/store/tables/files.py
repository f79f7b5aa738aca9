"""What was found in files, by their bytes: no picture is read and no file scanned twice."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from intake.store.tables.base import Row


class PictureRow(Row, table=True):
    """What a look at a picture gave. `lease_until` in the future means that somebody is at it.

    `words` is null where nobody read them, and `reason` says why; "" where there are none.
    """

    __tablename__ = "picture"

    sha256: str = Field(primary_key=True)
    state: str
    reason: str = ""
    words: str | None = None
    engine: str | None = None
    perceptual_hash: str | None = None
    attempts: int = 0
    lease_owner: str | None = None
    lease_until: datetime | None = None
    looked_at: datetime | None = None
    thumbnail: bytes | None = None


class ScanRow(Row, table=True):
    """What the virus scanner said of a file; `detail` is the signature it found, or why none."""

    __tablename__ = "scan"

    sha256: str = Field(primary_key=True)
    state: str
    detail: str = ""
    scanned_at: datetime
