"""Runs a check where a hang, a crash in C or too much memory can do no harm, and says which it was.

Processor time is what counts: the machine may be busy with other things.
"""

from __future__ import annotations

import faulthandler
import mmap
import os
import resource
import signal
import struct
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from intake import pipeline
from intake.errors import BudgetExceeded
from intake.model import ParsedMail
from intake.settings.schema import Limits
from tests.fuzz.oracle import FACTS, PROMISES, Broken, check_decision
from tests.fuzz.shown import check_page, check_pictures
from tests.mail_cases import rules_with

PARSE_SECONDS = DECIDE_SECONDS = 2.0
# All promises together: parsing twice more, extracting files, deciding and answering four times.
CHECK_SECONDS = 12.0
_LIMITS = Limits()
# How many mails were put there, and how long the last one is.
_HEAD = struct.Struct(">QQ")


@dataclass(frozen=True, slots=True)
class Finding:
    """What went wrong, in one line that is the same for the same fault, and all of it."""

    signature: str
    detail: str


class Shelf:
    """Memory that outlives the process that wrote it: the mail it died over, and its number."""

    def __init__(self, size_bytes: int = 40_000_000) -> None:
        self._memory = mmap.mmap(-1, size_bytes)

    def put(self, raw: bytes) -> None:
        """Keep `raw`."""
        self._memory[: _HEAD.size] = _HEAD.pack(self.count() + 1, len(raw))
        self._memory[_HEAD.size : _HEAD.size + len(raw)] = raw

    def count(self) -> int:
        """How many were kept, one after the other."""
        number: int = _HEAD.unpack(self._memory[: _HEAD.size])[0]
        return number

    def get(self) -> bytes:
        """What was kept last."""
        _, size = _HEAD.unpack(self._memory[: _HEAD.size])
        return self._memory[_HEAD.size : _HEAD.size + size]


def warm_up() -> None:
    """Loads what is lazy, the language model above all, so that no mail pays for it."""
    raw = b"From: a@b.example\n\nThe quick brown fox jumps over the lazy dog and runs away.\n"
    check_decision(raw, pipeline.parse(raw))


def confine() -> None:
    """Limits this process as intake.worker.parse_child is, once everything lazy is loaded."""
    warm_up()
    faulthandler.register(signal.SIGPROF, file=2, chain=True)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + _LIMITS.parse_memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


@contextmanager
def processor_seconds(seconds: float) -> Iterator[None]:
    """SIGPROF, which ends the process, where the block takes longer on the processor."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def check(
    raw: bytes,
    again: Callable[[bytes], ParsedMail] = pipeline.parse,
    *,
    may_be_refused: bool = True,
) -> Finding | None:
    """The first promise that `raw` breaks. `again` parses it a second time."""
    try:
        try:
            with processor_seconds(PARSE_SECONDS):
                mail = pipeline.parse(raw)
        except BudgetExceeded as error:
            return None if may_be_refused else Finding("it is refused", str(error))
        with processor_seconds(DECIDE_SECONDS):
            pipeline.decide(mail, FACTS, rules_with())
        with processor_seconds(CHECK_SECONDS):
            if again(raw) != mail:
                return Finding("parsing twice gives the same", "")
            for promise in (*PROMISES, check_page, check_pictures):
                promise(raw, mail)
    except Broken as broken:
        return Finding(broken.promise, str(broken))
    except Exception as error:
        return Finding(_signature(error), "".join(traceback.format_exception(error)[-6:]))
    return None


def _signature(error: Exception) -> str:
    where = _innermost(error.__traceback__)
    return f"{type(error).__name__} at {where}"


def _innermost(trace: TracebackType | None) -> str:
    """The deepest line of ours in the traceback."""
    found = "?"
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if "/intake/" in name:
            found = f"{name.rpartition('/intake/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found


def check_read(raw: bytes) -> Finding | None:
    """The first promise that `raw` breaks; being over the budget is none it may break."""
    return check(raw, may_be_refused=False)


def check_refused(raw: bytes) -> Finding | None:
    """That `raw` is over the budget, and that this is seen in time."""
    try:
        with processor_seconds(PARSE_SECONDS):
            pipeline.parse(raw)
    except BudgetExceeded:
        return None
    except Exception as error:
        return Finding(_signature(error), "".join(traceback.format_exception(error)[-6:]))
    return Finding("it is not refused", "")


def check_apart(raw: bytes, checked: Callable[[bytes], Finding | None] = check) -> Finding | None:
    """The same in a process of its own, so that even a hang is a finding."""
    with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as complaints:
        child = os.fork()
        if child == 0:
            os.dup2(complaints.fileno(), 2)
            confine()
            found = checked(raw)
            if found is not None:
                text = f"{found.signature}\0{found.detail}"
                os.write(answer.fileno(), text.encode("utf-8", "backslashreplace"))
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        answer.seek(0)
        complaints.seek(0)
        said = answer.read().decode()
        if said:
            signature, _, detail = said.partition("\0")
            return Finding(signature, detail)
        return death(status, complaints.read().decode("utf-8", "replace"))


def death(status: int, complaints: str) -> Finding | None:
    """What the wait status of a child means, None where it ended well."""
    if os.waitstatus_to_exitcode(status) == 0:
        return None
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if number == signal.SIGPROF:
        ours = [line.strip() for line in complaints.splitlines() if "/intake/" in line]
        at = ours[0].partition("/intake/")[2].replace('", line ', ":") if ours else "?"
        return Finding(f"too slow in {at}", complaints[-3000:])
    how = f"signal {number}" if number else f"status {os.waitstatus_to_exitcode(status)}"
    return Finding(f"died of {how}", complaints[-3000:])
