"""Which conversation a mail belongs to: the strongest evidence wins, and each says why.

token > reference to a known mail > bounce of ours > ticket number by its proven participant >
same sender, same subject, recently > a chaser of the only open ticket.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from intake.judge.addresses import address_key
from intake.judge.authentication import Authentication, judge_authentication
from intake.judge.chaser import is_chaser
from intake.model import (
    Automatic,
    Facts,
    Keys,
    KnownTicket,
    ParsedMail,
    Reason,
    SenderVerdict,
    ThreadVerdict,
)
from intake.settings.rules import Rules


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sign that the mail belongs to `ticket`. `enough` False: only worth a link for staff."""

    ticket: str
    reason: Reason
    enough: bool


@dataclass(frozen=True, slots=True)
class _Case:
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

    def participants(self, ticket: KnownTicket) -> set[str]:
        """The ticket's addresses without our own."""
        identity = self.rules.identity
        ours = {address_key(a, identity) for a in self.rules.desk.addresses}
        return {address_key(a, identity) for a in ticket.participants} - ours


def judge_thread(
    mail: ParsedMail,
    keys: Keys,
    facts: Facts,
    rules: Rules,
    sender: SenderVerdict,
    automatic: Automatic,
) -> ThreadVerdict:
    """Find the ticket that `mail` joins or, where the evidence is weak, is linked to."""
    tickets = {ticket.number: ticket for ticket in facts.tickets}
    proof = judge_authentication(mail, rules.identity)
    case = _Case(mail, keys, facts, rules, sender, automatic, proof, tickets)
    weak: list[Evidence] = []
    for find in _EVIDENCE:
        for evidence in find(case):
            if evidence.enough:
                return _join(case, evidence, weak)
            weak.append(evidence)
    reasons = tuple(dict.fromkeys(evidence.reason for evidence in weak))
    if not reasons:
        none = Reason("new-conversation", "Nothing connects it with an earlier mail.", weight=0.0)
        return ThreadVerdict(None, (none,))
    return ThreadVerdict(None, reasons, linked=weak[0].ticket)


def _join(case: _Case, evidence: Evidence, weak: list[Evidence]) -> ThreadVerdict:
    passed_over = tuple(dict.fromkeys(e.reason for e in weak if e.ticket != evidence.ticket))
    ticket = case.tickets.get(evidence.ticket)
    if ticket and _closed_long_ago(case, ticket):
        why = f"Ticket {ticket.number} was closed long ago; this opens a new one."
        reasons = (evidence.reason, Reason("long-closed", why), *passed_over)
        return ThreadVerdict(None, reasons, linked=ticket.number)
    chaser = case.automatic.kind == "human" and is_chaser(case.mail, case.rules.triage)
    reasons = (evidence.reason, *passed_over)
    if chaser:
        reasons += (Reason("chaser", "It only asks for news of the same matter."),)
    return ThreadVerdict(evidence.ticket, reasons, chaser=chaser)


def _closed_long_ago(case: _Case, ticket: KnownTicket) -> bool:
    limit = timedelta(days=case.rules.threading.reopen_days)
    return ticket.state == "closed" and case.facts.now - ticket.updated_at > limit


def _tokens(case: _Case) -> Iterator[Evidence]:
    for token in case.keys.tokens:
        if token.ticket not in case.tickets:
            continue
        place = "address" if token.place == "recipient" else "Message-ID"
        why = f"It answers a mail of ours: our signed {place} for ticket {token.ticket} came back."
        reason = Reason("token", why, weight=10.0, evidence=token.evidence)
        yield Evidence(token.ticket, reason, enough=True)


def _references(case: _Case) -> Iterator[Evidence]:
    known = {message.message_id: message for message in case.facts.known_messages}
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


def _judge_reference(case: _Case, ticket: KnownTicket, message_id: str) -> Evidence:
    """Message-IDs can be copied: into a customer's ticket only who belongs to it may write."""
    doubt = _doubt_about_writer(case, ticket)
    if doubt is None:
        why = f"It answers a mail that we know from ticket {ticket.number}."
        return Evidence(ticket.number, Reason("reference", why, 8.0, message_id), enough=True)
    return Evidence(
        ticket.number, Reason(f"reference-{doubt[0]}", doubt[1], 2.0, message_id), False
    )


def _doubt_about_writer(case: _Case, ticket: KnownTicket) -> tuple[str, str] | None:
    if case.takes_part(ticket):
        if not case.authentication.failed:
            return None
        why = f"It names ticket {ticket.number}, but the sender's address is forged."
        return "forged-sender", why
    if ticket.customer_id is None and case.sender.customer is None:
        return None
    why = f"It names a mail of ticket {ticket.number}, but comes from somebody else."
    return "of-stranger", why


def _numbers(case: _Case) -> Iterator[Evidence]:
    for number in case.keys.subject_numbers:
        ticket = case.tickets.get(number)
        if ticket is None:
            continue
        if case.takes_part(ticket) and case.authentication.proven:
            why = f"Its subject names ticket {number}, and the sender is proven to belong to it."
            yield Evidence(number, Reason("ticket-number", why, 5.0, case.mail.subject), True)
        else:
            why = f"Its subject names ticket {number}, but it is not proven that the sender may."
            reason = Reason("ticket-number-unproven", why, 1.0, case.mail.subject)
            yield Evidence(number, reason, enough=False)


def _same_subject(case: _Case) -> Iterator[Evidence]:
    since = case.facts.now - timedelta(days=case.rules.threading.same_subject_days)
    if case.automatic.kind != "human" or not case.keys.subject_key or case.authentication.failed:
        return
    for ticket in sorted(case.tickets.values(), key=lambda t: t.updated_at, reverse=True):
        same = ticket.subject_key == case.keys.subject_key and ticket.updated_at >= since
        if same and ticket.state != "closed" and case.keys.author in case.participants(ticket):
            why = f"The same sender wrote under the same subject lately (ticket {ticket.number})."
            yield Evidence(ticket.number, Reason("same-subject", why, 3.0, case.mail.subject), True)


def _only_open_ticket(case: _Case) -> Iterator[Evidence]:
    if case.automatic.kind != "human" or case.authentication.failed:
        return
    since = case.facts.now - timedelta(days=case.rules.threading.reopen_days)
    open_ones = [
        ticket
        for ticket in case.tickets.values()
        if ticket.state != "closed"
        and ticket.updated_at >= since
        and case.keys.author in case.participants(ticket)
    ]
    if len(open_ones) == 1 and is_chaser(case.mail, case.rules.triage):
        number = open_ones[0].number
        why = f"It asks for news, and ticket {number} is the sender's only open one."
        yield Evidence(number, Reason("chaser-of-only-ticket", why, 2.0), True)


_EVIDENCE: tuple[Callable[[_Case], Iterator[Evidence]], ...] = (
    _tokens,
    _references,
    _numbers,
    _same_subject,
    _only_open_ticket,
)
