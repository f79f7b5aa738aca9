"""The fuzzer for a while, over the same mails in every run; `make fuzz` looks elsewhere each time.

The seed is fixed, and so is the number of mails: what is green stays green and what is red is red
again as long as the code does not change, on a slow machine as on a fast one. It takes about 100 s
where nothing else runs; the limit of time is there for what hangs. FUZZ_SEED and FUZZ_ROUNDS
override the two. The fuzzer runs in a process of its own with a fixed PYTHONHASHSEED: what it
keeps depends on what a process has read before, and the tests of a worker differ from run to run.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.loop import fuzz

SEED = "intake"
ROUNDS = 10_000
MOST_SECONDS = 1500
ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(MOST_SECONDS + 600)
def test_nothing_raises_hangs_or_breaks_a_promise() -> None:
    seed = os.environ.get("FUZZ_SEED") or SEED
    rounds = os.environ.get("FUZZ_ROUNDS") or str(ROUNDS)
    command = [sys.executable, "-m", "tests.fuzz", "--seed", seed, "--rounds", rounds]
    run = subprocess.run(
        [*command, "--seconds", str(MOST_SECONDS)],
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
    )
    print(run.stdout)
    again = f"PYTHONHASHSEED=0 {' '.join(command[1:])}"
    assert run.returncode == 0, f"{again}\n{run.stdout}\n{run.stderr}"
    # Fewer are not the same mails: the machine was too slow by far, or a mail took too long.
    assert f"\n{rounds} mails in " in run.stdout, run.stdout


def test_the_same_seed_gives_the_same_mails() -> None:
    one, same, other = (fuzz([b"From: a@b.example\n\na"], seed, 60, 40) for seed in "aab")
    assert one.rounds == same.rounds == 40
    assert one.mails == same.mails != other.mails
