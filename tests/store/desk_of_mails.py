"""Mails, keys and decisions to keep, made by hand: the store must not need the other rooms."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from intake.model import (
    Acknowledgement,
    Address,
    Attachment,
    Automatic,
    Decision,
    Facts,
    Keys,
    OutgoingMail,
    ParsedMail,
    Reason,
    SenderVerdict,
    SpamVerdict,
    ThreadVerdict,
    Triage,
)
from intake.settings.rules import Rules
from intake.store import pictures
from intake.store.database import Database
from intake.store.facts import gather
from intake.store.ledger import Received, record_received
from intake.store.mails import ClaimedMail, claim_received
from intake.store.record import Recorded, record

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
RULES = Rules()
DESK = Address("", "support", "exchange.example")
CHEN = Address("Chen Wei", "chen.wei", "customer.example")


def sha(name: str) -> str:
    """The SHA-256 of a mail that is called `name` here."""
    return hashlib.sha256(name.encode()).hexdigest()


def number_of(name: str) -> str:
    """The ticket number that mail `name` opens."""
    return f"{sha(name)[:4]}-{sha(name)[4:8]}".upper()


def a_mail(name: str, **changes: Any) -> ParsedMail:
    """A mail of Chen Wei."""
    mail = ParsedMail(
        sha256=sha(name),
        size_bytes=5000,
        message_id=f"{name}@customer.example",
        author=CHEN,
        authors=(CHEN,),
        to=(DESK,),
        date=NOW - timedelta(minutes=5),
        subject="Withdrawal pending",
        language="en",
        text=f"Where is my money? {name}",
        reply=f"Where is my money? {name}",
        body_fingerprint=f"body of {name}",
    )
    return replace(mail, **changes)


def keys_for(mail: ParsedMail, **changes: Any) -> Keys:
    """What judge.keys would make of `mail`."""
    author = mail.author.key if mail.author else None
    keys = Keys(
        sha256=mail.sha256,
        message_id=mail.message_id,
        body_fingerprint=mail.body_fingerprint,
        author=author,
        reply_address=author,
        referenced_ids=(*mail.in_reply_to, *mail.references),
        tokens=(),
        subject_numbers=(),
        subject_key=mail.subject.lower(),
        candidate_numbers=(f"{mail.sha256[:4]}-{mail.sha256[4:8]}".upper(),),
        image_hashes=tuple(a.sha256 for a in mail.attachments),
    )
    return replace(keys, **changes)


def an_attachment(name: str, **changes: Any) -> Attachment:
    """A screenshot called `name`."""
    file = Attachment(
        section="2",
        filename=f"{name}.png",
        content_type="image/png",
        declared_type="image/png",
        size_bytes=200_000,
        sha256=sha(name),
        kind="screenshot",
        content_disposition="attachment",
        risk=("none", "at all"),
    )
    return replace(file, **changes)


def an_answer(mail: ParsedMail, ticket: str) -> Acknowledgement:
    """A composed acknowledgement of `mail`."""
    to = mail.author.addr_spec if mail.author else "nobody@customer.example"
    outgoing = OutgoingMail(
        message_id=f"{mail.sha256[:12]}.{ticket.lower()}@exchange.example",
        envelope_sender="",
        recipient=to,
        subject=f"[#{ticket}] {mail.subject}",
        raw=b"Subject: we have it\r\n\r\n\xff\x00" + mail.sha256.encode(),
    )
    reason = Reason("first-mail", "This is the first mail about it.")
    return Acknowledgement(True, to, "received", "en", (reason,), "v1", outgoing)


def a_decision(mail: ParsedMail, disposition: str = "opens-ticket", **changes: Any) -> Decision:
    """Opens a ticket under the mail's own number and answers, unless changed."""
    opens = disposition == "opens-ticket"
    ticket = f"{mail.sha256[:4]}-{mail.sha256[4:8]}".upper() if opens else None
    decision = Decision(
        disposition=disposition,  # type: ignore[arg-type]
        ticket=ticket,
        automatic=Automatic("human"),
        spam=SpamVerdict("ham", 0.02, (Reason("known-customer", "A customer writes.", -2.0),)),
        sender=SenderVerdict("unknown"),
        thread=ThreadVerdict(None),
        triage=Triage("withdrawal", "high", reasons=(Reason("withdrawal", "It says so."),)),
        acknowledgement=an_answer(mail, ticket) if ticket else Acknowledgement(False),
    )
    return replace(decision, **changes)


def joins(mail: ParsedMail, ticket: str, **changes: Any) -> Decision:
    """`mail` joins `ticket`, without an answer."""
    no = Acknowledgement(False, reasons=(Reason("follow-up", "It was acknowledged before."),))
    thread = ThreadVerdict(ticket, (Reason("references", "It answers a mail of the ticket."),))
    values: dict[str, Any] = {"ticket": ticket, "thread": thread, "acknowledgement": no}
    return a_decision(mail, "joins-ticket", **(values | changes))


def receive(database: Database, *mails: ParsedMail, at: datetime = NOW) -> None:
    """Puts mails in the queue as if polled."""
    with database.write() as connection:
        record_received(connection, received(mails, at))


def received(mails: Sequence[ParsedMail], at: datetime = NOW, first_uid: int = 1) -> list[Received]:
    """Ledger entries of one folder."""
    return [
        Received("support", "INBOX", 7, uid, mail.sha256, mail.size_bytes, at, mail.message_id)
        for uid, mail in enumerate(mails, first_uid)
    ]


def claim(database: Database, limit: int = 100, at: datetime = NOW) -> list[ClaimedMail]:
    """What a worker would take."""
    with database.write() as connection:
        return claim_received(connection, "me", at, 60, limit)


def facts_for(database: Database, keys: Keys, at: datetime = NOW) -> Facts:
    """What we know."""
    with database.read() as connection:
        return gather(connection, keys, now=at, rules=RULES)


def keep(
    database: Database,
    mail: ParsedMail,
    decision: Decision | None = None,
    *,
    at: datetime = NOW,
    deliver: bool = True,
    keys: Keys | None = None,
) -> Recorded:
    """The whole way of one mail: received, claimed, facts, recorded."""
    receive(database, mail, at=at)
    (claimed,) = claim(database, at=at)
    keys = keys or keys_for(mail)
    facts = facts_for(database, keys, at)
    with database.write() as connection:
        return record(
            connection,
            claimed=claimed,
            mail=mail,
            keys=keys,
            facts=facts,
            decision=decision or a_decision(mail),
            at=at,
            deliver=deliver,
        )


def read_words(database: Database, picture: Attachment, words: str) -> None:
    """As intake.worker.examine leaves it when the words of a picture were read."""
    with database.write() as connection:
        assert pictures.claim(connection, picture.sha256, "reader", NOW, 60) == 1
        found = pictures.LookedAt(pictures.READ, words=words, engine="test", perceptual_hash="0f")
        assert pictures.keep(connection, picture.sha256, "reader", found, NOW)
