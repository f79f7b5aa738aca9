"""Checks DKIM signatures (RFC 6376), asking DNS for the keys. Needs the extra [dkim].

What cannot be asked in time is not said (temperror), never a failure. A signature that leaves
room for changes (RFC 6376 8.2: a body length; a subject not signed; RFC 8301: SHA-1) proves
nothing (policy).
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable

from intake.errors import ConfigError
from intake.model import MethodResult

try:
    import dkim
    import dns.exception
    import dns.nameserver
    import dns.resolver
except ImportError:
    dkim = None

# More signatures than mailing lists and providers add; a larger mail is not hashed again.
_MOST_SIGNATURES = 8
_MOST_BYTES = 20_000_000
_SMALLEST_KEY_BITS = 1024
_DNS_PORT = 53


class _NoAnswer(Exception):
    """DNS did not say in time whether there is a key."""


def require_dkim() -> None:
    """Raises ConfigError where the libraries of the extra [dkim] are not installed."""
    if dkim is None:
        raise ConfigError(
            "identity.verify_dkim needs dkimpy and dnspython: install intake-desk[dkim]"
        )


def check_dkim(
    raw: bytes, author_domain: str, *, servers: tuple[str, ...], seconds: float
) -> tuple[MethodResult, ...]:
    """The result of each signature that may speak for `author_domain` (lower case, ASCII).

    `servers` are DNS servers, "address" or "address:port"; none means the system's. All look-ups
    together end after `seconds`. Nothing is raised, whatever the mail holds.
    """
    require_dkim()
    if len(raw) > _MOST_BYTES:
        return ()
    look_up = _asker(servers, time.monotonic() + seconds)
    found: list[MethodResult] = []
    for number in range(_MOST_SIGNATURES):
        signature = _read_signature(raw, number)
        if signature is None:
            break
        if _may_speak_for(_text(signature.domain or b""), author_domain):
            found.append(_check(signature, number, look_up))
    return tuple(found)


def _read_signature(raw: bytes, number: int) -> dkim.DKIM | None:
    """The mail's signature of that number from the top, without domain if it is malformed."""
    signature = dkim.DKIM(minkey=_SMALLEST_KEY_BITS)
    try:
        signature.set_message(raw)
        return signature if signature.verify_headerprep(number) else None
    except Exception:
        # The library has more ways to fail on a hostile mail than it documents.
        signature.domain = None
        return signature


def _check(signature: dkim.DKIM, number: int, look_up: Callable[..., bytes | None]) -> MethodResult:
    fields = signature.signature_fields
    properties = tuple(
        (name, _text(fields[tag]))
        for name, tag in (("header.d", b"d"), ("header.i", b"i"), ("header.s", b"s"))
        if tag in fields
    )
    subject = any(name.lower() == b"subject" for name, _ in signature.headers)
    loose = b"l" in fields or fields[b"a"] == b"rsa-sha1"
    if loose or (subject and b"subject" not in signature.include_headers):
        return MethodResult("dkim", "policy", properties)
    try:
        good = signature.verify(number, dnsfunc=look_up)
    except _NoAnswer:
        return MethodResult("dkim", "temperror", properties)
    except Exception:
        return MethodResult("dkim", "permerror", properties)
    return MethodResult("dkim", "pass" if good else "fail", properties)


def _may_speak_for(signer: str, author_domain: str) -> bool:
    """Only an aligned signature counts later, so that no others need to be looked up."""
    one, other = f".{signer.lower().rstrip('.')}", f".{author_domain}"
    return one.endswith(other) or other.endswith(one)


def _asker(servers: tuple[str, ...], deadline: float) -> Callable[..., bytes | None]:
    def look_up(name: bytes, timeout: float = 0) -> bytes | None:
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise _NoAnswer
        try:
            answer = _resolver(servers).resolve(name.decode("ascii"), "TXT", lifetime=remaining)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return None
        except (dns.exception.DNSException, OSError, ValueError) as error:
            raise _NoAnswer from error
        return b"".join(answer[0].strings)

    return look_up


def _resolver(servers: tuple[str, ...]) -> dns.resolver.Resolver:
    resolver = dns.resolver.Resolver(configure=not servers)
    if servers:
        resolver.nameservers = [_server(text) for text in servers]
    return resolver


def _server(text: str) -> dns.nameserver.Nameserver:
    try:
        return dns.nameserver.Do53Nameserver(str(ipaddress.ip_address(text)), _DNS_PORT)
    except ValueError:
        address, _, port = text.rpartition(":")
        return dns.nameserver.Do53Nameserver(address.strip("[]"), int(port))


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace").strip()
