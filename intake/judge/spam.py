"""Whether a mail is wanted: evidence added up in log-odds, three outcomes.

A wanted mail among the spam costs more than ten spam mails in the queue, so one sign alone never
makes spam, and a verified customer or a known conversation is never spam without a person.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Literal

from intake.judge.authentication import judge_authentication
from intake.judge.reading import read_mail
from intake.judge.signals import Signal, SpamCase
from intake.judge.spam_content import find_content_signals
from intake.judge.spam_headers import find_header_signals
from intake.judge.spam_links import find_link_signals
from intake.judge.spam_sender import find_sender_signals
from intake.model import (
    Automatic,
    Facts,
    ParsedMail,
    Reason,
    SenderVerdict,
    SpamVerdict,
    ThreadVerdict,
)
from intake.settings.rules import Rules, SpamRules

NO_THREAD = ThreadVerdict(None)

_SIGNALS: tuple[Callable[[SpamCase], Iterator[Signal]], ...] = (
    find_sender_signals,
    find_header_signals,
    find_link_signals,
    find_content_signals,
)


def judge_spam(
    mail: ParsedMail,
    facts: Facts,
    rules: Rules,
    sender: SenderVerdict,
    automatic: Automatic,
    thread: ThreadVerdict = NO_THREAD,
) -> SpamVerdict:
    """Add up what speaks for and against `mail`; `score` is the probability of spam."""
    reading = read_mail(mail, rules.identifiers)
    proof = judge_authentication(mail, rules.identity, facts.dkim)
    case = SpamCase(mail, reading, facts, rules, sender, automatic, proof)
    reasons = weigh_signals((s for find in _SIGNALS for s in find(case)), rules.spam)
    reasons += _limit_advertising(reasons, rules.spam)
    log_odds = rules.spam.prior + sum(reason.weight or 0.0 for reason in reasons)
    score = 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))
    protection = _find_protection(sender, thread)
    if protection and score >= rules.spam.unsure_from:
        score = min(score, rules.spam.spam_from - 0.001)
        reasons = (*reasons, protection)
    verdict = _choose_verdict(score, rules.spam)
    codes = {reason.code for reason in reasons if (reason.weight or 0) > 0}
    phishing = verdict != "ham" and not codes.isdisjoint(rules.spam.phishing_codes)
    return SpamVerdict(verdict, round(score, 4), reasons, phishing)


def weigh_signals(signals: Iterator[Signal], rules: SpamRules) -> tuple[Reason, ...]:
    """Each signal once with its weight, the heaviest first; those without weight are left out."""
    weights = {phrase.code: phrase.weight for phrase in rules.phrases} | rules.weights
    first: dict[str, Signal] = {}
    for signal in signals:
        if weights.get(signal.code):
            first.setdefault(signal.code, signal)
    reasons = [Reason(s.code, s.text, weights[s.code], s.evidence) for s in first.values()]
    return tuple(sorted(reasons, key=lambda reason: -abs(reason.weight or 0.0)))


def _limit_advertising(reasons: tuple[Reason, ...], rules: SpamRules) -> tuple[Reason, ...]:
    total = sum(r.weight or 0.0 for r in reasons if r.code in rules.advertising_codes)
    if total <= rules.advertising_limit:
        return ()
    why = "All this is what any newsletter does; it counts only so far."
    return (Reason("advertising-limit", why, round(rules.advertising_limit - total, 2)),)


def _find_protection(sender: SenderVerdict, thread: ThreadVerdict) -> Reason | None:
    if sender.match == "verified":
        why = "A verified customer is never spam without a person having looked."
        return Reason("verified-customer-protected", why)
    if thread.joins is not None:
        why = "An answer in a known conversation is never spam without a person having looked."
        return Reason("known-thread-protected", why)
    return None


def _choose_verdict(score: float, rules: SpamRules) -> Literal["ham", "unsure", "spam"]:
    if score >= rules.spam_from:
        return "spam"
    return "unsure" if score >= rules.unsure_from else "ham"
