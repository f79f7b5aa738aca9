"""A disk of a few megabytes, for what happens when it fills up or is set read-only."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


class SmallDisk:
    """A tmpfs at `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self, leave_bytes: int = 0) -> None:
        """Takes all free space but `leave_bytes`."""
        free = os.statvfs(self.folder)
        room = free.f_bavail * free.f_frsize - leave_bytes
        with self._filler.open("ab") as filler:
            filler.write(b"x" * max(0, room))

    def make_room(self) -> None:
        """Gives the space back."""
        self._filler.unlink(missing_ok=True)

    def read_only(self) -> None:
        """Takes no writes from now on."""
        self._remount("ro")

    def writable(self) -> None:
        """Takes them again."""
        self._remount("rw")

    def _remount(self, mode: str) -> None:
        command = ["mount", "-o", f"remount,{mode}", str(self.folder)]
        subprocess.run(command, check=True, capture_output=True)


@contextmanager
def mounted(folder: Path, size_bytes: int) -> Iterator[SmallDisk]:
    """Mounts one on the empty `folder`; skips, or fails in CI, where that is not allowed."""
    options = f"size={size_bytes}"
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        problem = done.stderr.strip() if done.returncode else ""
    except OSError as error:
        problem = str(error)
    if problem:
        reason = f"no small disk can be mounted ({problem}); run as root, or in a namespace"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True, capture_output=True)
