"""Which conversation a mail belongs to: the strongest evidence wins, and each says why.

token > reference to a known mail > bounce of ours > the same parent > ticket number by its proven
participant > same sender, same subject, recently > a chaser of the only open ticket.
"""

from __future__ import annotations

from datetime import timedelta

from intake.judge.authentication import judge_authentication
from intake.judge.chaser import is_chaser
from intake.judge.thread_evidence import EVIDENCE, Case, Evidence
from intake.judge.thread_others import gather_other_tickets
from intake.judge.topics import is_new_topic
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
    proof = judge_authentication(mail, rules.identity, facts.dkim)
    case = Case(mail, keys, facts, rules, sender, automatic, proof, tickets)
    weak: list[Evidence] = []
    for find in EVIDENCE:
        for evidence in find(case):
            if evidence.enough:
                return gather_other_tickets(case, _join(case, evidence, weak))
            weak.append(evidence)
    reasons = tuple(dict.fromkeys(evidence.reason for evidence in weak))
    if not reasons:
        none = Reason("new-conversation", "Nothing connects it with an earlier mail.", weight=0.0)
        return ThreadVerdict(None, (none,))
    return ThreadVerdict(None, reasons, linked=weak[0].ticket)


def _join(case: Case, evidence: Evidence, weak: list[Evidence]) -> ThreadVerdict:
    passed_over = tuple(dict.fromkeys(e.reason for e in weak if e.ticket != evidence.ticket))
    ticket = case.tickets.get(evidence.ticket)
    human = case.automatic.kind == "human"
    chaser = human and is_chaser(case.mail, case.rules.triage)
    apart = _why_apart(case, ticket) if ticket and human and not chaser else None
    if apart is None and ticket and _closed_long_ago(case, ticket):
        why = f"Ticket {ticket.number} was closed long ago; this opens a new one."
        apart = Reason("long-closed", why)
    if apart is None and ticket and _may_not_reopen(case, ticket, evidence):
        why = f"Ticket {ticket.number} is closed, and it is not proven who sent this."
        apart = Reason("closed-unproven", why)
    if apart is not None:
        return ThreadVerdict(None, (evidence.reason, apart, *passed_over), linked=evidence.ticket)
    reasons = (evidence.reason, *passed_over)
    if not chaser:
        return ThreadVerdict(evidence.ticket, reasons)
    reasons += (Reason("chaser", "It only asks for news of the same matter."),)
    attention = _needs_attention(case, ticket)
    if attention is not None:
        reasons += (attention,)
    return ThreadVerdict(evidence.ticket, reasons, chaser=True, attention=attention is not None)


def _why_apart(case: Case, ticket: KnownTicket) -> Reason | None:
    """An answer to an old mail that is about something else."""
    policy = case.rules.threading
    if policy.new_topic == "join" or case.is_recent(ticket, policy.new_topic_days):
        return None
    if not is_new_topic(case.mail, case.keys, ticket):
        return None
    why = f"It answers a mail of ticket {ticket.number} under a new subject; this opens a new one."
    return Reason("new-topic", why, evidence=case.mail.subject)


def _needs_attention(case: Case, ticket: KnownTicket | None) -> Reason | None:
    most = case.rules.threading.chasers_until_attention
    if ticket is None or ticket.chasers_in_row + 1 < most:
        return None
    why = f"The customer has asked for news {ticket.chasers_in_row + 1} times in a row."
    return Reason("chased-often", why)


def _may_not_reopen(case: Case, ticket: KnownTicket, evidence: Evidence) -> bool:
    """Our token came back: whoever sends it got our mail, which went to the registered address."""
    if ticket.state != "closed" or evidence.reason.code == "token":
        return False
    people = case.automatic.kind == "human"
    return people and not case.may_on_claim(case.rules.claimed.reopen_closed)


def _closed_long_ago(case: Case, ticket: KnownTicket) -> bool:
    limit = timedelta(days=case.rules.threading.reopen_days)
    return ticket.state == "closed" and case.facts.now - ticket.updated_at > limit
