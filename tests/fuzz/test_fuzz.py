"""The fuzzer for a while: two minutes in CI (FUZZ_SECONDS), longer by `make fuzz`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.fuzz.__main__ import MAILS, save
from tests.fuzz.loop import fuzz, read_seeds

SECONDS = float(os.environ.get("FUZZ_SECONDS", "120"))


@pytest.mark.timeout(SECONDS * 3 + 300)
def test_nothing_raises_hangs_or_breaks_a_promise() -> None:
    # No seed of its own: every run looks elsewhere. What it finds it can be given again.
    seed = os.environ.get("FUZZ_SEED") or os.urandom(4).hex()
    report = fuzz(read_seeds([MAILS]), seed, SECONDS)
    print(f"{report.rounds} mails, {report.rounds / report.seconds:.0f} mails/s, seed {seed}")
    lines = []
    for raw, found in report.found.values():
        path = save(Path("var/fuzz"), raw)
        lines.append(f"{found.signature}: python -m tests.fuzz --replay {path}\n{found.detail}")
    assert report.rounds > 0
    assert not lines, f"seed {seed}\n" + "\n".join(lines)
