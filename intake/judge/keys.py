"""What to look up about a mail before anything is decided."""

from __future__ import annotations

from collections.abc import Iterator

from intake.judge.addresses import address_key
from intake.judge.chaser import is_chaser
from intake.judge.looks import company_domains, imitation_of
from intake.judge.masking import find_in_mail
from intake.judge.subjects import subject_key
from intake.model import Address, Keys, ParsedMail
from intake.model.tokens import find_ticket_numbers, find_tokens, make_ticket_number
from intake.settings.rules import Rules

CANDIDATES = 4
_REFERENCES_LOOKED_UP = 40
_SUBJECT_NUMBERS_LOOKED_UP = 5
_RECIPIENTS_READ = 200


def make_keys(mail: ParsedMail, rules: Rules) -> Keys:
    """The addresses, ids, tokens and fingerprints of `mail`; bounded whatever the mail holds."""
    references = referenced_ids(mail)
    recipients = [a.addr_spec for a in _recipients(mail)][:_RECIPIENTS_READ]
    if mail.report and mail.report.recipient:
        recipients.append(mail.report.recipient)
    author = _key(mail.author, rules)
    return Keys(
        sha256=mail.sha256,
        message_id=mail.message_id,
        body_fingerprint=mail.body_fingerprint,
        author=author,
        reply_address=_key(mail.reply_to[0], rules) if mail.reply_to else author,
        referenced_ids=references,
        tokens=find_tokens(rules.key, references, recipients),
        subject_numbers=find_ticket_numbers(mail.subject[:1000])[:_SUBJECT_NUMBERS_LOOKED_UP],
        subject_key=subject_key(find_in_mail(mail, rules.identifiers).mask(mail.subject)),
        candidate_numbers=candidate_numbers(rules.key, mail.sha256),
        bounced_recipient=_bounced(mail, rules),
        image_hashes=tuple(a.sha256 for a in mail.attachments if a.kind in ("screenshot", "photo")),
        asks_for_news=is_chaser(mail, rules.triage),
        author_domains=company_domains(mail.author, rules) if mail.author else (),
        imitation=imitation_of(mail.author, rules) if mail.author else None,
    )


def candidate_numbers(key: bytes, sha256: str) -> tuple[str, ...]:
    """The ticket numbers that the mail with this SHA-256 would open under, best first."""
    return tuple(make_ticket_number(key, sha256, attempt) for attempt in range(CANDIDATES))


def referenced_ids(mail: ParsedMail) -> tuple[str, ...]:
    """Ids of earlier mails that this one answers, nearest first.

    RFC 5322 3.6.4: In-Reply-To names the parent, References its ancestors, oldest first. A report
    names the mail it is about.
    """
    reported = mail.report.original_message_id if mail.report else None
    nearest_first = (
        *((reported,) if reported else ()),
        *mail.in_reply_to,
        *reversed(mail.references),
    )
    known_once = tuple(dict.fromkeys(nearest_first))
    # A conversation's first mail is the one we most likely know.
    half = _REFERENCES_LOOKED_UP // 2
    return known_once if len(known_once) <= 2 * half else known_once[:half] + known_once[-half:]


def _recipients(mail: ParsedMail) -> Iterator[Address]:
    yield from mail.delivered_to
    yield from mail.to
    yield from mail.cc


def _key(address: Address | None, rules: Rules) -> str | None:
    return address_key(address.addr_spec, rules.identity) if address else None


def _bounced(mail: ParsedMail, rules: Rules) -> str | None:
    if not mail.report or mail.report.kind != "dsn" or not mail.report.recipient:
        return None
    return address_key(mail.report.recipient, rules.identity)
