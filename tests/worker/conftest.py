from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from intake.settings.schema import Mailbox
from intake.settings.section import SecretSource
from intake.store.database import Database, open_database
from tests.servers.account import Account
from tests.servers.oddimap import OddImap
from tests.worker.desk import Desk
from tests.worker.traps import set_traps

MakeDesk = Callable[..., Desk]


@pytest.fixture
def desk_for(account: Account, database: Database, tmp_path: Path) -> MakeDesk:
    """A desk on a real Dovecot mailbox; changes go to the mailbox, `limits` to the limits."""

    def make(*, limits: dict[str, Any] | None = None, **changes: Any) -> Desk:
        return Desk(account.mailbox(**changes), database, tmp_path, **(limits or {}))

    return make


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    """A database for what has nothing to do with databases."""
    opened = open_database(sqlite_url)
    yield opened
    opened.close()


@pytest.fixture
def odd_desk(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[OddImap], Desk]:
    """A desk on a server that misbehaves. Its time-outs are half a second."""
    monkeypatch.setenv("ODD_PASSWORD", "s3cret")

    def make(odd: OddImap, **changes: Any) -> Desk:
        mailbox = Mailbox(
            host="localhost",
            port=odd.port,
            security="plain",
            username="desk",
            password=SecretSource(env="ODD_PASSWORD"),
            **changes,
        )
        desk = Desk(mailbox, database, tmp_path)
        times = {"connect_timeout_seconds": 0.5, "read_timeout_seconds": 0.5}
        schedule = desk.settings.schedule.model_copy(update=times)
        desk.settings = desk.settings.model_copy(update={"schedule": schedule})
        return desk

    return make


@pytest.fixture
def traps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mails with certain subjects hang, kill or fill the process that parses them."""
    monkeypatch.setenv("PYTHONPATH", set_traps(tmp_path))
