"""Signals in the links of a mail: where they lead and what they pretend."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from intake.judge.addresses import domains_aligned, organisational_domain
from intake.judge.links import Link, find_links
from intake.judge.lookalikes import flatten, imitates_domain, is_domain_of
from intake.judge.signals import Signal, SpamCase
from intake.judge.spam_sender import own_names

_ADDRESS_HOST = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\]|0x[0-9a-f]{8}|\d{8,10}")
_CHAT = ("t.me", "telegram.me", "wa.me", "api.whatsapp.com", "chat.whatsapp.com")
_ENCODED = re.compile(r"[A-Za-z0-9+/_-]{12,200}={0,2}")
_SHORTEST_BRAND = 5


def find_link_signals(case: SpamCase) -> Iterator[Signal]:
    """All signals in the links of the mail."""
    links = find_links(case.reading.text, case.mail.html)
    for link in links:
        yield from _judge_pretence(case, link)
        yield from _judge_host(case, link)
        yield from _judge_target(case, link)
    yield from _judge_all(case, links)


def _judge_pretence(case: SpamCase, link: Link) -> Iterator[Signal]:
    if not link.host:
        return
    if link.shown_host and not domains_aligned(link.shown_host, link.host):
        why = f"A link shows {link.shown_host} but leads to {link.host}."
        yield Signal("link-text-mismatch", why, link.host)
        if any(domains_aligned(link.shown_host, own) for own in case.own_domains):
            why = f"A link to {link.host} poses as ours."
            yield Signal("link-poses-as-ours", why, link.host)
    imitated = imitates_domain(link.host, own_names(case), case.own_domains)
    if imitated:
        yield Signal("link-lookalike", f"A link leads to an imitation of {imitated}.", link.host)
    flat = flatten(link.host)
    for brand in case.rules.spam.brands:
        name = flatten(brand)
        if len(name) >= _SHORTEST_BRAND and name in flat and not is_domain_of(link.host, brand):
            why = f"A link carries the name of {brand} but leads elsewhere."
            yield Signal("link-brand-elsewhere", why, link.host)


def _judge_host(case: SpamCase, link: Link) -> Iterator[Signal]:
    host, rules = link.host, case.rules.spam
    if not host:
        return
    if _ADDRESS_HOST.fullmatch(host):
        yield Signal("link-to-number", "A link leads to a bare IP address.", host)
    if "xn--" in host or not host.isascii():
        yield Signal(
            "link-punycode", "A link leads to a domain with letters of other scripts.", host
        )
    if host in rules.link_shorteners or organisational_domain(host) in rules.link_shorteners:
        yield Signal("link-shortened", "A link hides its target behind a shortener.", host)
    if any(host == d or host.endswith(f".{d}") for d in rules.free_hosting_domains):
        yield Signal("link-free-hosting", "A link leads to free web space.", host)
    if host.rpartition(".")[2] in rules.risky_top_level_domains:
        yield Signal("link-risky-domain", "A link leads to a domain ending of much spam.", host)
    if host in _CHAT:
        yield Signal("link-to-chat", "It wants to go on in a private chat.", host)
    if host.count(".") >= 4:
        yield Signal("link-many-levels", "A link leads to an oddly long host name.", host)


def _judge_target(case: SpamCase, link: Link) -> Iterator[Signal]:
    small = link.url[:2000].lower()
    if small.startswith(("javascript:", "data:", "vbscript:")):
        yield Signal("link-script", "A link carries a script instead of an address.")
        return
    if "@" in re.split(r"[/?#]", small.partition("://")[2], maxsplit=1)[0]:
        yield Signal("link-userinfo", "A link hides its host behind an @.", link.host)
    recipients = [a.key for a in (*case.mail.to, *case.mail.delivered_to)[:5] if a.domain]
    recipients += [a.lower() for a in case.rules.desk.addresses]
    if link.host and any(_carries(small, link.url, address) for address in recipients):
        yield Signal("link-carries-address", "A link carries our address, as traps do.", link.host)


def _carries(small: str, url: str, address: str) -> bool:
    """Whether the address stands in the link, plain or as base64."""
    if address in small or address.replace("@", "%40") in small:
        return True
    for match in list(_ENCODED.finditer(url.partition("://")[2]))[:10]:
        text = match.group().rstrip("=").replace("-", "+").replace("_", "/")
        try:
            decoded = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
        except (binascii.Error, ValueError):
            continue
        if address.encode() in decoded.lower():
            return True
    return False


def _judge_all(case: SpamCase, links: tuple[Link, ...]) -> Iterator[Signal]:
    author = case.mail.author.domain if case.mail.author else ""
    hosts = {organisational_domain(link.host) for link in links if link.host}
    if len(hosts) == 1 and author and not domains_aligned(next(iter(hosts)), author):
        words = len(case.reading.text)
        if words < 1500 and case.mail.html is not None:
            why = "Its only link leads to another domain than the sender's."
            yield Signal("only-link-elsewhere", why, next(iter(hosts)))
    if case.mail.html and "<form" in case.mail.html[:200_000].lower():
        yield Signal("form-inside", "It holds a form to be filled in.")
