"""The company's own user table: looked up in, never written to, never waited for long."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, TextClause, bindparam, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from intake.errors import DirectoryUnavailable
from intake.settings.schema import Directory

REQUIRED = ("customer_id", "name", "email")
_MOST_ROWS = 50
# SQLite asks so often whether it should stop.
_STEPS = 20_000

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
        self._until = time.monotonic() + self._settings.timeout_seconds
        return _Reading(self._engine)

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
                "connect_timeout": max(int(seconds), 2),
                "options": limits,
                "application_name": "intake directory",
            },
            pool_pre_ping=True,
            pool_size=2,
            pool_timeout=seconds,
        )
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
    """A read transaction whose troubles are the directory's."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __enter__(self) -> Connection:
        try:
            self._connection = self._engine.connect()
        except SQLAlchemyError as error:
            raise _unavailable(error) from error
        return self._connection

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        try:
            self._connection.close()
        except SQLAlchemyError as trouble:
            error = error or trouble
        if isinstance(error, SQLAlchemyError):
            raise _unavailable(error) from error


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
