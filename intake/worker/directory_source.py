"""Where customers are looked up: in Intake's own directory, or in the company's user table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol, TypeVar

from intake.errors import DirectoryUnavailable
from intake.judge.addresses import address_key, domain_key
from intake.model import Customer, DirectoryFacts, Keys, ParsedMail
from intake.outside.credentials import resolve_secret
from intake.outside.directory_sql import Row, Sought, SqlDirectory
from intake.settings.people import Directory, Identity
from intake.settings.schema import Settings
from intake.store.database import Database
from intake.store.helpers import all_helpers, note_helper
from intake.worker.directory_fields import Fault, parse_language, parse_state, parse_timezone

HELPER = "directory"

Value = TypeVar("Value")


class CustomerSource(Protocol):
    """Answers for one mail; None where Intake's own database knows."""

    def look_up(self, mail: ParsedMail, keys: Keys) -> DirectoryFacts | None:
        """Raises DirectoryUnavailable."""

    def close(self) -> None:
        """Gives back what it holds."""


class OwnDirectory:
    """The database has it: intake.store.facts looks there."""

    def look_up(self, mail: ParsedMail, keys: Keys) -> DirectoryFacts | None:
        """Nothing from elsewhere."""
        return None

    def close(self) -> None:
        """Holds nothing."""


OWN = OwnDirectory()


class SqlSource:
    """The company's table; says in `intake status` when it goes away and when it is back."""

    def __init__(
        self,
        directory: SqlDirectory,
        identity: Identity,
        database: Database,
        now: Callable[[], datetime],
    ) -> None:
        self._directory, self._identity = directory, identity
        self._database, self._now = database, now
        self._told: str | None = None

    def look_up(self, mail: ParsedMail, keys: Keys) -> DirectoryFacts:
        """Customers by the mail's addresses, else by its author's domain; no look-alikes.

        Raises DirectoryUnavailable.
        """
        try:
            found = self._find(mail, keys)
        except DirectoryUnavailable as error:
            self._tell(str(error), well=False)
            raise
        self._tell("answers", well=True)
        return found

    def _find(self, mail: ParsedMail, keys: Keys) -> DirectoryFacts:
        sought = list(self._sought(mail, keys))
        rows = self._directory.find(sought) if sought else []
        wanted = {one.address for one in sought}
        customers = tuple(
            dict.fromkeys(
                customer_of(row, str(row["email"]))
                for row in rows
                if self._key(row.get("email")) in wanted and row.get("customer_id") is not None
            )
        )
        if any(self._key(customer.address) == keys.author for customer in customers):
            return DirectoryFacts(customers)
        companies = self._directory.find_companies(keys.author_domains)
        return DirectoryFacts(customers + self._nearest(keys.author_domains, companies))

    def _sought(self, mail: ParsedMail, keys: Keys) -> Iterable[Sought]:
        written: dict[str, str] = {}
        for address in (mail.author, *mail.reply_to[:1]):
            if address is not None:
                normal = address_key(address.addr_spec, self._identity)
                written[normal] = address.addr_spec.lower()
        for key in dict.fromkeys((keys.author, keys.reply_address, keys.bounced_recipient)):
            if key:
                yield Sought(key, written.get(key, key))

    def _key(self, email: object) -> str | None:
        return address_key(str(email), self._identity) if email else None

    def _nearest(self, domains: tuple[str, ...], rows: list[Row]) -> tuple[Customer, ...]:
        for domain in domains:
            found = [
                customer_of(row, f"@{domain}", by_domain=True)
                for row in rows
                if row.get("customer_id") is not None
                and domain_key(str(row.get("domain") or "").removeprefix("@")) == domain
            ]
            if found:
                return tuple(dict.fromkeys(found))
        return ()

    def _tell(self, text: str, *, well: bool) -> None:
        if text == self._told:
            return
        with self._database.write() as connection:
            known = any(helper.name == HELPER for helper in all_helpers(connection))
            if not well or known:
                note_helper(connection, HELPER, self._now(), well=well, text=text)
        self._told = text

    def close(self) -> None:
        """Gives its connections back."""
        self._directory.close()


def customer_of(row: Row, address: str, *, by_domain: bool = False) -> Customer:
    """A row as a Customer; a language, time zone or state that is none is left out."""
    return Customer(
        str(row["customer_id"]),
        str(row.get("name") or ""),
        address,
        _parsed(parse_language, row.get("language")),
        str(row["tier"]) if row.get("tier") else None,
        _parsed(parse_state, row.get("state")) or "registered",
        _parsed(parse_timezone, row.get("timezone")),
        str(row.get("notes") or ""),
        by_domain,
    )


def _parsed(parse: Callable[[str], Value], value: object) -> Value | None:
    try:
        return parse(str(value)) if value else None
    except Fault:
        return None


def open_sql(settings: Directory) -> SqlDirectory:
    """The company's table. Raises SecretUnavailable."""
    password = resolve_secret(settings.password) if settings.password is not None else None
    return SqlDirectory(settings, password)


def open_source(
    settings: Settings, database: Database, now: Callable[[], datetime]
) -> CustomerSource:
    """The configured one. Raises SecretUnavailable; DatabaseUnavailable is for later."""
    if settings.directory.source == "own":
        return OWN
    return SqlSource(open_sql(settings.directory), settings.identity, database, now)
