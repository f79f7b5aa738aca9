"""What a dead process had in hand comes back, and only the mail it died over is held against it."""

from __future__ import annotations

from datetime import UTC, datetime

from intake.store.database import Database
from intake.store.ledger import Imported, record_imported
from intake.store.mails import claim_received, claimers, release_claims

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def test_only_the_first_in_hand_loses_an_attempt(database: Database) -> None:
    mails = [Imported(f"{number:064x}", 10, NOW) for number in range(3)]
    with database.write() as connection:
        record_imported(connection, mails, acknowledge=False)
    for life in (1, 2, 3):
        with database.write() as connection:
            claimed = claim_received(connection, "dead", NOW, 300, 10)
        assert [mail.attempts for mail in claimed] == [life, 1, 1]
        with database.write() as connection:
            assert claimers(connection) == ["dead"]
            assert release_claims(connection, "dead") == 3
            assert claimers(connection) == []
