"""What method results say about the author's domain: proof, failure, or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from intake.judge.addresses import domain_key, domains_aligned
from intake.model import MethodResult, Reason

_FAILURES = ("fail", "hardfail")
# NetEase writes smtp.mail, some servers smtp.from. smtp.helo proves a machine, no author.
_MAIL_FROM = ("smtp.mailfrom", "smtp.from", "smtp.mail")


def find_proof(
    results: tuple[MethodResult, ...], domain: str, *, one_address: bool = True
) -> Reason | None:
    """DMARC pass for `domain`, or DKIM or SPF pass aligned with it (RFC 7489 3.1), as a reason.

    `one_address` says that the From header holds one address and no more: only then does a DMARC
    result count that does not state whom it is about.
    """
    if not domain:
        return None
    told = Counter(result.method for result in results)
    for result in results:
        if result.result != "pass":
            continue
        stated = stated_domain(result)
        if result.method == "dmarc" and told["dmarc"] == 1:
            if domains_aligned(stated, domain) or (not stated and one_address):
                return Reason(
                    "dmarc-pass", f"The mail server proved {domain} by DMARC.", evidence=domain
                )
        elif result.method in ("dkim", "spf") and domains_aligned(stated, domain):
            why = f"The mail server proved {domain} by {result.method.upper()} of the same domain."
            return Reason(f"{result.method}-aligned", why, evidence=stated)
    return None


def find_failure(results: Iterable[MethodResult], domain: str) -> Reason | None:
    """A DMARC failure as a reason. RFC 8601 2.7: temperror, permerror and none say nothing."""
    for result in results:
        if result.method == "dmarc" and result.result in _FAILURES:
            why = f"The mail server says that this did not come from {domain or 'its author'}."
            return Reason("dmarc-fail", why, evidence=stated_domain(result) or None)
    return None


def find_other_domain(results: Iterable[MethodResult], domain: str) -> Reason | None:
    """That something was proven, but of a domain that is not the author's."""
    for result in results:
        stated = stated_domain(result)
        if result.result == "pass" and stated and not domains_aligned(stated, domain):
            why = f"What the mail server proved is {stated}, not {domain}."
            return Reason("proof-of-other-domain", why, evidence=stated)
    return None


def stated_domain(result: MethodResult) -> str:
    """The domain of header.from, header.d or smtp.mailfrom, which a result is about; else ""."""
    if result.method == "dmarc":
        return _domain(result.property("header.from"))
    if result.method == "dkim":
        return _signing_domain(result)
    if result.method == "spf":
        return next((d for d in (_domain(result.property(name)) for name in _MAIL_FROM) if d), "")
    return ""


def _signing_domain(result: MethodResult) -> str:
    """d=; or i=, which must lie in it (RFC 6376 3.5). Where they disagree, none."""
    signer, identity = _domain(result.property("header.d")), _domain(result.property("header.i"))
    if not signer or not identity:
        return signer or identity
    within = identity == signer or identity.endswith(f".{signer}")
    return signer if within else ""


def _domain(value: str | None) -> str:
    domain = (value or "").rpartition("@")[2].strip('<>" ,')
    # "header.d=none" is how some servers say that there was no signature.
    return "" if domain.lower() == "none" else domain_key(domain)
