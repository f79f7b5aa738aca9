"""Turns what database drivers raise into DatabaseUnavailable, in words for an operator."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    NotSupportedError,
    PendingRollbackError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from intake.errors import DatabaseUnavailable

# Part of the driver's message (lower case) -> what it means, and what a person can do.
_WORDS: tuple[tuple[str, str, str], ...] = (
    ("database or disk is full", "the disk is full", "Free some space; work goes on by itself."),
    ("no space left", "the disk is full", "Free some space; work goes on by itself."),
    ("disk full", "the disk is full", "Free some space; work goes on by itself."),
    ("readonly database", "the database file cannot be written", "Check owner and permissions."),
    ("read-only transaction", "the database only takes reads", "Point database.url at a primary."),
    (
        "unable to open database",
        "the database file cannot be opened",
        "Check path and permissions.",
    ),
    (
        "not a database",
        "the file is no SQLite database",
        "Check database.url, or restore a backup.",
    ),
    ("malformed", "the database file is damaged", "Stop Intake and restore a backup."),
    ("disk i/o error", "the disk does not answer", "Check the disk and the system's log."),
    ("database is locked", "another program holds the database", "Find what else has it open."),
    ("password authentication failed", "the database refuses the password", "Check database.url."),
    ("permission denied", "the database user may not do this", "Grant it rights on the schema."),
    ("does not exist", "the database or a part of it does not exist", "Check database.url."),
)
_CODES_OF_RIGHTS = ("42501",)
_CODES_OF_TAKEN = (
    "23505",
    sqlite3.SQLITE_CONSTRAINT_UNIQUE,
    sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
)


def unavailable(error: Exception) -> DatabaseUnavailable:
    """The error to show for `error`: plain words first, the driver's own after them."""
    original = str(getattr(error, "orig", None) or error).strip().split("\n")[0]
    lowered = original.lower()
    for part, words, advice in _WORDS:
        if part in lowered:
            return DatabaseUnavailable(f"{words} ({original})", advice=advice)
    return DatabaseUnavailable(f"the database does not answer ({original})")


def _is_trouble(error: Exception) -> bool:
    """False for what a program did wrong: those must be seen as they are."""
    if isinstance(error, ProgrammingError):
        return getattr(error.orig, "sqlstate", None) in _CODES_OF_RIGHTS
    return not isinstance(error, (IntegrityError, DataError, NotSupportedError))


def is_taken(error: IntegrityError) -> bool:
    """Whether a unique key was the trouble: somebody else was first."""
    code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorcode", None)
    return code in _CODES_OF_TAKEN


@contextmanager
def plain_words() -> Iterator[None]:
    """Whatever the database raises inside comes out as DatabaseUnavailable if it is trouble."""
    try:
        yield
    except (DBAPIError, PoolTimeout, PendingRollbackError, sqlite3.OperationalError) as error:
        if _is_trouble(error):
            raise unavailable(error) from error
        raise
