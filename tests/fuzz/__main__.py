"""`python -m tests.fuzz`: mutated mails against what must hold for every mail.

The same --seed and --rounds give the same mails as long as the code is the same.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.fuzz.guard import Finding, check_apart, warm_up
from tests.fuzz.loop import Report, fuzz, read_seeds

MAILS = Path(__file__).parent.parent / "mails"


def main() -> int:
    """Fuzzes or replays; 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long; 60 by default")
    parser.add_argument("--minutes", type=float, help="the same in minutes")
    parser.add_argument("--rounds", type=int, help="how many mails at most in each process")
    parser.add_argument("--seed", default="", help="any text; drawn where it is missing")
    parser.add_argument("--jobs", type=int, default=1, help="processes side by side; 1 by default")
    parser.add_argument(
        "--mails", type=Path, action="append", help="folders of mails to begin with"
    )
    parser.add_argument("--out", type=Path, default=Path("var/fuzz"), help="where findings go")
    parser.add_argument("--replay", type=Path, nargs="+", help="check these files, nothing else")
    wanted = parser.parse_args()
    if wanted.replay:
        return _replay(wanted.replay)
    seed = wanted.seed or os.urandom(4).hex()
    seconds = wanted.minutes * 60 if wanted.minutes else wanted.seconds
    seeds = read_seeds(wanted.mails or [MAILS])
    print(f"{len(seeds)} mails to begin with, {seconds:g} s, --seed {seed}", flush=True)
    with ProcessPoolExecutor(wanted.jobs) as pool:
        runs = [
            pool.submit(fuzz, seeds, f"{seed}/{job}", seconds, wanted.rounds)
            for job in range(wanted.jobs)
        ]
        reports = [run.result() for run in runs]
    return _show(reports, wanted.out)


def _show(reports: list[Report], out: Path) -> int:
    rounds = sum(report.rounds for report in reports)
    seconds = max(report.seconds for report in reports)
    best = max(reports, key=lambda report: report.covered)
    share = best.covered / best.lines if best.lines else 0.0
    print(f"{rounds} mails in {seconds:.0f} s: {rounds / seconds:.0f} mails/s")
    print(f"hash of the mails: {' '.join(report.mails[:16] for report in reports)}")
    print(f"intake/mail: {best.covered} of {best.lines} lines reached ({share:.1%})")
    print(f"{best.kept} mails kept because they reached something new, or given")
    found = {key: value for report in reports for key, value in report.found.items()}
    print(f"{len(found)} findings")
    for raw, finding in found.values():
        path = save(out, raw)
        print(f"\n== {finding.signature}\n{finding.detail}")
        print(f"   python -m tests.fuzz --replay {path}   ({len(raw)} bytes)")
    return 1 if found else 0


def save(out: Path, raw: bytes) -> Path:
    """Where the mail of a finding lies now."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{hashlib.sha256(raw).hexdigest()[:12]}.eml"
    path.write_bytes(raw)
    return path


def _replay(paths: list[Path]) -> int:
    warm_up()
    found: list[Finding] = []
    for path in paths:
        finding = check_apart(path.read_bytes())
        print(f"{path}: {finding.signature if finding else 'all promises hold'}")
        if finding:
            print(finding.detail)
            found.append(finding)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
