"""The customer directory from a CSV file, for the database and for `explain --customers`."""

from __future__ import annotations

import csv
from pathlib import Path

from intake.errors import ConfigError
from intake.judge.addresses import address_key
from intake.model import Customer
from intake.settings.schema import Identity
from intake.store.customers import CustomerRecord

COLUMNS = ("customer_id", "name", "email")


def read_customers(file: Path, identity: Identity) -> list[CustomerRecord]:
    """Every line as a record. Raises ConfigError naming file and line."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise ConfigError(f"{file}, line 1: the header lacks {', '.join(missing)}")
            return [_record(file, reader.line_num, row, identity) for row in reader]
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: not UTF-8: {error.reason}") from error


def _record(
    file: Path, line: int, row: dict[str, str | None], identity: Identity
) -> CustomerRecord:
    customer_id, name, email = ((row[column] or "").strip() for column in COLUMNS)
    if not customer_id or "@" not in email:
        raise ConfigError(f"{file}, line {line}: expected a customer_id and an email address")
    return CustomerRecord(customer_id, name, email, address_key(email, identity))


class CustomerList:
    """Customers of a file by the key of their address; what `explain` looks up in."""

    def __init__(self, records: list[CustomerRecord]) -> None:
        self._by_key: dict[str, list[Customer]] = {}
        for record in records:
            customer = Customer(record.customer_id, record.name, record.address)
            found = self._by_key.setdefault(record.address_key, [])
            if customer not in found:
                found.append(customer)

    def find(self, *keys: str | None) -> tuple[Customer, ...]:
        """Customers registered under any of these normalised addresses."""
        found = [
            customer for key in dict.fromkeys(keys) for customer in self._by_key.get(key or "", ())
        ]
        return tuple(dict.fromkeys(found))
