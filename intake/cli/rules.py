"""`intake rules check|test|dry-run`: tries the rule files before they are put to work.

check               every rule on its own examples
test MAIL...        which rules hold for mails in files, and what comes of it
dry-run [--since]   which stored mails would be treated differently (--since 30d, 12h, 2026-11-01)
"""

from __future__ import annotations

import re
from argparse import Namespace
from datetime import UTC, datetime, timedelta
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

_SPAN = re.compile(r"(\d{1,5})([hdw])")
_HOURS = {"h": 1, "d": 24, "w": 168}


def main(arguments: list[str]) -> int:
    """1 where an example is not met; a dry run ends with 0 whatever it finds."""
    parser = parser_of("rules", __doc__ or "", formats=("text", "json"))
    parser.add_argument("act", choices=("check", "test", "dry-run"))
    parser.add_argument("paths", nargs="*", metavar="MAIL", help="for test: mails, folders, -")
    parser.add_argument("--since", default="30d", metavar="WHEN", help="for dry-run")
    options = parser.parse_intermixed_args(arguments)
    if (options.act == "test") != bool(options.paths):
        parser.error("test needs mails, and only test takes them")
    if options.act == "dry-run":
        return _dry_run(options)
    configuration = configuration_of(options)
    return (
        _check(configuration, options) if options.act == "check" else _test(configuration, options)
    )


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
        "secrets": [f"{secret.kind} in {secret.where}" for secret in triage.secrets],
        "spam": f"{decision.spam.verdict} {decision.spam.score:.2f}",
    }


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
