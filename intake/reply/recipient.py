"""Whom an acknowledgement is sent to: one address, and why that one.

RFC 3834 4 leaves a service the choice between Reply-To and From. Reply-To is free text of
whoever wrote the mail, and even a valid DKIM signature need not cover it: following it blindly
would let anybody have us write to a third person. So it is followed only where it leads to the
same person or house; otherwise the From address is answered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from intake.model import Address, Reason
from intake.reply.case import Case

# RFC 5322 3.2.3 atext, and what RFC 6532 3.2 adds to it. Dots anywhere: some mobile operators
# gave out addresses that begin or end with them. Whether the domain exists the mail server knows.
_ATOM = r"A-Za-z0-9!#$%&'*+/=?^_`{|}~\u00a1-\ud7ff\uf900-\ufffd-"
_LOCAL_PART = re.compile(rf"[{_ATOM}.]{{1,64}}")
_DOMAIN = re.compile(rf"[{_ATOM}]{{1,63}}(?:\.[{_ATOM}]{{1,63}})*")
# RFC 2606 2 and RFC 6762 3: nothing can be delivered there.
_NOWHERE = (".invalid", ".localhost", ".local", ".localdomain")


@dataclass(frozen=True, slots=True)
class Recipient:
    """The address to answer, its key for looking up in the facts, and why it was chosen."""

    address: str
    key: str
    reason: Reason

    @property
    def keys(self) -> tuple[str, str]:
        """The forms under which facts may name the address."""
        return self.key, self.address.lower()


def find_recipient(case: Case) -> Recipient | None:
    """Where to answer, None where the mail names no address that mail can be sent to."""
    author = case.mail.author
    if author is None or not is_answerable(author):
        return None
    key = case.keys.author or author.key
    if not case.mail.reply_to or case.mail.reply_to[0].key == author.key:
        why = Reason("answer-to-author", "The answer goes to the From address.")
        return Recipient(_written(author), key, why)
    wanted = case.mail.reply_to[0]
    followed = _reason_to_follow(case, author, wanted)
    if followed is None:
        text = "Reply-To leads elsewhere, which anybody can write; the From address is answered."
        why = Reason("reply-to-ignored", text, evidence=wanted.addr_spec[:200])
        return Recipient(_written(author), key, why)
    why = Reason("answer-to-reply-to", followed, evidence=wanted.addr_spec)
    return Recipient(_written(wanted), case.keys.reply_address or wanted.key, why)


def is_answerable(address: Address) -> bool:
    """Whether mail can be addressed there without quoting and without doubt (RFC 5321 4.1.2)."""
    domain = address.domain.rstrip(".")
    return bool(
        _LOCAL_PART.fullmatch(address.local_part)
        and _DOMAIN.fullmatch(domain)
        and len(address.addr_spec) <= 254
        and address.addr_spec.isprintable()
        and not f".{domain.lower()}".endswith(_NOWHERE)
    )


def _written(address: Address) -> str:
    """As it is sent to: an ASCII local part keeps the whole address ASCII (RFC 5891 4)."""
    if address.local_part.isascii() and not address.domain.isascii():
        try:
            return f"{address.local_part}@{address.domain.encode('idna').decode('ascii')}"
        except UnicodeError:
            return address.addr_spec
    return address.addr_spec


def _reason_to_follow(case: Case, author: Address, wanted: Address) -> str | None:
    if not case.verified or not is_answerable(wanted):
        return None
    customer = case.sender.customer
    for known in case.facts.customers:
        if known.address.lower() in (wanted.key, case.keys.reply_address):
            same = customer is not None and known.customer_id == customer.customer_id
            # Registered for somebody else: answering there would tell one customer of another.
            return "Reply-To is registered for the same customer." if same else None
    if wanted.domain.lower() != author.domain.lower():
        return None
    # Two addresses of one free provider are two strangers.
    public = {*case.rules.spam.free_mail_domains, *case.rules.identity.plus_tag_domains}
    if wanted.domain.lower() in public:
        return None
    return "Reply-To is an address of the same domain as From."
