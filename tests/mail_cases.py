"""The form of tests/mails/*/*.toml: reading a case, and holding a Decision against it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from intake import pipeline
from intake.judge.addresses import address_key
from intake.judge.subjects import subject_key
from intake.model import Customer, Decision, Facts, Keys, OutgoingMail, ParsedMail
from intake.model.explanation import render_explanation
from intake.settings.load import load_rules, load_settings
from intake.settings.rules import Rules

ROOT = Path(__file__).parent.parent
MAILS = Path(__file__).parent / "mails"
CONFIG = ROOT / "config" / "intake.toml"
KEY = b"key of the tests"
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
DESK = {
    "desk.addresses": "support@exchange.example",
    "identity.trusted_authserv_ids": "mx.exchange.example",
}
_SECTIONS = {"about", "rules", "customers", "facts", "expect"}
_FORMS = {"has", "lacks", "missed", "in", "contains", "omits", "min", "max", "count", "empty"}


@dataclass(frozen=True, slots=True)
class MailCase:
    """One .eml with its .toml."""

    path: Path
    data: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.path.parent.name}/{self.path.stem}"

    def decide(self) -> tuple[ParsedMail, Decision]:
        """The mail, parsed and decided with the rules and facts of the case."""
        rules = rules_with(tuple(sorted(self.data.get("rules", {}).items())))
        mail = pipeline.parse(self.path.read_bytes())
        facts = make_facts(self.data, pipeline.keys_of(mail, rules), rules)
        return mail, pipeline.decide(mail, facts, rules)

    def check(self, mail: ParsedMail, decision: Decision) -> list[str]:
        """What is not as expected, a line each."""
        view = render_explanation(mail, decision, file=str(self.path), index=0)
        view["ticket"] = decision.ticket
        view["outgoing"] = _show(decision.acknowledgement.mail)
        expected = self.data["expect"].items()
        return [line for path, wanted in expected for line in compare(view, path, wanted)]


def load_cases(folder: Path = MAILS) -> Iterator[MailCase]:
    """Every case, sorted by path. A mail without its .toml, or the reverse, is an error."""
    for path in sorted(folder.glob("*/*.eml")):
        data = tomllib.loads(path.with_suffix(".toml").read_text())
        strange = set(data) - _SECTIONS
        assert not strange, f"{path}: unknown section {strange}"
        assert data.get("about") and data.get("expect"), f"{path}: say what it is about and expects"
        yield MailCase(path, data)
    for path in folder.glob("*/*.toml"):
        assert path.with_suffix(".eml").exists(), f"{path} has no mail beside it"


@lru_cache(maxsize=64)
def rules_with(overrides: tuple[tuple[str, Any], ...] = ()) -> Rules:
    """The shipped rules for the desk of the tests, with some settings changed."""
    values = {**DESK, **{key: _text(value) for key, value in overrides}}
    settings = load_settings(CONFIG, [f"{key}={value}" for key, value in values.items()], {})
    return load_rules(settings, CONFIG, key=KEY)


def make_facts(data: dict[str, Any], keys: Keys, rules: Rules) -> Facts:
    """The facts of a case. Customers count if the mail names their address."""
    given = dict(data.get("facts", {}))
    now = given.pop("now", NOW)
    tickets = [
        {
            "subject_key": subject_key(ticket.pop("subject", "")),
            "state": "open",
            "customer_id": None,
            "participants": [],
            "updated_at": now,
            **ticket,
        }
        for ticket in map(dict, given.pop("tickets", []))
    ]
    customers = TypeAdapter(list[Customer]).validate_python(data.get("customers", []))
    named = {keys.author, keys.reply_address, keys.bounced_recipient}
    known = [asdict(c) for c in customers if address_key(c.address, rules.identity) in named]
    return TypeAdapter(Facts).validate_python(
        {"now": now, "customers": known, "tickets": tickets, **given}
    )


def compare(view: dict[str, Any], path: str, wanted: Any) -> list[str]:
    """What is not as wanted at `path` of the JSON."""
    found: Any = view
    for step in path.split("."):
        try:
            found = found[int(step)] if isinstance(found, list) else found[step]
        except (KeyError, IndexError, TypeError, ValueError):
            return [f"{path}: there is no such thing"]
    if not isinstance(wanted, dict):
        return [] if found == wanted else [f"{path}: expected {wanted!r}, found {found!r}"]
    assert set(wanted) <= _FORMS, f"{path}: unknown form {set(wanted) - _FORMS}"
    return [
        f"{path}: expected {form} = {value!r}, found {_brief(found)}"
        for form, value in wanted.items()
        if not _holds(form, value, found)
    ]


def _holds(form: str, value: Any, found: Any) -> bool:
    match form:
        case "has":
            return all(any(_agrees(one, item) for item in found) for one in value)
        case "lacks":
            return not any(_agrees(one, item) for one in value for item in found)
        case "missed":
            codes = {item["code"] for item in found if not item["fired"]}
            return set(value) <= codes
        case "in":
            return found in value
        case "contains":
            return value in found
        case "omits":
            return value not in found
        case "min":
            return found >= value
        case "max":
            return found <= value
        case "count":
            return len(found) == value
        case _:
            return (found in (None, "", [])) is value


def _agrees(wanted: Any, item: Any) -> bool:
    if isinstance(item, dict) and isinstance(wanted, dict):
        return all(item.get(key) == value for key, value in wanted.items())
    if isinstance(item, dict):
        return bool(item.get("code") == wanted and item.get("fired", True))
    return bool(item == wanted)


def _brief(found: Any) -> str:
    if isinstance(found, list) and found and isinstance(found[0], dict) and "code" in found[0]:
        return ", ".join(r["code"] if r.get("fired") else f"({r['code']})" for r in found)
    return repr(found)[:300]


def _show(mail: OutgoingMail | None) -> dict[str, Any] | None:
    if mail is None:
        return None
    parsed = message_from_bytes(mail.raw, policy=policy.default)
    body = parsed.get_body(("plain",))
    return {
        "subject": mail.subject,
        "recipient": mail.recipient,
        "envelope_sender": mail.envelope_sender,
        "text": body.get_content() if body else "",
    }


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, list) else str(value)
