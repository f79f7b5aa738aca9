"""kill -9 at every named step and at random moments: nothing lost, nothing twice."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tests.generate import Sample, generate
from tests.servers.account import Account
from tests.servers.smtp_sink import running_sink
from tests.whole.desk import CONFIG, daemon, overrides, wait_until_quiet
from tests.whole.outcome import exported, message_id_counts, problems

ROUNDS = int(os.environ.get("CRASH_ROUNDS", "120"))
STEPS = (
    "after-fetch",
    "after-blob",
    "before-receive-commit",
    "after-receive-commit",
    "before-flag",
    "after-flag",
    "before-record-commit",
    "after-record-commit",
    "before-smtp",
    "after-smtp-250",
    "after-sent-commit",
)


class Lives:
    """The process that gives birth to daemons and tells how they ended."""

    def __init__(self, settings: list[str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.whole.lives", str(CONFIG), *settings],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def live(self, **order: object) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


def test_nothing_is_lost_or_done_twice(account: Account, database_url: str, tmp_path: Path) -> None:
    dice = random.Random(5)
    samples: list[Sample] = list(generate(3 * ROUNDS, seed=21, sizes=(0.95, 0.04, 0.01)))
    with running_sink() as sink:
        settings = overrides(
            tmp_path,
            database_url,
            account,
            sink,
            "mailboxes.support.after=flag",
            "schedule.poll_interval_seconds=0.05",
            "schedule.lease_seconds=3",
            "smtp.poll_seconds=0.05",
        )
        lives = Lives(settings)
        ends: Counter[str] = Counter()
        try:
            for number in range(ROUNDS):
                account.deliver_all(s.raw for s in samples[3 * number : 3 * number + 3])
                if number % 4 == 3:
                    end = lives.live(seconds=dice.uniform(0.2, 1.5))
                else:
                    step = STEPS[number % len(STEPS)]
                    end = lives.live(step=step, nth=dice.randint(1, 3), seconds=2.5)
                ends[end] += 1
        finally:
            lives.end()
        with daemon(settings) as desk:
            wait_until_quiet(desk, len(samples), seconds=120)
            lines = exported(desk.database)
    print(f"{ROUNDS} lives: {dict(ends)}")
    set_aside = [line for line in lines if line["state"] in ("quarantined", "received")]
    assert set_aside == []
    assert ends["killed"] > ROUNDS / 3
    assert problems(samples, lines, sink.raws) == []
    again = [count for count in message_id_counts(sink.raws).values() if count > 1]
    # Only a death between the server's 250 and our record may send again, under the same id.
    assert len(again) <= ends["killed"]
