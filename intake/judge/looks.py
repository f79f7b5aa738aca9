"""The marks by which look-alikes of registered addresses are found; see intake.model.looks."""

from __future__ import annotations

import re
from hashlib import blake2b

from intake.judge.addresses import address_key, domain_key, organisational_domain
from intake.judge.lookalikes import shown_host, skeleton
from intake.model import Address
from intake.model.looks import Imitation, LabelLooks, Looks
from intake.settings.people import Identity
from intake.settings.rules import Rules

# Shorter words are one letter off each other by chance.
_SHORTEST_LABEL = 5
_SHORTEST_LOCAL = 6
_TELLING_AT_PROVIDER = 8
_SHORTEST_NAME = 7
_LONGEST = 64
_MOST_TOKENS = 6
_MOST_DOMAINS = 4
_ROLE_WORDS = (
    "accounting accounts admin administrator billing compliance contact customer "
    "customerservice enquiries finance helpdesk hello hostmaster information invoice "
    "mailbox marketing noreply office operations payments postmaster reception security "
    "service services support treasury webmaster"
)
_ROLES = frozenset(skeleton(word) for word in _ROLE_WORDS.split())


def looks_of(key: str, name: str) -> Looks:
    """Of a registered address in its normalised form, `local@domain` or `@domain`."""
    local_part, _, domain = key.rpartition("@")
    local = skeleton(local_part[:_LONGEST])
    near = _marks(local, domain) if _may_be_neighbour(local_part, local) else ()
    return Looks(local, label_of(domain), name_look(name), near)


def label_looks(label: str) -> LabelLooks | None:
    """The marks of a label; None for one so short that neighbours are coincidence."""
    if len(label) < _SHORTEST_LABEL:
        return None
    half = len(label) // 2
    return LabelLooks(label, f"{len(label)}:{label[:half]}", f"{len(label)}:{label[half:]}")


def imitation_of(author: Address, rules: Rules) -> Imitation | None:
    """What to look up about an author; None for one without a usable address."""
    key = address_key(author.addr_spec, rules.identity)
    local_part, at, domain = key.rpartition("@")
    local, label = skeleton(local_part[:_LONGEST]), label_of(domain)
    if not at or not local or not label:
        return None
    name = name_look(author.display_name)
    public = is_public(domain, rules)
    heads, tails = _label_neighbours(label) if not public else ((), ())
    return Imitation(
        key=key,
        locals=(local, *(_swapped_at_marks(local) if _may_be_neighbour(local_part, local) else ())),
        labels=(label,) if public else tuple(dict.fromkeys((label, *_tokens(domain)))),
        name=name,
        near=_neighbours(local, domain) if not local_part.isdigit() else (),
        heads=heads,
        tails=tails,
        public=domain if public else None,
        by_local=_is_telling(local, local_part, public=public),
        by_name=len(name) >= _SHORTEST_NAME or (len(name) > 1 and not name.isascii()),
    )


def company_domains(author: Address, rules: Rules) -> tuple[str, ...]:
    """The author's domain and those above it, down to the registered one; none where public."""
    domain = domain_key(author.domain)
    if not domain or is_public(domain, rules):
        return ()
    registered = organisational_domain(domain)
    found = [domain]
    while domain != registered and "." in domain and len(found) < _MOST_DOMAINS - 1:
        domain = domain.partition(".")[2]
        found.append(domain)
    return tuple(dict.fromkeys((*found, registered)))


def is_public(domain: str, rules: Rules) -> bool:
    """Whether anybody gets an address there: its owner vouches for nobody."""
    return domain in public_domains(rules.spam.free_mail_domains, rules.identity)


def public_domains(free_mail: tuple[str, ...], identity: Identity) -> frozenset[str]:
    """All the domains of which the configuration says that anybody gets an address there."""
    return frozenset({*free_mail, *identity.plus_tag_domains, *identity.ignore_dots_domains})


def label_of(domain: str) -> str:
    """The name that the domain's owner chose, as it looks; "" for none."""
    if not domain or domain.startswith("["):
        return ""
    return skeleton(shown_host(organisational_domain(domain)).split(".", 1)[0][:_LONGEST])


def name_look(name: str) -> str:
    """A person's name as it looks; "Moreau, Alice" and "Alice Moreau" are one."""
    return " ".join(sorted(filter(None, (skeleton(word) for word in name[:200].split()))))


def _may_be_neighbour(local_part: str, local: str) -> bool:
    # Numbers as local parts (QQ) fill their space: each has neighbours.
    return len(local) >= _SHORTEST_LOCAL and not local_part.isdigit()


def _marks(local: str, domain: str) -> tuple[int, int, int]:
    """First and second, second and third, first and third third, with the length."""
    size = len(local)
    one, two = size // 3, size * 2 // 3
    return (
        _number(domain, size, 0, local[:two]),
        _number(domain, size, 1, local[one:]),
        _number(domain, size, 2, local[:one], local[two:]),
    )


def _neighbours(local: str, domain: str) -> tuple[int, ...]:
    """Every mark that a local part one letter off may have; see _marks."""
    found: list[int] = []
    for size in range(max(len(local) - 1, _SHORTEST_LOCAL), len(local) + 2):
        one, two = size // 3, size * 2 // 3
        found += (
            _number(domain, size, 0, local[:two]),
            _number(domain, size, 1, local[len(local) - size + one :]),
            _number(domain, size, 2, local[:one], local[len(local) - size + two :]),
        )
    return tuple(found)


def _swapped_at_marks(local: str) -> tuple[str, ...]:
    """Two letters swapped across the border of two thirds leave no two of them as they were."""
    borders = (len(local) // 3, len(local) * 2 // 3)
    swapped = (
        local[: at - 1] + local[at] + local[at - 1] + local[at + 1 :]
        for at in borders
        if local[at] != local[at - 1]
    )
    return tuple(dict.fromkeys(swapped))


def _label_neighbours(label: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    sizes = range(max(len(label) - 1, _SHORTEST_LABEL), len(label) + 2)
    heads = tuple(f"{size}:{label[: size // 2]}" for size in sizes)
    tails = tuple(f"{size}:{label[len(label) - size + size // 2 :]}" for size in sizes)
    return heads, tails


def _tokens(domain: str) -> list[str]:
    """Words of a host that may be somebody else's name, as in posteo-mail.example."""
    host = shown_host(domain[:253])
    suffix = shown_host(organisational_domain(domain)).partition(".")[2]
    words = (skeleton(word) for word in re.split(r"[-.]", host.removesuffix(suffix)))
    return [word for word in words if len(word) >= _SHORTEST_LABEL][:_MOST_TOKENS]


def _is_telling(local: str, local_part: str, *, public: bool) -> bool:
    """Whether nobody comes upon this local part by chance."""
    if len(local) < _SHORTEST_LOCAL or local in _ROLES:
        return False
    digits = sum(c.isdigit() for c in local_part)
    if not public:
        return not local_part.isdigit() or len(local) >= _TELLING_AT_PROVIDER
    # john.smith@outlook.com is not john.smith@gmail.com, darkwolf1987 most likely is.
    return len(local) >= _TELLING_AT_PROVIDER and digits > 1


def _number(*pieces: object) -> int:
    """A signed 64-bit number for an index."""
    data = "\0".join(str(piece) for piece in pieces).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big", signed=True)
