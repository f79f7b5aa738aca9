"""Reads triage_cases/*.txt: mails written by us, and what triage should make of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from intake.mail.parse import parse_mail
from intake.model import ParsedMail, Triage

FOLDER = Path(__file__).with_name("triage_cases")
# Found beside the point of a case; compared only where the case names some.
UNNAMED = ("network", "symbol", "date", "bank_transfer")


@dataclass(frozen=True, slots=True)
class TriageCase:
    """A mail as a customer would write it, with the judgement of a support agent."""

    name: str
    category: str
    priority: str
    missing: tuple[str, ...]
    identifiers: tuple[tuple[str, str], ...]
    mail: ParsedMail

    def differences(self, found: Triage) -> dict[str, tuple[object, object]]:
        """What came out otherwise: what -> (expected, found)."""
        named = {kind for kind, _ in self.identifiers}
        kinds = [i for i in found.identifiers if i.kind in named or i.kind not in UNNAMED]
        pairs: dict[str, tuple[object, object]] = {
            "category": (self.category, found.category),
            "priority": (self.priority, found.priority),
            "missing": (sorted(self.missing), sorted(found.missing)),
            "identifiers": (
                sorted(self.identifiers),
                sorted((i.kind, i.value) for i in kinds),
            ),
        }
        return {what: pair for what, pair in pairs.items() if pair[0] != pair[1]}


@lru_cache(maxsize=1)
def read_cases() -> tuple[TriageCase, ...]:
    """All cases, file by file; the mails are read as real ones, quotes and forwards included."""
    return tuple(case for path in sorted(FOLDER.glob("*.txt")) for case in _read(path))


def _read(path: Path) -> Iterator[TriageCase]:
    for text in path.read_text(encoding="utf-8").split("#### ")[1:]:
        head, _, rest = text.partition("\n")
        name, category, priority, missing = (piece.strip() for piece in head.split("|"))
        lines = rest.split("\n")
        found = []
        while lines[0].startswith("= "):
            kind, _, value = lines.pop(0)[2:].partition(": ")
            found.append((kind, value))
        yield TriageCase(
            f"{path.stem}/{name}",
            category,
            priority,
            tuple(missing.split()),
            tuple(found),
            _mail("\n".join(lines)),
        )


def _mail(text: str) -> ParsedMail:
    head = "From: Someone <someone@mail.example>\nTo: support@exchange.example\n"
    kind = 'Content-Type: text/plain; charset="utf-8"\nContent-Transfer-Encoding: 8bit\n'
    return parse_mail((head + kind + text).encode())
