"""The shape of the three rule files, and Rules: all that a decision may consult."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, model_validator

from intake.settings.people import Claimed, Identity
from intake.settings.schema import Desk, Reply, Smtp, Threading
from intake.settings.section import Section

Priority = Literal["low", "normal", "high", "urgent"]
Share = Annotated[float, Field(gt=0, lt=1)]


class Condition(Section):
    """A test of one field, or a group of them; all that is stated must hold.

    `match` is a case-folded regular expression; `at_least` and `below` are for fields that count.
    """

    field: str | None = None
    match: str | None = None
    at_least: float | None = None
    below: float | None = None
    all: tuple[Condition, ...] = ()
    any: tuple[Condition, ...] = ()
    none: tuple[Condition, ...] = ()


class TriageRule(Section):
    """One named rule: when its conditions hold, it sets category, priority and tags."""

    name: str
    text: str
    when: Condition
    category: str | None = None
    priority: Priority | None = None
    tags: tuple[str, ...] = ()
    stop: bool = False
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()


class Category(Section):
    """A category and what a complete report in it carries (identifier kinds, `screenshot`).

    A need may name alternatives, "tx_hash|address": the first is asked for where all are lacking.
    `priority` is that of its mails where no rule names a higher one. `template` is the reply
    template its mails get in place of the usual choice.
    """

    needs: tuple[str, ...] = ()
    priority: Priority | None = None
    answer_hours: float = 24
    template: str | None = None


class TriageRules(Section):
    """config/triage.toml.

    The category model is believed from the probability `model_threshold` on; a guess at an urgent
    category makes the priority high from `model_attention` on. The words of `model_ignored` (a
    regular expression) do not count for it.
    """

    default_category: str = "general"
    model_threshold: Share = 0.7
    model_attention: Share = 0.5
    model_ignored: str | None = None
    categories: dict[str, Category] = Field(default_factory=dict)
    rules: tuple[TriageRule, ...] = ()
    chaser_phrases: tuple[str, ...] = ()


class CategoryModel(Section):
    """config/categories.json: in how many texts of each category a word stands.

    `texts` and the counts in `words` are in the order of `categories`. `temperature` makes the
    probabilities honest (see intake.judge.category_training).
    """

    categories: tuple[str, ...] = ()
    texts: tuple[int, ...] = ()
    temperature: Annotated[float, Field(gt=0)] = 1.0
    words: dict[str, tuple[int, ...]] = Field(default_factory=dict, repr=False)

    @model_validator(mode="after")
    def _same_length(self) -> CategoryModel:
        if any(len(c) != len(self.categories) for c in (self.texts, *self.words.values())):
            raise ValueError("each count needs one number a category")
        return self


class IdentifierRule(Section):
    """One kind of identifier. Group `value` (or all) of `match` is the value; `check` proves it.

    `distinguishes`: two mails that name different ones are about different matters.
    """

    kind: str
    match: str
    check: Literal[
        "none", "luhn", "eip55", "base58check", "bech32", "iban", "solana", "xrp", "ton"
    ] = "none"
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

    unsure_from: Share = 0.5
    spam_from: Share = 0.9
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
    claimed: Claimed = Claimed()
    threading: Threading = Threading()
    reply: Reply = Reply()
    smtp: Smtp = Smtp()
    triage: TriageRules = TriageRules()
    category_model: CategoryModel = CategoryModel()
    identifiers: IdentifierRules = IdentifierRules()
    spam: SpamRules = SpamRules()
    templates: Mapping[tuple[str, str], TemplateSource] = Field(default_factory=dict)
    key: bytes = Field(default=b"", repr=False)
