"""Fixtures that several rooms share: a database of either kind, fresh for each test.

Hypothesis tries the same examples in every run, here and in CI: what is green stays green as long
as the code does not change. `HYPOTHESIS_PROFILE=explore` draws new ones.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser

from intake.store.database import Database, open_database
from tests.servers.account import Account
from tests.servers.browser import running_browser
from tests.servers.dovecot import Dovecot, running_dovecot
from tests.servers.postgres import Cluster, running_cluster

_COUNTER = itertools.count()

# No deadline and no complaint that drawing is slow: the machine may be busy with other things.
settings.register_profile(
    "repeatable",
    derandomize=True,
    database=None,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("explore", settings.get_profile("repeatable"), derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """One PostgreSQL server for each worker of the run."""
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture
def postgres_url(postgres: Cluster) -> Iterator[str]:
    """An empty PostgreSQL database."""
    name = f"intake_{next(_COUNTER)}"
    yield postgres.create(name)
    postgres.drop(name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'intake.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database; every test that asks for it runs on SQLite and on PostgreSQL."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database, closed afterwards."""
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """One Dovecot for each worker of the run; take `account` unless the server itself is hurt."""
    with running_dovecot() as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for each worker of the run; open a context of your own in it."""
    with running_browser() as running:
        yield running


@pytest.fixture
def account(dovecot: Dovecot) -> Account:
    """An empty mailbox on it, for this test alone."""
    return Account(dovecot)
