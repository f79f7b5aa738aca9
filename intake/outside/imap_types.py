"""What an IMAP session gives: the state of a folder, whole mails, outlines of large ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FolderState:
    """What SELECT or EXAMINE said. `permanent_flags` None where the server did not say."""

    name: str
    uidvalidity: int
    uidnext: int | None
    exists: int
    writable: bool
    permanent_flags: frozenset[bytes] | None


@dataclass(frozen=True, slots=True)
class Fetched:
    """One mail as it lies on the server, byte for byte."""

    uid: int
    raw: bytes
    internal_date: datetime | None


@dataclass(frozen=True, slots=True)
class Outline:
    """Headers and parts of a mail whose body was not fetched."""

    uid: int
    headers: bytes
    parts: tuple[str, ...]
    internal_date: datetime | None
