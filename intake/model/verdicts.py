"""What the judges say. Each verdict carries its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from intake.model.facts import Customer
from intake.model.reason import Reason

AutomaticClass = Literal[
    "human", "auto-reply", "bounce", "list", "bulk", "feedback-report", "calendar", "system"
]
Priority = Literal["low", "normal", "high", "urgent"]


@dataclass(frozen=True, slots=True)
class Automatic:
    """Whether a person wrote it (RFC 3834), and if not, what kind of machine."""

    kind: AutomaticClass
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class SpamVerdict:
    """`score` is a probability from 0 (wanted) to 1 (spam)."""

    verdict: Literal["ham", "unsure", "spam"]
    score: float
    reasons: tuple[Reason, ...] = ()
    phishing: bool = False


@dataclass(frozen=True, slots=True)
class SenderVerdict:
    """Who writes, and how sure that is. `customer` only for verified and claimed.

    `impersonates` is the ID of the customer whom an unknown sender may be posing as: for staff
    only, never a match.
    """

    match: Literal["verified", "claimed", "unknown", "conflict"]
    customer: Customer | None = None
    reasons: tuple[Reason, ...] = ()
    impersonates: str | None = None


@dataclass(frozen=True, slots=True)
class ThreadVerdict:
    """`joins` is the ticket it becomes part of; None opens one. `linked` is for staff to judge.

    `attention` says that a person should look at the ticket now. `takes_in` are tickets that become
    part of the joined one, `beside` those that staff should see beside it.
    """

    joins: str | None
    reasons: tuple[Reason, ...] = ()
    linked: str | None = None
    chaser: bool = False
    attention: bool = False
    takes_in: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Identifier:
    """An account, order or transaction ID found in the mail; `where`: `text` or a file name."""

    kind: str
    value: str
    where: str = "text"


@dataclass(frozen=True, slots=True)
class SecretFound:
    """That a secret is there and where, never the secret.

    `where` is `subject`, `text`, `html`, `name` (of a person), `file name`, or the name of the
    file that shows it.
    """

    kind: str
    where: str


@dataclass(frozen=True, slots=True)
class Triage:
    """What it is about, how much it hurries, what is in it and what is lacking.

    `tags` are words of the rules that held, for staff to sort by.
    """

    category: str
    priority: Priority
    identifiers: tuple[Identifier, ...] = ()
    missing: tuple[str, ...] = ()
    secrets: tuple[SecretFound, ...] = ()
    reasons: tuple[Reason, ...] = ()
    tags: tuple[str, ...] = ()
