"""A progress line on standard error, for work that takes more than two seconds on a terminal."""

from __future__ import annotations

import sys
import time
from types import TracebackType

_PATIENCE_SECONDS = 2.0
_EVERY_SECONDS = 0.2


class Progress:
    """Counts; says nothing where nobody watches or the work is soon done.

    `beside_output` is for work that prints as it goes: on the same terminal that is enough.
    """

    def __init__(self, what: str, total: int | None = None, *, beside_output: bool = False) -> None:
        self._what, self._total = what, total
        self._count = 0
        self._started = time.monotonic()
        self._shown = 0.0
        self._watched = sys.stderr.isatty() and not (beside_output and sys.stdout.isatty())

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")

    def step(self, count: int = 1) -> None:
        """`count` more are done."""
        self._count += count
        now = time.monotonic()
        if not self._watched or now - self._started < _PATIENCE_SECONDS:
            return
        if now - self._shown >= _EVERY_SECONDS:
            self._shown = now
            of = f" of {self._total}" if self._total else ""
            rate = self._count / (now - self._started)
            sys.stderr.write(f"\r\x1b[K{self._what}: {self._count}{of}, {rate:.0f}/s")
            sys.stderr.flush()
