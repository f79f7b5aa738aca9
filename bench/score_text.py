"""Newest reply, language, reports and automatic mail on real mail: `python -m bench.score_text`.

Reads ../shared/corpora where it is; prints figures only. Nothing is trained or tuned here.
"""

from __future__ import annotations

import csv
import json
import lzma
import re
import sys
import tarfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

from bench.figures import CORPORA, NOT_HERE, Figure, print_figures
from intake.judge.origin import judge_origin
from intake.mail.html_text import render_text
from intake.mail.language import find_language
from intake.mail.newest import find_newest
from intake.mail.parse import parse_mail
from intake.mail.reports import parse_report
from intake.model import Automatic, Facts
from intake.settings.rules import Rules

FACTS = Facts(now=datetime(2026, 11, 23, tzinfo=UTC))
RULES = Rules()
HELP_REQUESTS = "help-requests-2015-2019"
PHISHING = "phishing-2022-2023"
Mails = Iterable[tuple[str, bytes]]

TELLING_HEADERS = re.compile(
    rb"^(?:return-path|auto-submitted|precedence|list-[a-z-]+|x-failed-recipients|x-auto[a-z-]*)"
    rb"[ \t]*:.*\n(?:[ \t].*\n)*",
    re.IGNORECASE | re.MULTILINE,
)


def judge(raw: bytes) -> Automatic:
    return judge_origin(parse_mail(raw), FACTS, RULES)


def stripped(raw: bytes) -> bytes:
    """The mail without the headers that tell a machine."""
    match = re.search(rb"\r?\n\r?\n", raw)
    end = match.start() + 1 if match else len(raw)
    head = re.sub(rb"\AFrom .*\n", b"", raw[:end])
    return TELLING_HEADERS.sub(b"", head) + raw[end:]


def read_folder(folder: str, pattern: str = "*.eml") -> Iterator[tuple[str, bytes]]:
    for path in sorted((CORPORA / folder).glob(pattern)):
        yield path.name, path.read_bytes()


def read_zammad(label: str) -> Iterator[tuple[str, bytes]]:
    folder = CORPORA / "helpdesk" / "zammad"
    for entry in json.loads((folder / "expected.json").read_text()):
        if entry["label"] == label:
            yield entry["file"], (folder / entry["file"]).read_bytes()


def read_archive(name: str) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(CORPORA / f"{name}.tar.xz") as archive:
        for member in archive:
            if (file := archive.extractfile(member)) is not None:
                yield member.name, file.read()


def count(
    name: str, mails: Mails, is_right: Callable[[bytes], bool], *, goal: float, floor: float | None
) -> Figure:
    right, total, missed = 0, 0, []
    for file, raw in mails:
        total += 1
        if is_right(raw):
            right += 1
        else:
            missed.append(file)
    return Figure(name, right, total, floor, goal, tuple(missed))


def score_origin() -> Iterator[Figure]:
    """Machines told from people."""

    def automatic(raw: bytes) -> bool:
        return judge(raw).kind != "human"

    def human(raw: bytes) -> bool:
        return judge(raw).kind == "human"

    def without_headers(raw: bytes) -> bool:
        return automatic(stripped(raw))

    bounces = list(read_folder("bounces"))
    # One of the three says of itself that a program sent it and is a bounce: RFC 3834 2 forbids
    # to answer it, whatever its folder.
    people = read_folder("bounces/not-bounces")
    yield count("bounces and notices: automatic", bounces, automatic, goal=0.997, floor=0.98)
    yield count("the same, headers removed", bounces, without_headers, goal=0.99, floor=None)
    yield count("not bounces: human", people, human, goal=1, floor=None)
    yield count("help desk, human: human", read_zammad("human"), human, goal=0.995, floor=None)
    yield count(
        "help desk, automatic: not human", read_zammad("auto"), automatic, goal=1, floor=None
    )
    yield count("help requests: human", read_archive(HELP_REQUESTS), human, goal=0.995, floor=None)


def score_replies() -> Iterator[Figure]:
    """The newest reply against what a reader cut out."""
    right, total, missed = 0, 0, []
    for name, text, wanted in expected_replies():
        total += 1
        if find_newest(text).reply.strip() == wanted.strip():
            right += 1
        else:
            missed.append(name)
    yield Figure("newest reply: exactly right", right, total, 28 / 64, 0.9, tuple(missed))
    yield count(
        "help requests: reply not empty",
        read_archive(HELP_REQUESTS),
        lambda raw: bool(parse_mail(raw).reply),
        goal=1,
        floor=None,
    )


def expected_replies() -> Iterator[tuple[str, str, str]]:
    for path in sorted((CORPORA / "replies" / "emails").iterdir()):
        wanted = CORPORA / "replies" / "trimmed" / path.name
        yield path.name, path.read_text(), wanted.read_text()
    for name, raw in read_folder("helpdesk/talon"):
        message = cast(EmailMessage, message_from_bytes(raw, policy=policy.default))
        for kind in ("plain", "html"):
            part = message.get_body((kind,))
            if part is None:
                continue
            content = part.get_content()
            text = render_text(content) if kind == "html" else content
            # One of the twelve writes something else in its HTML.
            wanted = "Allo! Follow up MIME!" if "Allo! Follow" in text else "Hello"
            yield f"{name} ({kind})", text, wanted


def score_reports() -> Iterator[Figure]:
    """What a bounce says about the mail that came back."""
    reports = [
        (name, report)
        for name, raw in read_folder("bounces")
        if (report := parse_report(message_from_bytes(raw))) is not None and report.kind == "dsn"
    ]
    for what in ("recipient", "original_message_id", "status"):
        missed = tuple(name for name, report in reports if not getattr(report, what))
        title = f"bounces: {what.replace('_', ' ')} found"
        yield Figure(title, len(reports) - len(missed), len(reports), missed=missed)


def score_language() -> Iterator[Figure]:
    """Short English questions; other languages are in the tests."""
    with lzma.open(CORPORA / "support-text" / "banking77.csv.xz", "rt", encoding="utf-8") as file:
        texts = [row[0] for row in csv.reader(file)][1:]
    long = [text for text in texts if sum(map(str.isalpha, text)) >= 25]
    for name, asked in (("questions of 25 letters", long), ("all questions", texts)):
        wrong = tuple(text for text in asked if find_language(text) not in ("en", None))
        none = sum(find_language(text) is None for text in asked)
        right = len(asked) - len(wrong)
        yield Figure(f"{name}: not taken for another language", right, len(asked), goal=0.995)
        yield Figure(f"{name}: told as English", right - none, len(asked))


def print_speeds() -> None:
    """Processor time a mail of the help requests and of the HTML in the phishing set."""
    mails = [parse_mail(raw) for _, raw in read_archive(HELP_REQUESTS)]
    for name, work in (
        ("find_newest", lambda mail: find_newest(mail.text)),
        ("judge_origin", lambda mail: judge_origin(mail, FACTS, RULES)),
        ("find_language", lambda mail: find_language(mail.reply)),
    ):
        start = time.process_time()
        for mail in mails:
            work(mail)
        spent = time.process_time() - start
        print(f"{name:14} {1e6 * spent / len(mails):6.0f} µs a help request")
    pages = [page for _, raw in read_archive(PHISHING) if (page := parse_mail(raw).html)]
    start = time.process_time()
    for page in pages:
        render_text(page)
    spent = time.process_time() - start
    characters = sum(map(len, pages))
    print(f"render_text    {characters / spent / 1e6:6.1f} million characters of HTML a second")


def main() -> None:
    """Print a table a subject."""
    if not CORPORA.is_dir():
        print(NOT_HERE)
        return
    print_figures("Machines and people", score_origin())
    print_figures("Newest reply", score_replies())
    print_figures("Reports", score_reports())
    print_figures("Language", score_language(), show_missed=0)
    print_speeds()


if __name__ == "__main__":
    sys.exit(main())
