"""What happens to the files of a mail after it was answered: pictures are read, files scanned."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from intake.settings.rules import Rules
from intake.settings.schema import Settings
from intake.store.blobs import BlobStore
from intake.store.database import Database
from intake.worker.examine import Examination
from intake.worker.pictures import PictureProcess
from intake.worker.scan import Scanning
from intake.worker.steps import Observer, unobserved


class Afterwards:
    """One picture and some files a turn, on a thread that nothing else waits for."""

    def __init__(
        self,
        settings: Settings,
        rules: Rules,
        database: Database,
        blobs: BlobStore,
        *,
        owner: str,
        now: Callable[[], datetime],
        step: Observer = unobserved,
    ) -> None:
        self._process = PictureProcess(settings.reading, settings.limits)
        self._stopping = False
        self._examination = Examination(
            settings.reading,
            rules,
            database,
            blobs,
            self._process,
            owner=owner,
            now=now,
            step=step,
        )
        self._scanning = Scanning(
            settings.clamav,
            database,
            blobs,
            self._process,
            now=now,
            stopping=lambda: self._stopping,
        )

    def take_turn(self) -> int:
        """How many pictures and files were dealt with; 0 where there is nothing to do now.

        Raises DatabaseUnavailable, StorageError, ParserUnavailable; what was in hand waits then.
        """
        count = self._scanning.scan_next() + self._examination.look_at_next()
        if not count:
            self._process.rest()
        return count

    def give_up(self) -> None:
        """From another thread: what is under way ends at once and goes back."""
        self._stopping = True
        self._process.give_up()

    def end(self) -> None:
        """Ends the child."""
        self._process.end()
