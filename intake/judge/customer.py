"""Who writes: a registered customer, proven or only claimed, or a stranger."""

from __future__ import annotations

from intake.judge.addresses import address_key
from intake.judge.authentication import Authentication, judge_authentication
from intake.model import Customer, Facts, ParsedMail, Reason, SenderVerdict
from intake.settings.rules import Rules


def judge_sender(mail: ParsedMail, facts: Facts, rules: Rules) -> SenderVerdict:
    """Match the author against the registered addresses, and say how far that is proven."""
    if mail.author is None:
        return _unknown("no-author", "The mail names no sender.")
    key = address_key(mail.author.addr_spec, rules.identity)
    matched = [c for c in facts.customers if address_key(c.address, rules.identity) == key]
    if not matched:
        return _judge_stranger(mail, facts, rules)
    shown = mail.author.addr_spec
    if len({c.customer_id for c in matched}) > 1:
        why = "Two customers are registered with this address; nothing is assumed about either."
        return SenderVerdict("conflict", None, (Reason("two-customers", why, evidence=shown),))
    customer = matched[0]
    reasons = [Reason("registered-address", _registered(customer), evidence=shown)]
    if customer.address_state == "blocked":
        reasons.append(Reason("address-blocked", "This address was blocked by the desk."))
    authentication = judge_authentication(mail, rules.identity)
    reasons += authentication.reasons
    if authentication.proven:
        return SenderVerdict("verified", customer, tuple(reasons))
    reasons.append(_explain_claim(authentication, rules))
    return SenderVerdict("claimed", customer, tuple(reasons))


def _judge_stranger(mail: ParsedMail, facts: Facts, rules: Rules) -> SenderVerdict:
    reasons = [Reason("address-not-registered", "No customer is registered with this address.")]
    # A registered address that is only in the name or in Reply-To is no sign of the customer.
    shown = mail.author.display_name.lower() if mail.author else ""
    if "@" in shown:
        why = "The sender's name holds an address; names prove nothing."
        reasons.append(Reason("address-in-name", why, evidence=shown))
    return SenderVerdict("unknown", None, tuple(reasons))


def _registered(customer: Customer) -> str:
    return f"The address is registered for customer {customer.customer_id}."


def _explain_claim(authentication: Authentication, rules: Rules) -> Reason:
    if not rules.identity.trusted_authserv_ids:
        why = "No mail server is trusted to prove senders (identity.trusted_authserv_ids)."
        return Reason("nobody-trusted", why, fired=False)
    if authentication.failed:
        why = "Anybody may have written this in the customer's name."
        return Reason("proof-failed", why)
    return Reason("proof-missing", "It is not proven that the customer sent it.")


def _unknown(code: str, text: str) -> SenderVerdict:
    return SenderVerdict("unknown", None, (Reason(code, text),))
