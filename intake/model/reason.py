"""Why something was decided, in words a support agent understands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule and what came of it.

    `code` is kebab-case, the noun of the evidence (`dmarc-fail`). `weight` is in the unit of the
    stage (log-odds for spam), None where it does not add up. `evidence` is the header or the
    words it rests on. `fired` is False for a rule that was looked at and did not apply, kept
    where staff would ask "why not?".
    """

    code: str
    text: str
    weight: float | None = None
    evidence: str | None = None
    fired: bool = True
