"""The schema comes by itself, whole or not at all, and nothing is lost on the way."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text

from intake.errors import DatabaseUnavailable
from intake.store.database import open_database
from intake.store.migrate import HEAD, schema_revision
from intake.store.migrations.run import config_for
from intake.store.tables import METADATA
from tests.servers.postgres import Cluster


@contextmanager
def engine_of(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    yield engine
    engine.dispose()


def at_first_revision(url: str) -> None:
    """An existing database of the release before, with a customer in it."""
    with engine_of(url) as engine, engine.begin() as connection:
        command.upgrade(config_for(connection), "0001")
        connection.execute(
            text(
                "INSERT INTO customer (customer_id, name, updated_at)"
                " VALUES ('c1', 'Chen Wei', '2026-11-23 10:00:00.000000')"
            )
        )


def rendered(value: Any) -> str:
    """Text that is the same for the same meaning: conditions of indexes are objects."""
    if isinstance(value, dict):
        return str(sorted((key, rendered(item)) for key, item in value.items()))
    return str(value)


def shape(url: str) -> dict[str, Any]:
    """Everything the database says about its tables, in an order that can be compared."""
    with engine_of(url) as engine, engine.connect() as connection:
        inspector = inspect(connection)
        return {
            table: {
                "columns": [
                    (c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(table)
                ],
                "key": inspector.get_pk_constraint(table),
                "indexes": sorted(rendered(i) for i in inspector.get_indexes(table)),
                "unique": sorted(rendered(u) for u in inspector.get_unique_constraints(table)),
                "foreign": sorted(rendered(f) for f in inspector.get_foreign_keys(table)),
            }
            for table in inspector.get_table_names()
            if table != "alembic_version"
        }


def test_head_is_the_newest_migration() -> None:
    assert ScriptDirectory.from_config(config_for()).get_heads() == [HEAD]


def test_alembic_finds_no_difference_to_the_tables(database_url: str) -> None:
    open_database(database_url).close()
    with engine_of(database_url) as engine, engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_migrated_sqlite_has_the_shape_of_the_tables(sqlite_url: str, tmp_path: Path) -> None:
    other = f"sqlite:///{tmp_path / 'other.db'}"
    open_database(sqlite_url).close()
    with engine_of(other) as engine:
        METADATA.create_all(engine)
    assert shape(sqlite_url) == shape(other)


def test_migrated_postgresql_has_the_shape_of_the_tables(
    postgres: Cluster, postgres_url: str
) -> None:
    other = postgres.create("other_shape")
    try:
        open_database(postgres_url).close()
        with engine_of(other) as engine:
            METADATA.create_all(engine)
        assert shape(postgres_url) == shape(other)
    finally:
        postgres.drop("other_shape")


def test_an_existing_database_is_migrated_and_keeps_its_rows(database_url: str) -> None:
    at_first_revision(database_url)
    database = open_database(database_url)
    with database.read() as connection:
        assert schema_revision(connection) == HEAD
        assert connection.execute(text("SELECT name FROM customer")).scalar() == "Chen Wei"
    database.close()


def test_sqlite_is_backed_up_before_migrating_and_only_then(
    sqlite_url: str, tmp_path: Path
) -> None:
    open_database(sqlite_url).close()
    assert not list(tmp_path.glob("*before*"))
    (tmp_path / "intake.db").unlink()
    at_first_revision(sqlite_url)
    for _ in range(2):
        open_database(sqlite_url).close()
    (backup,) = tmp_path.glob("*before*")
    assert backup.name == f"intake.before-{HEAD}.db"
    with closing(sqlite3.connect(backup)) as copy:
        assert copy.execute("SELECT name FROM customer").fetchall() == [("Chen Wei",)]
        assert copy.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]


def test_a_migration_that_fails_leaves_the_database_as_it_was(database_url: str) -> None:
    at_first_revision(database_url)
    with engine_of(database_url) as engine, engine.begin() as connection:
        connection.execute(text("CREATE TABLE suppression (surprise INTEGER)"))
    with pytest.raises(DatabaseUnavailable, match="as it was"):
        open_database(database_url)
    with engine_of(database_url) as engine, engine.begin() as connection:
        assert schema_revision(connection) == "0001"
        assert "ticket" not in inspect(connection).get_table_names()
        connection.execute(text("DROP TABLE suppression"))
    open_database(database_url).close()


def test_a_newer_database_is_refused(database_url: str) -> None:
    open_database(database_url).close()
    with engine_of(database_url) as engine, engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseUnavailable, match="newer Intake"):
        open_database(database_url)


def test_many_may_open_a_new_database_at_once(database_url: str) -> None:
    assert opened_by_many(database_url) == []


def test_many_may_open_an_old_database_at_once(sqlite_url: str, tmp_path: Path) -> None:
    at_first_revision(sqlite_url)
    assert opened_by_many(sqlite_url) == []
    (backup,) = tmp_path.glob("*before*")
    with closing(sqlite3.connect(backup)) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]


def opened_by_many(url: str) -> list[Exception]:
    trouble: list[Exception] = []

    def start() -> None:
        try:
            open_database(url).close()
        except Exception as error:
            trouble.append(error)

    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return trouble
