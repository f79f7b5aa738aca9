"""Names and domains that are made to be taken for others."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from intake.judge.addresses import domain_key, organisational_domain
from intake.model.spelling import is_one_off

# Shortest name for which one wrong letter is no coincidence.
_SHORTEST_TYPO = 7
_SHORTEST_NAME = 5

# Letters of other scripts and figures that a reader takes for Latin ones (UTS 39 has them all;
# these are the ones seen in domains).
_LATIN = str.maketrans(
    "аеорсухіјѕԁԛԝһѵӏοραικτυε01345|ı$i",
    "aeopcyxljsdqwhvlopalktueoleasllsl",
)
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("ii", "u"))


@lru_cache(maxsize=4096)
def flatten(name: str) -> str:
    """`name` in small letters and digits only."""
    return "".join(c for c in unicodedata.normalize("NFKC", name).lower() if c.isalnum())


@lru_cache(maxsize=4096)
def skeleton(name: str) -> str:
    """What a hurried reader sees: marks off letters, look-alike letters made one."""
    plain = unicodedata.normalize("NFKD", name.lower())
    plain = "".join(c for c in plain if not unicodedata.combining(c)).translate(_LATIN)
    plain = "".join(c for c in plain if c.isalnum())
    for pair, letter in _PAIRS:
        plain = plain.replace(pair, letter)
    return plain


@lru_cache(maxsize=4096)
def shown_host(host: str) -> str:
    """`host` with punycode labels as a person sees them (RFC 5890 2.3.2.1)."""
    labels = []
    for label in host.lower().split("."):
        try:
            shown = label[4:].encode().decode("punycode") if label.startswith("xn--") else label
        except UnicodeError:
            shown = label
        labels.append(shown)
    return ".".join(labels)


@lru_cache(maxsize=4096)
def imitates_domain(host: str, names: tuple[str, ...], domains: tuple[str, ...]) -> str | None:
    """The name or domain that `host` is made to be taken for, None where it is its own or none.

    `names` are company names, `domains` theirs. Imitation is: the name inside a foreign host, the
    same to a hurried reader, or one letter off.
    """
    own = {organisational_domain(domain) for domain in domains}
    registered = organisational_domain(host)
    if not registered or registered in own:
        return None
    shown = skeleton(shown_host(host))
    first = skeleton(shown_host(registered).split(".", 1)[0])
    for name in (*domains, *names):
        wanted = skeleton(name)
        if len(wanted) >= _SHORTEST_NAME and wanted in shown:
            return name
    for domain in own:
        wanted = skeleton(domain.split(".", 1)[0])
        if len(wanted) >= _SHORTEST_TYPO and first != wanted and is_one_off(first, wanted):
            return domain
    return None


def is_domain_of(domain: str, brand: str) -> bool:
    """Whether `domain` may be the brand's own: its registered part carries the name."""
    return flatten(brand) in flatten(organisational_domain(domain_key(domain)))
