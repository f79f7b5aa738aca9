"""The shape of the three rule files, and Rules: all that a decision may consult."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from intake.settings.schema import Desk, Identity, Reply, Section, Smtp, Threading


class Condition(Section):
    """Exactly one kind of test, or a group of them. `match` is a case-folded regular expression."""

    field: str | None = None
    match: str | None = None
    all: tuple[Condition, ...] = ()
    any: tuple[Condition, ...] = ()
    none: tuple[Condition, ...] = ()


class TriageRule(Section):
    """One named rule: when its conditions hold, it sets category and/or priority."""

    name: str
    text: str
    when: Condition
    category: str | None = None
    priority: Literal["low", "normal", "high", "urgent"] | None = None
    stop: bool = False
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()


class Category(Section):
    """A category and what a complete report in it carries (identifier kinds, `screenshot`).

    `template` is the reply template its mails get in place of the usual choice.
    """

    needs: tuple[str, ...] = ()
    answer_hours: float = 24
    template: str | None = None


class TriageRules(Section):
    """config/triage.toml."""

    default_category: str = "general"
    categories: dict[str, Category] = Field(default_factory=dict)
    rules: tuple[TriageRule, ...] = ()
    chaser_phrases: tuple[str, ...] = ()


class IdentifierRule(Section):
    """One kind of identifier. Group `value` (or all) of `match` is the value; `check` proves it.

    `distinguishes`: two mails that name different ones are about different matters.
    """

    kind: str
    match: str
    check: Literal["none", "luhn", "eip55", "base58check", "bech32", "iban"] = "none"
    fold: Literal["none", "lower", "upper"] = "none"
    distinguishes: bool = False
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()


class SecretRule(Section):
    """One kind of secret that should not have been mailed to us; the value is never kept.

    Group `value` (or all) of `match` is the secret. `unless` is matched against the whole value:
    words that are no secret ("my password is wrong"). `check` proves it, and may narrow it down.
    """

    kind: str
    match: str
    unless: str | None = None
    check: Literal[
        "none",
        "luhn",
        "iban",
        "base58check",
        "bip39",
        "bip39-signs",
        "chosen",
        "token",
        "base32",
        "digits",
    ] = "none"
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()


class IdentifierRules(Section):
    """config/identifiers.toml."""

    identifiers: tuple[IdentifierRule, ...] = ()
    secrets: tuple[SecretRule, ...] = ()


class PhraseSignal(Section):
    """Words that weigh for or against: `match` over subject and text."""

    code: str
    text: str
    match: str
    weight: float
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()


class SpamRules(Section):
    """config/spam.toml. Weights are log-odds by signal code; thresholds are probabilities.

    `own_names` are names of the company beside desk.name and the desk's domains; `brands` those of
    others that are often imitated. Signals in `phishing_codes` make spam phishing; those in
    `advertising_codes` add at most `advertising_limit` together.
    """

    unsure_from: Annotated[float, Field(gt=0, lt=1)] = 0.5
    spam_from: Annotated[float, Field(gt=0, lt=1)] = 0.9
    prior: float = -2.0
    weights: dict[str, float] = Field(default_factory=dict)
    phrases: tuple[PhraseSignal, ...] = ()
    own_names: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    phishing_codes: tuple[str, ...] = ()
    advertising_codes: tuple[str, ...] = ()
    advertising_limit: Annotated[float, Field(gt=0)] = 4.0
    risky_top_level_domains: tuple[str, ...] = ()
    free_hosting_domains: tuple[str, ...] = ()
    free_mail_domains: tuple[str, ...] = ()
    link_shorteners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TemplateSource:
    """One reply template as found on disk; `version` is a short hash of its content.

    `subject_line` and `text_line` are the lines of the file where subject and text stand.
    """

    language: str
    name: str
    path: str
    subject: str
    description: str
    text: str
    html: str | None
    version: str
    subject_line: int = 1
    text_line: int = 1

    @property
    def html_path(self) -> str:
        """The file that `html` came from, beside the text file."""
        return self.path.removesuffix(".txt") + ".html"


class Rules(Section):
    """All that `pipeline.decide` may consult beside the mail and the facts.

    `key` signs ticket numbers, Message-IDs and plus-addresses; empty means that no token is ever
    taken for ours (as in `explain`).
    """

    desk: Desk = Desk()
    identity: Identity = Identity()
    threading: Threading = Threading()
    reply: Reply = Reply()
    smtp: Smtp = Smtp()
    triage: TriageRules = TriageRules()
    identifiers: IdentifierRules = IdentifierRules()
    spam: SpamRules = SpamRules()
    templates: Mapping[tuple[str, str], TemplateSource] = Field(default_factory=dict)
    key: bytes = Field(default=b"", repr=False)
