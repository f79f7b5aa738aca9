"""`intake rules check|test|dry-run|train`: tries the rule files before they are put to work.

check               every rule on its own examples
test MAIL...        which rules hold for mails in files, and what comes of it
dry-run [--since]   which stored mails would be treated differently (--since 30d, 12h, 2026-11-01)
train [FILE...]     makes categories.json of categories/*.txt beside triage.toml, and of FILEs:
                    one text a line, the name of the file is its category
"""

from __future__ import annotations

import re
from argparse import Namespace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from intake import pipeline
from intake.cli.options import configuration_of, desk_of, parser_of
from intake.cli.output import cell, console, print_json, table
from intake.cli.progress import Progress
from intake.errors import ConfigError, IntakeError
from intake.model import Decision, Facts
from intake.settings.load import Configuration
from intake.worker.doctor import check_rules
from intake.worker.dry_run import Outcome, decide_again
from intake.worker.isolation import ParserPool
from intake.worker.sources import find_sources
from intake.worker.training import train_categories

_SPAN = re.compile(r"(\d{1,5})([hdw])")
_HOURS = {"h": 1, "d": 24, "w": 168}


def main(arguments: list[str]) -> int:
    """1 where an example is not met; a dry run ends with 0 whatever it finds."""
    parser = parser_of("rules", __doc__ or "", formats=("text", "json"))
    parser.add_argument("act", choices=("check", "test", "dry-run", "train"))
    what = "test: mails, folders, -; train: more texts"
    parser.add_argument("paths", nargs="*", metavar="PATH", help=what)
    parser.add_argument("--since", default="30d", metavar="WHEN", help="for dry-run")
    options = parser.parse_intermixed_args(arguments)
    if options.act == "test" and not options.paths:
        parser.error("test needs mails")
    if options.act in ("check", "dry-run") and options.paths:
        parser.error(f"{options.act} takes no paths")
    if options.act == "dry-run":
        return _dry_run(options)
    act = {"check": _check, "test": _test, "train": _train}[options.act]
    return act(configuration_of(options), options)


def _check(configuration: Configuration, options: Namespace) -> int:
    problems = check_rules(configuration.rules)
    if options.format == "json":
        print_json({"problems": problems})
    else:
        print("\n".join(problems) or "Every rule finds its examples and no counter example.")
    return 1 if problems else 0


def _test(configuration: Configuration, options: Namespace) -> int:
    found = []
    with ParserPool(configuration.settings.limits) as parser:
        for source in find_sources(options.paths):
            try:
                mail = parser.parse(source.read())
            except IntakeError as error:
                found.append({"file": source.file, "error": str(error)})
                continue
            decision = pipeline.decide(mail, Facts(now=datetime.now(UTC)), configuration.rules)
            found.append({"file": source.file, **_said(decision)})
    if options.format == "json":
        print_json(found)
        return 0
    for one in found:
        console().print(cell(one["file"], "bold"))
        for name, value in one.items():
            if name != "file":
                shown = ", ".join(value) if isinstance(value, list) else value
                console().print(cell(f"  {name:<12}{shown or '-'}"))
    return 0


def _said(decision: Decision) -> dict[str, Any]:
    triage = decision.triage
    return {
        "category": triage.category,
        "priority": triage.priority,
        "rules": [r.code for r in triage.reasons if r.fired],
        "identifiers": [f"{i.kind} {i.value}" for i in triage.identifiers],
        "missing": list(triage.missing),
        "tags": list(triage.tags),
        "secrets": [f"{secret.kind} in {secret.where}" for secret in triage.secrets],
        "spam": f"{decision.spam.verdict} {decision.spam.score:.2f}",
    }


def _train(configuration: Configuration, options: Namespace) -> int:
    outcome = train_categories(configuration, [Path(path) for path in options.paths])
    if options.format == "json":
        print_json(outcome)
        return 1 if outcome.problems else 0
    print(
        f"{outcome.file}: {outcome.texts} texts, {outcome.categories} categories, "
        f"{outcome.words} words{'' if outcome.changed else '; it was so before'}"
    )
    for problem in outcome.problems:
        print(problem)
    return 1 if outcome.problems else 0


def _dry_run(options: Namespace) -> int:
    since = parse_since(options.since, datetime.now(UTC))
    desk = desk_of(options)
    looked_at, changed = 0, []
    try:
        with ParserPool(desk.settings.limits) as parser, Progress("deciding again") as progress:
            for outcome in decide_again(desk.database, desk.blobs, parser, desk.rules, since=since):
                looked_at += 1
                if outcome.differences or outcome.trouble:
                    changed.append(outcome)
                progress.step()
    finally:
        desk.close()
    if options.format == "json":
        print_json({"mails": looked_at, "changed": changed})
        return 0
    rows = [row for outcome in changed for row in _rows(outcome)]
    if rows:
        console().print(table(("mail", "ticket", "subject", "what", "then", "now"), rows))
    print(f"{len(changed)} of {looked_at} mails would be treated differently.")
    return 0


def _rows(outcome: Outcome) -> list[tuple[object, ...]]:
    mail = outcome.mail
    head = (mail.sha256[:12], mail.ticket or "-", mail.subject)
    if outcome.trouble:
        return [(*head, "cannot be told", outcome.trouble, "")]
    rows = [(d.what, d.before or "-", d.after or "-") for d in outcome.differences]
    return [(*(head if number == 0 else ("", "", "")), *row) for number, row in enumerate(rows)]


def parse_since(text: str, now: datetime) -> datetime:
    """`30d`, `12h`, `2w` before `now`, or a date. Raises ConfigError."""
    span = _SPAN.fullmatch(text)
    if span:
        return now - timedelta(hours=int(span[1]) * _HOURS[span[2]])
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"--since {text}: expected 30d, 12h, 2w or a date") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
