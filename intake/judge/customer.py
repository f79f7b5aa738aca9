"""Who writes: a registered customer, proven or only claimed, or a stranger."""

from __future__ import annotations

import re
from collections.abc import Iterator

from intake.judge.addresses import address_key, domain_key
from intake.judge.authentication import Authentication, judge_authentication
from intake.judge.customer_lookalikes import find_impersonated
from intake.model import Address, Customer, Facts, ParsedMail, Reason, SenderVerdict
from intake.settings.rules import Rules

_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")


def judge_sender(mail: ParsedMail, facts: Facts, rules: Rules) -> SenderVerdict:
    """Match the author against the registered addresses, and say how far that is proven."""
    if mail.author is None:
        return SenderVerdict("unknown", None, (_note("no-author", "The mail names no sender."),))
    matched = _find_customers(mail.author, facts, rules)
    if not matched:
        return _judge_stranger(mail, mail.author, facts, rules)
    shown = mail.author.addr_spec
    if len({c.customer_id for c in matched}) > 1:
        why = "Two customers are registered with this address; nothing is assumed about either."
        if matched[0].by_domain:
            why = "Two customers are registered with this domain; nothing is assumed about either."
        return SenderVerdict("conflict", None, (_note("two-customers", why, shown),))
    customer = matched[0]
    authentication = judge_authentication(mail, rules.identity, facts.dkim)
    reasons = [*_describe_match(customer, shown), *authentication.reasons]
    if authentication.proven:
        return SenderVerdict("verified", customer, tuple(reasons))
    reasons += _explain_claim(mail, authentication, rules)
    return SenderVerdict("claimed", customer, tuple(reasons))


def _find_customers(author: Address, facts: Facts, rules: Rules) -> list[Customer]:
    """Those registered with this very address; else those registered with its whole domain.

    A domain at which everybody can open a mailbox belongs to nobody.
    """
    key = address_key(author.addr_spec, rules.identity)
    exact = [
        c
        for c in facts.customers
        if not c.by_domain and address_key(c.address, rules.identity) == key
    ]
    domain = domain_key(author.domain)
    if exact or not domain or domain in rules.spam.free_mail_domains:
        return exact
    return [
        c
        for c in facts.customers
        if c.by_domain and domain_key(c.address.rpartition("@")[2]) == domain
    ]


def _describe_match(customer: Customer, shown: str) -> Iterator[Reason]:
    if customer.by_domain:
        why = f"The domain is registered for customer {customer.customer_id}, a company."
        yield _note("registered-domain", why, shown)
    else:
        why = f"The address is registered for customer {customer.customer_id}."
        yield _note("registered-address", why, shown)
    if customer.address_state == "blocked":
        yield _note("address-blocked", "This address was blocked by the desk.")
    elif customer.address_state == "bouncing":
        yield _note("address-bouncing", "Mail to this address has been coming back.")


def _judge_stranger(mail: ParsedMail, author: Address, facts: Facts, rules: Rules) -> SenderVerdict:
    why = "No customer is registered with this address."
    reasons = [_note("address-not-registered", why)]
    # A registered address that is only in the name or in Reply-To is no sign of the customer.
    if _ADDRESS.search(author.display_name):
        why = "The sender's name holds an address; names prove nothing."
        reasons.append(_note("address-in-name", why, author.display_name[:200]))
    through = _find_list(mail, author, rules)
    if through is not None:
        why = (
            "A mailing list put its own address in place of the author's; "
            "who wrote it is not proven."
        )
        reasons.append(_note("author-is-list", why, through))
    found = find_impersonated(author, facts.lookalikes, rules)
    if found is None:
        return SenderVerdict("unknown", None, tuple(reasons))
    reasons.append(found.reason)
    return SenderVerdict("unknown", None, tuple(reasons), impersonates=found.customer_id)


def _find_list(mail: ParsedMail, author: Address, rules: Rules) -> str | None:
    """The list that sent it under its own address (RFC 2369 3.4, RFC 2919), None where none did."""
    posted = _ADDRESS.search(mail.header("list-post") or "")
    if posted is None:
        return None
    key = address_key(author.addr_spec, rules.identity)
    return posted[0] if address_key(posted[0], rules.identity) == key else None


def _explain_claim(
    mail: ParsedMail, authentication: Authentication, rules: Rules
) -> Iterator[Reason]:
    identity = rules.identity
    somebody = identity.trusted_authserv_ids or identity.unnamed_results_from
    if not somebody and not identity.verify_dkim:
        why = "No mail server is trusted to prove senders (identity.trusted_authserv_ids)."
        yield Reason("nobody-trusted", why, fired=False)
        return
    if authentication.failed:
        yield _note("proof-failed", "Anybody may have written this in the customer's name.")
    else:
        yield _note("proof-missing", "It is not proven that the customer sent it.")
    passed_on = mail.header("list-id") or mail.header("list-post")
    if passed_on:
        why = "It came through a mailing list, which often breaks the proof of the author."
        yield _note("through-list", why, passed_on[:200])


def _note(code: str, text: str, evidence: str | None = None) -> Reason:
    return Reason(code, text, evidence=evidence)
