"""What addresses look like to a hurried reader, and which registered ones an author imitates.

Made alike for registered addresses (`Looks`, kept in indexes) and for authors (`Imitation`), in
intake.judge.looks. A database finds candidates by equality; `choose_lookalikes` has the last word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from intake.model.facts import Customer
from intake.model.spelling import is_one_off

MOST_LOOKALIKES = 5
# A name or local part that more customers have is nobody's in particular.
_RARE = 2


@dataclass(frozen=True, slots=True)
class Looks:
    """A registered address, or a whole domain (`local` empty), with look-alike letters made one.

    `label` is the name that the domain's owner chose ("posteo" of mail.posteo.example), `name` the
    customer's, its words in a fixed order. `near` are three marks, of which at least one stays the
    same where one letter of the local part is added, left out or changed; none for short ones.
    """

    local: str
    label: str
    name: str = ""
    near: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelLooks:
    """A label with two marks, one of which stays the same where one letter of it is changed."""

    label: str
    head: str
    tail: str


@dataclass(frozen=True, slots=True)
class Imitation:
    """What to look an author's address up by to find those it may be taken for.

    `locals` and `labels` hold the author's own first, then others that count as the same.
    `heads`, `tails` and `near` are the marks that one-letter neighbours may have. `public` is the
    author's domain where anybody gets an address there; `by_local` and `by_name` say that the
    local part or name is telling by itself.
    """

    key: str
    locals: tuple[str, ...]
    labels: tuple[str, ...]
    name: str
    near: tuple[int, ...] = ()
    heads: tuple[str, ...] = ()
    tails: tuple[str, ...] = ()
    public: str | None = None
    by_local: bool = False
    by_name: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A registered address (or domain) that an index brought up. `key` is its normalised form."""

    customer: Customer
    key: str
    looks: Looks


def near_labels(author: Imitation, labels: Iterable[str]) -> tuple[str, ...]:
    """Those of `labels` that are one letter off the author's own."""
    return tuple(sorted({label for label in labels if is_one_off(label, author.labels[0])}))


def choose_lookalikes(
    author: Imitation, near: tuple[str, ...], candidates: Iterable[Candidate]
) -> tuple[Customer, ...]:
    """At most 5 customers, one entry each, the most telling first. `near` as from near_labels."""
    others = [candidate for candidate in candidates if candidate.key != author.key]
    rare_local = _is_rare(c.customer for c in others if c.looks.local == author.locals[0])
    rare_name = _is_rare(c.customer for c in others if c.looks.name == author.name)
    best: dict[str, tuple[int, str, Customer]] = {}
    for candidate in others:
        ranks = _ranks(author, near, candidate, rare_local=rare_local, rare_name=rare_name)
        if (rank := min(ranks, default=None)) is not None:
            entry = (rank, candidate.key, candidate.customer)
            who = candidate.customer.customer_id
            best[who] = min(best.get(who, entry), entry, key=lambda found: found[:2])
    ordered = sorted(best.values(), key=lambda found: (*found[:2], found[2].customer_id))
    return tuple(customer for _, _, customer in ordered[:MOST_LOOKALIKES])


def _ranks(
    author: Imitation,
    near: tuple[str, ...],
    candidate: Candidate,
    *,
    rare_local: bool,
    rare_name: bool,
) -> Iterator[int]:
    looks = candidate.looks
    same_place = author.public is None or candidate.key.endswith("@" + author.public)
    same_name = bool(author.name) and looks.name == author.name
    if looks.local in author.locals or not looks.local:
        if looks.label in author.labels and same_place:
            yield 0
        if looks.label in near:
            yield 1
    if not looks.local:
        return
    if candidate.key.rpartition("@")[2] == author.key.rpartition("@")[2] and _is_neighbour(
        author, looks, same_name=same_name
    ):
        yield 2
    if author.by_local and rare_local and looks.local == author.locals[0]:
        yield 3 if same_name else 4
    if author.by_name and rare_name and same_name:
        yield 5


def _is_neighbour(author: Imitation, looks: Looks, *, same_name: bool) -> bool:
    if not looks.near or not is_one_off(looks.local, author.locals[0]):
        return False
    # Where anybody gets an address, neighbours by chance are many: their names tell them apart.
    return author.public is None or same_name or not (author.name and looks.name)


def _is_rare(customers: Iterable[Customer]) -> bool:
    return len({customer.customer_id for customer in customers}) <= _RARE
