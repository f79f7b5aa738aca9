"""`intake customers` as a shell sees it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LIST = """customer_id,name,email,state,domain
1,Alice Moreau,alice@posteo.example,,
1,Alice Moreau,alice@work.example,,
2,Bob,bob@x,,
3,Acme,,,acme.example
"""


@pytest.fixture
def desk(tmp_path: Path) -> list[str]:
    return [
        "--set", f"database.url=sqlite:///{tmp_path / 'intake.db'}",
        "--set", f"storage.dir={tmp_path / 'blobs'}",
    ]  # fmt: skip


def customers(desk: list[str], *words: str) -> subprocess.CompletedProcess[str]:
    program = [Path(sys.executable).parent / "intake", "customers", *desk, *words]
    environ = os.environ | {"COLUMNS": "200"}
    return subprocess.run(
        program, capture_output=True, text=True, cwd=ROOT, check=False, env=environ
    )


@pytest.fixture
def listed(desk: list[str], tmp_path: Path) -> Path:
    file = tmp_path / "list.csv"
    file.write_text(LIST)
    return file


def test_a_list_is_tried_taken_and_told(desk: list[str], listed: Path) -> None:
    dry = customers(desk, "import", str(listed), "--dry-run")
    assert dry.returncode == 1
    assert "2 would be added" in dry.stdout
    assert "Nothing was changed" in dry.stdout
    assert customers(desk, "export").stdout.count("\n") == 1
    told = customers(desk, "import", str(listed), "--format", "json")
    report = json.loads(told.stdout)
    assert (report["added"], report["lines_taken"], report["lines_refused"]) == (2, 3, 1)
    (problem,) = report["problems"]
    assert (problem["line"], problem["field"], problem["value"]) == (4, "email", "bob@x")
    again = customers(desk, "import", str(listed))
    assert "0 added, 0 changed, 2 unchanged" in again.stdout
    assert "no domain such as" in again.stdout


def test_an_export_is_a_list(desk: list[str], listed: Path, tmp_path: Path) -> None:
    customers(desk, "import", str(listed))
    out = tmp_path / "out.csv"
    out.write_text(customers(desk, "export").stdout)
    again = customers(desk, "import", str(out))
    assert again.returncode == 0
    assert "2 unchanged" in again.stdout
    lines = customers(desk, "export", "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line)["customer_id"] for line in lines] == ["1", "3"]


def test_people_look_up_block_and_remove(desk: list[str], listed: Path) -> None:
    customers(desk, "import", str(listed))
    assert "alice@work.example" in customers(desk, "show", "1").stdout
    assert "Alice Moreau" in customers(desk, "show", "ALICE@posteo.example").stdout
    assert "Acme" in customers(desk, "find", "acme").stdout
    assert customers(desk, "find", "zzz").returncode == 1
    blocked = customers(desk, "block", "alice@work.example", "--reason", "taken over")
    assert "customer 1) is blocked" in blocked.stdout
    shown = customers(desk, "show", "1").stdout
    assert "blocked" in shown
    assert "taken over" in shown
    assert customers(desk, "unblock", "alice@work.example").returncode == 0
    assert "taken over" not in customers(desk, "show", "1").stdout
    customers(desk, "bounce", "alice@work.example", "--until", "2999-01-01")
    assert "until 2999-01-01" in customers(desk, "show", "1").stdout
    assert customers(desk, "remove", "1", "--by", "mira").returncode == 0
    missing = customers(desk, "show", "1")
    assert missing.returncode == 1
    assert "there is no customer 1" in missing.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["show"], "takes one thing"),
        (["export", "x"], "takes nothing"),
        (["import", "x", "--format", "csv"], "is for export"),
        (["bounce", "a@x.example", "--until", "soon"], "no date"),
        (["block", "a@x.example", "--until", "2999-01-01"], "is for bounce"),
        (["import", "missing.csv"], "cannot be read"),
    ],
)
def test_what_does_not_fit_is_told(desk: list[str], words: list[str], told: str) -> None:
    done = customers(desk, *words)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
