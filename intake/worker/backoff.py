"""How long a failing mailbox is left alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from intake.errors import (
    IntakeError,
    LoginRefused,
    MailboxRefusal,
    MailboxThrottled,
    MailboxUnreachable,
    SecretUnavailable,
)
from intake.settings.schema import Schedule

# A server that asks us to slow down is waited for as after so many failures more.
_THROTTLED_EXTRA = 3
_KINDS: tuple[tuple[type[IntakeError], str], ...] = (
    (LoginRefused, "login-refused"),
    (MailboxThrottled, "throttled"),
    (MailboxRefusal, "refused"),
    (MailboxUnreachable, "unreachable"),
    (SecretUnavailable, "secret-unavailable"),
)


def error_kind(error: IntakeError) -> str:
    """The word for an error in health and events."""
    return next((word for kind, word in _KINDS if isinstance(error, kind)), "failed")


def next_attempt(
    now: datetime, failures: int, kind: str, schedule: Schedule, *, roll: float
) -> datetime:
    """When to try again after `failures` (>= 1) in a row; `roll` is a die of 0.0 to 1.0.

    Doubles from backoff_first_seconds to backoff_limit_seconds, of which up to a quarter is taken
    off so that many mailboxes do not knock at once. A refused login is never repeated before
    login_refused_seconds, so that no account is locked by us.
    """
    steps = failures - 1 + (_THROTTLED_EXTRA if kind == "throttled" else 0)
    seconds = schedule.backoff_first_seconds * 2.0 ** min(steps, 40)
    seconds = min(seconds, schedule.backoff_limit_seconds) * (1 - roll / 4)
    if kind == "login-refused":
        seconds = max(seconds, schedule.login_refused_seconds * (1 + roll / 10))
    return now + timedelta(seconds=seconds)
