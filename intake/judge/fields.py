"""What a condition of triage.toml may look at: each field's name and where its values come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from intake.errors import ConfigError
from intake.judge.authentication import Authentication, judge_authentication
from intake.judge.reading import Reading
from intake.model import Address, Customer, Facts, Identifier, ParsedMail, SenderVerdict
from intake.settings.rules import Rules

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Subject:
    """The mail that conditions are held against, with what was already found in it."""

    mail: ParsedMail
    facts: Facts
    rules: Rules
    reading: Reading
    sender: SenderVerdict
    identifiers: tuple[Identifier, ...]
    found: dict[str, frozenset[int]] = field(default_factory=dict)

    @property
    def authentication(self) -> Authentication:
        """What the trusted mail server found."""
        return judge_authentication(self.mail, self.rules.identity)

    def text(self, name: str) -> str:
        """The words of one of TEXT_FIELDS."""
        if name == "image_words":
            return self.reading.words_in_images
        return str(getattr(self.reading, name))

    def values(self, name: str) -> Iterable[str]:
        """The values of a field that is no long text; those that are not stated are left out."""
        if name in VALUE_FIELDS:
            return filter(None, VALUE_FIELDS[name](self))
        prefix, _, rest = name.partition(".")
        return FAMILIES[prefix](self, rest.lower())

    def numbers(self, name: str) -> Iterable[float]:
        """The values of a field that counts."""
        return NUMBER_FIELDS[name](self)


def _of_customer(read: Callable[[Customer], str | None]) -> Callable[[Subject], Iterable[str]]:
    def values(subject: Subject) -> Iterable[str]:
        customer = subject.sender.customer
        return () if customer is None else (read(customer) or "",)

    return values


def _of_author(read: Callable[[Address], str]) -> Callable[[Subject], Iterable[str]]:
    def values(subject: Subject) -> Iterable[str]:
        return () if subject.mail.author is None else (read(subject.mail.author),)

    return values


def _hour(subject: Subject) -> tuple[float, ...]:
    now = subject.facts.now.astimezone(ZoneInfo(subject.rules.desk.timezone))
    return (now.hour + now.minute / 60,)


def _weekday(subject: Subject) -> tuple[str, ...]:
    now = subject.facts.now.astimezone(ZoneInfo(subject.rules.desk.timezone))
    return (_WEEKDAYS[now.weekday()],)


def _proof(subject: Subject) -> tuple[str, ...]:
    found = subject.authentication
    return ("proven" if found.proven else "failed" if found.failed else "none",)


# Long texts that all rules read: looked through once for every pattern.
TEXT_FIELDS = ("request", "subject", "reply", "text", "image_words")

VALUE_FIELDS: Mapping[str, Callable[[Subject], Iterable[str]]] = {
    "from": _of_author(lambda author: author.addr_spec),
    "from.name": _of_author(lambda author: author.display_name),
    "from.domain": _of_author(lambda author: author.domain.lower()),
    "to": lambda s: (a.addr_spec for a in (*s.mail.to, *s.mail.cc)),
    "reply_to": lambda s: (a.addr_spec for a in s.mail.reply_to),
    "delivered_to": lambda s: (a.addr_spec for a in s.mail.delivered_to),
    "envelope_sender": lambda s: (s.mail.envelope_sender or "",),
    "language": lambda s: (s.mail.language or "",),
    "sender": lambda s: (s.sender.match,),
    "sender.reason": lambda s: (r.code for r in s.sender.reasons if r.fired),
    "customer.id": _of_customer(lambda c: c.customer_id),
    "customer.name": _of_customer(lambda c: c.name),
    "customer.tier": _of_customer(lambda c: c.tier),
    "customer.language": _of_customer(lambda c: c.language),
    "customer.timezone": _of_customer(lambda c: c.timezone),
    "customer.state": _of_customer(lambda c: c.address_state),
    "customer.notes": _of_customer(lambda c: c.notes),
    "authentication": _proof,
    "attachment.kind": lambda s: (a.kind for a in s.mail.attachments),
    "attachment.name": lambda s: (a.filename or "" for a in s.mail.attachments),
    "attachment.type": lambda s: (a.content_type for a in s.mail.attachments),
    "attachment.risk": lambda s: (risk for a in s.mail.attachments for risk in a.risk),
    "identifier": lambda s: (i.kind for i in s.identifiers),
    "secret": lambda s: (secret.kind for secret in s.reading.secrets),
    "weekday": _weekday,
}

NUMBER_FIELDS: Mapping[str, Callable[[Subject], Iterable[float]]] = {
    "size_bytes": lambda s: (s.mail.size_bytes,),
    "attachment.size_bytes": lambda s: (a.size_bytes for a in s.mail.attachments),
    "attachments": lambda s: (sum(a.kind != "decorative" for a in s.mail.attachments),),
    "recipients": lambda s: (len(s.mail.to) + len(s.mail.cc),),
    "earlier_mails": lambda s: (s.facts.earlier_mails,),
    "hour": _hour,
}

# A name of the mail's own after the point: header.x-form, authentication.dkim, identifier.uid.
FAMILIES: Mapping[str, Callable[[Subject, str], Iterable[str]]] = {
    "header": lambda s, name: s.mail.header_values(name),
    "authentication": lambda s, method: (
        r.result for r in s.authentication.results if r.method.lower() == method
    ),
    "identifier": lambda s, kind: (i.value for i in s.identifiers if i.kind == kind),
}

# A stranger's words, which are not masked: a reason names the field only.
UNMASKED_FIELDS = ("header.", "attachment.name", "from.name", "customer.notes")


def check_field(name: str) -> None:
    """Raises ConfigError, with the nearest right name, for a field that there is not."""
    prefix, point, rest = name.partition(".")
    if name in TEXT_FIELDS or name in VALUE_FIELDS or name in NUMBER_FIELDS:
        return
    if prefix in FAMILIES and point and rest:
        return
    known = [*TEXT_FIELDS, *VALUE_FIELDS, *NUMBER_FIELDS, *(f"{name}.<name>" for name in FAMILIES)]
    close = get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"did you mean {close[0]}? There are" if close else "there are"
    raise ConfigError(f"there is no field {name!r}; {hint} {', '.join(known)}")
