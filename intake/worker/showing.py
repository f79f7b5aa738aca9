"""A ticket as staff are shown it: without secrets, or with them, which is an act on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from intake.errors import ActRefused
from intake.judge.masking import mask_html, mask_text
from intake.model import Attachment, ParsedMail
from intake.settings.rules import IdentifierRules
from intake.store.blobs import BlobStore
from intake.store.database import Database
from intake.store.desk import ticket
from intake.store.shown import record_shown, secrets_in
from intake.store.views import MessageView, TicketView
from intake.worker.isolation import ParserPool


def show_ticket(database: Database, rules: IdentifierRules, number: str) -> TicketView:
    """The ticket without secrets, those included that only the rules of today know.

    Raises NotFound, DatabaseUnavailable.
    """
    with database.read() as connection:
        view = ticket(connection, number)
    subject = mask_text(view.ticket.subject, rules)
    return replace(
        view,
        ticket=replace(view.ticket, subject=subject),
        conversation=tuple(_mask(message, rules) for message in view.conversation),
    )


def show_secrets(
    database: Database,
    blobs: BlobStore,
    parser: ParserPool,
    number: str,
    *,
    by: str,
    at: datetime,
) -> TicketView:
    """The ticket with the words of its mails as they came, and in its history that `by` saw them.

    The words that were read in pictures stay hidden: whoever must see them looks at the picture.
    Raises ActRefused where nobody is named, NotFound, DatabaseUnavailable, StorageError, and as
    `ParserPool.parse`; then nothing is shown.
    """
    _ask_who(by)
    with database.read() as connection:
        view = ticket(connection, number)
    holders = [message.sha256 for message in view.conversation if message.secrets]
    originals = {sha256: parser.parse(blobs.get(sha256)) for sha256 in holders}
    with database.write() as connection:
        record_shown(connection, holders, by=by, at=at)
    with database.read() as connection:
        view = ticket(connection, number)
    subjects = {
        message.subject: originals[message.sha256].subject
        for message in reversed(view.conversation)
        if message.sha256 in originals
    }
    head = replace(view.ticket, subject=subjects.get(view.ticket.subject, view.ticket.subject))
    shown = tuple(_restore(m, originals.get(m.sha256)) for m in view.conversation)
    return replace(view, ticket=head, conversation=shown)


def read_original(
    database: Database, blobs: BlobStore, sha256: str, *, by: str, at: datetime
) -> bytes:
    """The bytes of a stored mail; where it holds secrets, `by` is recorded to have seen them.

    Raises ActRefused where it does and nobody is named, DatabaseUnavailable, StorageError.
    """
    raw = blobs.get(sha256)
    with database.read() as connection:
        holds = bool(secrets_in(connection, sha256))
    if holds:
        _ask_who(by)
        with database.write() as connection:
            record_shown(connection, (sha256,), by=by, at=at)
    return raw


def _ask_who(by: str) -> None:
    if not by.strip():
        raise ActRefused(
            "secrets are shown only to somebody who is named",
            advice="Say who you are with --by NAME; it goes into the history of the ticket.",
        )


def _mask(message: MessageView, rules: IdentifierRules) -> MessageView:
    def mask(text: str | None) -> str | None:
        return text and mask_text(text, rules)

    return replace(
        message,
        author_name=mask_text(message.author_name, rules),
        subject=mask_text(message.subject, rules),
        text=mask_text(message.text, rules),
        reply=mask_text(message.reply, rules),
        html=mask_html(message.html, rules),
        attachments=tuple(
            replace(a, filename=mask(a.filename), words=mask(a.words)) for a in message.attachments
        ),
    )


def _restore(message: MessageView, original: ParsedMail | None) -> MessageView:
    if original is None:
        return message
    return replace(
        message,
        author_name=original.author.display_name if original.author else "",
        subject=original.subject,
        text=original.text,
        reply=original.reply,
        html=original.html,
        attachments=_with_names(message.attachments, original.attachments),
    )


def _with_names(
    shown: Sequence[Attachment], original: Sequence[Attachment]
) -> tuple[Attachment, ...]:
    names = {attachment.section: attachment for attachment in original}
    return tuple(
        replace(a, filename=names[a.section].filename, members=names[a.section].members)
        if a.section in names
        else a
        for a in shown
    )
