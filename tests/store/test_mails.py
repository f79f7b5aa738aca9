"""The work queue: one worker a mail, nothing lost when a worker dies."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from intake.errors import NotFound
from intake.store import desk
from intake.store.database import Database
from intake.store.mails import (
    claim_received,
    claimers,
    list_quarantined,
    quarantine,
    quarantined_mail,
    release,
    release_claims,
    retry_quarantined,
)
from tests.store.desk_of_mails import NOW, a_mail, claim, keep, receive, sha


def test_a_claimed_mail_is_nobody_elses_until_its_lease_ends(database: Database) -> None:
    receive(database, a_mail("first"), a_mail("second"), a_mail("third"))
    assert [c.sha256 for c in claim(database, limit=2)] == [sha("first"), sha("second")]
    assert [c.sha256 for c in claim(database)] == [sha("third")]
    assert claim(database, at=NOW + timedelta(seconds=59)) == []
    again = claim(database, at=NOW + timedelta(seconds=61))
    assert [(c.sha256, c.attempts) for c in again][:1] == [(sha("first"), 2)]
    assert len(again) == 3
    assert again[0].received_at == NOW


def test_what_is_put_back_is_free_at_once_and_did_not_count(database: Database) -> None:
    receive(database, a_mail("first"))
    claim(database)
    with database.write() as connection:
        release(connection, [sha("first"), sha("unknown")])
    assert [c.attempts for c in claim(database)] == [1]


def test_what_a_dead_worker_had_is_free_and_did_count(database: Database) -> None:
    receive(database, a_mail("first"), a_mail("second"))
    assert len(claim(database, limit=1)) == 1
    with database.write() as connection:
        assert claimers(connection) == ["me"]
        assert release_claims(connection, "somebody else") == 0
        assert release_claims(connection, "me") == 1
        assert claimers(connection) == []
    assert [c.attempts for c in claim(database)] == [2, 1]


def test_many_workers_never_share_a_mail(database: Database) -> None:
    receive(database, *(a_mail(f"{n}") for n in range(60)))
    taken: list[str] = []

    def work(name: str) -> None:
        while True:
            with database.write() as connection:
                mine = claim_received(connection, name, NOW, 60, 4)
            if not mine:
                return
            assert len(mine) <= 4
            taken.extend(c.sha256 for c in mine)

    threads = [threading.Thread(target=work, args=(f"worker {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(sha(f"{n}") for n in range(60))


def test_quarantine_and_back(database: Database) -> None:
    receive(database, a_mail("first"), a_mail("second"))
    claim(database)
    with database.write() as connection:
        headers = "Subject: caf\udce9\r\n"
        assert quarantine(connection, sha("first"), "too-deep", "60 levels\0", headers, NOW)
        assert not quarantine(connection, sha("first"), "again", "again", None, NOW)
    assert [c.sha256 for c in claim(database, at=NOW + timedelta(hours=1))] == [sha("second")]
    with database.read() as connection:
        (entry,) = list_quarantined(connection)
        assert quarantined_mail(connection, sha("first")[:10]) == entry
        assert "quarantined" in [e.kind for e in desk.events(connection)]
        with pytest.raises(NotFound):
            quarantined_mail(connection, sha("second"))
    assert (entry.error_code, entry.attempts, entry.processed_at) == ("too-deep", 1, NOW)
    with database.write() as connection:
        retry_quarantined(connection, sha("first"), NOW)
        with pytest.raises(NotFound):
            retry_quarantined(connection, sha("first"), NOW)
    assert [c.attempts for c in claim(database)] == [1]


def test_a_recorded_mail_can_not_be_quarantined_any_more(database: Database) -> None:
    keep(database, a_mail("first"))
    with database.write() as connection:
        assert not quarantine(connection, sha("first"), "slow", "came late", None, NOW)
        assert list_quarantined(connection) == []


def test_the_list_comes_in_pages_newest_first(database: Database) -> None:
    names = [f"{n}" for n in range(5)]
    receive(database, *(a_mail(name) for name in names))
    with database.write() as connection:
        for name in names:
            quarantine(connection, sha(name), "x", "y", None, NOW)
        first = list_quarantined(connection, limit=3)
        rest = list_quarantined(connection, limit=3, after=first[-1].id)
    assert [m.sha256 for m in (*first, *rest)] == [sha(name) for name in reversed(names)]
