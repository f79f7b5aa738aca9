"""What we knew at the moment of deciding: frozen, and stored with the Decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from intake.model.parsed import MethodResult

TicketState = Literal["open", "waiting", "closed"]
AddressState = Literal["registered", "confirmed", "bouncing", "blocked"]


@dataclass(frozen=True, slots=True)
class Customer:
    """A registered customer under the address that was looked up.

    `by_domain`: registered is the author's whole domain (a company), not this very address;
    `address` is then "@" and that domain. `timezone` is an IANA name.
    """

    customer_id: str
    name: str
    address: str
    language: str | None = None
    tier: str | None = None
    address_state: AddressState = "registered"
    timezone: str | None = None
    notes: str = ""
    by_domain: bool = False


@dataclass(frozen=True, slots=True)
class DirectoryFacts:
    """What the customer directory says about one mail; both as in Facts."""

    customers: tuple[Customer, ...] = ()
    lookalikes: tuple[Customer, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownMessage:
    """A mail we have, in or out, by its Message-ID.

    "mentioned" is one that mails of the ticket answer; we may never have seen it.
    """

    message_id: str
    ticket: str | None
    direction: Literal["in", "out", "mentioned"]


@dataclass(frozen=True, slots=True)
class KnownTicket:
    """A ticket this mail might belong to. `participants` are lower-case addresses.

    `last_sent_at` is the Date of its newest mail from outside; `identifiers` are (kind, value).
    `by_hand`: a person merged, split or moved mails of it.
    """

    number: str
    subject_key: str
    state: TicketState
    customer_id: str | None
    participants: tuple[str, ...]
    updated_at: datetime
    chasers_in_row: int = 0
    last_sent_at: datetime | None = None
    identifiers: tuple[tuple[str, str], ...] = ()
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class SentAcknowledgement:
    """An automatic mail planned or sent to the address we would answer."""

    to: str
    ticket: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Suppression:
    """An address that gets no automatic mail until `until` (None: for good)."""

    address: str
    reason: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All a decision may know beyond the mail itself; time included.

    `merged` are (number, number of the ticket that it was merged into).
    `repeated_images` are the SHA-256 of those of its images that earlier mails of the same author
    brought into two or more tickets. `lookalikes` are customers whose address or name the author's
    resembles, at most 5; nobody is ever matched by them. `dkim` is what we found when we checked
    the signatures ourselves.
    """

    now: datetime
    customers: tuple[Customer, ...] = ()
    known_messages: tuple[KnownMessage, ...] = ()
    tickets: tuple[KnownTicket, ...] = ()
    recent_acknowledgements: tuple[SentAcknowledgement, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    earlier_mails: int = 0
    duplicate_of: str | None = None
    taken_numbers: tuple[str, ...] = ()
    merged: tuple[tuple[str, str], ...] = ()
    image_words: tuple[tuple[str, str], ...] = ()
    repeated_images: tuple[str, ...] = ()
    lookalikes: tuple[Customer, ...] = ()
    dkim: tuple[MethodResult, ...] = ()
