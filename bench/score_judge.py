"""How much wanted mail is called spam, and how much spam is not: `python -m bench.score_judge`.

Reads ../shared/corpora where it is; prints figures only. Nothing is trained or tuned here.
"""

from __future__ import annotations

import sys
import tarfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from json import loads
from pathlib import Path

from intake.judge.customer import judge_sender
from intake.judge.keys import make_keys
from intake.judge.origin import judge_origin
from intake.judge.spam import judge_spam
from intake.judge.thread import judge_thread
from intake.judge.triage import judge_triage
from intake.mail.parse import parse_mail
from intake.model import Facts, ParsedMail, SpamVerdict
from intake.settings.load import load_configuration
from intake.settings.rules import Rules

ROOT = Path(__file__).parent.parent
CORPORA = ROOT.parent / "shared" / "corpora"
FACTS = Facts(now=datetime(2026, 11, 23, tzinfo=UTC))
Mails = Iterator[tuple[str, bytes]]


def read_helpdesk() -> Mails:
    """Mails that a person wrote to a help desk, as far as their labels say."""
    folder = CORPORA / "helpdesk" / "zammad"
    expected = loads((folder / "expected.json").read_text())
    labels = {entry["file"]: entry["label"] for entry in expected}
    for path in sorted(folder.glob("*.box")):
        if labels.get(path.name) == "human":
            yield path.name, path.read_bytes()
    for name in ("chatwoot", "talon"):
        for path in sorted((CORPORA / "helpdesk" / name).rglob("*.eml")):
            if "auto" not in path.name and "bounce" not in path.name:
                yield path.name, path.read_bytes()


def read_archive(name: str) -> Callable[[], Mails]:
    """A reader of one of the archives."""

    def read() -> Mails:
        with tarfile.open(CORPORA / f"{name}.tar.xz") as archive:
            for member in archive:
                file = archive.extractfile(member)
                if file is not None:
                    yield member.name, file.read()

    return read


SETS: tuple[tuple[str, str, Callable[[], Mails]], ...] = (
    ("help desks", "wanted", read_helpdesk),
    ("help requests", "wanted", read_archive("help-requests-2015-2019")),
    ("phishing and spam", "spam", read_archive("phishing-2022-2023")),
)


def judge(mail: ParsedMail, rules: Rules) -> SpamVerdict:
    """The verdict with nothing known about anybody."""
    sender = judge_sender(mail, FACTS, rules)
    automatic = judge_origin(mail, FACTS, rules)
    return judge_spam(mail, FACTS, rules, sender, automatic)


def judge_everything(mail: ParsedMail, rules: Rules) -> None:
    """All judges but the one of machines, as pipeline.decide calls them."""
    keys = make_keys(mail, rules)
    sender = judge_sender(mail, FACTS, rules)
    automatic = judge_origin(mail, FACTS, rules)
    thread = judge_thread(mail, keys, FACTS, rules, sender, automatic)
    judge_spam(mail, FACTS, rules, sender, automatic, thread)
    judge_triage(mail, FACTS, rules, sender)


def main() -> None:
    """Print a line a set: how many were called ham, unsure and spam, and the time a mail took."""
    if not CORPORA.is_dir():
        print("skipped: ../shared/corpora is not here")
        return
    rules = load_configuration(ROOT / "config" / "intake.toml", (), {}).rules
    for name, truth, read in SETS:
        count: Counter[str] = Counter()
        spent = 0.0
        for _, raw in read():
            mail = parse_mail(raw)
            count[judge(mail, rules).verdict] += 1
            start = time.process_time()
            judge_everything(mail, rules)
            spent += time.process_time() - start
        total = sum(count.values())
        right = total - count["spam"] if truth == "wanted" else total - count["ham"]
        goal = "not spam" if truth == "wanted" else "not ham"
        print(
            f"{name:18} {total:5} {truth:7} ham {count['ham']:5} unsure {count['unsure']:4} "
            f"spam {count['spam']:4}   {goal} {right / total:6.1%}   "
            f"{1000 * spent / total:5.2f} ms a mail for all judges"
        )


if __name__ == "__main__":
    sys.exit(main())
