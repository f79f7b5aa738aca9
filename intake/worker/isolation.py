"""Parses mails in child processes that are killed when one mail takes too long or too much."""

from __future__ import annotations

import fcntl
import os
import pickle
import select
import subprocess
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from threading import Event
from types import TracebackType

from intake.errors import BudgetExceeded, ParserUnavailable, UnreadableMail
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
        self._children = [_Child(limits) for _ in range(size)]
        self._idle: SimpleQueue[_Child] = SimpleQueue()
        for child in self._children:
            self._idle.put(child)

    def parse(self, raw: bytes) -> ParsedMail:
        """The mail in `raw`. Raises BudgetExceeded, UnreadableMail and ParserUnavailable."""
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
        """Ends the children; mails under way are given up (ParserUnavailable)."""
        for child in self._children:
            child.give_up()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for child in self._children:
            child.end()

    def __enter__(self) -> ParserPool:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()


class _SpoiltBefore(Exception):
    """It failed on this mail, perhaps because of what earlier mails left behind."""


class _Child:
    """One process and the two pipes to it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._used = False
        self._closing = Event()

    def give_up(self) -> None:
        """From another thread: what is under way ends at once, and nothing begins any more."""
        self._closing.set()
        process = self._process
        if process is not None:
            process.kill()

    def parse(self, raw: bytes) -> ParsedMail:
        """The mail, if need be in a second process that no mail before it has touched."""
        try:
            return self._parse(raw)
        except _SpoiltBefore:
            return self._parse(raw)

    def _parse(self, raw: bytes) -> ParsedMail:
        process = self._running()
        fresh, self._used = not self._used, True
        try:
            answer = _ask(process, raw, self._limits.parse_seconds)
        except TimeoutError:
            self.end()
            seconds = self._limits.parse_seconds
            raise BudgetExceeded(f"The mail could not be read within {seconds:g} s.") from None
        except OSError:
            self.end()
            if self._closing.is_set():
                raise ParserUnavailable("Intake is stopping.") from None
            if not fresh:
                raise _SpoiltBefore from None
            raise UnreadableMail("The process that was reading this mail died.") from None
        if answer[:1] == parse_child.OUT_OF_MEMORY and not fresh:
            self.end()
            raise _SpoiltBefore
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
        if self._closing.is_set():
            raise ParserUnavailable("Intake is stopping.")
        try:
            self._process = _start()
            _ask(self._process, pickle.dumps(self._limits), _START_SECONDS)
        except OSError as error:
            self.end()
            raise ParserUnavailable("The process that reads mails does not start.") from error
        self._used = False
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


def _start() -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-m", "intake.worker.parse_child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        # Of its own, so that Ctrl-C reaches the daemon alone and it ends in good order.
        start_new_session=True,
    )
    for handle in _handles(process):
        os.set_blocking(handle, False)
        with suppress(OSError):  # above the system's limit; the default does too
            fcntl.fcntl(handle, fcntl.F_SETPIPE_SZ, _CHUNK)
    return process


def _ask(process: subprocess.Popen[bytes], body: bytes, seconds: float) -> bytes:
    """One frame there, one frame back, within `seconds` (else TimeoutError).

    Raises OSError where the process is gone.
    """
    deadline = time.monotonic() + seconds
    there, back = _handles(process)
    _write(there, parse_child.LENGTH.pack(len(body)), deadline)
    _write(there, body, deadline)
    head = _read(back, parse_child.LENGTH.size, deadline)
    return _read(back, parse_child.LENGTH.unpack(head)[0], deadline)


def _handles(process: subprocess.Popen[bytes]) -> tuple[int, int]:
    if process.stdin is None or process.stdout is None:
        raise BrokenPipeError
    return process.stdin.fileno(), process.stdout.fileno()


def _write(handle: int, body: bytes, deadline: float) -> None:
    rest = memoryview(body)
    while rest:
        try:
            rest = rest[os.write(handle, rest[:_CHUNK]) :]
        except BlockingIOError:
            _wait_for(handle, select.POLLOUT, deadline)


def _read(handle: int, size: int, deadline: float) -> bytes:
    pieces: list[bytes] = []
    while size > 0:
        _wait_for(handle, select.POLLIN, deadline)
        piece = os.read(handle, min(size, _CHUNK))
        if not piece:
            raise ConnectionResetError
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _wait_for(handle: int, event: int, deadline: float) -> None:
    # Not select(), which knows no handle above 1023.
    waiting = select.poll()
    waiting.register(handle, event)
    left = deadline - time.monotonic()
    if left <= 0 or not waiting.poll(left * 1000):
        raise TimeoutError
