"""All that the answering room may look at when it decides about one mail."""

from __future__ import annotations

from dataclasses import dataclass

from intake.model import (
    Automatic,
    Facts,
    Keys,
    ParsedMail,
    SenderVerdict,
    SpamVerdict,
    ThreadVerdict,
    Triage,
)
from intake.settings.rules import Rules


@dataclass(frozen=True, slots=True)
class Case:
    """One mail, what we knew, our rules, and what the judges made of it."""

    mail: ParsedMail
    keys: Keys
    facts: Facts
    rules: Rules
    automatic: Automatic
    spam: SpamVerdict
    sender: SenderVerdict
    thread: ThreadVerdict
    triage: Triage

    @property
    def verified(self) -> bool:
        """Whether we know that the registered customer wrote this mail."""
        return self.sender.match == "verified" and self.sender.customer is not None

    @property
    def revealed(self) -> bool:
        """Whether a claimed customer's answer may tell that the address is registered."""
        return self.sender.match == "claimed" and self.rules.claimed.reveal_registered

    @property
    def may_name(self) -> bool:
        """Whether the answer may hold the customer's name."""
        named = self.revealed and self.rules.claimed.name_in_acknowledgement
        return self.verified or named

    @property
    def may_quote(self) -> bool:
        """Whether the answer may repeat anything of the mail, even its subject.

        Only towards a verified customer, and not if the mail may be spam: an answer to a forged
        sender that repeats the forger's words would make us deliver them.
        """
        return self.verified and self.spam.verdict == "ham"

    @property
    def desk_address(self) -> str:
        """The address our automatic mail comes from."""
        return self.rules.smtp.from_address or self.rules.desk.addresses[0]
