"""What every route works with, kept in the application's state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from starlette.requests import HTTPConnection

from intake.review.throttle import Throttle
from intake.worker.opening import OpenDesk


@dataclass(frozen=True, slots=True)
class Room:
    """The open desk, its clock, and who has tried too many wrong tokens."""

    desk: OpenDesk
    now: Callable[[], datetime]
    throttle: Throttle


def room_of(request: HTTPConnection) -> Room:
    """The room that a request came to."""
    return cast(Room, request.app.state.room)
