"""A thread that does one kind of work again and again, and is never ended by its troubles."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread

import structlog

from intake.errors import IntakeError

_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 30.0

log = structlog.get_logger("daemon")


class Loop:
    """Calls `work` until it answers 0, then sleeps until `wake` or for `tick_seconds`.

    Any exception is logged and followed by a pause that doubles up to 30 s.
    """

    def __init__(self, name: str, work: Callable[[], int], tick_seconds: float) -> None:
        self._name, self._work, self._tick = name, work, tick_seconds
        self._bell = Event()
        self._stopping = Event()
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def wake(self) -> None:
        """There is work."""
        self._bell.set()

    def stop(self) -> None:
        """Ends after what is in hand; returns at once."""
        self._stopping.set()
        self._bell.set()

    def join(self, seconds: float) -> bool:
        """Whether it has ended within `seconds`."""
        self._thread.join(max(seconds, 0))
        return not self._thread.is_alive()

    def _run(self) -> None:
        pause = _FIRST_PAUSE_SECONDS
        while not self._stopping.is_set():
            try:
                busy = self._work() > 0
                pause = _FIRST_PAUSE_SECONDS
            except Exception as error:
                unforeseen = not isinstance(error, IntakeError)
                log.warning(
                    f"{self._name} has trouble",
                    reason=str(error),
                    again_in=pause,
                    exc_info=unforeseen,
                )
                self._stopping.wait(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
                continue
            if not busy:
                self._bell.wait(self._tick)
                self._bell.clear()
