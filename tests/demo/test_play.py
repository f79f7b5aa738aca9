"""The demo as a stranger runs it, without a terminal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_every_sample_mail_is_dealt_with_and_told(tmp_path: Path) -> None:
    program = Path(sys.executable).parent / "intake"
    done = subprocess.run(
        [program, "demo", "--once", "--seconds", "90"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "40 mails dealt with." in done.stdout
    for words in ("spam", "automatic", "joins", "the same again", "security-emergency", "zh-Hant"):
        assert words in done.stdout
