"""Whether a server that the operator trusts proved the From address (RFC 8601)."""

from __future__ import annotations

from dataclasses import dataclass

from intake.judge.addresses import domains_aligned, organisational_domain
from intake.model import AuthenticationResults, MethodResult, ParsedMail, Reason
from intake.settings.schema import Identity

_SOFT_FAILURES = ("fail", "softfail", "permerror", "hardfail")


@dataclass(frozen=True, slots=True)
class Authentication:
    """What the trusted server found. `proven` and `failed` are both False where it said nothing.

    `results` are the method results that count, `domain` the author's.
    """

    trusted: bool
    proven: bool = False
    failed: bool = False
    domain: str = ""
    results: tuple[MethodResult, ...] = ()
    reasons: tuple[Reason, ...] = ()


def judge_authentication(mail: ParsedMail, identity: Identity) -> Authentication:
    """Hold the trusted results of `mail` against the domain of its From address."""
    domain = mail.author.domain.lower() if mail.author else ""
    instances, reasons = find_trusted(mail, identity)
    results = tuple(result for instance in instances for result in instance.results)
    if not results:
        return Authentication(bool(instances), domain=domain, reasons=reasons)
    doubt = _doubtful_author(mail)
    proof, failure = _find_proof(results, domain), _find_failure(results, domain)
    said = tuple(reason for reason in (*reasons, proof, failure, doubt) if reason)
    proven = bool(proof and not failure and not doubt)
    return Authentication(True, proven, bool(failure), domain, results, said)


def find_trusted(
    mail: ParsedMail, identity: Identity
) -> tuple[tuple[AuthenticationResults, ...], tuple[Reason, ...]]:
    """The instances that only the trusted server can have added, and why others do not count.

    A sender can write any header, with any authserv-id (RFC 8601 7.1), but only below the lines
    of the server that took the mail in. So: an instance above the topmost Received line is that
    server's. Below it only the topmost of all instances counts, and only when each hop above it
    belongs to the trusted server. An operator who trusts an id says that this server writes an
    instance on every mail.
    """
    trusted = {name.lower() for name in identity.trusted_authserv_ids}
    if not trusted:
        return (), ()
    instances = sorted(
        (a for a in mail.authentication if a.source == "authentication-results"),
        key=lambda a: a.position,
    )
    if not instances:
        return (), (_note("authentication-absent", "No server of ours stated who sent this."),)
    if instances[0].authserv_id.lower() not in trusted:
        why = "The topmost authentication result is from a server that is not trusted."
        return (), (_note("authentication-untrusted", why, instances[0].authserv_id),)
    names = [name for name, _ in mail.headers]
    hop = _foreign_hop(mail, trusted)
    if hop:
        why = "The authentication result stands below a hop that is not trusted; it may be forged."
        return (), (_note("authentication-below-hop", why, hop),)
    above_received = _count_above_received(names)
    counted = [instances[0]]
    for instance in instances[1:above_received]:
        if instance.authserv_id.lower() not in trusted:
            break
        counted.append(instance)
    return tuple(counted), _forged(instances[len(counted) :], trusted)


def _foreign_hop(mail: ParsedMail, trusted: set[str]) -> str | None:
    """The first server above the topmost result that is none of the trusted ones."""
    ours = {organisational_domain(name) for name in trusted}
    for name, value in mail.headers:
        if name == "authentication-results":
            return None
        if name != "received":
            continue
        _, _, by = value.partition(" by ")
        host = by.strip().split(" ", 1)[0].strip("[]();,").lower()
        # A host without a domain, or an address, is a step inside the receiving system.
        named = "." in host and not host.replace(".", "").isdigit() and ":" not in host
        if named and organisational_domain(host) not in ours:
            return host
    return None


def _count_above_received(names: list[str]) -> int:
    if "received" not in names:
        return 0
    return names[: names.index("received")].count("authentication-results")


def _forged(rest: list[AuthenticationResults], trusted: set[str]) -> tuple[Reason, ...]:
    if not any(a.authserv_id.lower() in trusted for a in rest):
        return ()
    why = "A second authentication result in our server's name further down is not counted."
    return (_note("authentication-repeated", why, rest[0].authserv_id),)


def _doubtful_author(mail: ParsedMail) -> Reason | None:
    if mail.author_source != "from":
        return _note("author-not-from", "The From header names no usable address.")
    if len(mail.authors) > 1 or sum(1 for name, _ in mail.headers if name == "from") > 1:
        # RFC 7489 6.6.1: such a mail has no single author whom a result could prove.
        return _note("several-authors", "The From header names more than one address.")
    return None


def _find_proof(results: tuple[MethodResult, ...], domain: str) -> Reason | None:
    for result in results:
        stated = _stated_domain(result)
        if result.result != "pass" or not domain:
            continue
        if result.method == "dmarc" and (not stated or domains_aligned(stated, domain)):
            return _note("dmarc-pass", f"The mail server proved {domain} by DMARC.", domain)
        if result.method in ("dkim", "spf") and stated and domains_aligned(stated, domain):
            name = result.method.upper()
            why = f"The mail server proved {domain} by {name} of the same domain."
            return _note(f"{result.method}-aligned", why, stated)
    return None


def _find_failure(results: tuple[MethodResult, ...], domain: str) -> Reason | None:
    for result in results:
        if result.method == "dmarc" and result.result in _SOFT_FAILURES:
            why = f"The mail server says that this did not come from {domain or 'its author'}."
            return _note("dmarc-fail", why, _stated_domain(result) or None)
    return None


def _stated_domain(result: MethodResult) -> str:
    """The domain a result is about: header.from, header.d or smtp.mailfrom (RFC 8601 2.7)."""
    names = {
        "dmarc": ("header.from",),
        "dkim": ("header.d", "header.i"),
        "spf": ("smtp.mailfrom", "smtp.from"),
    }.get(result.method, ())
    value = next((v for v in map(result.property, names) if v), "")
    return value.rpartition("@")[2].strip('<>" ').lower()


def _note(code: str, text: str, evidence: str | None = None) -> Reason:
    return Reason(code, text, evidence=evidence)
