"""Everything that was decided about one mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from intake.model.reason import Reason
from intake.model.verdicts import Automatic, SenderVerdict, SpamVerdict, ThreadVerdict, Triage

Disposition = Literal["opens-ticket", "joins-ticket", "spam", "automatic", "duplicate"]


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """One composed mail, ready for the outbox: fixed at planning, sent byte for byte."""

    message_id: str
    envelope_sender: str
    recipient: str
    subject: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Whether an acknowledgement goes out, and every rule that had a say.

    `to_key` is the address as keys and facts write it, for counting what it was sent.
    """

    send: bool
    to: str | None = None
    template: str | None = None
    language: str | None = None
    reasons: tuple[Reason, ...] = ()
    template_version: str | None = None
    mail: OutgoingMail | None = None
    to_key: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """`ticket` is the number opened or joined, None where the mail belongs to none."""

    disposition: Disposition
    ticket: str | None
    automatic: Automatic
    spam: SpamVerdict
    sender: SenderVerdict
    thread: ThreadVerdict
    triage: Triage
    acknowledgement: Acknowledgement
