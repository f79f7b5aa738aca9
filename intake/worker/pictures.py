"""The process that looks at pictures, started when there is one and ended when there is none."""

from __future__ import annotations

import pickle
import subprocess
import time
from threading import Event
from typing import TypeVar

from intake.errors import OcrUnavailable, ParserUnavailable, UnreadablePicture
from intake.mail.pictures import Picture
from intake.model import ParsedMail
from intake.outside.ocr import WordsRead
from intake.settings.schema import Limits, Reading
from intake.worker import picture_child
from intake.worker.frames import ask, end_child, start_child
from intake.worker.picture_child import Task

_START_SECONDS = 60.0
Result = TypeVar("Result")


class _Died(Exception):
    """It died, perhaps because of what earlier pictures left behind."""


class PictureProcess:
    """One child, used by one thread at a time. Nothing is started before the first call."""

    def __init__(self, reading: Reading, limits: Limits) -> None:
        self._reading, self._limits = reading, limits
        self._process: subprocess.Popen[bytes] | None = None
        self._loaded = False
        self._used_at = 0.0
        self._closing = Event()

    def file(self, raw: bytes, section: str) -> bytes:
        """The bytes of the file at `section` of the mail `raw`.

        This and the other three raise UnreadablePicture with a plain reason, among them that it
        took too long, too much, or killed the process; and ParserUnavailable.
        """
        return self._do(Task(picture_child.FILE, raw, section), bytes)

    def look(self, raw: bytes, section: str) -> Picture:
        """What the pixels of that picture say."""
        return self._do(Task(picture_child.LOOK, raw, section), Picture)

    def words(self, raw: bytes, section: str) -> WordsRead:
        """The words in that picture. Raises OcrUnavailable as well."""
        return self._do(Task(picture_child.WORDS, raw, section), WordsRead)

    def load(self) -> None:
        """Starts the process with OCR in it. Raises OcrUnavailable as well."""
        try:
            self._ask(Task(picture_child.LOAD))
        except _Died:
            raise OcrUnavailable("The process that reads words dies when it starts.") from None

    def parse(self, raw: bytes) -> ParsedMail:
        """The mail, read again without holding up those that come in."""
        return self._do(Task(picture_child.PARSE, raw), ParsedMail)

    def rest(self) -> None:
        """Ends the process where nothing was asked of it for reading.idle_seconds."""
        idle = time.monotonic() - self._used_at
        if self._process is not None and idle > self._reading.idle_seconds:
            self.end()

    def give_up(self) -> None:
        """From another thread: what is under way ends at once, and nothing begins any more."""
        self._closing.set()
        process = self._process
        if process is not None:
            process.kill()

    def end(self) -> None:
        """Kills the process."""
        process, self._process = self._process, None
        self._loaded = False
        if process is not None:
            end_child(process)

    def _do(self, task: Task, kind: type[Result]) -> Result:
        """The answer; if need be from a second process that no picture before has touched."""
        try:
            answer = self._ask(task)
        except _Died:
            try:
                answer = self._ask(task)
            except _Died:
                raise UnreadablePicture("The process that opened it died.") from None
        finally:
            self._used_at = time.monotonic()
        if not isinstance(answer, kind):
            raise UnreadablePicture("The process that opened it answered nonsense.")
        return answer

    def _ask(self, task: Task) -> object:
        process = self._running()
        if task.name in (picture_child.WORDS, picture_child.LOAD) and not self._loaded:
            self._exchange(process, Task(picture_child.LOAD), _START_SECONDS)
            self._loaded = True
        return self._exchange(process, task, self._reading.picture_seconds)

    def _exchange(self, process: subprocess.Popen[bytes], task: Task, seconds: float) -> object:
        try:
            answer = ask(process, pickle.dumps(task, pickle.HIGHEST_PROTOCOL), seconds)
        except TimeoutError:
            self.end()
            raise UnreadablePicture(f"It could not be opened within {seconds:g} s.") from None
        except OSError:
            self.end()
            if self._closing.is_set():
                raise ParserUnavailable("Intake is stopping.") from None
            raise _Died from None
        return self._understand(answer)

    def _understand(self, answer: bytes) -> object:
        kind, body = answer[:1], answer[1:]
        if kind == picture_child.DONE:
            return pickle.loads(body)  # noqa: S301 - made by our own child
        if kind == picture_child.REFUSED:
            raise UnreadablePicture(body.decode())
        # Its memory may be in pieces after any of these.
        self.end()
        if kind == picture_child.NO_OCR:
            raise OcrUnavailable(body.decode())
        if kind == picture_child.OUT_OF_MEMORY:
            most = self._reading.memory_bytes
            raise UnreadablePicture(f"It takes more than {most:,} bytes of memory to open.")
        raise UnreadablePicture(f"It could not be opened: {body.decode('utf-8', 'replace')}.")

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.end()
        if self._closing.is_set():
            raise ParserUnavailable("Intake is stopping.")
        try:
            self._process = start_child("intake.worker.picture_child")
            ask(self._process, pickle.dumps((self._reading, self._limits)), _START_SECONDS)
        except OSError as error:
            self.end()
            raise ParserUnavailable("The process that looks at pictures does not start.") from error
        return self._process
