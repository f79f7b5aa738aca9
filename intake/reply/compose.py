"""Makes the acknowledgement a mail: fixed here once, sent byte for byte later."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC
from email.utils import format_datetime

from intake.errors import TemplateError
from intake.model import Acknowledgement, OutgoingMail, ParsedMail, Reason
from intake.model.tokens import make_message_id, make_plus_address
from intake.reply.builtin import VERSION, Letter, render_builtin
from intake.reply.case import Case
from intake.reply.language import find_template, language_chain
from intake.reply.mime import Part, encode_words, fold_ids, quote_name, render_mail
from intake.reply.templates import render_template
from intake.reply.variables import MOST_NAME, clean_line, make_variables

NONCE_LENGTH = 12
# RFC 5322 2.1.1 limits a line, and some systems unfold: the whole of References stays below it.
MOST_REFERENCES_BYTES = 900
FIRST_REFERENCES = 2
_SENDABLE_ID = re.compile(
    r"[\x21-\x3b\x3d\x3f-\x7e](?:[\x20-\x3b\x3d\x3f-\x7e]*[\x21-\x3b\x3d\x3f-\x7e])?"
)
_TICKET_MARK = re.compile(r"\s*\[#[^\[\]]{1,20}\]")


def compose_acknowledgement(
    case: Case, acknowledgement: Acknowledgement, ticket: str
) -> Acknowledgement:
    """`acknowledgement` with its mail, the version of the template, and what went wrong if it did.

    A template that is missing or fails is replaced by the built-in text: this never raises for
    what a mail or a template holds.
    """
    letter, version, trouble = _render_letter(case, acknowledgement, ticket)
    reasons = acknowledgement.reasons
    if trouble is not None:
        reasons = (*reasons, trouble)
    mail = _compose(case, acknowledgement, letter, ticket)
    return replace(acknowledgement, mail=mail, template_version=version, reasons=reasons)


def choose_references(mail: ParsedMail) -> tuple[str, ...]:
    """The ids for References (RFC 5322 3.6.4): the parent's chain, then the parent.

    Of a chain that is too long the first and the last stay: mail programs find the conversation
    by either. Ids that cannot stand in a header as they are are left out.
    """
    chain = mail.references or (mail.in_reply_to if len(mail.in_reply_to) == 1 else ())
    parent = (mail.message_id,) if mail.message_id else ()
    # The latest place of an id that stands there twice counts.
    once = tuple(reversed(dict.fromkeys(reversed((*chain, *parent)))))
    ids = [message_id for message_id in once if _is_sendable(message_id)]
    first = _within(ids[:FIRST_REFERENCES], MOST_REFERENCES_BYTES // 2)
    used = sum(len(message_id) + 3 for message_id in first)
    last = _within(ids[FIRST_REFERENCES:][::-1], MOST_REFERENCES_BYTES - used)
    return (*first, *reversed(last))


def _within(ids: list[str], most_bytes: int) -> list[str]:
    kept: list[str] = []
    for message_id in ids:
        most_bytes -= len(message_id) + 3
        if most_bytes < 0:
            break
        kept.append(message_id)
    return kept


def _is_sendable(message_id: str) -> bool:
    return len(message_id) <= MOST_REFERENCES_BYTES // 2 and bool(
        _SENDABLE_ID.fullmatch(message_id)
    )


def _render_letter(
    case: Case, acknowledgement: Acknowledgement, ticket: str
) -> tuple[Letter, str, Reason | None]:
    name, language = acknowledgement.template or "", acknowledgement.language or ""
    chain = language_chain(language, case.rules.desk.language)
    source = find_template(case.rules.templates, name, chain)
    if source is None:
        text = f"There is no template {name}; the built-in text is sent."
        trouble = Reason("template-missing", text, evidence=name)
    else:
        try:
            letter = render_template(source, make_variables(case, ticket, source.language))
            return letter, source.version, None
        except TemplateError as error:
            text = "The template failed; the built-in text is sent. Please have it corrected."
            trouble = Reason("template-failed", text, evidence=str(error)[:400])
    desk = clean_line(case.rules.desk.name, MOST_NAME)
    return render_builtin(language, ticket, desk), VERSION, trouble


def _compose(
    case: Case, acknowledgement: Acknowledgement, letter: Letter, ticket: str
) -> OutgoingMail:
    rules, mail = case.rules, case.mail
    domain = case.desk_address.rpartition("@")[2]
    nonce = mail.sha256[:NONCE_LENGTH]
    message_id = make_message_id(rules.key, ticket, nonce, domain)
    subject = f"{_TICKET_MARK.sub('', letter.subject)} [#{ticket}]"
    recipient = acknowledgement.to or ""
    headers = [
        ("From", quote_name(clean_line(rules.desk.name, MOST_NAME), case.desk_address, "From")),
        ("To", recipient),
        ("Subject", encode_words(subject, "Subject")),
        ("Date", format_datetime(case.facts.now.astimezone(UTC))),
        ("Message-ID", f"<{message_id}>"),
        *_thread_headers(mail),
        *_reply_to(case, ticket),
        ("Auto-Submitted", "auto-replied"),  # RFC 3834 5
        ("X-Auto-Response-Suppress", "All"),
        ("X-Intake-Desk", domain),
        ("Content-Language", acknowledgement.language or rules.desk.language),  # RFC 3282
    ]
    parts = [Part("plain", letter.text)]
    if letter.html is not None:
        parts.append(Part("html", letter.html))  # RFC 2046 5.1.4: the best comes last
    raw = render_mail(headers, parts, mail.sha256)
    return OutgoingMail(message_id, rules.smtp.envelope_sender, recipient, subject, raw)


def _thread_headers(mail: ParsedMail) -> list[tuple[str, str]]:
    headers = []
    if mail.message_id and _is_sendable(mail.message_id):
        headers.append(("In-Reply-To", fold_ids((mail.message_id,))))
    if references := choose_references(mail):
        headers.append(("References", fold_ids(references)))
    return headers


def _reply_to(case: Case, ticket: str) -> list[tuple[str, str]]:
    if not case.rules.reply.plus_address or not case.rules.key:
        return []
    return [("Reply-To", make_plus_address(case.rules.key, ticket, case.desk_address))]
