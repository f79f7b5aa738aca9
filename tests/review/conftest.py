"""The application on a real port, over either database, with a clock that tests move."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from intake.review.serving import serving
from intake.settings.load import load_configuration
from intake.store.blobs import BlobStore
from intake.store.database import Database
from intake.store.tokens import add_token
from intake.worker.opening import OpenDesk
from tests.cast import NOW

CONFIG = Path(__file__).parents[2] / "config" / "intake.toml"
READER, WRITER = "intake_reader", "intake_writer"


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at

    def move(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def make_desk(database: Database, folder: Path, *overrides: str) -> OpenDesk:
    told = ["review.listen=127.0.0.1:0", *overrides]
    configuration = load_configuration(CONFIG, told, {})
    return OpenDesk(configuration.settings, configuration.rules, database, BlobStore(folder))


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> OpenDesk:
    with database.write() as connection:
        add_token(connection, "reader", READER, ["customers:read"], by="ops", at=NOW)
        both = ["customers:read", "customers:write"]
        add_token(connection, "crm", WRITER, both, by="ops", at=NOW)
    return make_desk(database, tmp_path / "blobs")


@pytest.fixture
def url(desk: OpenDesk, clock: Clock) -> Iterator[str]:
    with serving(desk, clock) as url:
        assert url is not None
        yield url


def client_of(url: str, token: str | None) -> httpx.Client:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.Client(base_url=f"{url}/api/v1", headers=headers, timeout=20)


@pytest.fixture
def api(url: str) -> Iterator[httpx.Client]:
    with client_of(url, WRITER) as client:
        yield client
