"""Brings a database to the schema of this program, under a lock, with a backup on SQLite."""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from intake.errors import DatabaseUnavailable

# The last file of migrations/versions; a test holds the two together.
HEAD = "0010"
# Any number will do as long as it stays: PostgreSQL's advisory lock for migrating Intake.
_LOCK = 4_937_265_128


def migrate_database(engine: Engine) -> None:
    """Does nothing where the schema is current; else backs up (SQLite) and migrates.

    Two processes that start at once take turns. Raises DatabaseUnavailable for a database of a
    newer Intake.
    """
    with engine.connect() as connection:
        found = schema_revision(connection)
    if found == HEAD:
        return
    if found is not None and found > HEAD:
        raise DatabaseUnavailable(
            f"the database was made by a newer Intake (schema {found}, this one knows {HEAD})",
            advice="Upgrade Intake, or restore the backup made before that upgrade.",
        )
    with _told_plainly(), _only_one(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        found = schema_revision(connection)
        if found != HEAD:
            if found is not None and engine.dialect.name == "sqlite":
                _backup(Path(str(engine.url.database)))
            # Alembic takes a quarter of a second to import: only those pay who need it.
            importlib.import_module("intake.store.migrations.run").upgrade(connection)


@contextmanager
def _only_one(engine: Engine) -> Iterator[Connection]:
    """One transaction for all of it: either the whole way or nothing."""
    with engine.execution_options(intake_begin="BEGIN IMMEDIATE").begin() as connection:
        yield connection


@contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        original = str(getattr(error, "orig", None) or error).strip().split("\n")[0]
        raise DatabaseUnavailable(
            f"the database could not be brought to schema {HEAD}; it is as it was ({original})",
            advice="Start the Intake it was made with, or ask for help with this message.",
        ) from error


def schema_revision(connection: Connection) -> str | None:
    """The revision the database is at; None for one that Intake has never used."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _backup(path: Path) -> None:
    """A whole copy beside the file, `name.before-0008.db`, of what was last committed.

    The caller holds the write lock, so nothing is added meanwhile; reading goes beside it.
    """
    target = path.with_name(f"{path.stem}.before-{HEAD}{path.suffix}")
    unfinished = target.with_name(target.name + ".part")
    unfinished.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(unfinished)) as copy:
            source.backup(copy)
        unfinished.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise DatabaseUnavailable(
            f"no backup of the database could be made before migrating it: {error}",
            advice="Make room beside the database file, then start again.",
        ) from error
