"""Tries everything a desk depends on and says in plain words what is wrong and what to do."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from intake.errors import IntakeError, OcrUnavailable
from intake.judge.rule_examples import check_examples
from intake.outside.clamd import Clamd
from intake.outside.credentials import resolve_secret
from intake.outside.directory_sql import Sought
from intake.outside.smtp import SmtpSession
from intake.reply.templates import check_template
from intake.settings.load import Configuration
from intake.settings.rules import Rules
from intake.settings.schema import Settings
from intake.store.blobs import BlobStore
from intake.store.database import Database, open_database
from intake.worker.directory_source import open_sql
from intake.worker.examine import describe_ocr
from intake.worker.mailbox_login import log_in
from intake.worker.pictures import PictureProcess

_LOW_SPACE_BYTES = 1_000_000_000
_SLOW_LOOK_UP_MS = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing tried, and what came of it."""

    what: str
    well: bool
    text: str
    advice: str = ""


def check_rules(rules: Rules) -> list[str]:
    """Every example of the rule files that does not come out as stated, every faulty template."""
    faults = check_examples(rules)
    for source in rules.templates.values():
        faults += check_template(source)
    return faults


def examine(configuration: Configuration) -> Iterator[Finding]:
    """A Finding for each thing, as soon as it is known. Raises nothing that Intake knows of."""
    settings = configuration.settings
    yield Finding("configuration", True, f"{configuration.file} is in order")
    faults = check_rules(configuration.rules)
    yield from (Finding("rules and templates", False, fault) for fault in faults)
    if not faults:
        yield Finding("rules and templates", True, "every example comes out as stated")
    yield _tried("storage", lambda: _storage(settings))
    database: Database | None = None
    try:
        database = open_database(settings.database.url)
        yield Finding("database", True, f"{database.url} is open and up to date")
    except IntakeError as error:
        yield Finding("database", False, str(error), error.advice)
    if database is not None:
        yield from _mailboxes(settings, database)
        database.close()
    yield _tried("directory", lambda: _directory(settings))
    yield _tried("smtp", lambda: _smtp(settings))
    yield _ocr(settings)
    if settings.clamav.socket:
        yield _tried("clamav", lambda: f"{Clamd(settings.clamav).version()} answers")
    else:
        yield Finding("clamav", True, "no file is scanned (clamav.socket is empty)")


def _ocr(settings: Settings) -> Finding:
    """Whether the words in pictures are read; only who asks for it misses it."""
    ocr = describe_ocr(settings.reading)
    if not ocr.reads:
        wanted = settings.reading.enabled is True
        advice = OcrUnavailable.advice if wanted else ""
        return Finding("ocr", not wanted, ocr.text, advice)

    def start() -> str:
        process = PictureProcess(settings.reading, settings.limits)
        try:
            process.load()
        finally:
            process.end()
        return f"{ocr.text} reads"

    return _tried("ocr", start)


def _mailboxes(settings: Settings, database: Database) -> Iterator[Finding]:
    names = [name for name, mailbox in settings.mailboxes.items() if mailbox.enabled]
    if not names:
        yield Finding(
            "mailboxes",
            False,
            "none is configured",
            "Add a table [mailboxes.<name>] to config/intake.toml.",
        )
    for name in names:

        def try_it(name: str = name) -> str:
            return _mailbox(name, settings, database)

        yield _tried(f"mailbox {name}", try_it)


def _mailbox(name: str, settings: Settings, database: Database) -> str:
    session = log_in(name, settings, database, lambda: datetime.now(UTC)).session
    try:
        seen = [
            f"{folder} holds {session.folder_open(folder).exists}"
            for folder in settings.mailboxes[name].folders
        ]
    finally:
        session.logout()
    return "logged in; " + ", ".join(seen)


def _storage(settings: Settings) -> str:
    free = BlobStore(Path(settings.storage.dir)).check_writable()
    low = "; that is little" if free < _LOW_SPACE_BYTES else ""
    return f"{settings.storage.dir} can be written, {free / 1e9:.1f} GB free{low}"


def _directory(settings: Settings) -> str:
    """The company's table answers, and how fast; Intake's own is part of the database."""
    if settings.directory.source == "own":
        return "customers are in Intake's own database"
    directory = open_sql(settings.directory)
    try:
        columns = sorted(directory.columns())
        nobody = "nobody@intake.invalid"
        directory.find([Sought(nobody, nobody)])
        began = time.perf_counter()
        directory.find([Sought(nobody, nobody)])
        took = (time.perf_counter() - began) * 1000
    finally:
        directory.close()
    slow = "; that is slow: is lower(email) indexed?" if took > _SLOW_LOOK_UP_MS else ""
    return f"it answers in {took:.1f} ms, with {', '.join(columns)}{slow}"


def _smtp(settings: Settings) -> str:
    source = settings.smtp.password
    password = resolve_secret(source) if source is not None else None
    with SmtpSession(settings.smtp, password) as session:
        session.check()
    return f"{settings.smtp.host}:{settings.smtp.port} answers"


def _tried(what: str, act: Callable[[], str]) -> Finding:
    try:
        return Finding(what, True, act())
    except IntakeError as error:
        return Finding(what, False, str(error), error.advice)
