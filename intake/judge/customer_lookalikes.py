"""Whether a stranger's address is made to be taken for a registered customer's.

Never a match: only a warning for staff. Two people of one name at two free providers are just
that, so what many share tells nothing by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from intake.judge.addresses import address_key, domain_key
from intake.judge.lookalikes import flatten, shown_host, skeleton
from intake.model import Address, Customer, Reason
from intake.model.spelling import is_one_off
from intake.settings.rules import Rules

# Shorter ones differ by one letter by chance.
_SHORTEST_ONE_OFF = 7
_SHORTEST_LOCAL_PART = 5
_SHORTEST_NAME = 6
_ROLES = frozenset(
    (
        *("accounts", "accounting", "admin", "billing", "contact", "finance", "hello", "info"),
        *("invoices", "mail", "marketing", "office", "postmaster", "press", "sales", "security"),
        *("service", "support", "team", "webmaster"),
    )
)


@dataclass(frozen=True, slots=True)
class Impersonation:
    """The customer who may be posed as, and the sign of it."""

    customer_id: str
    reason: Reason


def find_impersonated(
    author: Address, lookalikes: tuple[Customer, ...], rules: Rules
) -> Impersonation | None:
    """The first of `lookalikes` (Facts.lookalikes) whose imitation by `author` is telling."""
    own_key = address_key(author.addr_spec, rules.identity)
    for customer in lookalikes:
        key = address_key(customer.address, rules.identity)
        if key == own_key or customer.by_domain:
            continue
        why = _compare(author, customer, own_key, key, rules)
        if why is not None:
            text = f"{why} It is not matched: possibly somebody poses as customer "
            text += f"{customer.customer_id}."
            reason = Reason("lookalike-of-customer", text, evidence=author.addr_spec[:200])
            return Impersonation(customer.customer_id, reason)
    return None


def _compare(
    author: Address, customer: Customer, own_key: str, key: str, rules: Rules
) -> str | None:
    local_part, domain = _split(own_key)
    known_local_part, known_domain = _split(key)
    same_name = _is_same_name(author.display_name, customer.name)
    if _looks_same(own_key, key):
        return "The address looks the same as a registered one, but other letters are in it."
    if local_part == known_local_part and _is_near(domain, known_domain):
        return "The address is a registered one but for a letter of its domain."
    free = {domain_key(name) for name in rules.spam.free_mail_domains}
    if domain == known_domain:
        # At a provider of millions every name has neighbours.
        telling = same_name or domain not in free
        if telling and _is_one_letter_off(local_part, known_local_part):
            return "The address is a registered one but for one letter."
        return None
    shared = domain in free and known_domain in free
    if local_part == known_local_part and not shared and _is_personal(local_part):
        return "The address has the same name before the @ as a registered one."
    if same_name and known_domain not in free:
        return "The sender bears a registered customer's name at another domain."
    return None


def _split(key: str) -> tuple[str, str]:
    """Local part without dots and tags, which some providers ignore and some do not; domain."""
    local_part, _, domain = key.rpartition("@")
    return local_part.partition("+")[0].replace(".", ""), domain


def _looks_same(one: str, other: str) -> bool:
    return _shown(one) == _shown(other)


def _shown(key: str) -> tuple[str, str]:
    local_part, _, domain = key.rpartition("@")
    return skeleton(local_part), skeleton(shown_host(domain))


def _is_near(domain: str, known: str) -> bool:
    one, other = shown_host(domain), shown_host(known)
    return min(len(one), len(other)) >= _SHORTEST_ONE_OFF and is_one_off(one, other)


def _is_one_letter_off(local_part: str, known: str) -> bool:
    """By one letter; people number their mailboxes, so another digit tells nothing."""
    without_digits = local_part.rstrip("0123456789") == known.rstrip("0123456789")
    long = min(len(local_part), len(known)) >= _SHORTEST_ONE_OFF
    return long and not without_digits and is_one_off(local_part, known)


def _is_personal(local_part: str) -> bool:
    return len(local_part) >= _SHORTEST_LOCAL_PART and local_part not in _ROLES


def _is_same_name(shown: str, registered: str) -> bool:
    """A whole name: two words, or three letters of a script that needs no spaces."""
    name = flatten(registered)
    if not name or name != flatten(shown):
        return False
    if name.isascii():
        return len(name) >= _SHORTEST_NAME and len(registered.split()) > 1
    return len(name) >= 3
