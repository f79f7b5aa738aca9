"""`make bench`: every bench in turn, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys

PROGRAMS = ("parse", "receive", "store", "deliver", "end_to_end", "memory")


def main() -> None:
    for program in PROGRAMS:
        print(f"\n== bench.{program}", flush=True)
        subprocess.run([sys.executable, "-m", f"bench.{program}"], check=True)


if __name__ == "__main__":
    main()
