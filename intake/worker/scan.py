"""Files of recorded mails are shown to the virus scanner, where one is configured."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime

import structlog

from intake.errors import BlobMissing, ScannerUnavailable, UnreadablePicture
from intake.outside.clamd import Clamd
from intake.settings.schema import Clamav
from intake.store import scans
from intake.store.blobs import BlobStore
from intake.store.database import Database
from intake.store.helpers import note_helper
from intake.store.scans import UnscannedFile
from intake.worker.pictures import PictureProcess

_BATCH = 20
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 5.0, 300.0
# Beyond so many failures with a scanner that is well otherwise, it is the file.
_MOST_FAILURES = 3

log = structlog.get_logger("scan")


def _never() -> bool:
    """Is not told to stop."""
    return False


class Scanning:
    """Asks about one file after the other; leaves a scanner that is away alone for a while."""

    def __init__(
        self,
        settings: Clamav,
        database: Database,
        blobs: BlobStore,
        process: PictureProcess,
        *,
        now: Callable[[], datetime],
        stopping: Callable[[], bool] = _never,
    ) -> None:
        self._settings = settings
        self._clamd = Clamd(settings) if settings.socket else None
        self._database, self._blobs, self._process = database, blobs, process
        self._now, self._stopping = now, stopping
        self._failures: Counter[str] = Counter()
        self._version: str | None = None
        self._again_at = 0.0
        self._pause = _FIRST_PAUSE_SECONDS

    def scan_next(self) -> int:
        """How many files were dealt with; 0 where none waits or the scanner is away.

        Raises DatabaseUnavailable, StorageError and ParserUnavailable.
        """
        if self._clamd is None or time.monotonic() < self._again_at:
            return 0
        with self._database.read() as connection:
            files = scans.next_unscanned(connection, _BATCH)
        count = 0
        try:
            for file in files:
                if self._stopping():
                    break
                self._scan(self._clamd, file)
                count += 1
        except ScannerUnavailable as error:
            self._leave_alone(str(error))
        return count

    def _greet(self, clamd: Clamd) -> None:
        self._version = clamd.version()
        self._pause = _FIRST_PAUSE_SECONDS
        self._note(well=True, text=f"{self._version} answers")

    def _leave_alone(self, why: str) -> None:
        self._version = None
        self._again_at = time.monotonic() + self._pause
        self._pause = min(self._pause * 2, _LONGEST_PAUSE_SECONDS)
        self._note(well=False, text=why)
        log.warning("scanner has trouble", reason=why)

    def _note(self, *, well: bool, text: str) -> None:
        with self._database.write() as connection:
            note_helper(connection, "clamav", self._now(), well=well, text=text)

    def _scan(self, clamd: Clamd, file: UnscannedFile) -> None:
        state, detail = self._result(clamd, file)
        with self._database.write() as connection:
            scans.settle_scan(connection, file, state, detail, self._now())
        if state == scans.FOUND:
            log.warning("virus found", file=file.sha256[:12])

    def _result(self, clamd: Clamd, file: UnscannedFile) -> tuple[str, str]:
        with self._database.read() as connection:
            known = scans.find_scan(connection, file.sha256)
        if known is not None:
            return known
        if file.size_bytes > self._settings.max_bytes:
            most = f"{self._settings.max_bytes:,}"
            return scans.SKIPPED, f"larger than {most} bytes (clamav.max_bytes)"
        try:
            data = self._process.file(self._blobs.get(file.mail_sha256), file.section)
        except (UnreadablePicture, BlobMissing) as error:
            return scans.SKIPPED, f"not taken out of the mail: {error}"
        return self._ask(clamd, file, data)

    def _ask(self, clamd: Clamd, file: UnscannedFile, data: bytes) -> tuple[str, str]:
        if self._version is None:
            self._greet(clamd)
        try:
            result = clamd.scan(data)
        except ScannerUnavailable as error:
            # Raises where it is the scanner itself.
            clamd.version()
            self._failures[file.sha256] += 1
            if self._failures[file.sha256] < _MOST_FAILURES:
                raise
            return scans.SKIPPED, str(error)
        return result.state, result.detail
