"""The company's own user table: a SQLite file and a PostgreSQL database that are not ours."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from intake.errors import DirectoryUnavailable
from intake.outside.directory_sql import Sought, SqlDirectory
from intake.settings.people import Directory
from tests.servers.postgres import Cluster

ALICE = Sought("alice@posteo.example", "alice@posteo.example")


def users(url: str) -> str:
    """A table that somebody else made; Intake never creates one there."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in (
            "CREATE TABLE users (id INTEGER, mail TEXT, full_name TEXT, plan TEXT, banned INTEGER)",
            "INSERT INTO users VALUES (7, 'Alice@Posteo.example', 'Alice Moreau', 'vip', 0)",
            "INSERT INTO users VALUES (8, 'bob@x.example', 'Bob', NULL, 1)",
            "CREATE VIEW intake_customers AS SELECT id AS customer_id, full_name AS name,"
            " mail AS email, plan AS tier,"
            " CASE banned WHEN 1 THEN 'blocked' ELSE 'registered' END AS state,"
            " CASE id WHEN 8 THEN 'X.example' END AS domain FROM users",
        ):
            connection.execute(text(statement))
    engine.dispose()
    return url


def directory(url: str, **changes: Any) -> SqlDirectory:
    changes = changes if "query" in changes else {"view": "intake_customers"} | changes
    return SqlDirectory(Directory(source="sql", url=url, **changes))


def test_a_view_is_asked_whatever_the_case(database_url: str) -> None:
    asked = directory(users(database_url))
    (row,) = asked.find([ALICE])
    assert (row["customer_id"], row["name"], row["tier"]) == (7, "Alice Moreau", "vip")
    assert row["email"] == "Alice@Posteo.example"
    assert [row["customer_id"] for row in asked.find_companies(["x.example"])] == [8]
    assert asked.find([Sought("nobody@x.example", "nobody@x.example")]) == []
    asked.close()


def test_a_query_of_their_own(database_url: str) -> None:
    columns = "id AS customer_id, full_name AS name, mail AS email"
    asked = directory(
        users(database_url),
        query=f"SELECT {columns} FROM users WHERE lower(mail) = :written",
        domain_query=f"SELECT {columns} FROM users WHERE lower(mail) LIKE '%@' || :domain",
    )
    assert [row["name"] for row in asked.find([ALICE])] == ["Alice Moreau"]
    (company,) = asked.find_companies(["a.x.example", "x.example"])
    assert (company["name"], company["domain"]) == ("Bob", "x.example")
    asked.close()


def test_nothing_can_be_written(database_url: str) -> None:
    asked = directory(
        users(database_url),
        query="DELETE FROM users WHERE mail = :address RETURNING id AS customer_id,"
        " full_name AS name, mail AS email",
    )
    with pytest.raises(DirectoryUnavailable, match=r"read.?only"):
        asked.find([Sought("bob@x.example", "bob@x.example")])
    asked.close()
    whole = directory(database_url)
    assert len(whole.find([Sought("bob@x.example", "bob@x.example")])) == 1
    whole.close()


def test_a_look_up_has_its_time_limit(database_url: str) -> None:
    slow = {
        "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
        " SELECT i AS customer_id, 'x' AS name, 'y' AS email FROM n WHERE i < 0 AND :address = ''",
        "postgresql": "SELECT 1 AS customer_id, 'x' AS name, 'y' AS email"
        " FROM (SELECT pg_sleep(60)) AS slow WHERE :address = ''",
    }
    asked = directory(
        database_url if "postgres" in database_url else users(database_url),
        query=slow["postgresql" if "postgres" in database_url else "sqlite"],
        timeout_seconds=0.2,
    )
    ended = threading.Event()

    def look() -> None:
        with pytest.raises(DirectoryUnavailable, match="takes too long"):
            asked.find([Sought("", "")])
        ended.set()

    threading.Thread(target=look, daemon=True).start()
    assert ended.wait(30)
    asked.close()


class Proxy:
    """Passes bytes on to a server, until it is to say nothing more."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.silent = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(self._target)
                for pair in ((near, far), (far, near)):
                    threading.Thread(target=self._pass, args=pair, daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if not self.silent.is_set():
                    sink.sendall(data)

    def close(self) -> None:
        self._listener.close()


def test_a_server_that_falls_silent_is_hung_up_on(postgres_url: str) -> None:
    url = make_url(users(postgres_url))
    assert url.host is not None
    proxy = Proxy(url.host, url.port or 5432)
    through = url.set(host="127.0.0.1", port=proxy.port)
    asked = directory(through.render_as_string(hide_password=False), timeout_seconds=0.2)
    assert asked.find([ALICE])
    proxy.silent.set()
    ended = threading.Event()

    def look() -> None:
        with pytest.raises(DirectoryUnavailable, match="does not answer"):
            asked.find([ALICE])
        ended.set()

    threading.Thread(target=look, daemon=True).start()
    assert ended.wait(30)
    proxy.silent.clear()
    assert asked.find([ALICE])
    asked.close()
    proxy.close()


def test_a_table_that_lacks_columns_is_a_directory_that_is_away(database_url: str) -> None:
    users(database_url)
    with pytest.raises(DirectoryUnavailable, match="no column customer_id"):
        directory(database_url, view="users").find([ALICE])
    with pytest.raises(DirectoryUnavailable, match="does not answer"):
        directory(database_url, view="missing").find([ALICE])


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(DirectoryUnavailable, match="does not answer"):
        directory(f"sqlite:///{tmp_path / 'none.db'}").find([ALICE])
    assert not list(tmp_path.iterdir())


def test_it_is_found_again_when_the_server_is_back(postgres: Cluster, postgres_url: str) -> None:
    asked = directory(users(postgres_url))
    assert asked.find([ALICE])
    postgres.stop()
    began = time.monotonic()
    with pytest.raises(DirectoryUnavailable):
        asked.find([ALICE])
    assert time.monotonic() - began < 30
    postgres.start()
    assert asked.find([ALICE])
    asked.close()
