"""What became of generated mails, held against what should have become of them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from email import message_from_bytes
from email.policy import default
from typing import Any

from intake.store.database import Database
from intake.store.export import export_tickets
from tests.generate import Sample


def exported(database: Database) -> list[dict[str, Any]]:
    """Every line of `intake export`."""
    with database.read() as connection:
        return list(export_tickets(connection))


def ticket_of_mail(lines: Iterable[dict[str, Any]]) -> dict[str, str | None]:
    """The ticket of each incoming mail by its SHA-256; a mail in two places is an error."""
    found: dict[str, str | None] = {}
    for line in lines:
        for message in line["messages"]:
            if message["direction"] == "in":
                assert message["sha256"] not in found, f"twice: {message}"
                found[message["sha256"]] = line["ticket"]
    return found


def problems(
    samples: Sequence[Sample], lines: Sequence[dict[str, Any]], sent: Sequence[bytes]
) -> list[str]:
    """Everything that is not as it should be, in words; empty when all is well.

    `sent` are the mails the SMTP server took. Sending the same acknowledgement twice (same
    Message-ID) is allowed, as after a crash between the server's 250 and our record.
    """
    place = ticket_of_mail(lines)
    by_id = {sample.message_id: sample for sample in samples}
    wrong = []
    for sample in samples:
        digest = hashlib.sha256(sample.raw).hexdigest()
        if digest not in place:
            wrong.append(f"lost: {sample.kind} {sample.message_id}")
            continue
        ticket = place[digest]
        if sample.kind in ("spam", "automatic") and ticket is not None:
            wrong.append(f"{sample.kind} opened a ticket: {sample.message_id}")
        if sample.kind == "new" and ticket is None:
            wrong.append(f"a request has no ticket: {sample.message_id}")
        if sample.kind == "follow-up":
            parent = hashlib.sha256(by_id[str(sample.parent)].raw).hexdigest()
            if place.get(parent) != ticket:
                wrong.append(f"a follow-up is not with its request: {sample.message_id}")
    return wrong + _wrong_acknowledgements(samples, sent)


def _wrong_acknowledgements(samples: Sequence[Sample], sent: Sequence[bytes]) -> list[str]:
    answered: dict[str, set[str]] = {}
    for raw in sent:
        mail = message_from_bytes(raw, policy=default)
        answered.setdefault(str(mail["In-Reply-To"]).strip("<> "), set()).add(
            str(mail["Message-ID"])
        )
    wrong = []
    for sample in samples:
        ids = answered.pop(sample.message_id, set())
        expected = 1 if sample.kind == "new" else 0
        if len(ids) != expected:
            wrong.append(f"{len(ids)} acknowledgements for {sample.kind} {sample.message_id}")
    return wrong + [f"an acknowledgement answers nothing we sent: {mid}" for mid in answered]


def message_id_counts(sent: Iterable[bytes]) -> Counter[str]:
    """How often each Message-ID went out."""
    return Counter(str(message_from_bytes(raw, policy=default)["Message-ID"]) for raw in sent)
