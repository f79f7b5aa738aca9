"""Which lines of a room were reached, cheaply: a function that is known through is not traced."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

Trace = Callable[[FrameType, str, Any], Any]


class Coverage:
    """Counts lines of the files whose path holds `room`; `run` says whether one was new."""

    def __init__(self, room: str = "/intake/mail/") -> None:
        self._room = room
        self._left: dict[CodeType, set[int] | None] = {}
        self._new = False

    def run(self, function: Callable[[bytes], Any], raw: bytes) -> Any:
        """function(raw), watched."""
        self._new = False
        sys.settrace(self._enter)
        try:
            return function(raw)
        finally:
            sys.settrace(None)

    @property
    def is_new(self) -> bool:
        """Whether the last run reached a line that none before it did."""
        return self._new

    def counts(self) -> tuple[int, int]:
        """Lines reached and lines there are, of the functions that ran at all."""
        known = {code: _lines(code) for code, left in self._left.items() if left is not None}
        missed = sum(len(self._left[code] or ()) for code in known)
        there = sum(map(len, known.values()))
        return there - missed, there

    def _enter(self, frame: FrameType, _event: str, _argument: Any) -> Trace | None:
        code = frame.f_code
        left = self._left.get(code, False)
        if left is False:
            ours = self._room in code.co_filename
            left = self._left[code] = _lines(code) if ours else None
        if not left:
            return None
        return self._step

    def _step(self, frame: FrameType, event: str, _argument: Any) -> Trace:
        left = self._left[frame.f_code]
        if event == "line" and left and frame.f_lineno in left:
            left.discard(frame.f_lineno)
            self._new = True
        return self._step


def _lines(code: CodeType) -> set[int]:
    """The lines of `code` but the first, which a call does not count as a line."""
    return {line for _, _, line in code.co_lines() if line is not None} - {code.co_firstlineno}
