"""The company's own user table: looked up in, never written to, never waited for long."""

from __future__ import annotations

import contextlib
import os
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from weakref import WeakSet

from sqlalchemy import Connection, Engine, TextClause, bindparam, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from intake.errors import DirectoryUnavailable
from intake.settings.people import Directory

REQUIRED = ("customer_id", "name", "email")
_MOST_ROWS = 50
# SQLite asks so often whether it should stop.
_STEPS = 20_000
# A server has this long to say itself that it took too long, in seconds.
_GRACE = 1.0

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sought:
    """An address: normalised, and in lower case as it was written."""

    address: str
    written: str


class SqlDirectory:
    """Looks addresses and domains up; each look-up within its time limit.

    Everything raises DirectoryUnavailable: for a table that is not as it should be, too, since
    nobody may be called unknown for that.
    """

    def __init__(self, settings: Directory, password: str | None = None) -> None:
        self._settings = settings
        self._until = 0.0
        self._lines: WeakSet[Any] = WeakSet()
        self._engine = self._open(make_url(settings.url), password)
        self._columns: frozenset[str] | None = None

    def find(self, sought: Sequence[Sought]) -> list[Row]:
        """Rows of customers who may have one of these addresses, at most 50."""
        if self._settings.query:
            asked = [{"address": one.address, "written": one.written} for one in sought]
            return self._ask_each(self._settings.query, asked)
        keys = sorted({key for one in sought for key in (one.address, one.written)})
        return self._ask([self._listed("email", keys)])

    def find_companies(self, domains: Sequence[str]) -> list[Row]:
        """Rows of customers registered with one of these domains, at most 50."""
        if not domains:
            return []
        if self._settings.query:
            return [
                {"domain": domain, **row}
                for domain in domains
                for row in self._ask_each(self._settings.domain_query, [{"domain": domain}])
            ]
        if "domain" not in self.columns():
            return []
        return self._ask([self._listed("domain", list(domains))])

    def columns(self) -> frozenset[str]:
        """The columns of the view or query; read once."""
        if self._columns is None:
            nobody = {"address": "", "written": ""}
            if self._settings.query:
                statement, values = _bound(self._settings.query, nobody)
            else:
                view = self._settings.view
                statement, values = text(f"SELECT * FROM {view} WHERE 1 = 0"), {}  # noqa: S608
            with self._reading() as connection:
                found = frozenset(map(str.lower, connection.execute(statement, values).keys()))
            missing = [name for name in REQUIRED if name not in found]
            if missing:
                raise DirectoryUnavailable(
                    f"the customer directory has no column {', '.join(missing)}"
                )
            self._columns = found
        return self._columns

    def close(self) -> None:
        """Gives the connections back."""
        self._engine.dispose()

    def _listed(self, column: str, keys: list[str]) -> tuple[TextClause, dict[str, Any]]:
        view = self._settings.view
        statement = text(f"SELECT * FROM {view} WHERE lower({column}) IN :keys")  # noqa: S608
        return statement.bindparams(bindparam("keys", expanding=True)), {"keys": keys}

    def _ask_each(self, query: str, asked: Iterable[dict[str, str]]) -> list[Row]:
        return self._ask([_bound(query, values) for values in asked]) if query else []

    def _ask(self, statements: Sequence[tuple[TextClause, dict[str, Any]]]) -> list[Row]:
        self.columns()
        with self._reading() as connection:
            return [
                {str(name).lower(): value for name, value in row.items()}
                for statement, values in statements
                for row in connection.execute(statement, values).mappings().fetchmany(_MOST_ROWS)
            ]

    def _reading(self) -> _Reading:
        seconds = self._settings.timeout_seconds
        self._until = time.monotonic() + seconds
        return _Reading(self._engine, _connect_seconds(seconds) + seconds + _GRACE, self._hang_up)

    def _hang_up(self) -> None:
        # Where the server or what is between fell silent, its statement_timeout ends nothing.
        for line in list(self._lines):
            # One that has just ended by itself is all right.
            with (
                contextlib.suppress(OSError, self._engine.dialect.loaded_dbapi.Error),
                socket.socket(fileno=os.dup(line.fileno())) as same,
            ):
                same.shutdown(socket.SHUT_RDWR)

    def _open(self, url: URL, password: str | None) -> Engine:
        seconds = self._settings.timeout_seconds
        if password is not None:
            url = url.set(password=password)
        if url.get_backend_name() == "sqlite":
            return self._open_sqlite(url, seconds)
        limits = f"-c statement_timeout={int(seconds * 1000)} -c default_transaction_read_only=on"
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            connect_args={
                "connect_timeout": _connect_seconds(seconds),
                "options": limits,
                "application_name": "intake directory",
            },
            pool_pre_ping=True,
            pool_size=2,
            pool_timeout=seconds,
        )

        @event.listens_for(engine, "connect")
        def keep(connection: object, _record: object) -> None:
            self._lines.add(connection)

        return engine.execution_options(postgresql_readonly=True)

    def _open_sqlite(self, url: URL, seconds: float) -> Engine:
        file = quote(url.database or "")
        readonly = url.set(database=f"file:{file}", query={"mode": "ro", "uri": "true"})
        engine = create_engine(readonly, connect_args={"timeout": seconds}, pool_size=2)

        @event.listens_for(engine, "connect")
        def limit(connection: sqlite3.Connection, _record: object) -> None:
            connection.set_progress_handler(lambda: time.monotonic() > self._until, _STEPS)

        return engine


class _Reading:
    """A read transaction whose troubles are the directory's, ended after `seconds`."""

    def __init__(self, engine: Engine, seconds: float, hang_up: Callable[[], None]) -> None:
        self._engine = engine
        self._limit = threading.Timer(seconds, hang_up)
        self._limit.daemon = True

    def __enter__(self) -> Connection:
        self._limit.start()
        try:
            self._connection = self._engine.connect()
        except SQLAlchemyError as error:
            self._limit.cancel()
            raise _unavailable(error) from error
        return self._connection

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        self._limit.cancel()
        try:
            self._connection.close()
        except SQLAlchemyError as trouble:
            error = error or trouble
        if isinstance(error, SQLAlchemyError):
            raise _unavailable(error) from error


def _connect_seconds(seconds: float) -> int:
    # libpq knows no less.
    return max(int(seconds), 2)


def _bound(query: str, values: dict[str, str]) -> tuple[TextClause, dict[str, str]]:
    """The statement with those of `values` that it names."""
    statement = text(query)
    named = statement.compile().params
    return statement, {name: value for name, value in values.items() if name in named}


def _unavailable(error: SQLAlchemyError) -> DirectoryUnavailable:
    original = str(getattr(error, "orig", None) or error).strip().split("\n")[0]
    slow = "interrupted" in original or "statement timeout" in original
    words = "takes too long" if slow else "does not answer"
    return DirectoryUnavailable(f"the customer directory {words} ({original})")
