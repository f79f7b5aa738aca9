"""Which language a customer is answered in, and which template there is in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from intake.model import Reason
from intake.reply.case import Case
from intake.settings.rules import TemplateSource

LAST_RESORT = "en"

_TRADITIONAL_TAGS = frozenset(("hant", "tw", "hk", "mo"))
# Letters of one script that the other writes otherwise, frequent in any letter to a desk.
_TRADITIONAL = frozenset(
    "們個來時會對說國過學電訊帳請問題無為後還現開關轉錢單證實從應點這沒認驗碼號"
)
_SIMPLIFIED = frozenset(
    "们个来时会对说国过学电讯帐请问题无为后还现开关转钱单证实从应点这没认验码号账"
)
_MOST_READ = 2000


def choose_language(case: Case) -> tuple[str, Reason]:
    """The language wanted, with why: the customer's stored one, else the mail's, else ours.

    The stored one counts only for a verified customer. For anybody else it would tell that the
    address is registered.
    """
    customer = case.sender.customer
    if case.verified and customer is not None and customer.language:
        language = normalise_language(customer.language)
        return language, _because("customer-language", "The customer's own language.", language)
    if case.mail.language:
        language = normalise_language(case.mail.language, case.mail.text)
        return language, _because("mail-language", "The language of the mail.", language)
    language = normalise_language(case.rules.desk.language)
    return language, _because(
        "desk-language", "The desk's language; the mail shows none.", language
    )


def normalise_language(tag: str, text: str = "") -> str:
    """A language tag (RFC 5646) as the template folders are named: `zh_TW` -> `zh-Hant`.

    Plain `zh` is simplified, unless most telling letters of `text` are traditional ones.
    """
    pieces = tag.strip().replace("_", "-").split("-")
    first = pieces[0].lower()
    if first != "zh":
        return first or LAST_RESORT
    rest = {piece.lower() for piece in pieces[1:]}
    if "hans" not in rest and rest & _TRADITIONAL_TAGS:
        return "zh-Hant"
    return "zh-Hant" if not rest and _is_traditional(text) else "zh-Hans"


def language_chain(language: str, desk_language: str) -> Iterator[str]:
    """The languages to look for templates in, best first, each once."""
    chain = [language]
    if language == "zh-Hant":
        chain.append("zh-Hans")
    chain += [normalise_language(desk_language), LAST_RESORT]
    return iter(dict.fromkeys(chain))


def find_template(
    templates: Mapping[tuple[str, str], TemplateSource], name: str, chain: Iterator[str]
) -> TemplateSource | None:
    """The template `name` in the first language of `chain` that has it."""
    found = (templates.get((language, name)) for language in chain)
    return next((source for source in found if source is not None), None)


def _is_traditional(text: str) -> bool:
    letters = text[:_MOST_READ]
    traditional = sum(letter in _TRADITIONAL for letter in letters)
    simplified = sum(letter in _SIMPLIFIED for letter in letters)
    return traditional > simplified


def _because(code: str, text: str, language: str) -> Reason:
    return Reason(code, text, evidence=language)
