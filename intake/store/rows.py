"""The rows of one recorded mail, as dictionaries in the order of the tables' columns."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intake.errors import StaleFacts
from intake.model import Decision, Facts, Keys, ParsedMail, Reason
from intake.store.connections import find_connections
from intake.store.judgement import dump_decision, dump_facts
from intake.store.mails import ClaimedMail
from intake.store.outbox import PLANNED, SUPPRESSED
from intake.store.words import (
    dump_data,
    index_key,
    index_key_or_none,
    storable,
    storable_or_none,
)

WAITING = "waiting"
PICTURES = ("screenshot", "photo")
IN_TICKETS = ("opens-ticket", "joins-ticket")
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Recording:
    """All that goes into the rows of one mail."""

    claimed: ClaimedMail
    mail: ParsedMail  # without its secrets: intake.pipeline.as_shown
    keys: Keys
    facts: Facts
    decision: Decision
    at: datetime
    deliver: bool

    @property
    def subject_key(self) -> str:
        """The folded subject, fit for an index."""
        return index_key(self.keys.subject_key)

    @property
    def author(self) -> str | None:
        """The author's address as written."""
        return storable(self.mail.author.addr_spec) if self.mail.author else None

    @property
    def author_name(self) -> str:
        """The author's name as shown to a person, or nothing."""
        return storable(self.mail.author.display_name) if self.mail.author else ""


def ticket_row(work: Recording) -> Values:
    """A new ticket. The customer waits since the mail reached us, not since we read it."""
    decision = work.decision
    if decision.ticket is None:
        raise StaleFacts("every ticket number offered was taken")
    customer = decision.sender.customer
    return {
        "number": decision.ticket,
        "subject": storable(work.mail.subject),
        "subject_key": work.subject_key,
        "state": "open",
        "channel": "email",
        "mailbox": work.claimed.mailbox,
        "customer_id": customer.customer_id if customer else None,
        "sender_match": decision.sender.match,
        "author": work.author,
        "author_name": work.author_name,
        "category": decision.triage.category,
        "priority": decision.triage.priority,
        "language": work.mail.language,
        "created_at": work.claimed.received_at,
        "updated_at": work.at,
        "waiting_since": work.claimed.received_at,
        "chasers_in_row": 0,
        "messages": 1,
        "last_sent_at": work.mail.date,
        "attention": "",
    }


def message_row(work: Recording, ticket_id: int | None) -> Values:
    """What the mail says and what was decided."""
    mail, decision = work.mail, work.decision
    return {
        "mail_id": work.claimed.id,
        "ticket_id": ticket_id,
        "sha256": work.claimed.sha256,
        "disposition": decision.disposition,
        "message_id": index_key_or_none(mail.message_id),
        "body_fingerprint": work.keys.body_fingerprint,
        "copy_of": 0 if decision.disposition in IN_TICKETS else work.claimed.id,
        "author_key": index_key_or_none(work.keys.author),
        "author": work.author,
        "author_name": work.author_name,
        "subject": storable(mail.subject),
        "sent_at": mail.date,
        "received_at": work.claimed.received_at,
        "recorded_at": work.at,
        "language": mail.language,
        "text": storable(mail.text),
        "reply": storable(mail.reply),
        "html": storable_or_none(mail.html),
        "spam_verdict": decision.spam.verdict,
        "spam_score": decision.spam.score,
        "automatic": decision.automatic.kind,
        "chaser": decision.thread.chaser,
        "connects": connects_of(work),
        "secrets": secrets_of(decision),
        "facts": dump_facts(work.facts),
        "decision": dump_decision(decision),
    }


def secrets_of(decision: Decision) -> str:
    """The kinds of secrets that the raw mail holds, one a line."""
    return "\n".join(sorted({secret.kind for secret in decision.triage.secrets}))


def connects_of(work: Recording) -> str:
    """What the ticket is found by through this mail; nothing for a mail outside tickets."""
    if work.decision.disposition not in IN_TICKETS:
        return "{}"
    return find_connections(work.mail, work.keys, work.decision).dump()


def attachment_rows(work: Recording, message_row_id: int) -> list[Values]:
    """The files, in the order of the mail; their bytes stay in the raw mail."""
    in_ticket = work.decision.disposition in IN_TICKETS
    mail = work.mail.with_repeated_images(work.facts.repeated_images)
    return [
        {
            "message_row_id": message_row_id,
            "position": position,
            "section": storable(a.section),
            "filename": storable_or_none(a.filename),
            "content_type": storable(a.content_type),
            "declared_type": storable(a.declared_type),
            "size_bytes": a.size_bytes,
            "sha256": a.sha256,
            "kind": a.kind,
            "content_disposition": a.content_disposition,
            "content_id": storable_or_none(a.content_id),
            "container": storable_or_none(a.container),
            "risk": "\n".join(storable(risk) for risk in a.risk),
            "width": a.width,
            "height": a.height,
            "perceptual_hash": a.perceptual_hash,
            "members": "\n".join(storable(name) for name in a.members),
            # Off this way, by intake.worker.examine; outside tickets nobody looks at pictures.
            "look": WAITING if in_ticket and a.kind in PICTURES else None,
            "scan": WAITING,
        }
        for position, a in enumerate(mail.attachments)
    ]


def outbox_row(work: Recording, ticket_id: int | None) -> Values | None:
    """The planned answer, or the suppressed one with why; None for a mail outside tickets."""
    decision = work.decision
    acknowledgement, composed = decision.acknowledgement, decision.acknowledgement.mail
    sends = acknowledgement.send and composed is not None and work.deliver
    if not sends and decision.disposition not in IN_TICKETS:
        return None
    reason = "" if sends else _why_not(work)
    # Not the key of Reply-To, which is often not followed: the limit counts who was written to.
    key = acknowledgement.to_key or (composed.recipient.lower() if composed else None)
    return {
        "mail_id": work.claimed.id,
        "ticket_id": ticket_id,
        "message_id": composed.message_id if composed else None,
        "envelope_sender": composed.envelope_sender if composed else "",
        "recipient": storable_or_none(composed.recipient if composed else acknowledgement.to),
        "recipient_key": index_key_or_none(key) if sends else None,
        "subject": storable(composed.subject) if composed else "",
        "raw": composed.raw if composed else None,
        "sha256": hashlib.sha256(composed.raw).hexdigest() if composed else None,
        "template": acknowledgement.template,
        "template_version": acknowledgement.template_version,
        "language": acknowledgement.language,
        "state": PLANNED if sends else SUPPRESSED,
        "reason": reason,
        "attempts": 0,
        "planned_at": work.at,
        "next_at": work.at if sends else None,
        "finished_at": None if sends else work.at,
    }


def event_rows(work: Recording, ticket_id: int | None, ticket: str | None) -> list[Values]:
    """What happened, in words for staff: what became of the mail, and of its answer."""
    decision = work.decision
    kind, text, reasons = _disposition_event(work, ticket)
    rows = [_event(work, ticket_id, kind, text, reasons)]
    if decision.thread.chaser and decision.disposition == "joins-ticket":
        text = "The customer asks for news; the ticket keeps its place in the queue."
        rows.append(_event(work, ticket_id, "chaser", text, decision.thread.reasons))
    if decision.thread.attention and decision.disposition == "joins-ticket":
        text = "The customer has asked for news again and again; a person should look now."
        rows.append(_event(work, ticket_id, "attention", text, decision.thread.reasons))
    if decision.disposition in IN_TICKETS:
        reasons = decision.acknowledgement.reasons
        if decision.acknowledgement.send and decision.acknowledgement.mail and work.deliver:
            text = "An acknowledgement is about to be sent."
            rows.append(_event(work, ticket_id, "acknowledgement-planned", text, reasons))
        else:
            text = f"No acknowledgement goes out. {_why_not(work)}".strip()
            rows.append(_event(work, ticket_id, "acknowledgement-suppressed", text, reasons))
    return rows


def _disposition_event(work: Recording, ticket: str | None) -> tuple[str, str, tuple[Reason, ...]]:
    decision = work.decision
    if decision.disposition == "opens-ticket":
        return "ticket-opened", f"Ticket {ticket} was opened.", decision.triage.reasons
    if decision.disposition == "spam":
        return "spam", "The mail was judged to be spam; no ticket.", decision.spam.reasons
    if decision.disposition == "duplicate":
        where = f" of ticket {ticket}" if ticket else ""
        text = f"The same mail{where} was delivered again; nothing else was done."
        return "duplicate", text, decision.thread.reasons
    if decision.disposition == "automatic":
        text = f"A machine wrote this ({decision.automatic.kind}); no ticket."
        return "automatic", text, decision.automatic.reasons
    if decision.automatic.kind != "human":
        text = f"An automatic mail ({decision.automatic.kind}) belongs to ticket {ticket}."
        return "automatic", text, decision.automatic.reasons
    return "joined", f"A mail was added to ticket {ticket}.", decision.thread.reasons


def _why_not(work: Recording) -> str:
    """The first reason that fired; an import that sends nothing gives its own."""
    acknowledgement = work.decision.acknowledgement
    if acknowledgement.send and not work.deliver:
        return "The mail was imported without acknowledgements."
    fired = (storable(reason.text) for reason in acknowledgement.reasons if reason.fired)
    return next(fired, "")


def _event(
    work: Recording, ticket_id: int | None, kind: str, text: str, reasons: tuple[Reason, ...]
) -> Values:
    said = [
        {"code": r.code, "text": r.text, "weight": r.weight, "evidence": r.evidence}
        for r in reasons
        if r.fired
    ]
    return {
        "ticket_id": ticket_id,
        "mail_id": work.claimed.id,
        "kind": kind,
        "at": work.at,
        "text": text,
        "data": dump_data(reasons=said),
    }
