"""The signs that a mail belongs to a ticket, strongest first, each with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from intake.judge.addresses import address_key
from intake.judge.authentication import Authentication
from intake.judge.chaser import is_chaser
from intake.judge.topics import find_other_matter
from intake.model import (
    Automatic,
    Facts,
    Keys,
    KnownTicket,
    ParsedMail,
    Reason,
    SenderVerdict,
)
from intake.settings.rules import Rules


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sign that the mail belongs to `ticket`. `enough` False: only worth a link for staff."""

    ticket: str
    reason: Reason
    enough: bool


@dataclass(frozen=True, slots=True)
class Case:
    """The mail whose conversation is looked for, and all that is known about it."""

    mail: ParsedMail
    keys: Keys
    facts: Facts
    rules: Rules
    sender: SenderVerdict
    automatic: Automatic
    authentication: Authentication
    tickets: dict[str, KnownTicket]

    def takes_part(self, ticket: KnownTicket) -> bool:
        """Whether the author's address is one of the ticket's, or the customer is."""
        customer = self.sender.customer
        same_customer = customer is not None and customer.customer_id == ticket.customer_id
        return same_customer or self.keys.author in self.participants(ticket)

    def may_on_claim(self, allowed: bool) -> bool:
        """Whether the sender may do what `allowed`, a key of [claimed], says of claimed ones."""
        if self.sender.match != "claimed":
            return True
        return allowed and not self.authentication.failed

    def participants(self, ticket: KnownTicket) -> set[str]:
        """The ticket's addresses without our own."""
        identity = self.rules.identity
        ours = {address_key(a, identity) for a in self.rules.desk.addresses}
        return {address_key(a, identity) for a in ticket.participants} - ours

    def is_recent(self, ticket: KnownTicket, days: float) -> bool:
        """Whether the ticket lived within `days`, by our clock and by the senders' Date headers.

        Old mails that are imported together are new to our clock and far apart by theirs.
        """
        limit = timedelta(days=days)
        sent, last = self.mail.date, ticket.last_sent_at
        apart = abs(sent - last) if sent and last else timedelta(0)
        return self.facts.now - ticket.updated_at <= limit and apart <= limit


def _tokens(case: Case) -> Iterator[Evidence]:
    merged = dict(case.facts.merged)
    for token in case.keys.tokens:
        number = merged.get(token.ticket, token.ticket)
        if number not in case.tickets:
            continue
        place = "address" if token.place == "recipient" else "Message-ID"
        why = f"It answers a mail of ours: our signed {place} for ticket {token.ticket} came back."
        reason = Reason("token", why, weight=10.0, evidence=token.evidence)
        yield Evidence(number, reason, enough=True)


def references(case: Case) -> Iterator[Evidence]:
    """Tickets whose mails it answers."""
    known = {
        message.message_id: message
        for message in case.facts.known_messages
        if message.direction != "mentioned"
    }
    for message_id in case.keys.referenced_ids:
        message = known.get(message_id)
        if message is None or message.ticket is None:
            continue
        ticket = case.tickets.get(message.ticket)
        returned = message.direction == "out" and case.automatic.kind in ("bounce", "auto-reply")
        if returned:
            why = f"It is the answer of a machine to our mail on ticket {message.ticket}."
            reason = Reason("return-of-ours", why, weight=6.0, evidence=message_id)
            yield Evidence(message.ticket, reason, enough=True)
        elif ticket is None:
            continue
        else:
            yield _judge_reference(case, ticket, message_id)


def _judge_reference(case: Case, ticket: KnownTicket, message_id: str) -> Evidence:
    """Message-IDs can be copied: into a customer's ticket only who belongs to it may write."""
    doubt = _doubt_about_writer(case, ticket)
    if doubt is None:
        why = f"It answers a mail that we know from ticket {ticket.number}."
        return Evidence(ticket.number, Reason("reference", why, 8.0, message_id), enough=True)
    return Evidence(
        ticket.number, Reason(f"reference-{doubt[0]}", doubt[1], 2.0, message_id), False
    )


def mentions(case: Case) -> Iterator[Evidence]:
    """Mails that answer the same mail, one that we may never have seen; and answers before it."""
    named = (*case.keys.referenced_ids, case.mail.message_id)
    rank = {message_id: place for place, message_id in reversed(list(enumerate(named)))}
    mentions = [m for m in case.facts.known_messages if m.direction == "mentioned"]
    for mention in sorted(mentions, key=lambda m: rank.get(m.message_id, len(rank))):
        ticket = case.tickets.get(mention.ticket or "")
        if ticket is None:
            continue
        answered = mention.message_id == case.mail.message_id
        if not answered and ticket.subject_key != case.keys.subject_key:
            continue
        doubt = _doubt_about_writer(case, ticket)
        if doubt is not None:
            code, why = f"mention-{doubt[0]}", doubt[1]
            yield Evidence(ticket.number, Reason(code, why, 1.5, mention.message_id), False)
        elif answered:
            why = f"A mail of ticket {ticket.number}, which came first, answers this one."
            yield Evidence(ticket.number, Reason("answered", why, 7.0, mention.message_id), True)
        else:
            why = f"It answers the same mail as ticket {ticket.number} does."
            yield Evidence(ticket.number, Reason("same-parent", why, 6.0, mention.message_id), True)


def _doubt_about_writer(case: Case, ticket: KnownTicket) -> tuple[str, str] | None:
    if case.takes_part(ticket):
        if not case.authentication.failed:
            return None
        why = f"It names ticket {ticket.number}, but the sender's address is forged."
        return "forged-sender", why
    if ticket.customer_id is None and case.sender.customer is None:
        return None
    why = f"It names a mail of ticket {ticket.number}, but comes from somebody else."
    return "of-stranger", why


def _numbers(case: Case) -> Iterator[Evidence]:
    merged = dict(case.facts.merged)
    for named in case.keys.subject_numbers:
        number = merged.get(named, named)
        ticket = case.tickets.get(number)
        if ticket is None:
            continue
        if case.takes_part(ticket) and case.authentication.proven:
            why = f"Its subject names ticket {number}, and the sender is proven to belong to it."
            yield Evidence(number, Reason("ticket-number", why, 5.0, case.mail.subject), True)
        elif _claims_number(case, ticket):
            why = f"Its subject names ticket {number} of its sender (claimed.join_by_number)."
            yield Evidence(number, Reason("ticket-number", why, 5.0, case.mail.subject), True)
        else:
            why = f"Its subject names ticket {number}, but it is not proven that the sender may."
            reason = Reason("ticket-number-unproven", why, 1.0, case.mail.subject)
            yield Evidence(number, reason, enough=False)


def _claims_number(case: Case, ticket: KnownTicket) -> bool:
    """Whether the operator lets a claimed customer in by the number of a ticket of theirs."""
    claimed = case.sender.match == "claimed" and case.takes_part(ticket)
    return claimed and case.may_on_claim(case.rules.claimed.join_by_number)


def _same_subject(case: Case) -> Iterator[Evidence]:
    days = case.rules.threading.same_subject_days
    if case.automatic.kind != "human" or not case.keys.subject_key or case.authentication.failed:
        return
    for ticket in sorted(case.tickets.values(), key=lambda t: t.updated_at, reverse=True):
        same = ticket.subject_key == case.keys.subject_key and ticket.state != "closed"
        if not (same and case.is_recent(ticket, days)):
            continue
        if case.keys.author not in case.participants(ticket):
            continue
        other = find_other_matter(case.mail, ticket, case.rules.identifiers)
        if other is not None:
            why = f"The subject is that of ticket {ticket.number}, but it names another {other}."
            yield Evidence(ticket.number, Reason("other-matter", why, 1.0, other), False)
            continue
        if not case.may_on_claim(case.rules.claimed.join_by_subject):
            yield _unproven(ticket)
            continue
        why = f"The same sender wrote under the same subject lately (ticket {ticket.number})."
        yield Evidence(ticket.number, Reason("same-subject", why, 3.0, case.mail.subject), True)


def _only_open_ticket(case: Case) -> Iterator[Evidence]:
    if case.automatic.kind != "human" or case.authentication.failed:
        return
    days = case.rules.threading.reopen_days
    open_ones = [
        ticket
        for ticket in case.tickets.values()
        if ticket.state != "closed"
        and case.is_recent(ticket, days)
        and case.keys.author in case.participants(ticket)
    ]
    if len(open_ones) == 1 and is_chaser(case.mail, case.rules.triage):
        if not case.may_on_claim(case.rules.claimed.join_by_subject):
            yield _unproven(open_ones[0])
            return
        number = open_ones[0].number
        why = f"It asks for news, and ticket {number} is the sender's only open one."
        yield Evidence(number, Reason("chaser-of-only-ticket", why, 2.0), True)


def _unproven(ticket: KnownTicket) -> Evidence:
    why = f"It may belong to ticket {ticket.number}, but it is not proven who sent it."
    return Evidence(ticket.number, Reason("same-subject-unproven", why, 1.0), enough=False)


EVIDENCE: tuple[Callable[[Case], Iterator[Evidence]], ...] = (
    _tokens,
    references,
    mentions,
    _numbers,
    _same_subject,
    _only_open_ticket,
)
