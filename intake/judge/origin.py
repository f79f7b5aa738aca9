"""Whether a person wrote a mail, and if not, what kind of machine did."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from intake.judge.origin_headers import Finding, find_header_marks, is_said_human
from intake.judge.origin_senders import (
    is_daemon,
    is_machine_author,
    is_null_sender,
    other_reply_address,
)
from intake.judge.origin_texts import (
    find_auto_reply_words,
    find_bounce_words,
    find_calendar_marks,
    find_machine_words,
    is_auto_reply_subject,
)
from intake.model import Automatic, Facts, ParsedMail, Reason
from intake.model.verdicts import AutomaticClass
from intake.settings.rules import Rules

# A class found earlier stands against those found later, but for these: what is returned or
# complained about matters more than that a program sent it.
_ORDER: tuple[AutomaticClass, ...] = (
    "feedback-report",
    "bounce",
    "calendar",
    "auto-reply",
    "list",
    "bulk",
    "system",
)


def judge_origin(mail: ParsedMail, facts: Facts, rules: Rules) -> Automatic:
    """The class of `mail` with every finding behind it; `human` where nothing speaks against it.

    RFC 3834 throughout. A phrase alone never makes a person a machine: it takes the form of a
    notice, or a second sign.
    """
    if mail.report is None and is_said_human(mail):
        said = Reason("auto-submitted-no", "The mail states that a person sent it.")
        return Automatic("human", (said, *_forwarded(mail)))
    findings = [finding for rule in RULES for finding in rule(mail, rules)]
    if not findings:
        nothing = Reason("no-automatic-mark", "Nothing marks it as automatic.", fired=False)
        return Automatic("human", (nothing, *_forwarded(mail)))
    kinds = {kind for kind, _ in findings}
    kind = next(kind for kind in _ORDER if kind in kinds)
    findings.sort(key=lambda finding: finding[0] != kind)
    return Automatic(kind, tuple(reason for _, reason in findings))


def _forwarded(mail: ParsedMail) -> tuple[Reason, ...]:
    """Whom the text shows as the writer of a mail that it passes on, for staff to judge."""
    if mail.forwarded_from is None:
        return ()
    when = f" of {mail.forwarded_date:%Y-%m-%d %H:%M}" if mail.forwarded_date else ""
    why = f"It passes on a mail{when}. Who wrote that is only what the text says."
    shown = f"{mail.forwarded_from.display_name} <{mail.forwarded_from.addr_spec}>".strip()
    return (Reason("forwarded-mail", why, evidence=shown),)


def _reports(mail: ParsedMail, rules: Rules) -> Iterator[Finding]:
    """RFC 3464, 8098 and 5965, by what was parsed and by what the mail declares."""
    declared = (mail.header("content-type") or "").lower()
    if mail.report is not None and mail.report.kind == "feedback":
        yield "feedback-report", Reason("feedback-report", "Somebody complained about our mail.")
    elif mail.report is not None and mail.report.kind == "mdn":
        yield "auto-reply", Reason("read-receipt", "A receipt: our mail was shown or deleted.")
    elif mail.report is not None:
        evidence = mail.report.diagnostic or mail.report.recipient
        yield (
            "bounce",
            Reason("delivery-report", "A mail of ours was not delivered.", None, evidence),
        )
    elif "feedback-report" in declared:
        yield "feedback-report", Reason("feedback-report", "Somebody complained about our mail.")
    elif "delivery-status" in declared:
        yield "bounce", Reason("delivery-report", "A mail of ours was not delivered.")
    elif "disposition-notification" in declared:
        yield "auto-reply", Reason("read-receipt", "A receipt: our mail was shown or deleted.")
    failed = mail.header("x-failed-recipients")
    if failed:
        yield (
            "bounce",
            Reason("failed-recipients", "It names who could not be reached.", None, failed),
        )


def _null_sender(mail: ParsedMail, rules: Rules) -> Iterator[Finding]:
    """RFC 3834 2: nothing is answered that came from the null sender."""
    if not is_null_sender(mail):
        return
    text = "It was sent from no address, as mail programs do that want no answer."
    answers = bool(mail.in_reply_to or is_auto_reply_subject(mail.subject))
    yield "auto-reply" if answers else "system", Reason("null-sender", text)


def _system_addresses(mail: ParsedMail, rules: Rules) -> Iterator[Finding]:
    author = mail.author
    # A name without an address is a person whose address is broken.
    if author is None or not author.local_part:
        return
    if is_daemon(author.local_part):
        text = "A mail system wrote it."
        yield "system", Reason("mail-system", text, evidence=author.addr_spec)
        return
    if author.key in {address.lower() for address in rules.desk.addresses}:
        if not other_reply_address(mail):
            text = "It carries our own address as sender."
            yield "system", Reason("own-address", text, evidence=author.addr_spec)
        return
    if not is_machine_author(mail):
        return
    # A form on a web site sends in its own name and puts the writer into Reply-To.
    if other_reply_address(mail):
        return
    text = "Nobody reads the address it was sent from."
    yield "system", Reason("no-reply-address", text, evidence=author.addr_spec)


Rule = Callable[[ParsedMail, Rules], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    _reports,
    find_header_marks,
    _null_sender,
    find_bounce_words,
    find_calendar_marks,
    _system_addresses,
    find_auto_reply_words,
    find_machine_words,
)
