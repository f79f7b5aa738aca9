"""What to look up about a mail before anything is decided."""

from __future__ import annotations

from dataclasses import dataclass

from intake.model.looks import Imitation


@dataclass(frozen=True, slots=True)
class Token:
    """A keyed mark of ours that came back: proof that the writer has seen our mail.

    Only tokens whose signature held are made. `place` is where it was: `references`, `recipient`.
    """

    ticket: str
    place: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Keys:
    """Lower-case addresses, ids and fingerprints of one mail, for one read transaction.

    `candidate_numbers` are the ticket numbers this mail would open under, best first.
    `subject_key` is the subject without reply marks and ticket numbers, folded. `asks_for_news`
    says that the author's open tickets matter. `author_domains` are the author's domain and those
    above it that a company may be registered with, nearest first; none for public mail providers.
    """

    sha256: str
    message_id: str | None
    body_fingerprint: str
    author: str | None
    reply_address: str | None
    referenced_ids: tuple[str, ...]
    tokens: tuple[Token, ...]
    subject_numbers: tuple[str, ...]
    subject_key: str
    candidate_numbers: tuple[str, ...]
    bounced_recipient: str | None = None
    image_hashes: tuple[str, ...] = ()
    asks_for_news: bool = False
    author_domains: tuple[str, ...] = ()
    imitation: Imitation | None = None
