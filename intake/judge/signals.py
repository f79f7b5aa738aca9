"""What the spam signals share: one observed sign, and the mail they look at."""

from __future__ import annotations

from dataclasses import dataclass

from intake.judge.authentication import Authentication
from intake.judge.reading import Reading
from intake.model import Automatic, Facts, ParsedMail, SenderVerdict
from intake.settings.rules import Rules

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Signal:
    """One observed sign; its weight is looked up by `code` in spam.toml."""

    code: str
    text: str
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class SpamCase:
    """A mail with all that the signals look at."""

    mail: ParsedMail
    reading: Reading
    facts: Facts
    rules: Rules
    sender: SenderVerdict
    automatic: Automatic
    authentication: Authentication

    @property
    def shown_name(self) -> str:
        """The author's display name, cut to what a reader would look at."""
        return self.mail.author.display_name[:_LONGEST_NAME] if self.mail.author else ""

    @property
    def own_domains(self) -> tuple[str, ...]:
        """The domains of the desk's official addresses."""
        domains = (a.rpartition("@")[2].lower() for a in self.rules.desk.addresses)
        return tuple(dict.fromkeys(domain for domain in domains if domain))

    @property
    def discussion(self) -> bool:
        """Whether it came through a mailing list to which people write (RFC 2369 3.4)."""
        return bool(self.mail.header("list-post") or self.mail.header("x-mailing-list"))
