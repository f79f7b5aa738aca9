"""Whether a server that the operator trusts proved the From address (RFC 8601)."""

from __future__ import annotations

from dataclasses import dataclass

from intake.judge.addresses import domain_key, domains_aligned
from intake.judge.authentication_arc import find_vouching
from intake.judge.authentication_results import (
    find_failure,
    find_other_domain,
    find_proof,
    stated_domain,
)
from intake.judge.authentication_trace import Trace, find_trace
from intake.model import AuthenticationResults, MethodResult, ParsedMail, Reason
from intake.settings.people import Identity


@dataclass(frozen=True, slots=True)
class Authentication:
    """What the trusted server found. `proven` and `failed` are both False where it said nothing.

    `results` are the method results that count, `domain` the author's. `vouched` says that the
    proof is a forwarder's word: then the server's own results are about the forwarder.
    """

    trusted: bool
    proven: bool = False
    failed: bool = False
    domain: str = ""
    results: tuple[MethodResult, ...] = ()
    reasons: tuple[Reason, ...] = ()
    vouched: bool = False


def judge_authentication(
    mail: ParsedMail, identity: Identity, checked: tuple[MethodResult, ...] = ()
) -> Authentication:
    """Hold the trusted results of `mail` against the domain of its From address.

    `checked` are DKIM results that we found ourselves (Facts.dkim); they count as a trusted
    server's would.
    """
    domain = domain_key(mail.author.domain) if mail.author else ""
    trace = find_trace(mail, identity)
    instances, reasons = find_trusted(mail, identity, trace)
    results = tuple(result for instance in instances for result in instance.results)
    if not results and not checked:
        return Authentication(bool(instances), domain=domain, reasons=reasons)
    doubt, failure = _doubtful_author(mail), find_failure(results, domain)
    proof = _find_server_proof(mail, instances, domain) or _find_own_proof(checked, domain)
    vouching = None
    if instances and (failure or not proof):
        below = trace.border if trace.border is not None else instances[-1].line
        vouching = find_vouching(mail, results, identity, below=below, domain=domain)
    vouched = bool(vouching and vouching.fired)
    if vouched:
        failure = None
    other = None if proof or failure or vouched else find_other_domain(results, domain)
    said = tuple(r for r in (*reasons, proof, vouching, failure, other, doubt) if r)
    proven = bool((proof or vouched) and not failure and not doubt)
    return Authentication(bool(instances), proven, bool(failure), domain, results, said, vouched)


def find_trusted(
    mail: ParsedMail, identity: Identity, trace: Trace
) -> tuple[tuple[AuthenticationResults, ...], tuple[Reason, ...]]:
    """The instances that only the trusted server can have added, and why others do not count.

    A sender can write any header, with any authserv-id (RFC 8601 7.1), but only below the lines
    of the server that took the mail in. So only the topmost result counts, and those of the same
    house directly after it, above the line where our border server took the mail in. A server of
    `results_below_received` writes below that line: there only the very topmost counts.
    """
    if not identity.trusted_authserv_ids and not identity.unnamed_results_from:
        return (), ()
    instances = sorted(
        (a for a in mail.authentication if a.source == "authentication-results"),
        key=lambda a: a.line,
    )
    if not instances:
        return (), (_note("authentication-absent", "No server of ours stated who sent this."),)
    top = instances[0]
    if not _is_trusted(top, identity):
        why = "The topmost authentication result is from a server that is not trusted."
        return (), (_note("authentication-untrusted", why, top.authserv_id or None),)
    if top.line < trace.end:
        counted = [top, *_follow(instances[1:], trace, identity)]
    elif _writes_below(mail, top, trace, identity):
        counted = [top]
    else:
        return (), (_misplaced(top, trace),)
    return tuple(counted), _forged(instances[len(counted) :], identity)


def _follow(
    rest: list[AuthenticationResults], trace: Trace, identity: Identity
) -> list[AuthenticationResults]:
    """Further instances of ours; without a border line of ours nobody knows where they end."""
    found: list[AuthenticationResults] = []
    for instance in rest:
        inside = trace.border is not None and instance.line < trace.border
        if not inside or not _is_trusted(instance, identity):
            break
        found.append(instance)
    return found


def _writes_below(
    mail: ParsedMail, top: AuthenticationResults, trace: Trace, identity: Identity
) -> bool:
    if trace.border is None or not domains_aligned(trace.host, top.authserv_id):
        return False
    between = mail.headers[trace.border + 1 : top.line]
    directly = not any(name == "received" for name, _ in between)
    return directly and _is_named(top.authserv_id, identity.results_below_received)


def _misplaced(top: AuthenticationResults, trace: Trace) -> Reason:
    if trace.border is None:
        why = "The authentication result stands below a hop that is not trusted; it may be forged."
        return _note("authentication-below-hop", why, trace.host)
    why = (
        "The authentication result stands below our server's own Received line, where the sender "
        "can write (see identity.results_below_received)."
    )
    return _note("authentication-below-received", why, top.authserv_id)


def _is_trusted(instance: AuthenticationResults, identity: Identity) -> bool:
    if not instance.authserv_id:
        return bool(identity.unnamed_results_from)
    return _is_named(instance.authserv_id, identity.trusted_authserv_ids)


def _is_named(authserv_id: str, names: tuple[str, ...]) -> bool:
    key = domain_key(authserv_id)
    for name in names:
        if name.startswith("*.") and key.endswith(f".{domain_key(name[2:])}"):
            return True
        if key == domain_key(name):
            return True
    return False


def _forged(rest: list[AuthenticationResults], identity: Identity) -> tuple[Reason, ...]:
    ours = next((a for a in rest if a.authserv_id and _is_trusted(a, identity)), None)
    if ours is None:
        return ()
    why = "A second authentication result in our server's name further down is not counted."
    return (_note("authentication-repeated", why, ours.authserv_id),)


def _find_server_proof(
    mail: ParsedMail, instances: tuple[AuthenticationResults, ...], domain: str
) -> Reason | None:
    one_address = sum(value.count("@") for value in mail.header_values("from")) <= 1
    for instance in instances:
        proof = find_proof(instance.results, domain, one_address=one_address)
        if proof is not None:
            return proof
    return None


def _find_own_proof(checked: tuple[MethodResult, ...], domain: str) -> Reason | None:
    for result in checked:
        signer = stated_domain(result)
        good = result.method == "dkim" and result.result == "pass"
        if good and domains_aligned(signer, domain):
            why = f"We checked the signature of {signer} ourselves; it holds."
            return _note("dkim-checked", why, signer)
    return None


def _doubtful_author(mail: ParsedMail) -> Reason | None:
    if mail.author_source != "from":
        return _note("author-not-from", "The From header names no usable address.")
    values = list(mail.header_values("from"))
    if len(mail.authors) > 1 or len(values) > 1:
        # RFC 7489 6.6.1: such a mail has no single author whom a result could prove.
        return _note("several-authors", "The From header names more than one address.")
    if any(":" in value and value.rstrip().endswith(";") for value in values):
        # RFC 6854 allows it; servers differ in whom they check then.
        return _note("author-in-group", "The From header is a group, which proves nobody.")
    return None


def _note(code: str, text: str, evidence: str | None = None) -> Reason:
    return Reason(code, text, evidence=evidence)
