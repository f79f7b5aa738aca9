"""Parses mails in child processes that are killed when one mail takes too long or too much."""

from __future__ import annotations

import os
import pickle
import select
import subprocess
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from types import TracebackType

from intake.errors import BudgetExceeded, UnreadableMail
from intake.model import ParsedMail
from intake.settings.schema import Limits
from intake.worker import parse_child

_START_SECONDS = 60.0
_CHUNK = 1 << 20


class ParserPool:
    """`size` children. Thread safe; a child that died is replaced when the next mail comes."""

    def __init__(self, limits: Limits, size: int = 1) -> None:
        self.limits = limits
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="parse")
        self._idle: SimpleQueue[_Child] = SimpleQueue()
        for _ in range(size):
            self._idle.put(_Child(limits))

    def parse(self, raw: bytes) -> ParsedMail:
        """The mail in `raw`. Raises BudgetExceeded and UnreadableMail."""
        return self.submit(raw).result()

    def submit(self, raw: bytes) -> Future[ParsedMail]:
        """The same, while the caller does something else."""
        return self._threads.submit(self._parse, raw)

    def _parse(self, raw: bytes) -> ParsedMail:
        child = self._idle.get()
        try:
            return child.parse(raw)
        finally:
            self._idle.put(child)

    def close(self) -> None:
        """Ends the children; mails under way are given up."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        while not self._idle.empty():
            self._idle.get().end()

    def __enter__(self) -> ParserPool:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()


class _Child:
    """One process and the two pipes to it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None

    def parse(self, raw: bytes) -> ParsedMail:
        process = self._running()
        deadline = time.monotonic() + self._limits.parse_seconds
        try:
            _send(process, raw)
            answer = _receive(process, deadline)
        except TimeoutError:
            self.end()
            seconds = self._limits.parse_seconds
            raise BudgetExceeded(f"The mail could not be read within {seconds:g} s.") from None
        except OSError:
            self.end()
            raise UnreadableMail("The process that was reading this mail died.") from None
        return self._understand(answer)

    def _understand(self, answer: bytes) -> ParsedMail:
        kind, body = answer[:1], answer[1:]
        if kind == parse_child.PARSED:
            mail: ParsedMail = pickle.loads(body)  # noqa: S301 - made by our own child
            return mail
        if kind == parse_child.OVER_BUDGET:
            raise BudgetExceeded(body.decode())
        # Its memory may be in pieces after either of these.
        self.end()
        if kind == parse_child.OUT_OF_MEMORY:
            most = self._limits.parse_memory_bytes
            raise BudgetExceeded(f"The mail needs more than {most:,} bytes of memory to be read.")
        raise UnreadableMail(f"The mail could not be read: {body.decode('utf-8', 'replace')}")

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.end()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "intake.worker.parse_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Of its own, so that Ctrl-C reaches the daemon alone and it ends in good order.
            start_new_session=True,
        )
        try:
            _send(self._process, pickle.dumps(self._limits))
            _receive(self._process, time.monotonic() + _START_SECONDS)
        except OSError as error:
            self.end()
            raise UnreadableMail("The process that reads mails does not start.") from error
        return self._process

    def end(self) -> None:
        """Kills the process."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        process.wait()


def _send(process: subprocess.Popen[bytes], body: bytes) -> None:
    if process.stdin is None:
        raise BrokenPipeError
    parse_child.write_frame(process.stdin, body)


def _receive(process: subprocess.Popen[bytes], deadline: float) -> bytes:
    """One frame. Raises TimeoutError after `deadline`, OSError where the child is gone."""
    if process.stdout is None:
        raise BrokenPipeError
    handle = process.stdout.fileno()
    head = _read(handle, parse_child.LENGTH.size, deadline)
    return _read(handle, parse_child.LENGTH.unpack(head)[0], deadline)


def _read(handle: int, size: int, deadline: float) -> bytes:
    pieces: list[bytes] = []
    while size > 0:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([handle], [], [], left)[0]:
            raise TimeoutError
        piece = os.read(handle, min(size, _CHUNK))
        if not piece:
            raise ConnectionResetError
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
