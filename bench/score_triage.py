"""What triage makes of mails: `python -m bench.score_triage`.

Our own table of mails (tests/judge/triage_cases), the category model alone on the same, the method
of the model on the Banking77 questions (77 intents, every fourth question held out; CC BY 4.0),
and the time a mail of 2 KB takes.
"""

from __future__ import annotations

import csv
import io
import lzma
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from intake.judge.categories import Guess, guess_category
from intake.judge.category_training import train
from intake.judge.folding import fold_text
from intake.judge.reading import read_mail
from intake.judge.triage import judge_triage
from intake.model import Facts, SenderVerdict
from intake.settings.load import load_configuration
from intake.settings.rules import Category, Rules, TriageRules
from tests.judge.triage_cases import read_cases

ROOT = Path(__file__).parent.parent
BANKING = ROOT.parent / "shared" / "corpora" / "support-text" / "banking77.csv.xz"
FACTS = Facts(now=datetime(2026, 11, 23, tzinfo=UTC))
NOBODY = SenderVerdict("unknown")
THRESHOLDS = (0.0, 0.5, 0.7, 0.9)
_HELD_OUT = 4
_ROUNDS = 300
Judged = list[tuple[Guess | None, str]]


def main() -> None:
    """Print a line a measure."""
    rules = load_configuration(ROOT / "config" / "intake.toml", (), {}).rules
    _score_cases(rules)
    model, named = rules.category_model, rules.triage
    mails = ((read_mail(case.mail, rules.identifiers).request, case) for case in read_cases())
    _print(
        "model alone, our cases", [(guess_category(t, model, named), c.category) for t, c in mails]
    )
    if BANKING.is_file():
        _print("method, Banking77 held out", _judge_banking())
    else:
        print("Banking77 skipped: ../shared/corpora is not here")
    _print_time(rules)


def _score_cases(rules: Rules) -> None:
    cases = read_cases()
    wrong = [case.differences(judge_triage(case.mail, FACTS, rules, NOBODY)) for case in cases]
    figures = (
        f"{what} {1 - sum(what in one for one in wrong) / len(cases):.1%}"
        for what in ("category", "priority", "identifiers", "missing")
    )
    print(f"rules and model, our {len(cases)} cases (the rules know them): {', '.join(figures)}")


def _judge_banking() -> Judged:
    with lzma.open(BANKING) as packed:
        rows = list(csv.DictReader(io.TextIOWrapper(packed, "utf-8")))
    pairs = [(row["text"], row["category"]) for row in rows]
    model = train(pair for i, pair in enumerate(pairs) if i % _HELD_OUT)
    named = TriageRules(categories={name: Category() for name in model.categories})
    held_out = pairs[::_HELD_OUT]
    return [(guess_category(fold_text(text), model, named), true) for text, true in held_out]


def _print(name: str, judged: Judged) -> None:
    print(f"{name}: {', '.join(_shares(judged))}")


def _shares(judged: Judged) -> Iterable[str]:
    for threshold in THRESHOLDS:
        sure = [(g, true) for g, true in judged if g and g.probability >= threshold]
        right = sum(guess.category == true for guess, true in sure)
        covered = len(sure) / len(judged)
        yield f"from {threshold:.1f} on {right / len(sure):.1%} right of {covered:.1%}"


def _print_time(rules: Rules) -> None:
    """A complete report and plain prose, 2 KB each; the second needs the model."""
    report = next(c.mail for c in read_cases() if c.name == "english/withdrawal-complete")
    prose = "I like the new page and would like to know who chose the colours of the chart. "
    for name, text in (("a report", report.text + prose * 30), ("prose", prose * 30)):
        mail = type(report)(
            report.sha256, 2000, subject="hello", text=text[:2000], reply=text[:2000]
        )
        judge_triage(mail, FACTS, rules, NOBODY)
        start = time.process_time()
        for _ in range(_ROUNDS):
            judge_triage(mail, FACTS, rules, NOBODY)
        spent = (time.process_time() - start) / _ROUNDS
        print(f"{name} of 2 KB: {1000 * spent:.2f} ms for all of triage (goal 0.50)")


if __name__ == "__main__":
    sys.exit(main())
