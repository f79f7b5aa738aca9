"""The UID ledger: nothing missed, nothing twice, whatever order UIDs come in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import count, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.store import desk
from intake.store.database import Database, open_database
from intake.store.ledger import (
    Imported,
    Oversize,
    Received,
    known_uid_ranges,
    mark_told,
    record_folder_state,
    record_imported,
    record_oversize,
    record_received,
    untold,
)
from intake.store.mailboxes import load_health, save_health
from intake.store.mails import list_quarantined
from intake.store.views import MailboxHealth
from tests.store.desk_of_mails import NOW, a_mail, claim, received, sha

FOLDER = ("support", "INBOX", 7)
LARGEST_UID = 2**32 - 1
_validity = count(100)


@pytest.fixture(scope="module")
def shared_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('ledger') / 'intake.db'}")
    yield database
    database.close()


def seen(uids: list[int], uidvalidity: int = 7) -> list[Received]:
    return [Received("support", "INBOX", uidvalidity, u, sha(f"{u}"), 10, NOW) for u in uids]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sets(st.integers(1, 40) | st.integers(LARGEST_UID - 5, LARGEST_UID), max_size=40),
    st.randoms(use_true_random=False),
)
def test_ranges_are_the_uids(shared_database: Database, uids: set[int], random: object) -> None:
    uidvalidity = next(_validity)
    order = list(uids)
    random.shuffle(order)  # type: ignore[attr-defined]
    with shared_database.write() as connection:
        record_received(connection, seen(order, uidvalidity))
        # Neighbours that must not leak in.
        record_received(connection, seen([3, 4], uidvalidity + 1_000_000))
        ranges = known_uid_ranges(connection, "support", "INBOX", uidvalidity)
    assert {uid for low, high in ranges for uid in range(low, high + 1)} == uids
    assert ranges == sorted(ranges)
    assert all(low[1] + 1 < high[0] for low, high in pairwise(ranges))


def test_ranges_on_both_databases(database: Database) -> None:
    with database.write() as connection:
        record_received(connection, seen([5, 1, 2, 9, 3, 10, LARGEST_UID]))
        ranges = known_uid_ranges(connection, *FOLDER)
        assert ranges == [(1, 3), (5, 5), (9, 10), (LARGEST_UID, LARGEST_UID)]
        assert known_uid_ranges(connection, *FOLDER, lowest=3) == [
            (3, 3),
            (5, 5),
            (9, 10),
            (LARGEST_UID, LARGEST_UID),
        ]
        assert known_uid_ranges(connection, "support", "INBOX", 8) == []


def test_recording_again_changes_nothing(database: Database) -> None:
    entries = received([a_mail("first"), a_mail("second")])
    with database.write() as connection:
        assert record_received(connection, entries) == [sha("first"), sha("second")]
        assert record_received(connection, entries) == []
        assert [e.kind for e in desk.events(connection)] == ["received", "received"]
    assert len(claim(database)) == 2


def test_the_same_bytes_twice_are_one_mail_in_two_places(database: Database) -> None:
    with database.write() as connection:
        assert record_received(connection, received([a_mail("first")] * 2)) == [sha("first")]
        later = received([a_mail("first")], NOW + timedelta(days=1), first_uid=9)
        assert record_received(connection, later) == []
        assert known_uid_ranges(connection, *FOLDER) == [(1, 2), (9, 9)]
    assert len(claim(database)) == 1


def test_more_than_one_chunk(database: Database) -> None:
    uids = list(range(1, 1203))
    with database.write() as connection:
        assert len(record_received(connection, seen(uids))) == 1202
        assert record_received(connection, seen(uids)) == []
        assert known_uid_ranges(connection, *FOLDER) == [(1, 1202)]
        mark_told(connection, *FOLDER, uids[:1100], NOW)
        assert len(untold(connection, *FOLDER, limit=500)) == 102


def test_what_the_server_was_not_told_yet(database: Database) -> None:
    with database.write() as connection:
        record_received(connection, seen([1, 2, 3, 4]))
        record_oversize(connection, [an_oversize(5)])
        assert untold(connection, *FOLDER, limit=3) == [1, 2, 3]
        mark_told(connection, *FOLDER, [1, 3], NOW)
        # A mail that was left on the server is never told, that is: flagged, moved or deleted.
        assert untold(connection, *FOLDER, limit=10) == [2, 4]
        mark_told(connection, *FOLDER, [], NOW)


def an_oversize(uid: int, uidvalidity: int = 7) -> Oversize:
    return Oversize(
        "support", "INBOX", uidvalidity, uid, 40_000_000, NOW, "Subject: film\0 \udc80\r\n", "a@b"
    )


def test_a_mail_too_large_is_shown_and_known_again_after_a_rescan(database: Database) -> None:
    with database.write() as connection:
        (name,) = record_oversize(connection, [an_oversize(5)])
        assert record_oversize(connection, [an_oversize(1, uidvalidity=8)]) == []
        assert known_uid_ranges(connection, *FOLDER) == [(5, 5)]
        (mail,) = list_quarantined(connection)
    assert name.startswith("too-large:")
    assert (mail.state, mail.size_bytes) == ("too-large", 40_000_000)
    assert mail.headers_text is not None
    assert mail.headers_text.startswith("Subject: film")
    assert "40,000,000" in (mail.error_text or "")
    assert claim(database) == []


def test_imported_mails_need_no_place_on_a_server(database: Database) -> None:
    mails = [Imported(sha("first"), 10, NOW, "a@b"), Imported(sha("second"), 10, NOW)]
    with database.write() as connection:
        assert record_imported(connection, mails, acknowledge=False) == [m.sha256 for m in mails]
        assert record_imported(connection, mails, acknowledge=True) == []
    claimed = claim(database)
    assert [(c.imported, c.acknowledge, c.mailbox) for c in claimed] == [
        (True, False, "import")
    ] * 2


def test_what_a_poll_saw_is_part_of_the_health(database: Database) -> None:
    with database.write() as connection:
        save_health(connection, MailboxHealth("support", backlog=4))
        record_folder_state(connection, "support", "INBOX", 7, 100, 2, NOW)
        record_folder_state(connection, "support", "VIP", 9, None, 1, NOW)
        record_folder_state(connection, "support", "INBOX", 8, 5, 3, NOW)
        record_folder_state(connection, "sales", "INBOX", 1, 1, 50, NOW)
        health = load_health(connection, "support")
    assert (health.backlog, health.missing) == (4, 4)
    assert health.uidvalidity == {"INBOX": 8, "VIP": 9}
