"""Makes Cases for the tests of the answering room: a proven customer's plain mail, and changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from intake.judge.keys import make_keys
from intake.model import (
    Acknowledgement,
    Address,
    Automatic,
    Customer,
    Facts,
    ParsedMail,
    SenderVerdict,
    SpamVerdict,
    ThreadVerdict,
    Triage,
)
from intake.reply.case import Case
from intake.settings.rules import Rules, TemplateSource
from intake.settings.templates import load_templates

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TICKET = "K7QM-42XD"
MEI = Customer("C-1001", "Mei Lin", "mei.lin@mailbox.example")
MAIL = ParsedMail(
    sha256="ab" * 32,
    size_bytes=1000,
    message_id="first@mailbox.example",
    author=Address("Mei Lin", "mei.lin", "mailbox.example"),
    author_source="from",
    subject="Withdrawal pending",
    language="en",
    text="My withdrawal is pending.",
)
VERIFIED = SenderVerdict("verified", MEI)
UNKNOWN = SenderVerdict("unknown")
TEMPLATES = Path(__file__).parent.parent.parent / "templates"


@lru_cache(maxsize=1)
def shipped_templates() -> dict[tuple[str, str], TemplateSource]:
    return dict(load_templates(TEMPLATES))


def make_rules(**sections: Any) -> Rules:
    """The default rules with the shipped templates; sections as dicts."""
    return Rules.model_validate(
        {"templates": shipped_templates(), "key": b"key of the tests", **sections}
    )


def make_case(
    *,
    mail: ParsedMail = MAIL,
    facts: Facts | None = None,
    rules: Rules | None = None,
    **verdicts: Any,
) -> Case:
    """A Case that would be answered, with whatever is given in place of it."""
    rules = rules or make_rules()
    case = Case(
        mail=mail,
        keys=make_keys(mail, rules),
        facts=facts or Facts(now=NOW, customers=(MEI,)),
        rules=rules,
        automatic=Automatic("human"),
        spam=SpamVerdict("ham", 0.01),
        sender=VERIFIED,
        thread=ThreadVerdict(None),
        triage=Triage("general", "normal"),
    )
    return replace(case, **verdicts)


def with_headers(*headers: tuple[str, str]) -> ParsedMail:
    return replace(MAIL, headers=headers)


def fired(acknowledgement: Acknowledgement) -> set[str]:
    return {reason.code for reason in acknowledgement.reasons if reason.fired}
