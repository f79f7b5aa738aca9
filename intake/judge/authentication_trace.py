"""How far down a mail's header was written by the servers that the operator trusts.

Each server writes above what it got (RFC 5321 4.4), so from the top down to the line with which
our border server took the mail from a stranger everything is ours; below it, everything may be
the sender's, whatever names stand in it.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from intake.judge.addresses import domain_key, organisational_domain
from intake.model import ParsedMail
from intake.settings.people import Identity

_BY = re.compile(r"(?:^|\s)by\s+(\S+)", re.IGNORECASE)
# RFC 2033: a step between servers of one house, whatever the first of them calls itself.
_LMTP = re.compile(r"\swith\s+U?LMTP", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]*\)")
_BREAK = re.compile(r"[\s()\[\],;=]+")
# "using TLSv1.3 with cipher ...": Postfix tells it between the two halves.
_TLS = re.compile(r"(?:tls|ssl)v?\d(?:[._]\d)?", re.IGNORECASE)
_LONGEST = 1000
# RFC 1918, RFC 3927, RFC 4193, RFC 4291.
_PRIVATE = tuple(
    ipaddress.ip_network(net)
    for net in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16")
) + tuple(ipaddress.ip_network(net) for net in ("fc00::/7", "fe80::/10"))
_IP = ipaddress.IPv4Address | ipaddress.IPv6Address
# RFC 6762, RFC 8375, RFC 9476 and habit: names that only mean something inside a house.
_INNER_ENDINGS = (".internal", ".local", ".localdomain", ".lan", ".intra", ".home.arpa", ".alt")


@dataclass(frozen=True, slots=True)
class Trace:
    """Lines of ParsedMail.headers. `end`: the first one that may be the sender's.

    `border` is the line with which our server `host` took the mail in. It is None where no such
    line is seen; `host` is then the stranger who wrote the line at `end`, "" where none did.
    """

    end: int
    border: int | None = None
    host: str = ""


def find_trace(mail: ParsedMail, identity: Identity) -> Trace:
    """Read the Received lines from the top until one that a stranger handed in or wrote."""
    unnamed = _houses(identity.unnamed_results_from)
    ours = _houses(identity.trusted_authserv_ids) | unnamed
    for line, (name, value) in enumerate(mail.headers):
        if name != "received":
            continue
        hop = value[:_LONGEST]
        bare = _without_comments(hop)
        by = _BY.search(bare)
        host = by[1].strip("[];,").lower() if by else ""
        if not _is_inside(host, ours):
            return Trace(line, None, host)
        if _comes_from_outside(hop, bare, ours, unnamed):
            return Trace(line, line, host)
    return Trace(len(mail.headers))


def _houses(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(organisational_domain(name.removeprefix("*.")) for name in names)


def _without_comments(text: str) -> str:
    """`text` without comments; RFC 5322 3.2.2 lets them nest, nobody does so deeply."""
    for _ in range(4):
        shorter = _COMMENT.sub(" ", text)
        if shorter == text:
            break
        text = shorter
    return text


def _is_inside(host: str, ours: frozenset[str]) -> bool:
    """Whether `host` is one of ours, or a name or address without meaning outside a house."""
    if "." not in host or ":" in host or host.replace(".", "").isdigit():
        return True
    key = domain_key(host)
    return key.endswith(_INNER_ENDINGS) or organisational_domain(key) in ours


def _comes_from_outside(hop: str, bare: str, ours: frozenset[str], unnamed: frozenset[str]) -> bool:
    """Whether a Received line of ours says that a stranger handed the mail in; in doubt it does.

    Before " by " stand what the other side called itself, and what our server saw of it: its
    address, and the name of that address. What it calls itself is the stranger's choice.
    """
    if not bare.lstrip().lower().startswith("from ") or _LMTP.search(bare):
        return False
    addresses, names = _read_origin(hop[: hop.lower().find(" by ")])
    if not all(_is_inside(name, ours) for name in names):
        return True
    if not addresses:
        return True
    if all(address.is_loopback for address in addresses):
        return False
    if "unknown" in names:
        return True
    if all(_is_private(address) for address in addresses):
        return False
    stated = [name for name in names if "." in name]
    # Microsoft's servers state no second name; they write a result on every mail.
    return len(stated) < 2 and not (stated and _is_inside(stated[0], unnamed))


def _is_private(address: _IP) -> bool:
    return address.is_loopback or any(address in net for net in _PRIVATE)


def _read_origin(text: str) -> tuple[list[_IP], list[str]]:
    """The addresses and the names in the first half of a Received line."""
    addresses: list[_IP] = []
    names: list[str] = []
    for word in _BREAK.split(text)[1:]:
        try:
            addresses.append(ipaddress.ip_address(word.removeprefix("IPv6:").rstrip(".")))
        except ValueError:
            if not _TLS.fullmatch(word):
                names.append(word.lower())
    return addresses, names
