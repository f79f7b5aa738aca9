"""Transactions, and plain words for whatever a database can do wrong."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from intake.errors import ConfigError, DatabaseUnavailable
from intake.store.database import Database, open_database
from intake.store.mailboxes import load_health, save_health
from intake.store.views import MailboxHealth
from tests.servers.postgres import Cluster
from tests.servers.small_disk import mounted

MEGABYTE = 1_000_000


def note(database: Database, failures: int, words: str = "") -> None:
    with database.write() as connection:
        save_health(connection, MailboxHealth("support", failures=failures, last_error=words))


def noted(database: Database) -> int:
    with database.read() as connection:
        return load_health(connection, "support").failures


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://localhost/intake", "expected sqlite"),
        ("not a url", "no SQLAlchemy URL"),
        ("sqlite://", "expected a file"),
        ("sqlite:///:memory:", "expected a file"),
    ],
)
def test_a_url_that_cannot_be_used_is_named(url: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        open_database(url)


def test_sqlite_is_set_up_for_keeping_what_it_promised(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    with database.read() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    database.close()
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
    }


def test_an_exception_undoes_the_whole_transaction(database: Database) -> None:
    note(database, 1)
    with pytest.raises(RuntimeError), database.write() as connection:
        save_health(connection, MailboxHealth("support", failures=2))
        raise RuntimeError
    assert noted(database) == 1


def test_a_read_sees_one_moment(database: Database) -> None:
    note(database, 1)
    with database.read() as connection:
        assert load_health(connection, "support").failures == 1
        note(database, 2)
        assert load_health(connection, "support").failures == 1
    assert noted(database) == 2


def test_two_writers_at_once_lose_nothing(database_url: str) -> None:
    # Two pools, as in two processes: no lock of this program stands between them.
    databases = [open_database(database_url) for _ in range(2)]
    with databases[0].write() as connection:
        connection.execute(text("CREATE TABLE counter (n INTEGER)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))
    trouble: list[Exception] = []
    # A SQLite write transaction has the whole database from its first statement on.
    look = "SELECT n FROM counter"
    if databases[0].dialect == "postgresql":
        look += " FOR UPDATE"

    def count(database: Database) -> None:
        try:
            for _ in range(50):
                with database.write() as connection:
                    n = connection.execute(text(look)).scalar_one()
                    connection.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})
        except Exception as error:
            trouble.append(error)

    threads = [threading.Thread(target=count, args=(databases[n % 2],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with databases[0].read() as connection:
        assert connection.execute(text("SELECT n FROM counter")).scalar() == 200
    assert trouble == []
    for database in databases:
        database.close()


def test_what_the_program_did_wrong_is_not_called_trouble(database: Database) -> None:
    row = text("INSERT INTO lease (name, until, epoch) VALUES ('a', '2026-11-23 10:00', 0)")
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(row)
        connection.execute(row)


def test_a_full_disk_and_its_end(tmp_path: Path) -> None:
    with mounted(tmp_path, 4 * MEGABYTE) as disk:
        database = open_database(f"sqlite:///{tmp_path / 'intake.db'}")
        note(database, 1)
        disk.fill()
        with pytest.raises(DatabaseUnavailable, match="disk is full") as caught:
            note(database, 2, "x" * MEGABYTE)
        assert "space" in caught.value.advice
        assert noted(database) == 1
        disk.make_room()
        note(database, 3)
        assert noted(database) == 3
        database.close()


def test_a_read_only_database_and_its_end(tmp_path: Path) -> None:
    with mounted(tmp_path, 4 * MEGABYTE) as disk:
        url = f"sqlite:///{tmp_path / 'intake.db'}"
        open_database(url).close()
        disk.read_only()
        with pytest.raises(DatabaseUnavailable):
            note(open_database(url), 1)
        disk.writable()
        database = open_database(url)
        note(database, 2)
        assert noted(database) == 2
        database.close()


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "intake.db"
    path.write_bytes(b"this is a letter, not a database " * 100)
    with pytest.raises(DatabaseUnavailable, match="no SQLite database"):
        open_database(f"sqlite:///{path}")
    assert path.read_bytes().startswith(b"this is a letter")


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DatabaseUnavailable, match="cannot make the folder"):
        open_database(f"sqlite:///{tmp_path / 'file' / 'below' / 'intake.db'}")


def test_another_program_that_holds_the_file_for_long(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intake.store.database.BUSY_SECONDS", 0.2)
    database = open_database(sqlite_url)
    with closing(sqlite3.connect(tmp_path / "intake.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseUnavailable, match="another program holds"):
            note(database, 1)
        other.execute("ROLLBACK")
    note(database, 2)
    assert noted(database) == 2
    database.close()


def test_a_nested_write_is_refused_not_waited_for_for_ever(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intake.store.database.BUSY_SECONDS", 0.1)
    database = open_database(sqlite_url)
    with database.write(), pytest.raises(DatabaseUnavailable, match="another part"):
        note(database, 1)
    database.close()


def test_postgresql_restarted_under_a_pool(postgres: Cluster, postgres_url: str) -> None:
    database = open_database(postgres_url)
    note(database, 1)
    postgres.restart()
    note(database, 2)
    postgres.stop()
    try:
        for work in (lambda: note(database, 3), lambda: noted(database)):
            with pytest.raises(DatabaseUnavailable):
                work()
    finally:
        postgres.start()
    assert noted(database) == 2
    note(database, 4)
    assert noted(database) == 4
    database.close()


def test_postgresql_that_breaks_off_in_the_middle(postgres_url: str) -> None:
    database, other = open_database(postgres_url), open_database(postgres_url)
    note(database, 1)
    with pytest.raises(DatabaseUnavailable), database.write() as connection:
        save_health(connection, MailboxHealth("support", failures=2))
        me = connection.execute(text("SELECT pg_backend_pid()")).scalar()
        with other.write() as stranger:
            stranger.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": me})
        connection.execute(text("SELECT 1"))
    assert noted(database) == 1
    database.close()
    other.close()


def test_postgresql_that_takes_no_writes(postgres_url: str) -> None:
    open_database(postgres_url).close()
    database = open_database(f"{postgres_url}?options=-c%20default_transaction_read_only%3Don")
    with pytest.raises(DatabaseUnavailable, match="only takes reads"):
        note(database, 1)
    assert noted(database) == 0
    database.close()


def test_postgresql_that_is_not_there(postgres: Cluster) -> None:
    with pytest.raises(DatabaseUnavailable, match="does not exist"):
        open_database(postgres.url("no_such_database"))


def test_the_url_is_shown_without_its_password(postgres_url: str) -> None:
    database = open_database(postgres_url.replace("postgres@", "postgres:s3cret@"))
    assert "s3cret" not in database.url
    database.close()
