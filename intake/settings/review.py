"""The section about what is served over HTTP."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated

from pydantic import Field, IPvAnyNetwork, model_validator

from intake.settings.section import PositiveInt, Section

_LISTEN = r"^(?:(?:[\w.-]+|\[[0-9a-fA-F:.]+\]):\d{1,5})?$"


class Review(Section):
    """Where HTTP is served: `listen` is HOST:PORT, nothing for not at all.

    Tokens and customers cross the network, so that beyond this machine it wants TLS: a
    certificate and key (PEM files), or `trusted_proxies`, the networks of the proxies that bring
    it and whose X-Forwarded-For counts. `token_failures_per_minute` is for one client address.
    """

    listen: Annotated[str, Field(pattern=_LISTEN)] = ""
    tls_certificate: str = ""
    tls_key: str = ""
    trusted_proxies: tuple[IPvAnyNetwork, ...] = ()
    token_failures_per_minute: PositiveInt = 10

    @property
    def host(self) -> str:
        """Where to listen, without port and brackets."""
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The port to listen on; 0 for any that is free."""
        return int(self.listen.rpartition(":")[2])

    @model_validator(mode="after")
    def _whole(self) -> Review:
        if bool(self.tls_certificate) != bool(self.tls_key):
            raise ValueError("tls_certificate and tls_key go together")
        if self.listen and self.port > 65535:
            raise ValueError("listen names a port above 65535")
        if self.listen and not (self.tls_key or self.trusted_proxies or is_loopback(self.host)):
            raise ValueError(
                f"listen = {self.listen!r} is reached from the network: give tls_certificate and"
                " tls_key, or trusted_proxies where a proxy brings TLS"
            )
        return self


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches `host`."""
    if re.fullmatch(r"localhost", host, re.IGNORECASE):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
