"""Parses mails in child processes that are killed when one mail takes too long or too much."""

from __future__ import annotations

import pickle
import subprocess
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from threading import Event
from types import TracebackType

from intake.errors import BudgetExceeded, ParserUnavailable, UnreadableMail
from intake.model import ParsedMail
from intake.settings.schema import Limits
from intake.worker import parse_child
from intake.worker.frames import ask, end_child, start_child

_START_SECONDS = 60.0


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
            answer = ask(process, raw, self._limits.parse_seconds)
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
            self._process = start_child("intake.worker.parse_child")
            ask(self._process, pickle.dumps(self._limits), _START_SECONDS)
        except OSError as error:
            self.end()
            raise ParserUnavailable("The process that reads mails does not start.") from error
        self._used = False
        return self._process

    def end(self) -> None:
        """Kills the process."""
        process, self._process = self._process, None
        if process is not None:
            end_child(process)
