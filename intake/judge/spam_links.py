"""Signals in the links of a mail: where they lead and what they pretend."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from intake.judge.addresses import domains_aligned, organisational_domain
from intake.judge.links import Link, find_links
from intake.judge.lookalikes import flatten, imitates_domain, is_domain_of
from intake.judge.patterns import once_per
from intake.judge.signals import Signal, SpamCase
from intake.judge.spam_sender import own_names
from intake.settings.rules import SpamRules

_ADDRESS_HOST = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\]|0x[0-9a-f]{8}|\d{8,10}")
_CHAT = ("t.me", "telegram.me", "wa.me", "api.whatsapp.com", "chat.whatsapp.com")
_ENCODED = re.compile(r"[A-Za-z0-9+_-]{16,400}={0,2}")
_HEXADECIMAL = re.compile(r"(?:[0-9a-f]{2}){12,200}")
_ADDRESS = re.compile(rb"^[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,63}\s*$")
_REDIRECT = re.compile(
    r"bing\.com/ck/a|google\.[a-z.]{2,6}/(?:url|amp)|doubleclick\.net|"
    r"[?&](?:url|u|redirect\w*|target|dest|goto|continue)=(?:https?(?::|%3a)|a1ahr0)"
)
# Mail systems wrap the links of wanted mail too.
_WRAPPERS = ("safelinks.protection.outlook.com", "urldefense.com", "urldefense.proofpoint.com")
_LONGEST_URL = 1_000
_SHORTEST_BRAND, _SURE_BRAND = 5, 7


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
    brand = _find_brand(case, link.host)
    if brand:
        why = f"A link carries the name of {brand} but leads elsewhere."
        yield Signal("link-brand-elsewhere", why, link.host)


def _find_brand(case: SpamCase, host: str) -> str | None:
    """The imitated brand whose name is a piece of `host`, or a long name inside one."""
    pieces = re.split(r"[.-]", host)
    for brand, name in _brand_names(case.rules.spam):
        sure = len(name) >= _SURE_BRAND and name in host
        if (sure or name in pieces) and not is_domain_of(host, brand):
            return brand
    return None


def _flatten_brands(rules: SpamRules) -> tuple[tuple[str, str], ...]:
    names = ((brand, flatten(brand)) for brand in rules.brands)
    return tuple((brand, name) for brand, name in names if len(name) >= _SHORTEST_BRAND)


_brand_names = once_per(_flatten_brands)


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
    if link.host and any(a in small or a.replace("@", "%40") in small for a in recipients):
        yield Signal("link-carries-address", "A link carries our address.", link.host)
    if link.host and _hides_address(link.url):
        yield Signal("link-hides-address", "A link carries an address in disguise.", link.host)
    if _REDIRECT.search(small) and not link.host.endswith(_WRAPPERS):
        yield Signal("link-redirect", "A link goes through another site to its target.", link.host)


def _hides_address(url: str) -> bool:
    """Whether a link holds a mail address written as base64 or hexadecimal."""
    rest = url.partition("://")[2][:_LONGEST_URL]
    return any(_ADDRESS.search(_decode(match.group())) for match in _ENCODED.finditer(rest))


def _decode(text: str) -> bytes:
    """What base64 (RFC 4648 4 and 5) or hexadecimal letters stand for, b"" where nothing."""
    try:
        if _HEXADECIMAL.fullmatch(text):
            return bytes.fromhex(text)
        bare = text.rstrip("=").replace("-", "+").replace("_", "/")
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _judge_all(case: SpamCase, links: tuple[Link, ...]) -> Iterator[Signal]:
    author = case.mail.author.domain if case.mail.author else ""
    hosts = {organisational_domain(link.host) for link in links if link.host}
    if len(hosts) == 1 and author and not domains_aligned(next(iter(hosts)), author):
        words = len(case.reading.text)
        if words < 3000 and case.mail.html is not None:
            why = "Its only link leads to another domain than the sender's."
            yield Signal("only-link-elsewhere", why, next(iter(hosts)))
    if case.mail.html and "<form" in case.mail.html[:200_000].lower():
        yield Signal("form-inside", "It holds a form to be filled in.")
