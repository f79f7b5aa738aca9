"""Imports go down only, and the libraries stay in their rooms."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_contract_of_the_house_holds() -> None:
    program = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [program, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_nobody_but_worker_cli_and_demo_asks_the_clock_or_throws_dice() -> None:
    """import-linter sees modules, not these names."""
    forbidden = ("datetime.now(", "utcnow(", "date.today(", "uuid4(", "make_msgid(", "formatdate(")
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sorted((ROOT / "intake").rglob("*.py"))
        if path.relative_to(ROOT / "intake").parts[0] not in ("worker", "cli", "demo")
        for name in forbidden
        if name in path.read_text()
    ]
    assert not found
