"""The customers of a file, looked up in memory: for `explain --customers`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from intake.judge.looks import looks_of
from intake.model import Customer, DirectoryFacts, Keys
from intake.model.looks import Candidate, Imitation, choose_lookalikes, near_labels
from intake.settings.rules import Rules
from intake.store.staging import CustomerLine
from intake.worker.directory_file import read_customer_lines


class CustomerList:
    """Finds what the store would find (intake.store.facts), from lines already read."""

    def __init__(self) -> None:
        self._by_key: dict[str, list[Customer]] = defaultdict(list)
        self._by_domain: dict[str, list[Customer]] = defaultdict(list)
        self._by_label: dict[str, list[Candidate]] = defaultdict(list)
        self._by_local: dict[str, list[Candidate]] = defaultdict(list)
        self._by_name: dict[str, list[Candidate]] = defaultdict(list)
        self._by_mark: dict[int, list[Candidate]] = defaultdict(list)

    def add(self, entry: CustomerLine) -> None:
        """One line; one that names a customer's address again changes nothing."""
        name = entry.fields.get("name") or ""
        language, tier = entry.fields.get("language"), entry.fields.get("tier")
        zone, notes = entry.fields.get("timezone"), entry.fields.get("notes") or ""
        if (address := entry.address) is not None:
            known = self._by_key[address.key]
            if all(customer.customer_id != entry.customer_id for customer in known):
                state = address.state or "registered"
                found = Customer(
                    entry.customer_id, name, address.address, language, tier, state, zone, notes
                )
                known.append(found)
                self._remember(Candidate(found, address.key, looks_of(address.key, name)))
        if entry.domain is not None:
            at = f"@{entry.domain}"
            company = Customer(
                entry.customer_id, name, at, language, tier, "registered", zone, notes, True
            )
            self._by_domain[entry.domain].append(company)
            self._remember(Candidate(company, at, looks_of(at, "")))

    def _remember(self, candidate: Candidate) -> None:
        looks = candidate.looks
        self._by_label[looks.label].append(candidate)
        if looks.local:
            self._by_local[looks.local].append(candidate)
            self._by_name[looks.name].append(candidate)
        for mark in looks.near:
            self._by_mark[mark].append(candidate)

    def find(self, keys: Keys) -> DirectoryFacts:
        """Customers of the mail's addresses, else of its domain; else those it may imitate."""
        wanted = filter(None, (keys.author, keys.reply_address, keys.bounced_recipient))
        customers = tuple(
            dict.fromkeys(
                customer for key in sorted(set(wanted)) for customer in self._by_key.get(key, ())
            )
        )
        if self._by_key.get(keys.author or ""):
            return DirectoryFacts(customers)
        for domain in keys.author_domains:
            if domain in self._by_domain:
                return DirectoryFacts(customers + tuple(self._by_domain[domain]))
        if keys.imitation is None:
            return DirectoryFacts(customers)
        near = near_labels(keys.imitation, self._by_label) if keys.imitation.heads else ()
        found = choose_lookalikes(keys.imitation, near, self._candidates(keys.imitation, near))
        return DirectoryFacts(customers, found)

    def _candidates(self, author: Imitation, near: tuple[str, ...]) -> Iterator[Candidate]:
        labels = {*author.labels, *near}
        seen: set[tuple[str, str]] = set()
        lists: Iterable[list[Candidate]] = (
            *(self._by_local.get(local, []) for local in author.locals),
            *(
                [c for c in self._by_label.get(label, ()) if not c.looks.local]
                for label in sorted(labels)
            ),
            *(self._by_mark.get(mark, []) for mark in author.near),
            self._by_name.get(author.name, []) if author.by_name else [],
        )
        for candidate in (one for some in lists for one in some):
            identity = (candidate.customer.customer_id, candidate.key)
            if identity not in seen:
                seen.add(identity)
                yield candidate


def read_customers(file: Path, rules: Rules) -> tuple[CustomerList, list[str]]:
    """The customers of a file, and a line for each line of it that could not be taken.

    Raises UnreadableList.
    """
    found, problems = CustomerList(), []
    for taken in read_customer_lines(file, rules):
        if taken.entry is not None:
            found.add(taken.entry)
        for problem in taken.problems:
            where = f"{file}, line {problem.line}: {problem.field}"
            problems.append(f"{where} {problem.text}")
    return found, problems
