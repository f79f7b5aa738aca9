"""Screenshots read while somebody waits, for `intake explain`: nothing is kept."""

from __future__ import annotations

from types import TracebackType

from intake.errors import OcrUnavailable, UnreadablePicture
from intake.model import ParsedMail
from intake.settings.schema import Settings
from intake.worker.pictures import PictureProcess


class WordsOnDemand:
    """Starts its process at the first screenshot; a mail without one costs nothing.

    `trouble` says why OCR does not start, where it does not; nothing is read from then on.
    """

    def __init__(self, settings: Settings) -> None:
        self._most = settings.reading.pictures_per_mail
        self._process = PictureProcess(settings.reading, settings.limits)
        self.trouble: str | None = None

    def read(self, mail: ParsedMail, raw: bytes) -> dict[str, str]:
        """The words of its screenshots by SHA-256; without those that cannot be read.

        Raises ParserUnavailable.
        """
        shots = {a.sha256: a.section for a in mail.attachments if a.kind == "screenshot"}
        found: dict[str, str] = {}
        for sha256, section in list(shots.items())[: self._most]:
            if self.trouble is not None:
                break
            try:
                found[sha256] = self._process.words(raw, section).text
            except UnreadablePicture:
                continue
            except OcrUnavailable as error:
                self.trouble = str(error)
        return found

    def __enter__(self) -> WordsOnDemand:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._process.end()
