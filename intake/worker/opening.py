"""Opens what a desk consists of, the same way for every verb."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from intake.outside.credentials import resolve_secret
from intake.outside.dkim_check import require_dkim
from intake.settings.load import Configuration
from intake.settings.rules import Rules
from intake.settings.schema import Settings
from intake.store.blobs import BlobStore
from intake.store.database import Database, open_database
from intake.store.mailboxes import load_or_create_desk_key

_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class OpenDesk:
    """Everything the worker needs; `rules` carry the key that signs our ids."""

    settings: Settings
    rules: Rules
    database: Database
    blobs: BlobStore

    def close(self) -> None:
        """Closes the database."""
        self.database.close()


def open_desk(configuration: Configuration) -> OpenDesk:
    """Opens database (creating and migrating it) and blob folder, and finds the desk's key.

    Raises ConfigError, DatabaseUnavailable, StorageError, SecretUnavailable.
    """
    settings = configuration.settings
    if settings.identity.verify_dkim:
        require_dkim()
    database = open_database(settings.database.url)
    try:
        blobs = BlobStore(Path(settings.storage.dir))
        rules = configuration.rules.model_copy(update={"key": find_key(settings, database)})
    except BaseException:
        database.close()
        raise
    return OpenDesk(settings, rules, database, blobs)


def find_key(settings: Settings, database: Database) -> bytes:
    """The configured key, else the one in the database, made there at the first start."""
    if settings.desk.key is not None:
        return resolve_secret(settings.desk.key).encode()
    with database.write() as connection:
        return load_or_create_desk_key(connection, secrets.token_bytes(_KEY_BYTES))
