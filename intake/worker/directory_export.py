"""The directory as lines: what `intake customers export` prints and `import` takes again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from intake.store.directory import AddressView, CustomerView
from intake.worker.directory_file import OPTIONAL, REQUIRED

COLUMNS = (*REQUIRED, *OPTIONAL)


def as_rows(customers: Iterable[CustomerView]) -> Iterator[dict[str, str]]:
    """A row of COLUMNS for each address and each domain.

    A customer without either is left out: a list has no line for one.
    """
    for customer in customers:
        about = {
            "customer_id": customer.customer_id,
            "name": customer.name,
            "language": customer.language or "",
            "timezone": customer.timezone or "",
            "tier": customer.tier or "",
            "notes": customer.notes,
        }
        for address in customer.addresses:
            yield {**_EMPTY, **about, **_address(address)}
        for domain in customer.domains:
            yield {**_EMPTY, **about, "domain": domain}


_EMPTY = dict.fromkeys(COLUMNS, "")


def _address(address: AddressView) -> dict[str, str]:
    return {
        "email": address.address,
        "state": address.state,
        "reason": address.reason,
        "until": address.until.isoformat() if address.until else "",
    }
