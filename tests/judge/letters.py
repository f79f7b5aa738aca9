"""Letters for the judges, without the trouble of MIME, and the rules they are judged by."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from intake.judge.authentication import judge_authentication
from intake.judge.customer import judge_sender
from intake.judge.keys import make_keys
from intake.judge.reading import read_mail
from intake.judge.signals import SpamCase
from intake.judge.spam import judge_spam
from intake.judge.thread import judge_thread
from intake.judge.triage import judge_triage
from intake.model import (
    Address,
    AuthenticationResults,
    Automatic,
    Customer,
    Facts,
    KnownTicket,
    MethodResult,
    ParsedMail,
    SenderVerdict,
    SpamVerdict,
    ThreadVerdict,
    Triage,
)
from intake.settings.load import load_configuration
from intake.settings.people import Identity
from intake.settings.rules import Rules
from tests.cast import ALICE, ALICE_CUSTOMER, DESK, NOW, OUR_SERVER

KEY = b"a key for tests only, 32 bytes.."
HUMAN = Automatic("human")
NOBODY = SenderVerdict("unknown")
FACTS = Facts(now=NOW)


@lru_cache(maxsize=1)
def shipped_rules() -> Rules:
    """The rules of config/, with a key and a trusted mail server."""
    config = Path(__file__).parent.parent.parent / "config" / "intake.toml"
    rules = load_configuration(config, (), {}).rules
    identity = Identity(trusted_authserv_ids=(OUR_SERVER,))
    return rules.model_copy(update={"key": KEY, "identity": identity})


def write(
    text: str = "Hello, my withdrawal is pending.",
    *,
    author: Address | None = ALICE,
    subject: str = "Withdrawal",
    **changes: Any,
) -> ParsedMail:
    """A letter to the desk, as the mail room would read it."""
    mail = ParsedMail(
        sha256=hashlib.sha256(f"{author}{subject}{text}".encode()).hexdigest(),
        size_bytes=len(text),
        headers=(("message-id", "<x@mail.example>"), ("date", "today"), ("subject", subject)),
        message_id="x@mail.example",
        date=NOW,
        author=author,
        author_source="from" if author else None,
        authors=(author,) if author else (),
        to=(DESK,),
        subject=subject,
        text=text,
        reply=text,
    )
    return replace(mail, **changes)


def results(
    *found: tuple[str, str, dict[str, str]], server: str = OUR_SERVER, position: int = 0
) -> AuthenticationResults:
    """An Authentication-Results header: (method, result, properties) each."""
    methods = tuple(MethodResult(m, r, tuple(p.items())) for m, r, p in found)
    return AuthenticationResults(server, position, methods)


def dmarc(result: str, domain: str, **where: Any) -> AuthenticationResults:
    """An instance that states only DMARC."""
    return results(("dmarc", result, {"header.from": domain}), **where)


def proven(mail: ParsedMail) -> ParsedMail:
    """`mail` as our server would mark it when the sender's domain is genuine."""
    assert mail.author
    headers = (("authentication-results", f"{OUR_SERVER}; dmarc=pass"), *mail.headers)
    instance = dmarc("pass", mail.author.domain)
    return replace(mail, headers=headers, authentication=(instance,))


def forged(mail: ParsedMail) -> ParsedMail:
    """`mail` as our server would mark it when the sender is not who they say."""
    assert mail.author
    headers = (("authentication-results", f"{OUR_SERVER}; dmarc=fail"), *mail.headers)
    instance = dmarc("fail", mail.author.domain)
    return replace(mail, headers=headers, authentication=(instance,))


def knowing(*customers: Customer, **changes: Any) -> Facts:
    """Facts in which these customers are registered."""
    return Facts(now=NOW, customers=customers, **changes)


def ticket(number: str = "K7QM-42XD", **changes: Any) -> KnownTicket:
    """Alice's open ticket about her withdrawal."""
    known = KnownTicket(
        number=number,
        subject_key="withdrawal",
        state="open",
        customer_id=ALICE_CUSTOMER.customer_id,
        participants=(ALICE.key,),
        updated_at=NOW,
    )
    return replace(known, **changes)


def sender_of(mail: ParsedMail, facts: Facts = FACTS) -> SenderVerdict:
    return judge_sender(mail, facts, shipped_rules())


def thread_of(
    mail: ParsedMail, facts: Facts, automatic: Automatic = HUMAN, rules: Rules | None = None
) -> ThreadVerdict:
    rules = rules or shipped_rules()
    sender = judge_sender(mail, facts, rules)
    return judge_thread(mail, make_keys(mail, rules), facts, rules, sender, automatic)


def spam_of(mail: ParsedMail, facts: Facts = FACTS, automatic: Automatic = HUMAN) -> SpamVerdict:
    rules = shipped_rules()
    return judge_spam(mail, facts, rules, judge_sender(mail, facts, rules), automatic)


def triage_of(mail: ParsedMail, facts: Facts = FACTS) -> Triage:
    rules = shipped_rules()
    return judge_triage(mail, facts, rules, judge_sender(mail, facts, rules))


def spam_case(mail: ParsedMail, facts: Facts = FACTS) -> SpamCase:
    """What the spam signals look at."""
    rules = shipped_rules()
    return SpamCase(
        mail,
        read_mail(mail, rules.identifiers),
        facts,
        rules,
        judge_sender(mail, facts, rules),
        HUMAN,
        judge_authentication(mail, rules.identity),
    )


def codes(verdict: Any) -> set[str]:
    """The codes of a verdict's reasons."""
    return {reason.code for reason in verdict.reasons}
