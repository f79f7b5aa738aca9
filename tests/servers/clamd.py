"""A private clamd from Debian's package, with a database of one signature: the EICAR test file."""

from __future__ import annotations

import hashlib
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from intake.settings.schema import Clamav
from tests.servers.installed import require

# Put together here, so that this file itself alarms nobody.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!" + b"$H+H*"
SIGNATURE = "Eicar-Test-Signature.UNOFFICIAL"
STREAM_MAX_BYTES = 2_000_000


class RunningClamd:
    """It can be stopped and started again on the same socket."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program, self._folder = program, folder
        self.socket = folder / "clamd.ctl"
        (folder / "db").mkdir()
        digest = hashlib.md5(EICAR, usedforsecurity=False).hexdigest()
        name = SIGNATURE.removesuffix(".UNOFFICIAL")
        (folder / "db" / "test.hdb").write_text(f"{digest}:{len(EICAR)}:{name}\n")
        (folder / "clamd.conf").write_text(
            f"LocalSocket {self.socket}\nDatabaseDirectory {folder / 'db'}\nForeground yes\n"
            f"StreamMaxLength {STREAM_MAX_BYTES}\nLogFile {folder / 'clamd.log'}\n"
            "MaxThreads 2\nFixStaleSocket yes\n"
        )
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def settings(self) -> Clamav:
        """[clamav] that asks it."""
        return Clamav(socket=str(self.socket), timeout_seconds=20)

    def start(self) -> None:
        """Returns when it answers."""
        self._process = subprocess.Popen(
            [self._program, "-c", str(self._folder / "clamd.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 30
        while not self.socket.exists():
            assert time.monotonic() < deadline, (self._folder / "clamd.log").read_text()
            assert self._process.poll() is None, (self._folder / "clamd.log").read_text()
            time.sleep(0.05)

    def stop(self) -> None:
        """Its socket file goes with it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        self.socket.unlink(missing_ok=True)


@contextmanager
def running_clamd() -> Iterator[RunningClamd]:
    """Skips (in CI: fails) where clamd is not installed."""
    program = require("clamd", apt="clamav-daemon", places=("/usr/sbin",))
    # A folder short enough for the path of a socket.
    with TemporaryDirectory(prefix="clamd-") as folder:
        server = RunningClamd(program, Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()
