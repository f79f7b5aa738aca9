"""A lease has one holder at a time, and an epoch that tells a new holder from an old one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.store import lease
from intake.store.database import Database, open_database
from tests.store.desk_of_mails import NOW

_names = count()
TTL = 10


@pytest.fixture(scope="module")
def shared_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('lease') / 'intake.db'}")
    yield database
    database.close()


def test_the_second_waits_until_the_first_is_done(database: Database) -> None:
    with database.write() as connection:
        first = lease.acquire(connection, "daemon", "a:1", TTL, NOW)
        assert first is not None
        assert lease.acquire(connection, "daemon", "b:2", TTL, NOW) is None
        holder = lease.holder(connection, "daemon")
        assert holder is not None
        assert (holder.owner, holder.until) == ("a:1", NOW + timedelta(seconds=TTL))
        lease.release(connection, "daemon", "a:1", first, NOW)
        assert lease.holder(connection, "daemon") is None
        second = lease.acquire(connection, "daemon", "b:2", TTL, NOW)
        assert second is not None
        assert second > first


def test_who_oversleeps_has_lost_it(database: Database) -> None:
    late = NOW + timedelta(seconds=TTL)
    with database.write() as connection:
        first = lease.acquire(connection, "daemon", "a:1", TTL, NOW)
        assert first is not None
        assert lease.renew(connection, "daemon", "a:1", first, TTL, NOW + timedelta(seconds=5))
        assert lease.acquire(connection, "daemon", "b:2", TTL, late) is None
        much_later = late + timedelta(seconds=5)
        assert lease.acquire(connection, "daemon", "b:2", TTL, much_later) is not None
        assert not lease.renew(connection, "daemon", "a:1", first, TTL, much_later)
        lease.release(connection, "daemon", "a:1", first, much_later)
        holder = lease.holder(connection, "daemon")
        assert holder is not None
        assert holder.owner == "b:2"


def test_a_dead_holder_can_be_put_out(database: Database) -> None:
    with database.write() as connection:
        lease.acquire(connection, "daemon", "a:1", TTL, NOW)
        lease.evict(connection, "daemon", "c:3")
        assert lease.acquire(connection, "daemon", "b:2", TTL, NOW) is None
        lease.evict(connection, "daemon", "a:1")
        assert lease.acquire(connection, "daemon", "b:2", TTL, NOW) is not None


Step = tuple[str, str, int]
steps = st.lists(
    st.tuples(
        st.sampled_from(["acquire", "renew", "release"]),
        st.sampled_from(["a", "b", "c"]),
        st.integers(0, 2 * TTL),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(steps)
def test_it_behaves_like_the_obvious_model(shared_database: Database, story: list[Step]) -> None:
    name, now = f"lease {next(_names)}", NOW
    owner, until, epoch = None, NOW, 0
    mine: dict[str, int] = {}
    with shared_database.write() as connection:
        for action, who, wait in story:
            now += timedelta(seconds=wait)
            held_by_me = owner == who and mine.get(who) == epoch
            if action == "acquire":
                got = lease.acquire(connection, name, who, TTL, now)
                if owner in (None, who) or until <= now:
                    owner, until, epoch = who, now + timedelta(seconds=TTL), epoch + 1
                    mine[who] = epoch
                    assert got == epoch
                else:
                    assert got is None
            elif action == "renew":
                renewed = lease.renew(connection, name, who, mine.get(who, 0), TTL, now)
                assert renewed == (held_by_me and until > now)
                until = now + timedelta(seconds=TTL) if renewed else until
            else:
                lease.release(connection, name, who, mine.get(who, 0), now)
                owner = None if held_by_me else owner


def test_of_many_that_try_at_once_one_gets_it(database: Database) -> None:
    winners: list[str] = []

    def attempt(who: str) -> None:
        with database.write() as connection:
            if lease.acquire(connection, "daemon", who, TTL, NOW) is not None:
                winners.append(who)

    threads = [threading.Thread(target=attempt, args=(f"{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(winners) == 1
