"""The sections about who writes: whose word proves it, what claims may do, who is registered."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from intake.settings.section import PositiveFloat, SecretSource, Section

# "192.0.2.53", "192.0.2.53:5353", "2001:db8::53", "[2001:db8::53]:5353".
DNS_SERVER = (
    r"^(?:\d+(?:\.\d+){3}(?::\d{1,5})?|[0-9a-fA-F]*:[0-9a-fA-F:.]+|\[[0-9a-fA-F:.]+\]:\d{1,5})$"
)


class Identity(Section):
    """Whose word counts about who a sender is (RFC 8601, RFC 8617).

    `*.example` among `trusted_authserv_ids` stands for every host of example.
    `results_below_received` are those of them that write their results below their own Received
    line, on every mail. `unnamed_results_from` are the domains of servers that write results
    without an authserv-id (Microsoft 365: outlook.com, office365.com).
    """

    trusted_authserv_ids: tuple[str, ...] = ()
    results_below_received: tuple[str, ...] = ("mx.google.com", "mx.qq.com")
    unnamed_results_from: tuple[str, ...] = ()
    trusted_arc_sealers: tuple[str, ...] = ()
    verify_dkim: bool = False
    dns_servers: tuple[Annotated[str, Field(pattern=DNS_SERVER)], ...] = ()
    dns_seconds: PositiveFloat = 5
    ignore_dots_domains: tuple[str, ...] = ("gmail.com", "googlemail.com")
    plus_tag_domains: tuple[str, ...] = (
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "icloud.com",
        "proton.me",
        "protonmail.com",
        "fastmail.com",
    )


class Claimed(Section):
    """What may happen on the word of a sender who uses a registered address without proof."""

    name_in_acknowledgement: bool = False
    reveal_registered: bool = False
    join_by_number: bool = False
    join_by_subject: bool = True
    reopen_closed: bool = False

    @model_validator(mode="after")
    def _name_reveals(self) -> Claimed:
        if self.name_in_acknowledgement and not self.reveal_registered:
            raise ValueError("name_in_acknowledgement reveals: set reveal_registered = true too")
        return self


class Directory(Section):
    """Who the customers are: Intake's own directory, or a table of the company (`sql`).

    `view` has the columns customer_id, name, email and, if wanted, language, timezone, tier, notes,
    state, domain. In place of it, `query` selects the same by :address (normalised) or :written
    (lower case), and `domain_query` by :domain.
    """

    source: Literal["own", "sql"] = "own"
    url: str = ""
    password: SecretSource | None = None
    view: Annotated[str, Field(pattern=r"^([A-Za-z_]\w*(\.[A-Za-z_]\w*)?)?$")] = ""
    query: str = ""
    domain_query: str = ""
    timeout_seconds: PositiveFloat = 2

    @field_validator("url")
    @classmethod
    def _no_password(cls, value: str) -> str:
        if re.match(r"[^:]+://[^/@]*:[^/@]*@", value):
            raise ValueError("a password never stands in the URL; give directory.password")
        if value and not re.match(r"(sqlite|postgres(ql)?)(\+\w+)?://", value):
            raise ValueError("expected sqlite:///FILE or postgresql://USER@HOST/DATABASE")
        return value

    @model_validator(mode="after")
    def _whole(self) -> Directory:
        if self.source == "sql" and not self.url:
            raise ValueError('source = "sql" needs url')
        if self.source == "sql" and bool(self.view) == bool(self.query):
            raise ValueError('source = "sql" needs either view or query')
        if self.query and ":address" not in self.query and ":written" not in self.query:
            raise ValueError("query must look up by :address or :written")
        if self.domain_query and ":domain" not in self.domain_query:
            raise ValueError("domain_query must look up by :domain")
        return self
