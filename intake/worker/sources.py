"""Raw mails from files: one mail, a folder, a Maildir, an mbox, standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from intake.errors import NotFound

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Source:
    """Where one mail lies: all of `path`, or `start` to `end` of it. `file` is as given."""

    file: str
    index: int
    path: Path | None
    start: int = 0
    end: int | None = None

    def read(self, at_most: int | None = None) -> bytes:
        """Its bytes, or the first of them. Raises OSError."""
        if self.path is None:
            return sys.stdin.buffer.read()
        size = -1 if self.end is None else self.end - self.start
        if at_most is not None:
            size = at_most if size < 0 else min(size, at_most)
        with self.path.open("rb") as file:
            file.seek(self.start)
            return file.read(size)


def find_sources(paths: list[str], *, mbox: bool = False) -> Iterator[Source]:
    """Every mail of `paths` in order, folders recursively and sorted. Raises NotFound."""
    index = 0
    for given in paths:
        for source in _sources_of(given, mbox=mbox):
            yield Source(source.file, index, source.path, source.start, source.end)
            index += 1


def _sources_of(given: str, *, mbox: bool) -> Iterator[Source]:
    if given == STDIN:
        yield Source(STDIN, 0, None)
        return
    path = Path(given)
    if path.is_dir():
        for file in _files_below(path):
            yield from _mails_in(file, mbox=mbox)
    elif path.exists():
        yield from _mails_in(path, mbox=mbox)
    else:
        raise NotFound(f"{given}: no such file or folder")


def _files_below(folder: Path) -> Iterator[Path]:
    """Sorted by path. Of a Maildir only the mails: no half-written ones, no index files."""
    for root, folders, files in os.walk(folder):
        is_maildir = {"cur", "new", "tmp"} <= set(folders)
        folders.sort()
        if is_maildir:
            folders.remove("tmp")
            continue
        yield from (Path(root, name) for name in sorted(files) if not name.startswith("."))


def _mails_in(path: Path, *, mbox: bool) -> Iterator[Source]:
    """One mail a file, several where it is an mbox: a second `From ` line after an empty one."""
    starts = list(_mbox_starts(path)) if mbox or _begins_like_mbox(path) else []
    if len(starts) < (1 if mbox else 2):
        yield Source(str(path), 0, path)
        return
    ends: list[int | None] = [*starts[1:], None]
    for start, end in zip(starts, ends, strict=True):
        yield Source(str(path), 0, path, start, end)


def _begins_like_mbox(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(5) == b"From "
    except OSError:
        return False


def _mbox_starts(path: Path) -> Iterator[int]:
    offset, after_empty = 0, True
    with path.open("rb") as file:
        for line in file:
            if after_empty and line.startswith(b"From ") and _looks_like_separator(line):
                yield offset
            after_empty = not line.strip(b"\r\n")
            offset += len(line)


def _looks_like_separator(line: bytes) -> bool:
    """`From sender date`: ends in a year, unlike a sentence that begins with From."""
    words = line.split()
    return len(words) >= 6 and any(len(w) == 4 and w.isdigit() for w in words[-2:])
