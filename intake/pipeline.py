"""The life of a mail, top to bottom: parse, keys, decide.

Between the steps the worker gathers Facts by the Keys, and afterwards records the Decision:

    bytes ─parse─▶ ParsedMail ─keys_of─▶ Keys ─(store.facts)─▶ Facts
    ParsedMail + Facts + Rules ─decide─▶ Decision ─(store.record)─▶ rows

Words read in pictures come later, off this way: add_words takes up the triage again.

Everything here is pure. Same arguments, same Decision, byte for byte: explain, dry runs and
replays are these functions and nothing else.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from intake.errors import StaleFacts
from intake.judge.customer import judge_sender
from intake.judge.keys import make_keys
from intake.judge.masking import Secrets, find_in_mail, hide_secrets
from intake.judge.origin import judge_origin
from intake.judge.second_look import add_to_triage
from intake.judge.spam import judge_spam
from intake.judge.thread import judge_thread
from intake.judge.triage import judge_triage
from intake.mail.parse import parse_mail
from intake.model import (
    Acknowledgement,
    Automatic,
    Decision,
    Facts,
    Keys,
    ParsedMail,
    SenderVerdict,
    SpamVerdict,
    ThreadVerdict,
    Triage,
)
from intake.model.decision import Disposition
from intake.reply.case import Case
from intake.reply.compose import compose_acknowledgement
from intake.reply.policy import judge_reply
from intake.settings.rules import Rules
from intake.settings.schema import Limits

V = TypeVar("V", Automatic, SpamVerdict, SenderVerdict, ThreadVerdict, Triage, Acknowledgement)

DEFAULT_LIMITS = Limits()


def parse(raw: bytes, limits: Limits = DEFAULT_LIMITS) -> ParsedMail:
    """The mail in `raw`, with its defects. Raises BudgetExceeded, and nothing else."""
    return parse_mail(raw, limits)


def keys_of(mail: ParsedMail, rules: Rules) -> Keys:
    """What has to be looked up before `mail` can be decided."""
    return make_keys(mail, rules)


def as_known(mail: ParsedMail, facts: Facts) -> ParsedMail:
    """`mail` with what is known of its images: words read before, and which its author repeats."""
    known = mail.with_words(dict(facts.image_words))
    return known.with_repeated_images(facts.repeated_images)


def decide(mail: ParsedMail, facts: Facts, rules: Rules) -> Decision:
    """What becomes of `mail`, given what we knew; with the acknowledgement ready to be sent.

    Raises StaleFacts where every ticket number this mail could open under is taken.
    """
    mail = as_known(mail, facts)
    keys = keys_of(mail, rules)

    automatic = judge_origin(mail, facts, rules)
    sender = judge_sender(mail, facts, rules)
    thread = judge_thread(mail, keys, facts, rules, sender, automatic)
    spam = judge_spam(mail, facts, rules, sender, automatic, thread)
    triage = judge_triage(mail, facts, rules, sender)

    disposition = choose_disposition(facts, automatic, spam, thread)
    ticket = choose_ticket(disposition, keys, facts, thread)

    secrets = find_in_mail(mail, rules.identifiers)
    shown = hide_secrets(mail, rules.identifiers)
    case = Case(shown, keys, facts, rules, automatic, spam, sender, thread, triage)
    acknowledgement = judge_reply(case)
    if acknowledgement.send and ticket is not None:
        acknowledgement = compose_acknowledgement(case, acknowledgement, ticket)

    return Decision(
        disposition=disposition,
        ticket=ticket,
        automatic=_hide(automatic, secrets),
        spam=_hide(spam, secrets),
        sender=_hide(sender, secrets),
        thread=_hide(thread, secrets),
        triage=_hide(triage, secrets),
        acknowledgement=_hide(acknowledgement, secrets),
    )


def as_shown(mail: ParsedMail, facts: Facts, rules: Rules) -> ParsedMail:
    """`mail` as it may be stored and shown: with a mark in the place of each secret."""
    return hide_secrets(as_known(mail, facts), rules.identifiers)


def _hide(verdict: V, secrets: Secrets) -> V:
    """The verdict with reasons that quote no secret, whatever they rest on."""
    return replace(verdict, reasons=secrets.mask_reasons(verdict.reasons))


def add_words(mail: ParsedMail, facts: Facts, rules: Rules, decision: Decision) -> Decision:
    """`decision` with what the words read since in the pictures of `mail` add to its triage.

    The words are those of `facts.image_words`. Nothing else of the decision is judged again: the
    mail has its ticket, and its answer is on the way.
    """
    known = as_known(mail, facts)
    seen = judge_triage(known, facts, rules, decision.sender)
    triage = add_to_triage(decision.triage, seen, rules.triage.default_category)
    secrets = find_in_mail(known, rules.identifiers)
    return replace(decision, triage=_hide(triage, secrets))


def choose_disposition(
    facts: Facts, automatic: Automatic, spam: SpamVerdict, thread: ThreadVerdict
) -> Disposition:
    """What becomes of the mail; the first line that holds.

    A mail that belongs to a ticket joins it even if it looks like spam or comes from a machine:
    staff see it where it belongs, and a customer's answer is never lost to a wrong verdict.
    """
    if facts.duplicate_of is not None:
        return "duplicate"
    if thread.joins is not None:
        return "joins-ticket"
    if spam.verdict == "spam":
        return "spam"
    if automatic.kind != "human":
        return "automatic"
    return "opens-ticket"


def choose_ticket(
    disposition: Disposition, keys: Keys, facts: Facts, thread: ThreadVerdict
) -> str | None:
    """The number of the ticket that is joined or opened, None where the mail belongs to none."""
    if disposition == "joins-ticket":
        return thread.joins
    if disposition != "opens-ticket":
        return None
    for number in keys.candidate_numbers:
        if number not in facts.taken_numbers:
            return number
    raise StaleFacts(f"no ticket number is free for mail {keys.sha256[:12]}")
