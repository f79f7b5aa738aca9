"""What a mail says. Made by intake.mail from bytes alone, without opinion."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from intake.model.address import Address

AuthorSource = Literal["from", "sender", "reply-to", "envelope-sender"]
AttachmentKind = Literal[
    "screenshot",
    "photo",
    "decorative",
    "document",
    "archive",
    "message",
    "calendar",
    "audio",
    "video",
    "signature",
    "other",
]


# Pixels (width x height): a banner of 1200 x 250.
LARGEST_SIGNATURE_IMAGE = 300_000


@dataclass(frozen=True, slots=True)
class Attachment:
    """One real file of a mail; the bytes stay in the raw mail.

    `section` finds them again: the IMAP part number (RFC 3501 6.4.5), then a step for each
    container the file lies in (`3!2`, `1!uu1`), for intake.mail.attachments.extract. `sha256` and
    `size_bytes` are of the decoded bytes. `members` are the names that an archive lists.
    """

    section: str
    filename: str | None
    content_type: str
    declared_type: str
    size_bytes: int
    sha256: str
    kind: AttachmentKind
    content_disposition: Literal["attachment", "inline"]
    content_id: str | None = None
    container: str | None = None
    words: str | None = None
    risk: tuple[str, ...] = ()
    width: int | None = None
    height: int | None = None
    perceptual_hash: str | None = None
    members: tuple[str, ...] = ()

    @property
    def in_passing(self) -> bool:
        """Whether it is an image as signatures hold them: shown inside, and not large."""
        shown_inside = self.content_disposition == "inline"
        area = (self.width or 0) * (self.height or 0)
        is_image = self.kind in ("screenshot", "photo")
        return is_image and shown_inside and area <= LARGEST_SIGNATURE_IMAGE


@dataclass(frozen=True, slots=True)
class MethodResult:
    """One resinfo of an Authentication-Results header (RFC 8601 2.2)."""

    method: str
    result: str
    properties: tuple[tuple[str, str], ...] = ()

    def property(self, name: str) -> str | None:
        """The value of e.g. `header.d`, None where the server did not state it."""
        return next((value for key, value in self.properties if key == name), None)


@dataclass(frozen=True, slots=True)
class AuthenticationResults:
    """One header with results. `position` counts such headers from the top of the mail, 0 first.

    `line` is its place in ParsedMail.headers. For "arc": `instance` is its number (i=, 0 where it
    has none) and `sealer` the domain of the one ARC-Seal of that number, "" where there is none
    or more than one (RFC 8617 4.1).
    """

    authserv_id: str
    position: int
    results: tuple[MethodResult, ...]
    source: Literal["authentication-results", "arc", "received-spf"] = "authentication-results"
    line: int = 0
    instance: int = 0
    sealer: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What a delivery, disposition or feedback report is about (RFC 3464, 8098, 5965)."""

    kind: Literal["dsn", "mdn", "feedback"]
    action: str | None = None
    status: str | None = None
    recipient: str | None = None
    diagnostic: str | None = None
    original_message_id: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """One mail as a person would read it. Every byte sequence gives one, with its defects.

    `headers` are (lower-case name, decoded and unfolded value) in order, control characters
    removed. `text` is the whole readable body, `reply` what the sender newly wrote. `html` is the
    HTML as it came, never cleaned here. `envelope_sender` is None where no trace header states
    it and "" for the null sender (RFC 5321 4.5.5).
    """

    sha256: str
    size_bytes: int
    defects: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    date: datetime | None = None
    author: Address | None = None
    author_source: AuthorSource | None = None
    authors: tuple[Address, ...] = ()
    sender: Address | None = None
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    delivered_to: tuple[Address, ...] = ()
    envelope_sender: str | None = None
    subject: str = ""
    language: str | None = None
    text: str = ""
    reply: str = ""
    html: str | None = None
    attachments: tuple[Attachment, ...] = ()
    authentication: tuple[AuthenticationResults, ...] = ()
    report: Report | None = None
    forwarded_from: Address | None = None
    forwarded_date: datetime | None = None
    body_fingerprint: str = ""

    def header(self, name: str) -> str | None:
        """The first value of header `name` (lower case), or None."""
        return next(self.header_values(name), None)

    def header_values(self, name: str) -> Iterator[str]:
        """All values of header `name` (lower case), top first."""
        return (value for key, value in self.headers if key == name)

    def with_words(self, words: dict[str, str]) -> ParsedMail:
        """The mail with the words read in its images, keyed by attachment SHA-256."""
        if not any(a.sha256 in words for a in self.attachments):
            return self
        seen = tuple(replace(a, words=words.get(a.sha256, a.words)) for a in self.attachments)
        return replace(self, attachments=seen)

    def with_repeated_images(self, hashes: Collection[str]) -> ParsedMail:
        """The mail with those images decorative that its author puts into every mail.

        `hashes` are SHA-256. A picture that is large, or attached as a file of its own, was sent
        again on purpose and stays what it is.
        """
        if not any(a.sha256 in hashes for a in self.attachments):
            return self
        seen = tuple(
            replace(a, kind="decorative") if a.sha256 in hashes and a.in_passing else a
            for a in self.attachments
        )
        return replace(self, attachments=seen)
