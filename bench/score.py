"""All figures on real mail beside the floors and goals: `make score`.

One line a scorer; each prints its own tables and says so where ../shared/corpora is not here.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from bench import (
    score_judge,
    score_parse,
    score_spoof,
    score_text,
    score_threads,
    score_triage,
)

SCORERS: tuple[tuple[str, Callable[[], None]], ...] = (
    ("Parsing", score_parse.main),
    ("Text, language, reports and automatic mail", score_text.main),
    ("Spam and wanted mail", score_judge.main),
    ("Conversations", score_threads.main),
    ("Triage", score_triage.main),
    ("Spoofed and proven customers", score_spoof.main),
)


def main() -> None:
    """Run every scorer in turn."""
    for title, score in SCORERS:
        print(f"== {title}\n")
        score()
        print()


if __name__ == "__main__":
    sys.exit(main())
