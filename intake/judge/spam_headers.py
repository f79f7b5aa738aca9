"""Signals in the form of a mail: how it is addressed, made and labelled."""

from __future__ import annotations

import re
from collections.abc import Iterator

from intake.judge.addresses import domains_aligned
from intake.judge.signals import Signal, SpamCase

_MANY_RECIPIENTS = 10
_MASS_MAILER = re.compile(
    r"phpmailer|the bat!|massmail|advanced mass|sendblaster|turbo-?mailer|atomic mail|"
    r"group mail|gammadyne|leaf phpmailer|microsoft outlook express 6",
    re.IGNORECASE,
)
_OPENING = 600
_GREETINGS = (
    *("hello", "hi", "hey", "dear", "hallo", "prezado(a):", "prezado", "olá", "hola", "bonjour"),
    *("ciao", "beste", "cher", "estimado", "caro", "attention", "attn", "尊敬的"),
)
_SHOUTED = re.compile(r"[A-Z]{3,}")


def find_header_signals(case: SpamCase) -> Iterator[Signal]:
    """All signals in the header of the mail."""
    yield from _find_addressing(case)
    yield from _find_making(case)
    yield from _find_subject(case)


def _find_addressing(case: SpamCase) -> Iterator[Signal]:
    mail = case.mail
    recipients = (*mail.to, *mail.cc)
    if not recipients:
        yield Signal("no-recipient", "It is addressed to nobody (or to undisclosed recipients).")
    elif not any(
        domains_aligned(a.domain, own)
        for a in (*recipients, *mail.delivered_to)
        for own in case.own_domains
    ):
        yield Signal("not-addressed-to-us", "None of our addresses is among its recipients.")
    if len(recipients) > _MANY_RECIPIENTS:
        yield Signal("many-recipients", f"It went to {len(recipients)} people at once.")
    if mail.author and any(a.key == mail.author.key for a in mail.to):
        yield Signal("addressed-to-itself", "Sender and recipient are the same address.")


def _find_making(case: SpamCase) -> Iterator[Signal]:
    mail = case.mail
    if mail.message_id is None:
        yield Signal("message-id-missing", "It has no Message-ID; mail programs always set one.")
    if mail.header("date") is None:
        yield Signal("date-missing", "It has no date; mail programs always set one.")
    elif mail.date is None:
        yield Signal("date-unreadable", "Its date cannot be read.")
    made_with = " ".join(mail.header(n) or "" for n in ("x-mailer", "user-agent"))
    if _MASS_MAILER.search(made_with):
        yield Signal("mass-mailer", "It was made with a program for mass mail.", made_with[:60])
    if mail.header("x-php-originating-script") or mail.header("x-php-script"):
        yield Signal("script-sent", "A script on a web site sent it.")
    bulk = case.automatic.kind == "bulk" or mail.header("list-unsubscribe")
    if bulk and not case.discussion:
        yield Signal("bulk-mail", "It is marked as mass mail.")
    if (mail.header("x-priority") or "").startswith("1") or (
        mail.header("importance") or ""
    ).lower() == "high":
        yield Signal("marked-urgent", "The sender marked it as urgent.")


def _find_subject(case: SpamCase) -> Iterator[Signal]:
    subject = case.reading.subject
    if not subject.strip():
        yield Signal("subject-missing", "It has no subject.")
    letters = [c for c in subject if c.isalpha()]
    if len(_SHOUTED.findall(subject)) >= 3 and sum(map(str.isupper, letters)) > 0.8 * len(letters):
        yield Signal("subject-shouts", "The subject is all capitals.")
    if subject.count("!") >= 3:
        yield Signal("subject-exclaims", "The subject is full of exclamation marks.")
    if any(letter >= "\U0001f300" and letter <= "\U0001faff" for letter in subject):
        yield Signal("subject-emoji", "The subject holds little pictures, as advertising does.")
    own = [a.lower() for a in case.rules.desk.addresses]
    own += [a.key for a in (*case.mail.to, *case.mail.delivered_to)[:5] if a.domain]
    if any(address in subject.lower() for address in own):
        yield Signal("address-in-subject", "The subject holds our own address, as mass mail does.")
    opening = case.reading.text[:_OPENING].lower()
    if any(f"{word} {address}" in opening for address in own for word in _GREETINGS):
        why = "It greets us by our mail address, as mass mail does."
        yield Signal("greets-by-address", why)
