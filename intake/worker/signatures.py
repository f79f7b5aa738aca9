"""Our own check of a mail's DKIM signatures, before it is decided: what it finds becomes Facts."""

from __future__ import annotations

from intake.judge.addresses import domain_key
from intake.model import MethodResult, ParsedMail
from intake.outside.dkim_check import check_dkim
from intake.settings.people import Identity


def check_signatures(raw: bytes, mail: ParsedMail, identity: Identity) -> tuple[MethodResult, ...]:
    """The results that may prove the author's domain. Asks DNS for at most identity.dns_seconds."""
    if mail.author is None or not any(mail.header_values("dkim-signature")):
        return ()
    return check_dkim(
        raw,
        domain_key(mail.author.domain),
        servers=identity.dns_servers,
        seconds=identity.dns_seconds,
    )
