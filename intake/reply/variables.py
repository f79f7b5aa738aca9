"""Every variable a template may use, with its type and an example, and how it is made safe.

What comes from outside is bounded, on one line, and free of links before a template sees it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC

from intake.reply.case import Case
from intake.reply.wording import name_pieces

Value = str | bool | int | tuple[str, ...]

MOST_SUBJECT = 150
MOST_NAME = 60
MOST_PIECES = 12


@dataclass(frozen=True, slots=True)
class Variable:
    """One name that templates may use."""

    name: str
    kind: str
    about: str
    example: Value


VARIABLES: tuple[Variable, ...] = (
    Variable("ticket", "text", "The ticket number.", "K7QM-42XD"),
    Variable("desk_name", "text", "What the desk calls itself.", "Example Exchange Support"),
    Variable(
        "desk_address", "text", "The address this mail comes from.", "support@exchange.example"
    ),
    Variable(
        "desk_addresses",
        "list of texts",
        "Our only official addresses.",
        ("support@exchange.example", "security@exchange.example"),
    ),
    Variable("verified", "yes or no", "Whether the customer is proven.", True),
    Variable(
        "customer_name",
        "text",
        "The registered name; empty unless the customer is proven (or `claimed` allows it).",
        "Mei",
    ),
    Variable(
        "subject",
        "text",
        "The mail's subject without reply marks; empty where nothing may be quoted.",
        "Withdrawal pending",
    ),
    Variable(
        "missing",
        "list of texts",
        "What a complete report would also have, in the template's language.",
        ("the order ID", "a screenshot that shows the problem"),
    ),
    Variable(
        "secrets_found", "yes or no", "Whether the mail held a password, key or the like.", False
    ),
    Variable("category", "text", "What the mail is about, as triage.toml names it.", "withdrawal"),
    Variable("answer_hours", "number", "Within how many hours such mails are answered.", 24),
    Variable("received_at", "text", "When we received the mail.", "2026-11-23 10:00 UTC"),
)
NAMES = frozenset(variable.name for variable in VARIABLES)

# RFC 5322 3.6.5 and its relatives; the marks that piled up in front of a subject.
_REPLY_MARK = re.compile(
    r"^\s*(?:re|aw|antw|sv|vs|rif|odp|ynt|fw|fwd|wg|tr|回复|回覆|答复|答覆|转发|轉寄)"
    r"\s{0,2}(?:\[\d{1,3}\]|\(\d{1,3}\))?\s{0,2}[:\uff1a]\s*",
    re.IGNORECASE,
)
_MOST_REPLY_MARKS = 12
_TICKET_MARK = re.compile(r"\s*\[#[^\[\]]{1,20}\]")
_LINK = re.compile(
    r"[a-z][a-z0-9+.-]{1,20}:/{1,3}\S*|\b(?:mailto|javascript|data|tel):\S*|\bwww\.\S+"
    r"|\b(?:[\w-]{1,63}\.){1,5}[a-z]{2,24}(?::\d{1,5})?/\S*",
    re.IGNORECASE,
)
_DOMAIN_DOT = re.compile(r"(?<=\w)[.\u3002\uff0e\uff61](?=\w{2})")
_NOT_IN_NAMES = re.compile(r"[<>\"@/\\:;,()\[\]{}|#*_`~=]+")
_SPACES = re.compile(r"\s+")


def clean_line(text: str, most: int) -> str:
    """`text` on one line of at most `most` characters, without control and format characters.

    Format characters are those that turn writing around or hide letters (bidi, zero width).
    """
    shown = "".join(
        " " if letter.isspace() else letter
        for letter in text[: most * 4]
        if letter.isspace() or unicodedata.category(letter)[0] != "C"
    )
    shown = _SPACES.sub(" ", shown).strip()
    return shown if len(shown) <= most else shown[: most - 1].rstrip() + "…"


def clean_subject(subject: str) -> str:
    """A subject fit to be quoted: no reply marks, no ticket numbers of ours, no links."""
    text = _TICKET_MARK.sub(" ", clean_line(subject, MOST_SUBJECT * 2))
    for _ in range(_MOST_REPLY_MARKS):
        text = _REPLY_MARK.sub("", text, count=1)
    return clean_line(_without_links(text), MOST_SUBJECT)


def clean_name(name: str) -> str:
    """A person's name fit to be greeted with: nothing in it that a mail program makes a link."""
    text = _NOT_IN_NAMES.sub(" ", _without_links(clean_line(name, MOST_NAME * 2)))
    return clean_line(_DOMAIN_DOT.sub(" ", text), MOST_NAME)


def _without_links(text: str) -> str:
    return _LINK.sub(" ", text).replace("://", " ")


def make_variables(case: Case, ticket: str, language: str) -> Mapping[str, Value]:
    """The value of every variable for this mail, safe to be shown."""
    customer = case.sender.customer
    category = case.rules.triage.categories.get(case.triage.category)
    return {
        "ticket": ticket,
        "desk_name": clean_line(case.rules.desk.name, MOST_SUBJECT),
        "desk_address": case.desk_address,
        "desk_addresses": case.rules.desk.addresses,
        "verified": case.verified,
        "customer_name": clean_name(customer.name) if case.may_name and customer else "",
        "subject": clean_subject(case.mail.subject) if case.may_quote else "",
        "missing": name_pieces(case.triage.missing[:MOST_PIECES], language),
        "secrets_found": case.verified and bool(case.triage.secrets),
        "category": clean_line(case.triage.category, MOST_NAME),
        "answer_hours": round(category.answer_hours) if category else 24,
        "received_at": f"{case.facts.now.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
    }


def sample_variables() -> tuple[Mapping[str, Value], ...]:
    """Sets of values that take a template through its branches: everything, and next to nothing."""
    full: dict[str, Value] = {variable.name: variable.example for variable in VARIABLES}
    nothing: dict[str, Value] = {
        "customer_name": "",
        "subject": "",
        "missing": (),
        "secrets_found": False,
    }
    return (
        full,
        {**full, "secrets_found": True, "missing": ()},
        {**full, **nothing, "verified": False, "category": "general", "answer_hours": 48},
    )
