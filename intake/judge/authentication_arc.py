"""When a forwarder's or mailing list's seal vouches for an author (RFC 8617)."""

from __future__ import annotations

from intake.judge.addresses import domain_key
from intake.judge.authentication_results import find_proof
from intake.model import MethodResult, ParsedMail, Reason
from intake.settings.people import Identity


def find_vouching(
    mail: ParsedMail,
    results: tuple[MethodResult, ...],
    identity: Identity,
    *,
    below: int,
    domain: str,
) -> Reason | None:
    """What the newest sealer found about `domain`, if the operator trusts it; as a reason.

    `results` are those of the trusted server: its own `arc=pass` says that the whole chain holds.
    Only seals from line `below` of the header on came with the mail; what stands higher our own
    servers added. An older sealer's word counts for nothing: the newest one stands for it.
    """
    said = [result.result for result in results if result.method == "arc"]
    if not identity.trusted_arc_sealers or not said or any(word != "pass" for word in said):
        return None
    sets = [a for a in mail.authentication if a.source == "arc" and a.line >= below]
    newest = max(sets, key=lambda a: a.instance, default=None)
    if newest is None or sorted(a.instance for a in sets) != list(range(1, len(sets) + 1)):
        return None
    if not _is_trusted(newest.sealer, identity):
        why = "It was passed on under a seal that is not trusted (identity.trusted_arc_sealers)."
        return Reason("arc-untrusted", why, evidence=newest.sealer or None, fired=False)
    if find_proof(newest.results, domain) is None:
        return None
    why = f"{newest.sealer} passed it on and found {domain} proven; its seal holds."
    return Reason("arc-vouched", why, evidence=newest.sealer)


def _is_trusted(sealer: str, identity: Identity) -> bool:
    """RFC 8617 names the sealer by d=; a host under a trusted domain is that domain's."""
    key = domain_key(sealer)
    trusted = (domain_key(name) for name in identity.trusted_arc_sealers)
    return bool(key) and any(key == name or key.endswith(f".{name}") for name in trusted)
