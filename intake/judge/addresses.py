"""When two mail addresses are the same one, and when two domains belong together."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from publicsuffixlist import PublicSuffixList

from intake.settings.people import Identity

# RFC 7489 3.2 with private suffixes: two customers of one hosting company are strangers.
_SUFFIXES = PublicSuffixList(accept_unknown=True)
_KNOWN_SUFFIXES = PublicSuffixList(accept_unknown=False)

_MOST_FOLDS = 4

# The same mailboxes under two names.
_SAME_PROVIDER = {"googlemail.com": "gmail.com"}


def address_key(addr_spec: str, identity: Identity) -> str:
    """The form of an address for looking up customers and participants; idempotent.

    Case is folded, the domain is in its ASCII form (RFC 5891), and for the providers that the
    operator names, plus tags (RFC 5233) and dots in the local part are left out.
    """
    local_part, at, domain = addr_spec.strip().rpartition("@")
    if not at:
        return _fold(addr_spec)
    domain = domain_key(domain)
    local_part = _fold(local_part)
    # RFC 5322 3.4.1: quotes around a local part that needs none mean nothing.
    if len(local_part) > 2 and local_part[0] == local_part[-1] == '"':
        bare = local_part[1:-1]
        local_part = bare if bare.replace(".", "").isalnum() else local_part
    if domain in identity.plus_tag_domains:
        local_part = local_part.partition("+")[0] or local_part
    if domain in identity.ignore_dots_domains:
        local_part = local_part.replace(".", "") or local_part
    return f"{local_part}@{_SAME_PROVIDER.get(domain, domain)}"


@lru_cache(maxsize=4096)
def domain_key(domain: str) -> str:
    """`domain` lower case, in ASCII (punycode) where it can be, without a final dot."""
    folded = _fold(domain).rstrip(".")
    if folded.isascii():
        return folded
    try:
        return folded.encode("idna").decode("ascii").lower().rstrip(".")
    except UnicodeError:
        return folded


@lru_cache(maxsize=4096)
def organisational_domain(domain: str) -> str:
    """The part of `domain` that somebody registered (RFC 7489 3.2): `a.b.co.uk` -> `b.co.uk`."""
    folded = domain_key(domain)
    return _SUFFIXES.privatesuffix(folded) or folded


@lru_cache(maxsize=4096)
def has_known_ending(host: str) -> bool:
    """Whether `host` ends in a public suffix that exists."""
    return _KNOWN_SUFFIXES.privatesuffix(domain_key(host)) is not None


def domains_aligned(one: str, other: str) -> bool:
    """RFC 7489 3.1, relaxed: both under the same registered domain."""
    return bool(one and other) and organisational_domain(one) == organisational_domain(other)


def _fold(text: str) -> str:
    if text.isascii():
        return "".join(text.split()).lower()
    # Each step can make work for another: a mark that NFKC takes apart leaves a blank.
    for _ in range(_MOST_FOLDS):
        folded = "".join(unicodedata.normalize("NFKC", text).casefold().split())
        if folded == text:
            break
        text = folded
    return text
