"""A mail address as RFC 5322 3.4 names its pieces."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Address:
    """`local_part@domain` with the name a person would read. `domain` may be empty."""

    display_name: str
    local_part: str
    domain: str

    @property
    def addr_spec(self) -> str:
        """The bare address (RFC 5322 addr-spec), as it was written."""
        return f"{self.local_part}@{self.domain}" if self.domain else self.local_part

    @property
    def key(self) -> str:
        """The address for comparing: lower case throughout, without a dot at the end."""
        return self.addr_spec.lower().rstrip(".")
