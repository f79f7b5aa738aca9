"""A private PostgreSQL cluster on a Unix socket and a free port, shared by all workers of a run."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.servers.installed import require

PLACES = tuple(f"/usr/lib/postgresql/{version}/bin" for version in range(19, 12, -1))
# Tests lose nothing when the power goes.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


class Cluster:
    """A running server; `restart()` is what an operator's restart does to us."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self._initdb = require("initdb", apt="postgresql", places=PLACES)
        self._user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of one database in it."""
        return f"postgresql+psycopg://{self._user}@127.0.0.1:{self.port}/{database}"

    def create(self, database: str) -> str:
        """A new, empty database; its URL."""
        self._sql(f'CREATE DATABASE "{database}"')
        return self.url(database)

    def drop(self, database: str) -> None:
        """Away with it, whoever is still connected."""
        self._sql(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def init(self) -> None:
        """Makes the cluster's files."""
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self._run(
            self._initdb, "--pgdata", str(self.data), "--auth=trust", "--no-sync",
            "--encoding=UTF8", "--locale=C.UTF-8", f"--username={self._user}",
        )  # fmt: skip

    def start(self) -> None:
        """Returns when it takes connections."""
        options = [f"-c {setting}" for setting in FAST]
        options += [f"-p {self.port}", "-c listen_addresses=127.0.0.1", f"-k {self.folder}"]
        self._control("start", "--options", " ".join(options), "--log", str(self.folder / "log"))

    def stop(self) -> None:
        """Breaks every connection and waits until it is down."""
        self._control("stop", "--mode=fast")

    def restart(self) -> None:
        """Down and up again, on the same port."""
        self.stop()
        self.start()

    @property
    def data(self) -> Path:
        """Its data folder."""
        return self.folder / "data"

    def _control(self, verb: str, *options: str) -> None:
        program = str(Path(self._initdb).with_name("pg_ctl"))
        self._run(program, verb, "--wait", "--pgdata", str(self.data), *options)

    def _run(self, *command: str) -> None:
        # The server inherits what it is given: a pipe would keep the caller waiting for ever.
        subprocess.run(
            command,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            user=self._user if os.geteuid() == 0 else None,
            timeout=120,
        )

    def _sql(self, statement: str) -> None:
        where = f"postgresql://{self._user}@127.0.0.1:{self.port}/postgres"
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """A cluster of one's own, gone with all its files afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="intake-pg-"))
    try:
        cluster = Cluster(folder, free_port())
        cluster.init()
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
