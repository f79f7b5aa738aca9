"""The fields of a customer as people and programs give them: what can be taken, and why not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from intake.judge.addresses import domain_key, has_known_ending
from intake.model.facts import AddressState

# ISO 639-1, and those of three letters that people write mails in.
_CODES = """
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da
    de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz
    ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln
    lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi
    pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti
    tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    ceb cmn fil gsw hak haw hmn ilo mai nan pap tet wuu yue
"""
_LANGUAGES = frozenset(_CODES.split())
_TAG = re.compile(r"([A-Za-z]{2,3})(?:-([A-Za-z]{4}))?(?:-([A-Za-z]{2}|\d{3}))?")
_ZONE = re.compile(r"[A-Za-z0-9_+\-]+(/[A-Za-z0-9_+\-]+){0,2}")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
# RFC 5322 3.2.3 atext; RFC 6531 3.3 adds all beyond ASCII.
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\-]+|[^\x00-\x7f]+")
STATES: tuple[AddressState, ...] = ("registered", "confirmed", "bouncing", "blocked")
_FIRST_YEAR, _LAST_YEAR = 1970, 9990
_LONGEST = {"customer_id": 100, "name": 300, "tier": 100, "notes": 4000, "reason": 300}


class Fault(ValueError):
    """Why a value cannot be taken, in plain words."""


def parse_id(value: str) -> str:
    """A customer id. Raises Fault."""
    if not value:
        raise Fault("is missing")
    if value != value.strip():
        raise Fault("begins or ends with a blank")
    return parse_text("customer_id", value)


def parse_text(name: str, value: str) -> str:
    """A name, tier, note or reason; notes may have several lines. Raises Fault."""
    longest = _LONGEST[name]
    if len(value) > longest:
        raise Fault(f"is longer than {longest:,} characters")
    if value.isprintable():
        return value
    for character in value:
        if unicodedata.category(character) in ("Cc", "Cs") and not (
            name == "notes" and character in "\n\r\t"
        ):
            raise Fault(f"holds a character that is no text (U+{ord(character):04X})")
    return value


def parse_address(value: str) -> str:
    """One bare address (RFC 5322 3.4.1, RFC 6531). Raises Fault."""
    if not value:
        raise Fault("is missing")
    if any(mark in value for mark in "<>,;") or any(c.isspace() for c in value):
        raise Fault("is not one bare address such as name@example.org")
    local_part, at, domain = value.rpartition("@")
    if not at or not local_part or "@" in local_part:
        raise Fault("is not one bare address such as name@example.org")
    if len(local_part.encode("utf-8", "surrogatepass")) > 64:
        raise Fault("has more than 64 bytes before the @")
    atoms = "".join(_ATOM.findall(local_part))
    if atoms != local_part or local_part.startswith(".") or local_part.endswith("."):
        raise Fault("has before the @ what no address has there")
    if ".." in local_part:
        raise Fault("has two dots in a row before the @")
    parse_domain(domain)
    return parse_text("name", value)


def parse_domain(value: str) -> str:
    """A mail domain, normalised. Raises Fault."""
    found = domain_key(value.removeprefix("@"))
    labels = found.split(".")
    if len(found) > 253 or len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)):
        raise Fault(f"is no domain such as example.org: {value}" if value else "names no domain")
    if labels[-1].isdigit():
        raise Fault("is a number, not a domain")
    return found


def company_domain(public: frozenset[str]) -> Callable[[str], str]:
    """parse_domain for a company: one where anybody gets an address is a Fault."""

    def parse(value: str) -> str:
        domain = parse_domain(value)
        if domain in public:
            raise Fault("is a public mail provider; its users are strangers to each other")
        if "." not in domain or _is_suffix(domain):
            raise Fault("is an ending under which anybody registers domains")
        return domain

    return parse


def parse_language(value: str) -> str:
    """A language tag such as en, zh-Hans, pt-BR (RFC 5646), in its usual case. Raises Fault."""
    match = _TAG.fullmatch(value.replace("_", "-"))
    if match is None or match[1].lower() not in _LANGUAGES:
        raise Fault("is no language tag such as en, zh-Hans or pt-BR")
    script, region = match[2], match[3]
    return "-".join(
        filter(None, (match[1].lower(), script and script.title(), region and region.upper()))
    )


@lru_cache(maxsize=1024)
def _is_zone(value: str) -> bool:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def parse_timezone(value: str) -> str:
    """An IANA time zone. Raises Fault."""
    if not _ZONE.fullmatch(value) or not _is_zone(value):
        raise Fault("is no time zone such as Europe/Paris or UTC")
    return value


def parse_state(value: str) -> AddressState:
    """The state of an address. Raises Fault."""
    for state in STATES:
        if value.lower() == state:
            return state
    raise Fault(f"is none of {', '.join(STATES)}")


def parse_until(value: str) -> datetime:
    """A day or moment (ISO 8601), UTC where it names no zone. Raises Fault."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise Fault("is no date such as 2026-12-31") from None
    # Near the ends of the calendar a moment has no name in some time zones.
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise Fault(f"is not between {_FIRST_YEAR} and {_LAST_YEAR}")
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _is_suffix(domain: str) -> bool:
    # Under a public suffix that is known, something more must stand before it.
    return has_known_ending("x." + domain) and not has_known_ending(domain)


CUSTOMER_FIELDS: dict[str, Callable[[str], str]] = {
    "name": lambda value: parse_text("name", value),
    "language": parse_language,
    "timezone": parse_timezone,
    "tier": lambda value: parse_text("tier", value),
    "notes": lambda value: parse_text("notes", value),
}
"""How each field of a customer that holds text is parsed; each raises Fault."""
