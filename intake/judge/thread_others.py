"""The other tickets of one conversation: of a mail that answers mails of two, or comes late."""

from __future__ import annotations

from dataclasses import replace

from intake.judge.thread_evidence import Case, Evidence, mentions, references
from intake.model import Reason, ThreadVerdict


def gather_other_tickets(case: Case, verdict: ThreadVerdict) -> ThreadVerdict:
    """`verdict` with the tickets besides the joined one that the mail belongs to as well.

    An answer that overtakes the mail it answers opens a ticket of its own; when that mail comes,
    the two tickets are one. Any other is only shown beside: staff may have parted them.
    """
    joined = case.tickets.get(verdict.joins or "")
    if joined is None or case.automatic.kind != "human":
        return verdict
    takes_in: dict[str, Reason] = {}
    beside: dict[str, Reason] = {}
    for evidence in (*references(case), *mentions(case)):
        number = evidence.ticket
        if not evidence.enough or number == joined.number or evidence.reason.code == "same-parent":
            continue
        if _is_overtaking(case, evidence, joined.number):
            why = f"Ticket {number} is part of it: its mail answers this one, which came later."
            takes_in[number] = Reason("overtaken", why, 7.0, evidence.reason.evidence)
        else:
            why = f"It also answers a mail of ticket {number}, or is answered there."
            beside.setdefault(number, Reason("also-answers", why, 1.0, evidence.reason.evidence))
    beside = {number: reason for number, reason in beside.items() if number not in takes_in}
    if not takes_in and not beside:
        return verdict
    return replace(
        verdict,
        takes_in=tuple(takes_in),
        beside=tuple(beside),
        reasons=(*verdict.reasons, *takes_in.values(), *beside.values()),
    )


def _is_overtaking(case: Case, evidence: Evidence, joined: str) -> bool:
    """Whether the ticket would not be there had its mail come after this one.

    Never across customers, never against what a person did, never under another subject.
    """
    here, there = case.tickets[joined], case.tickets.get(evidence.ticket)
    return (
        case.rules.threading.merge_overtaken
        and evidence.reason.code == "answered"
        and there is not None
        and not there.by_hand
        and there.customer_id == here.customer_id
        and there.subject_key in (here.subject_key, case.keys.subject_key)
    )
