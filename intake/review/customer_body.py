"""What a program says about a customer, checked by the rules that lists are checked by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from intake.judge.addresses import address_key
from intake.judge.looks import public_domains
from intake.model.facts import AddressState
from intake.review.problems import FieldFault, Problem
from intake.settings.rules import Rules
from intake.store.customer_records import AddressRecord, CustomerRecord
from intake.store.directory import CustomerView
from intake.worker import directory_fields as fields
from intake.worker.directory_fields import Fault

_MOST = 1000
# What an answer says beside what can be given: taken back as it is, and passed over.
_Answered = Annotated[Any, Field(exclude=True, json_schema_extra={"readOnly": True})]

Value = TypeVar("Value")


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class StateBody(_Body):
    """The state of an address; `until` (ISO 8601) is for bouncing, `reason` for it and blocked."""

    state: str
    reason: str = ""
    until: str | None = None


class AddressBody(_Body):
    """One address, or just how it is written. Without `state` it keeps the one it has."""

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: object) -> object:
        return {"address": value} if isinstance(value, str) else value

    address: str
    state: str | None = None
    reason: str = ""
    until: str | None = None
    since: _Answered = None
    shared_with: _Answered = None


class CustomerBody(_Body):
    """All of a customer; what is left out is empty afterwards."""

    name: str
    language: str | None = None
    timezone: str | None = None
    tier: str | None = None
    notes: str = ""
    addresses: Annotated[list[AddressBody], Field(max_length=_MOST)] = []
    domains: Annotated[list[str], Field(max_length=_MOST)] = []
    customer_id: _Answered = None
    updated_at: _Answered = None


class _Reading:
    """Parses values and gathers what is wrong with them."""

    def __init__(self) -> None:
        self.faults: list[FieldFault] = []

    def parse(self, field: str, value: str, parse: Callable[[str], Value]) -> Value | None:
        try:
            return parse(value)
        except Fault as fault:
            self.faults.append(FieldFault(field, str(fault)))
            return None

    def done(self, value: Value | None) -> Value:
        """`value`, where nothing was wrong."""
        if self.faults or value is None:
            raise Problem(422, "The customer cannot be taken.", faults=self.faults)
        return value


def read_customer(customer_id: str, body: CustomerBody, rules: Rules) -> CustomerRecord:
    """The record that the directory is brought to. Raises Problem, naming every faulty field."""
    reading = _Reading()
    reading.parse("customer_id", customer_id, fields.parse_id)
    about: dict[str, str | None] = {}
    for name, parse in fields.CUSTOMER_FIELDS.items():
        value: str | None = getattr(body, name)
        about[name] = reading.parse(name, value, parse) if value else None
    if body.customer_id not in (None, customer_id):
        reading.faults.append(FieldFault("customer_id", "is not the one of the path"))
    if not body.name:
        reading.faults.append(FieldFault("name", "is missing"))
    addresses: dict[str, AddressRecord] = {}
    for place, one in enumerate(body.addresses):
        record = _read_address(reading, f"addresses[{place}]", one, rules)
        if record is not None and record.key in addresses:
            fault = f"is the same as {addresses[record.key].address}"
            reading.faults.append(FieldFault(f"addresses[{place}].address", fault))
        elif record is not None:
            addresses[record.key] = record
    parse_domain = fields.company_domain(
        public_domains(rules.spam.free_mail_domains, rules.identity)
    )
    domains = [
        reading.parse(f"domains[{place}]", domain, parse_domain)
        for place, domain in enumerate(body.domains)
    ]
    named = tuple(dict.fromkeys(filter(None, domains)))
    return reading.done(
        CustomerRecord(customer_id, about, tuple(addresses.values()), named, whole=True)
    )


def merge_patch(before: CustomerView, patch: dict[str, Any]) -> CustomerBody:
    """The customer after a merge patch (RFC 7396 2): null empties a field, a list is given whole.

    No field holds an object, so that there is nothing to merge below. Raises
    RequestValidationError.
    """
    # By itself an address keeps its state.
    there: dict[str, Any] = {name: getattr(before, name) for name in fields.CUSTOMER_FIELDS}
    there["addresses"] = [one.address for one in before.addresses]
    there["domains"] = list(before.domains)
    merged = {name: value for name, value in (there | patch).items() if value is not None}
    try:
        return CustomerBody.model_validate(merged)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from None


def read_address(address: str, rules: Rules) -> AddressRecord:
    """An address as a path names it. Raises Problem."""
    reading = _Reading()
    return reading.done(_read_address(reading, "", AddressBody(address=address), rules))


def read_state(address: str, body: StateBody, rules: Rules) -> tuple[AddressRecord, AddressState]:
    """An address and the state it is to have. Raises Problem."""
    reading = _Reading()
    state = reading.parse("state", body.state, fields.parse_state)
    whole = AddressBody(address=address, **body.model_dump())
    record = _read_address(reading, "", whole, rules)
    return reading.done(record), reading.done(state)


def _read_address(
    reading: _Reading, place: str, body: AddressBody, rules: Rules
) -> AddressRecord | None:
    def at(name: str) -> str:
        return f"{place}.{name}" if place else name

    written = reading.parse(at("address"), body.address, fields.parse_address)
    state = reading.parse(at("state"), body.state, fields.parse_state) if body.state else None
    until = reading.parse(at("until"), body.until, fields.parse_until) if body.until else None
    reason = reading.parse(
        at("reason"), body.reason, lambda value: fields.parse_text("reason", value)
    )
    if until and state != "bouncing":
        reading.faults.append(FieldFault(at("until"), "stands without the state bouncing"))
    if reason and state not in ("bouncing", "blocked"):
        fault = "stands without the state bouncing or blocked"
        reading.faults.append(FieldFault(at("reason"), fault))
    if not written:
        return None
    key = address_key(written, rules.identity)
    return AddressRecord(written, key, state, reason or "", until)
