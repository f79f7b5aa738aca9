from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.errors import IntakeError, LoginRefused, MailboxUnreachable
from intake.settings.schema import Schedule
from intake.worker.backoff import error_kind, next_attempt

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SCHEDULE = Schedule(backoff_first_seconds=10, backoff_limit_seconds=600, login_refused_seconds=900)


def pause(failures: int, kind: str = "unreachable", roll: float = 0.0) -> float:
    return (next_attempt(NOW, failures, kind, SCHEDULE, roll=roll) - NOW).total_seconds()


def test_it_doubles_up_to_the_limit() -> None:
    assert [pause(n) for n in (1, 2, 3, 6, 7, 8, 10_000)] == [10, 20, 40, 320, 600, 600, 600]


@given(st.integers(1, 100), st.floats(0, 1))
def test_the_die_takes_off_at_most_a_quarter(failures: int, roll: float) -> None:
    assert pause(failures) * 0.75 <= pause(failures, roll=roll) <= pause(failures)


@given(st.integers(1, 100), st.floats(0, 1))
def test_a_refused_login_is_never_repeated_early(failures: int, roll: float) -> None:
    assert 900 <= pause(failures, "login-refused", roll) <= 990


def test_throttling_waits_longer() -> None:
    assert pause(1, "throttled") == 80


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (LoginRefused("x"), "login-refused"),
        (MailboxUnreachable("x"), "unreachable"),
        (IntakeError("x"), "failed"),
    ],
)
def test_words_for_errors(error: IntakeError, kind: str) -> None:
    assert error_kind(error) == kind
