"""Machines known by their words, where no header says what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from intake.judge.bounce_phrases import BOUNCE_BODIES, BOUNCE_SUBJECTS
from intake.judge.origin_headers import Finding
from intake.judge.origin_phrases import (
    ABSENCES,
    AUTO_REPLY_SUBJECTS,
    BULK_FOOTERS,
    CALENDAR_SUBJECTS,
    GREETINGS,
    MACHINE_OPENINGS,
    REQUESTS,
    RETURNS,
    TICKET_OPENINGS,
    TICKET_SIGNS,
    UNSUBSCRIBES,
)
from intake.judge.origin_senders import is_daemon, is_machine_author, is_null_sender
from intake.model import ParsedMail, Reason
from intake.model.verdicts import AutomaticClass
from intake.settings.rules import Rules

_OPENING_CHARACTERS = 600
_FIRST_LINES_CHARACTERS = 300
_LONGEST_NOTICE_CHARACTERS = 1500
_FOOTER_CHARACTERS = 1200
_BOUNCE_CHARACTERS = 3000


def _words(alternatives: str) -> re.Pattern[str]:
    """For lower-cased text, at the beginning of a word: five times as fast as ignoring case.

    Scripts that write without spaces begin words anywhere.
    """
    return re.compile(rf"(?<![^\W\d_\u0e00-\u0e7f\u1100-\uffff])(?:{alternatives})")


_START = r"[\s\[(*!【]{0,6}"
_AUTO_REPLY_SUBJECT = re.compile(rf"{_START}(?:{AUTO_REPLY_SUBJECTS})", re.IGNORECASE)
# "Automatic reply: your mail" is the notice itself, "Automatic reply does not work" is about it.
_SUBJECT_GOES_ON = re.compile(r"\s{0,3}(?:[\])】]|[:：\-–—|(,.]|re\b|aw\b|from\b|to\b|$)", re.I)
_BOUNCE_SUBJECT = re.compile(rf"{_START}(?:\S{{1,60}}\s)?(?:{BOUNCE_SUBJECTS})", re.IGNORECASE)
_CALENDAR_SUBJECT = re.compile(rf"\s{{0,4}}(?:{CALENDAR_SUBJECTS})", re.IGNORECASE)
_REPLY_SUBJECT = re.compile(
    r"\s{0,4}(?:re|aw|sv|vs|antw|odp|ynt|回复|回覆|答复|答覆|rif|res)\s?[:：]", re.I
)
_ABSENCE = _words(ABSENCES)
_RETURN = _words(RETURNS)
_MACHINE_OPENING = _words(MACHINE_OPENINGS)
_TICKET_OPENING = _words(TICKET_OPENINGS)
_TICKET_SIGN = _words(TICKET_SIGNS)
_BOUNCE_BODY = _words(BOUNCE_BODIES)
_BULK_FOOTER = _words(BULK_FOOTERS)
_UNSUBSCRIBE = _words(UNSUBSCRIBES)
_GREETING = re.compile(rf"\W{{0,6}}(?:{GREETINGS})", re.IGNORECASE)
_REQUEST = re.compile(rf"[?？]|{_words(REQUESTS).pattern}")
_RETURNED_TYPES = ("message/rfc822", "text/rfc822-headers", "message/delivery-status")


def is_auto_reply_subject(subject: str) -> bool:
    """Whether `subject` is that of an automatic answer and of nothing else."""
    match = _AUTO_REPLY_SUBJECT.match(subject)
    return match is not None and _SUBJECT_GOES_ON.match(subject, match.end()) is not None


def find_bounce_words(mail: ParsedMail, rules: Rules) -> Iterator[Finding]:
    """Bounces without a readable report: a mail system, its subject, its words must agree."""
    system = is_null_sender(mail) or (mail.author is not None and is_daemon(mail.author.local_part))
    subject = _BOUNCE_SUBJECT.match(mail.subject) is not None
    if not (system or subject):
        return
    body = _BOUNCE_BODY.search(mail.text[:_BOUNCE_CHARACTERS].lower())
    returned = any(a.declared_type in _RETURNED_TYPES for a in mail.attachments)
    if system:
        told = body is not None or subject or returned
    else:
        # People write about bounces as well; they greet first and explain.
        told = body is not None and (is_machine_author(mail) or _opens_as_bounce(mail))
    if told:
        evidence = body[0] if body else mail.subject[:80]
        text = "The words are those of a mail system that gives a mail back."
        yield "bounce", Reason("bounce-words", text, evidence=evidence)


def _opens_as_bounce(mail: ParsedMail) -> bool:
    opening = mail.text[:_FIRST_LINES_CHARACTERS].lower()
    return _BOUNCE_BODY.search(opening) is not None and _GREETING.match(mail.text[:80]) is None


def find_calendar_marks(mail: ParsedMail, rules: Rules) -> Iterator[Finding]:
    """Invitations and answers to them (RFC 6047 2.4: text/calendar with a method)."""
    declared = (mail.header("content-type") or "").lower()
    marked = "calendarmessage" in (mail.header("content-class") or "").lower()
    enclosed = any(a.kind == "calendar" for a in mail.attachments)
    named = _CALENDAR_SUBJECT.match(mail.subject) is not None
    if marked or declared.startswith("text/calendar") or (named and enclosed):
        yield "calendar", Reason("calendar", "An invitation, or an answer to one.")


def find_auto_reply_words(mail: ParsedMail, rules: Rules) -> Iterator[Finding]:
    """Absence notices and automatic answers whose headers say nothing."""
    if mail.forwarded_from is not None:
        return
    opening = mail.reply[:_OPENING_CHARACTERS].lower()
    absence = _absence_words(mail, opening)
    confirmation = _confirmation_words(mail)
    if is_auto_reply_subject(mail.subject):
        text = "The subject is that of an automatic answer."
        yield "auto-reply", Reason("auto-reply-subject", text, evidence=mail.subject[:80])
    if _REQUEST.search(opening):
        return
    if absence and _RETURN.search(opening):
        text = "The words are those of an absence notice."
        yield "auto-reply", Reason("absence-words", text, evidence=absence)
    if confirmation and _TICKET_SIGN.search(mail.reply[:_LONGEST_NOTICE_CHARACTERS].lower()):
        text = "The words are those of a help desk that confirms a mail."
        yield "auto-reply", Reason("confirmation-words", text, evidence=confirmation)


def _absence_words(mail: ParsedMail, opening: str) -> str | None:
    if len(mail.reply) > _LONGEST_NOTICE_CHARACTERS:
        return None
    match = _ABSENCE.search(opening)
    return match[0] if match else None


def _confirmation_words(mail: ParsedMail) -> str | None:
    match = _TICKET_OPENING.search(mail.reply[:_FIRST_LINES_CHARACTERS].lower())
    return match[0][:80] if match else None


def find_machine_words(mail: ParsedMail, rules: Rules) -> Iterator[Finding]:
    """Mail that says itself that a program wrote it, and mail to many by its last lines."""
    if mail.forwarded_from is not None:
        return
    opening = _MACHINE_OPENING.search(mail.reply[:_FIRST_LINES_CHARACTERS].lower())
    if opening and not _REQUEST.search(mail.reply[:_OPENING_CHARACTERS].lower()):
        kind: AutomaticClass = "auto-reply" if mail.in_reply_to else "system"
        text = "It says itself that a program wrote it."
        yield kind, Reason("machine-words", text, evidence=opening[0])
    footer = mail.text[-_FOOTER_CHARACTERS:].lower()
    answers = mail.in_reply_to or _REPLY_SUBJECT.match(mail.subject)
    if not answers and _UNSUBSCRIBE.search(footer) and _BULK_FOOTER.search(footer):
        text = "It ends with how to get no more of this mail."
        yield "bulk", Reason("unsubscribe-words", text)
