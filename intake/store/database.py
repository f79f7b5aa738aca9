"""Opens the one database, SQLite or PostgreSQL, and hands out its transactions."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from intake.errors import ConfigError, DatabaseUnavailable
from intake.store.migrate import migrate_database
from intake.store.trouble import plain_words

BUSY_SECONDS = 10
_POOL: dict[str, Any] = {"pool_size": 8, "max_overflow": 16, "pool_timeout": 30}


class Database:
    """A pool of connections. `write()` and `read()` are transactions; both raise
    DatabaseUnavailable, and a pool whose server went away is usable again when it is back.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.dialect: str = engine.dialect.name
        # SQLite has one writer at a time. Waiting here is fair and wakes at once; its own
        # busy handler sleeps and may starve a thread. Other processes are left to that one.
        self._turn = threading.Lock() if self.dialect == "sqlite" else None
        self._writer = engine.execution_options(intake_begin="BEGIN IMMEDIATE")
        self._reader = (
            engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            if self.dialect == "postgresql"
            else engine
        )

    @property
    def url(self) -> str:
        """The URL with its password hidden."""
        return self._engine.url.render_as_string(hide_password=True)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One write transaction: committed at the end, rolled back on any exception.

        Let exceptions leave the block: PostgreSQL takes no statement after a failed one. Never
        open a second one inside (SQLite would wait for itself).
        """
        with self._my_turn(), plain_words(), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One read transaction: every statement in it sees the same state of the database."""
        with plain_words(), self._reader.begin() as connection:
            yield connection

    def close(self) -> None:
        """Closes idle connections; SQLite folds its write-ahead log into the file."""
        self._engine.dispose()

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        if self._turn is None:
            yield
            return
        if not self._turn.acquire(timeout=BUSY_SECONDS * 3):
            raise DatabaseUnavailable("another part of this program holds the database")
        try:
            yield
        finally:
            self._turn.release()


def open_database(url: str, *, migrate: bool = True) -> Database:
    """The database at a SQLAlchemy `url`, created and brought up to date where `migrate`.

    Raises ConfigError for a URL that cannot be used, DatabaseUnavailable for everything else.
    """
    parsed = _checked_url(url)
    with plain_words():
        engine = _sqlite_engine(parsed) if _is_sqlite(parsed) else _postgresql_engine(parsed)
        try:
            if migrate:
                migrate_database(engine)
            else:
                with engine.connect():
                    pass
        except BaseException:
            engine.dispose()
            raise
    return Database(engine)


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _checked_url(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigError(f"database.url: {url!r} is no SQLAlchemy URL ({error})") from error
    backend = parsed.get_backend_name()
    if backend in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise ConfigError(f"database.url: expected sqlite:/// or postgresql://, got {backend}://")
    if not parsed.database or parsed.database == ":memory:":
        raise ConfigError("database.url: expected a file, for instance sqlite:///var/intake.db")
    return parsed


def _sqlite_engine(url: URL) -> Engine:
    folder = Path(str(url.database)).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnavailable(f"cannot make the folder {folder}: {error.strerror}") from error
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, **_POOL)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        # The driver would begin transactions where it sees fit; we begin them ourselves.
        connection.isolation_level = None
        _use_write_ahead_log(connection)
        for pragma in ("synchronous=FULL", "foreign_keys=ON", "cache_size=-32768"):
            connection.execute(f"PRAGMA {pragma}")
        # Pages that every mail touches are then copied into the file less often.
        connection.execute("PRAGMA wal_autocheckpoint=4000")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        words = connection.get_execution_options().get("intake_begin", "BEGIN")
        # Straight to the driver: this runs twice a mail.
        connection.connection.cursor().execute(words)

    return engine


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """A new file is changed over once; meanwhile SQLite turns others away without waiting."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _postgresql_engine(url: URL) -> Engine:
    query = {"application_name": "intake", "connect_timeout": str(BUSY_SECONDS), **url.query}
    return create_engine(url.set(query=query), pool_pre_ping=True, **_POOL)
