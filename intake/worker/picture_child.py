"""The process in which files are taken out of mails and pictures are looked at and read.

Hostile images, half a gigabyte of OCR: here it takes nobody along. Frames in: first the pickled
settings, then pickled (task, raw mail, section). Out: one letter and a body for each.
"""

from __future__ import annotations

import math
import os
import pickle
import signal
from dataclasses import dataclass

from intake.errors import IntakeError, OcrUnavailable
from intake.mail.attachments import extract
from intake.mail.parse import parse_mail
from intake.mail.pictures import PictureLimits, examine_picture
from intake.outside.ocr import WordReader
from intake.settings.schema import Limits, Reading
from intake.worker.frames import limit_memory, open_frames, read_frame, write_frame

DONE, REFUSED, NO_OCR, OUT_OF_MEMORY, FAILED = b"d", b"r", b"o", b"m", b"f"
FILE, LOOK, LOAD, WORDS, PARSE = "file", "look", "load", "words", "parse"
_GRACE_SECONDS = 5
_START_SECONDS = 60
# Ordinary work comes first on a busy machine.
_NICENESS = 10
# A long picture stops being read early enough to hand over what was read.
_SHARE_OF_TIME = 0.6


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do with the mail `raw`; `section` is that of the file, where it takes one."""

    name: str
    raw: bytes = b""
    section: str = ""


class _Worker:
    """Does one task after the other."""

    def __init__(self, reading: Reading, limits: Limits) -> None:
        self._reading, self._limits = reading, limits
        self._reader: WordReader | None = None

    def do(self, task: Task) -> object:
        """What the task gives. Raises IntakeError with a plain reason."""
        if task.name == LOAD:
            self._load()
            return None
        if task.name == PARSE:
            return parse_mail(task.raw, self._limits)
        data = extract(task.raw, task.section)
        if task.name == FILE:
            return data
        most = self._reading.most_pixels
        if task.name == LOOK:
            return examine_picture(data, PictureLimits(pixels=most))
        seconds = self._reading.picture_seconds * _SHARE_OF_TIME
        return self._load().read(data, most_pixels=most, seconds=seconds)

    def _load(self) -> WordReader:
        if self._reader is None:
            self._reader = WordReader(self._reading.threads)
        return self._reader


def main() -> None:
    """Answers tasks until standard input ends."""
    questions, answers = open_frames()
    first = read_frame(questions)
    if first is None:
        return
    reading, limits = pickle.loads(first)  # noqa: S301 - written by our own parent
    worker = _Worker(reading, limits)
    os.nice(_NICENESS)
    limit_memory(reading.memory_bytes)
    write_frame(answers, b"ready")
    patience = math.ceil(max(reading.picture_seconds, limits.parse_seconds)) + _GRACE_SECONDS
    while (frame := read_frame(questions)) is not None:
        task: Task = pickle.loads(frame)  # noqa: S301 - written by our own parent
        # Where the parent died and cannot end us, the kernel does (SIGALRM's default).
        signal.alarm(_START_SECONDS if task.name == LOAD else patience)
        answer = _answer(worker, task)
        signal.alarm(0)
        write_frame(answers, answer)


def _answer(worker: _Worker, task: Task) -> bytes:
    try:
        return DONE + pickle.dumps(worker.do(task), pickle.HIGHEST_PROTOCOL)
    except OcrUnavailable as error:
        return NO_OCR + str(error).encode()
    except IntakeError as error:
        return REFUSED + str(error).encode()
    except MemoryError:
        return OUT_OF_MEMORY
    except Exception as error:
        return FAILED + type(error).__name__.encode()


if __name__ == "__main__":
    main()
