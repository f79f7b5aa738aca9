"""Real child processes, and mails that hang, explode or kill them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from pathlib import Path
from typing import Any

import pytest

from intake.errors import BudgetExceeded, ParserUnavailable, UnreadableMail
from intake.mail.parse import parse_mail
from intake.settings.schema import Limits
from intake.worker.isolation import ParserPool

RAW = b"From: li.na@customer.example\r\nSubject: Withdrawal pending\r\n\r\nWhere is it?\r\n"


def mail(subject: str) -> bytes:
    return RAW.replace(b"Withdrawal pending", subject.encode())


@pytest.fixture
def make_pool() -> Iterator[Callable[..., ParserPool]]:
    made: list[ParserPool] = []

    def make(size: int = 1, **limits: Any) -> ParserPool:
        values = {"parse_seconds": 1.5, "parse_memory_bytes": 400_000_000} | limits
        made.append(ParserPool(Limits(**values), size))
        return made[-1]

    yield make
    for pool in made:
        pool.close()


def child_of(pool: ParserPool) -> int:
    """Its first child's process id."""
    process = pool._children[0]._process
    assert process is not None
    return process.pid


def test_a_mail_comes_back_as_the_parser_made_it(make_pool: Callable[..., ParserPool]) -> None:
    pool = make_pool()
    big = RAW + b"A long line of many words about a deposit.\r\n" * 100_000
    for raw in (RAW, b"", b"\0\xff", big, RAW):
        assert pool.parse(raw) == parse_mail(raw, pool.limits)


@pytest.mark.usefixtures("traps")
@pytest.mark.parametrize(
    ("subject", "error", "words"),
    [
        ("hang", BudgetExceeded, "within 1.5 s"),
        ("sleep", BudgetExceeded, "within 1.5 s"),
        ("explode", BudgetExceeded, "memory"),
        ("die", UnreadableMail, "died"),
        ("raise", UnreadableMail, "KeyError"),
    ],
)
def test_what_one_mail_does_to_its_process_the_next_does_not_feel(
    make_pool: Callable[..., ParserPool], subject: str, error: type[Exception], words: str
) -> None:
    pool = make_pool()
    pool.parse(RAW)
    began = time.monotonic()
    with pytest.raises(error, match=words):
        pool.parse(mail(subject))
    assert time.monotonic() - began < 15
    assert pool.parse(RAW).subject == "Withdrawal pending"


@pytest.mark.usefixtures("traps")
def test_what_a_library_prints_does_not_get_between_the_answers(
    make_pool: Callable[..., ParserPool],
) -> None:
    assert make_pool().parse(mail("chatter")).subject == "chatter"


@pytest.mark.usefixtures("traps")
def test_what_earlier_mails_left_behind_is_not_held_against_a_mail(
    make_pool: Callable[..., ParserPool],
) -> None:
    pool = make_pool(parse_memory_bytes=250_000_000)
    pool.parse(mail("litter"))
    assert pool.parse(mail("thirsty")).subject == "thirsty"


def test_a_child_that_was_killed_between_two_mails_is_replaced(
    make_pool: Callable[..., ParserPool],
) -> None:
    pool = make_pool()
    pool.parse(RAW)
    os.kill(child_of(pool), signal.SIGKILL)
    assert pool.parse(RAW).subject == "Withdrawal pending"


def test_a_child_that_does_not_even_listen_is_replaced(
    make_pool: Callable[..., ParserPool],
) -> None:
    pool = make_pool()
    pool.parse(RAW)
    os.kill(child_of(pool), signal.SIGSTOP)
    with pytest.raises(BudgetExceeded):
        pool.parse(RAW + b"x" * 5_000_000)
    assert pool.parse(RAW).subject == "Withdrawal pending"


def test_over_budget_of_the_parser_itself(make_pool: Callable[..., ParserPool]) -> None:
    pool = make_pool(header_lines=5)
    with pytest.raises(BudgetExceeded):
        pool.parse(b"X: y\r\n" * 50 + RAW)
    before = child_of(pool)
    pool.parse(RAW)
    assert child_of(pool) == before, "an answer is no reason for a new process"


def test_many_threads_get_their_own_mails_back(make_pool: Callable[..., ParserPool]) -> None:
    pool = make_pool(size=2)
    futures = {name: pool.submit(mail(name)) for name in (f"mail {n}" for n in range(60))}
    wait(futures.values(), 60)
    assert {future.result().subject for future in futures.values()} == set(futures)


def test_where_no_process_can_start_it_is_not_the_mail(
    make_pool: Callable[..., ParserPool], monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = make_pool()
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    with pytest.raises(ParserUnavailable):
        pool.parse(RAW)
    monkeypatch.undo()
    assert pool.parse(RAW).subject == "Withdrawal pending"


@pytest.mark.usefixtures("traps")
def test_closing_does_not_wait_for_a_mail_that_hangs(
    make_pool: Callable[..., ParserPool],
) -> None:
    pool = make_pool(parse_seconds=60)
    pool.parse(RAW)
    pid = child_of(pool)
    future = pool.submit(mail("hang"))
    threading.Timer(0.3, pool.close).start()
    assert isinstance(future.exception(5), ParserUnavailable)
    time.sleep(0.2)
    assert not Path(f"/proc/{pid}").exists()


@pytest.mark.usefixtures("traps")
@pytest.mark.parametrize("subject", ["idle", "hang"])
def test_no_child_outlives_a_daemon_that_was_killed(subject: str) -> None:
    """Also not one in an endless loop that never looks at its pipe."""
    program = f"""
from intake.settings.schema import Limits
from intake.worker.isolation import ParserPool
pool = ParserPool(Limits(parse_seconds=1))
pool.parse(b"Subject: first\\n\\n")
print(pool._children[0]._process.pid, flush=True)
pool.submit(b"Subject: {subject}\\n\\n")
import time; time.sleep(0.3)
import os; os.kill(os.getpid(), 9)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, check=False, timeout=60
    )
    child = int(done.stdout)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and _runs(child):
        time.sleep(0.05)
    assert not _runs(child)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except FileNotFoundError:
        return False
