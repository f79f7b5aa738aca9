"""Whether an acknowledgement goes out: "Why did no reply go out?" is answered here.

RULES is the whole policy. Each rule looks for one thing that forbids an answer, and each is kept
with its outcome, hit or miss. Nothing goes out if a single one hits. Some repeat what the judges
already said, from the headers alone: an automatic answer to a machine starts a storm, so one
wrong verdict must not be enough.

To add a rule: one function, one line in RULES, one mail in tests/mails/acknowledge/.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from intake.model import Acknowledgement, ParsedMail, Reason
from intake.model.tokens import verify_message_id
from intake.reply.builtin import builtin_language
from intake.reply.case import Case
from intake.reply.choice import choose_template
from intake.reply.headers import (
    find_auto_submitted,
    find_autoresponder,
    find_desk_mark,
    find_list,
    find_null_sender,
    find_own_address,
    find_precedence,
    find_suppression,
    find_system_address,
)
from intake.reply.language import choose_language, find_template, language_chain
from intake.reply.recipient import Recipient, find_recipient

MOST_EVIDENCE = 200

# What a rule found, "" where there is nothing to show; None where it does not apply.
Find = Callable[[Case, Recipient | None], str | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that forbids an answer; `hit` and `miss` are what staff read."""

    code: str
    hit: str
    miss: str
    find: Find

    def judge(self, case: Case, recipient: Recipient | None) -> Reason:
        """The rule's outcome."""
        found = self.find(case, recipient)
        if found is None:
            return Reason(self.code, self.miss, fired=False)
        return Reason(self.code, self.hit, evidence=found[:MOST_EVIDENCE] or None)


def judge_reply(case: Case) -> Acknowledgement:
    """Whether to acknowledge, to whom, with which template; every rule's outcome is kept.

    The mail itself is made by intake.reply.compose.
    """
    recipient = find_recipient(case)
    reasons = tuple(rule.judge(case, recipient) for rule in RULES)
    if recipient is None or any(reason.fired for reason in reasons):
        return Acknowledgement(send=False, reasons=reasons)
    name, why_name = choose_template(case)
    wanted, why_language = choose_language(case)
    chain = language_chain(wanted, case.rules.desk.language)
    source = find_template(case.rules.templates, name, chain)
    return Acknowledgement(
        send=True,
        to=recipient.address,
        to_key=recipient.key,
        template=name,
        language=source.language if source else builtin_language(wanted),
        reasons=(*reasons, recipient.reason, why_name, why_language),
    )


def _disabled(case: Case, _: Recipient | None) -> str | None:
    return None if case.rules.reply.enabled else "reply.enabled"


def _no_address(case: Case, recipient: Recipient | None) -> str | None:
    if recipient is not None:
        return None
    return case.mail.author.addr_spec if case.mail.author else ""


def _duplicate(case: Case, _: Recipient | None) -> str | None:
    return case.facts.duplicate_of


def _follow_up(case: Case, _: Recipient | None) -> str | None:
    return case.thread.joins


def _chaser(case: Case, _: Recipient | None) -> str | None:
    return (case.thread.joins or "") if case.thread.chaser else None


def _spam(case: Case, _: Recipient | None) -> str | None:
    return f"{case.spam.score:.2f}" if case.spam.verdict == "spam" else None


def _unsure(case: Case, _: Recipient | None) -> str | None:
    allowed = case.rules.reply.acknowledge_unsure or case.spam.verdict != "unsure"
    return None if allowed else f"{case.spam.score:.2f}"


def _unverified(case: Case, _: Recipient | None) -> str | None:
    allowed = case.rules.reply.acknowledge_unverified or case.verified
    return None if allowed else case.sender.match


def _forged(case: Case, _: Recipient | None) -> str | None:
    for reason in (*case.sender.reasons, *case.spam.reasons):
        if reason.fired and reason.code == "dmarc-fail":
            return reason.evidence or reason.text
    return None


def _machine(case: Case, _: Recipient | None) -> str | None:
    if case.automatic.kind == "human":
        return None
    first = next((r for r in case.automatic.reasons if r.fired), None)
    return f"{case.automatic.kind}: {first.text}" if first else case.automatic.kind


def _own_address(case: Case, recipient: Recipient | None) -> str | None:
    ours = (*case.rules.desk.addresses, case.desk_address)
    return find_own_address(case.mail, recipient.address if recipient else "", ours)


def _own_message_id(case: Case, _: Recipient | None) -> str | None:
    message_id = case.mail.message_id
    if message_id is None:
        return None
    sent = any(
        known.message_id == message_id and known.direction == "out"
        for known in case.facts.known_messages
    )
    return message_id if sent or verify_message_id(case.rules.key, message_id) else None


def _system_address(case: Case, recipient: Recipient | None) -> str | None:
    return find_system_address(case.mail, recipient.address if recipient else "")


def _suppressed(case: Case, recipient: Recipient | None) -> str | None:
    for entry in case.facts.suppressions:
        current = entry.until is None or entry.until > case.facts.now
        if recipient and current and entry.address.lower() in recipient.keys:
            return entry.reason
    return None


def _undeliverable(case: Case, recipient: Recipient | None) -> str | None:
    if recipient is None:
        return None
    registered = [c for c in case.facts.customers if c.address.lower() in recipient.keys]
    if case.sender.customer is not None and recipient.key == case.keys.author:
        registered.append(case.sender.customer)
    states = (customer.address_state for customer in registered)
    return next((state for state in states if state in ("bouncing", "blocked")), None)


def _window(case: Case, recipient: Recipient | None) -> str | None:
    # RFC 3834 2: a limit an address, so that two machines cannot keep each other busy.
    since = case.facts.now - timedelta(hours=case.rules.reply.window_hours)
    keys = recipient.keys if recipient else ()
    recent = [
        sent
        for sent in case.facts.recent_acknowledgements
        if sent.to.lower() in keys and sent.at > since
    ]
    if len(recent) < case.rules.reply.per_address:
        return None
    return f"{len(recent)} within {case.rules.reply.window_hours:g} hours"


def _in_mail(find: Callable[[ParsedMail], str | None]) -> Find:
    return lambda case, _: find(case.mail)


RULES: tuple[Rule, ...] = (
    Rule("replies-off", "Acknowledgements are switched off.", "They are switched on.", _disabled),
    Rule(
        "no-address",
        "The mail names no address that could be answered.",
        "It names an address that can be answered.",
        _no_address,
    ),
    Rule("duplicate", "We have this mail already.", "We do not have this mail yet.", _duplicate),
    Rule(
        "follow-up",
        "It belongs to a ticket, and a ticket is acknowledged once.",
        "It belongs to no ticket yet.",
        _follow_up,
    ),
    Rule("chaser", "It only asks for news of a ticket.", "It is no chaser.", _chaser),
    Rule("spam", "Spam is never answered.", "It is not spam.", _spam),
    Rule(
        "unsure-mail",
        "It may be spam, and such mail is not answered (reply.acknowledge_unsure).",
        "Doubt about spam does not stand in the way.",
        _unsure,
    ),
    Rule(
        "unverified-sender",
        "The sender is not proven, and is then not answered (reply.acknowledge_unverified).",
        "Who the sender is does not stand in the way.",
        _unverified,
    ),
    Rule(
        "forged-sender",
        "The From address is forged: its owner did not write, and would get our answer.",
        "Nothing says that the From address is forged.",
        _forged,
    ),
    Rule("machine", "No person wrote it.", "A person wrote it.", _machine),
    Rule(
        "auto-submitted",
        "Its header says that a machine sent it.",
        "No Auto-Submitted header, or it says no.",
        _in_mail(find_auto_submitted),
    ),
    Rule(
        "null-sender",
        "It came from the null sender, as bounces do.",
        "It did not come from the null sender.",
        _in_mail(find_null_sender),
    ),
    Rule(
        "precedence",
        "It says that it is bulk mail.",
        "No Precedence against answers.",
        _in_mail(find_precedence),
    ),
    Rule(
        "mailing-list",
        "It came through a mailing list.",
        "No mailing list headers.",
        _in_mail(find_list),
    ),
    Rule(
        "answers-unwanted",
        "The sender's system asks for no automatic answers.",
        "No wish for silence from the sender's system.",
        _in_mail(find_suppression),
    ),
    Rule(
        "autoresponder-header",
        "Its header is one that autoresponders write.",
        "No header of an autoresponder.",
        _in_mail(find_autoresponder),
    ),
    Rule("own-address", "It comes from, or goes to, ourselves.", "It is not ours.", _own_address),
    Rule(
        "own-message-id",
        "It is a mail of ours that came back.",
        "Its Message-ID is not ours.",
        _own_message_id,
    ),
    Rule(
        "own-header",
        "It carries the mark of a desk like ours.",
        "It carries no mark of a desk like ours.",
        lambda case, _: find_desk_mark(case.mail, case.rules.desk.addresses),
    ),
    Rule(
        "system-address",
        "Nobody reads mail at that address.",
        "It is not the address of a system.",
        _system_address,
    ),
    Rule(
        "suppressed-address",
        "The address is to get no automatic mail.",
        "The address is not on the list of those left alone.",
        _suppressed,
    ),
    Rule(
        "undeliverable-address",
        "Mail to the address bounces, or the desk blocked it.",
        "Nothing is known against the address.",
        _undeliverable,
    ),
    Rule(
        "address-window",
        "The address got as many automatic mails as it may for now (reply.per_address).",
        "The address has not had too many automatic mails.",
        _window,
    ),
)
