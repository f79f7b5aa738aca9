"""The machine-readable face: one mail and its Decision as the JSON object that others rely on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from intake.model.address import Address
from intake.model.decision import Decision
from intake.model.parsed import Attachment, ParsedMail
from intake.model.reason import Reason


def render_explanation(
    mail: ParsedMail, decision: Decision, *, file: str, index: int
) -> dict[str, Any]:
    """Everything about one mail, for `intake explain`. Keys may be added, never changed."""
    return {
        **_identity(mail, file, index),
        "date": mail.date.isoformat() if mail.date else None,
        "from": _address(mail.author),
        "from_source": mail.author_source,
        "reply_to": [_address(a) for a in mail.reply_to],
        "to": [_address(a) for a in mail.to],
        "cc": [_address(a) for a in mail.cc],
        "envelope_sender": mail.envelope_sender,
        "subject": mail.subject,
        "language": mail.language,
        "text": mail.text,
        "reply": mail.reply,
        "forwarded": {
            "from": _address(mail.forwarded_from),
            "date": mail.forwarded_date.isoformat() if mail.forwarded_date else None,
        }
        if mail.forwarded_from
        else None,
        "attachments": [_attachment(a) for a in mail.attachments],
        "disposition": decision.disposition,
        **_verdicts(decision),
    }


def render_quarantined(
    *, file: str, index: int, sha256: str, size_bytes: int, code: str, error: str, headers: str
) -> dict[str, Any]:
    """The same shape for a mail that could not be read: `quarantined`, and why."""
    why = [_reason(Reason(code, error))]
    address = {"address": "", "name": ""}
    return {
        "file": file,
        "index": index,
        "sha256": sha256,
        "size": size_bytes,
        "defects": [error],
        "quarantined": True,
        "message_id": None,
        "in_reply_to": [],
        "references": [],
        "date": None,
        "from": address,
        "from_source": None,
        "reply_to": [],
        "to": [],
        "cc": [],
        "envelope_sender": None,
        "subject": "",
        "language": None,
        "text": "",
        "reply": "",
        "forwarded": None,
        "attachments": [],
        "headers": headers,
        "disposition": "quarantined",
        "automatic": {"class": "human", "reasons": why},
        "spam": {"verdict": "unsure", "score": 0.5, "reasons": why},
        "sender": {
            "match": "unknown",
            "customer": None,
            "address": None,
            "impersonates": None,
            "reasons": why,
        },
        "thread": {"joins": None, "linked": None, "chaser": False, "reasons": why},
        "triage": _triage_of_nothing(why),
        "acknowledgement": {
            "send": False,
            "to": None,
            "template": None,
            "language": None,
            "reasons": why,
        },
    }


def _triage_of_nothing(why: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "category": "quarantined",
        "priority": "normal",
        "identifiers": [],
        "missing": [],
        "tags": [],
        "secrets": [],
        "reasons": why,
    }


def _identity(mail: ParsedMail, file: str, index: int) -> dict[str, Any]:
    return {
        "file": file,
        "index": index,
        "sha256": mail.sha256,
        "size": mail.size_bytes,
        "defects": list(mail.defects),
        "quarantined": False,
        "message_id": mail.message_id,
        "in_reply_to": list(mail.in_reply_to),
        "references": list(mail.references),
    }


def _verdicts(decision: Decision) -> dict[str, Any]:
    sender, triage, thread = decision.sender, decision.triage, decision.thread
    customer = sender.customer
    reply = decision.acknowledgement
    return {
        "automatic": {
            "class": decision.automatic.kind,
            "reasons": _reasons(decision.automatic.reasons),
        },
        "spam": {
            "verdict": decision.spam.verdict,
            "score": decision.spam.score,
            "phishing": decision.spam.phishing,
            "reasons": _reasons(decision.spam.reasons),
        },
        "sender": {
            "match": sender.match,
            "customer": customer.customer_id if customer else None,
            "address": customer.address if customer else None,
            "impersonates": sender.impersonates,
            "reasons": _reasons(sender.reasons),
        },
        "thread": {
            "joins": thread.joins,
            "linked": thread.linked,
            "chaser": thread.chaser,
            "reasons": _reasons(thread.reasons),
        },
        "triage": {
            "category": triage.category,
            "priority": triage.priority,
            "identifiers": [
                {"kind": i.kind, "value": i.value, "where": i.where} for i in triage.identifiers
            ],
            "missing": list(triage.missing),
            "tags": list(triage.tags),
            "secrets": [{"kind": s.kind, "where": s.where} for s in triage.secrets],
            "reasons": _reasons(triage.reasons),
        },
        "acknowledgement": {
            "send": reply.send,
            "to": reply.to,
            "template": reply.template,
            "language": reply.language,
            "reasons": _reasons(reply.reasons),
        },
    }


def _address(address: Address | None) -> dict[str, str]:
    if address is None:
        return {"address": "", "name": ""}
    return {"address": address.addr_spec, "name": address.display_name}


def _attachment(attachment: Attachment) -> dict[str, Any]:
    return {
        "filename": attachment.filename,
        "content_type": attachment.content_type,
        "declared_type": attachment.declared_type,
        "size": attachment.size_bytes,
        "sha256": attachment.sha256,
        "kind": attachment.kind,
        "disposition": attachment.content_disposition,
        "content_id": attachment.content_id,
        "container": attachment.container,
        "words": attachment.words,
        "risk": list(attachment.risk),
        "section": attachment.section,
        "members": list(attachment.members),
        "width": attachment.width,
        "height": attachment.height,
    }


def _reasons(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    return [_reason(reason) for reason in reasons]


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "code": reason.code,
        "text": reason.text,
        "weight": reason.weight,
        "evidence": reason.evidence,
        "fired": reason.fired,
    }
