"""What an archive says it holds, whatever its format, and when that is too much."""

from __future__ import annotations

from dataclasses import dataclass

from intake.mail.charset import decode
from intake.mail.filenames import clean_path

# Names kept for staff, and entries looked at for sizes.
MOST_NAMES = 300
MOST_ENTRIES = 20_000
_LONGEST_NAME_BYTES = 1000
# What one archive may become; beyond it, it is meant to fill a disk.
_BOMB_BYTES = 4_000_000_000
BOMB_RATIO = 200
BOMB_LEAST_BYTES = 10_000_000


class DamagedArchive(ValueError):
    """An archive that does not keep to its format; what was read until then is lost or partial."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What an archive says it holds: the names of files, as they may be shown, and its state.

    `cut` says that there are more names. `test_file` says that a member is the EICAR test file.
    """

    names: tuple[str, ...] = ()
    encrypted: bool = False
    bomb: bool = False
    broken: bool = False
    cut: bool = False
    test_file: bool = False


class Names:
    """Collects the names of members, at most MOST_NAMES of them, folders left out."""

    def __init__(self) -> None:
        self._written: list[bytes] = []
        self.cut = False

    def add(self, written: bytes | str) -> None:
        """One member by its name as written."""
        raw = written.encode("utf-8", "replace") if isinstance(written, str) else written
        if not raw or raw.endswith((b"/", b"\\")):
            return
        if len(self._written) >= MOST_NAMES:
            self.cut = True
            return
        self._written.append(raw[:_LONGEST_NAME_BYTES].replace(b"\n", b" "))

    def all(self) -> tuple[str, ...]:
        """The names in order, their charset told from all of them together."""
        if not self._written:
            return ()
        lines = decode(b"\n".join(self._written), None)[0].split("\n")
        # Archives made on Windows part their folders as Windows does.
        return tuple(clean_path(line.replace("\\", "/")) or "?" for line in lines)


def is_bomb(total_bytes: int, packed_bytes: int) -> bool:
    """Whether `packed_bytes` that become `total_bytes` are meant to do harm."""
    if total_bytes > _BOMB_BYTES:
        return True
    return total_bytes > BOMB_LEAST_BYTES and total_bytes > max(packed_bytes, 1) * BOMB_RATIO
