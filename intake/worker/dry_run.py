"""Stored mails decided again with what was known then and the rules of now; nothing is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from intake import pipeline
from intake.errors import IntakeError
from intake.model.differences import Difference, find_differences
from intake.settings.rules import Rules
from intake.store.blobs import BlobStore
from intake.store.database import Database
from intake.store.judgement import load_decision
from intake.store.recorded import RecordedMail, recorded_since
from intake.worker.isolation import ParserPool


@dataclass(frozen=True, slots=True)
class Outcome:
    """One stored mail, and how it would be treated otherwise; `trouble` where it cannot be told."""

    mail: RecordedMail
    differences: tuple[Difference, ...] = ()
    trouble: str = ""


def decide_again(
    database: Database, blobs: BlobStore, parser: ParserPool, rules: Rules, *, since: datetime
) -> Iterator[Outcome]:
    """Every mail recorded since then, in its order, whether anything would change or not.

    Raises DatabaseUnavailable; what is wrong with one mail is in its Outcome.
    """
    after = 0
    while True:
        with database.read() as connection:
            page = recorded_since(connection, since, after_id=after)
        if not page:
            return
        for mail in page:
            yield _decide(database, blobs, parser, rules, mail)
        after = page[-1].id


def _decide(
    database: Database, blobs: BlobStore, parser: ParserPool, rules: Rules, mail: RecordedMail
) -> Outcome:
    try:
        with database.read() as connection:
            stored = load_decision(connection, mail.sha256)
        parsed = parser.parse(blobs.get(mail.sha256))
        decision = pipeline.decide(parsed, stored.facts, rules)
    except IntakeError as error:
        return Outcome(mail, trouble=str(error))
    return Outcome(mail, find_differences(stored.decision, decision))
