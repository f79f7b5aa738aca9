"""What is to be true of customers: records that the directory is brought to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from intake.model.facts import AddressState
from intake.model.looks import LabelLooks, Looks

FIELDS = ("name", "language", "timezone", "tier", "notes")


@dataclass(frozen=True, slots=True)
class AddressRecord:
    """An address of a customer, and its normalised form. Without `state` it keeps the one it has.

    `until` is for bouncing, `reason` for bouncing and blocked.
    """

    address: str
    key: str
    state: AddressState | None = None
    reason: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """What is to be true of a customer from now on.

    `fields` may hold any of FIELDS, None to clear; those left out stay as they are. Addresses and
    domains (normalised) are added; with `whole`, others than these go. A block is never lifted and
    a blocked address never removed this way.
    """

    customer_id: str
    fields: Mapping[str, str | None] = field(default_factory=dict)
    addresses: tuple[AddressRecord, ...] = ()
    domains: tuple[str, ...] = ()
    whole: bool = False


@dataclass(frozen=True, slots=True)
class LookMaker:
    """Makes what the look-ups of look-alikes go by (intake.judge.looks)."""

    looks: Callable[[str, str], Looks]
    label: Callable[[str], LabelLooks | None]


@dataclass(slots=True)
class Counts:
    """How many customers, and of their addresses and domains."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    addresses_added: int = 0
    addresses_changed: int = 0
    addresses_removed: int = 0
    domains_added: int = 0
    domains_removed: int = 0

    def add(self, other: Counts) -> None:
        """Adds those of `other`."""
        for name in Counts.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


def merge_records(first: CustomerRecord, second: CustomerRecord) -> CustomerRecord:
    """Two records of one customer as one; where both say something, the second is right."""
    said = {name: value for name, value in second.fields.items() if value}
    return replace(
        first,
        fields={**second.fields, **first.fields, **said},
        addresses=(*first.addresses, *second.addresses),
        domains=(*first.domains, *second.domains),
    )
