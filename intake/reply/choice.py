"""Which template an acknowledgement is made from."""

from __future__ import annotations

from intake.model import Reason
from intake.reply.case import Case

VERIFIED = "acknowledgement-verified"
UNVERIFIED = "acknowledgement-unverified"
INCOMPLETE = "acknowledgement-incomplete"
CLAIMED = "acknowledgement-claimed"


def choose_template(case: Case) -> tuple[str, Reason]:
    """The name of the template for this mail, with why."""
    named = _named_by_category(case)
    if named is not None:
        text = f"Mails about {case.triage.category} have a template of their own."
        return named, Reason("category-template", text, evidence=named)
    if case.revealed and _exists(case, CLAIMED):
        text = "The sender is not proven, but may learn that the address is registered."
        return CLAIMED, Reason("claimed-template", text, evidence=CLAIMED)
    if not case.verified:
        text = "The sender is not proven: the answer quotes nothing and names nobody."
        return UNVERIFIED, Reason("unverified-template", text, evidence=UNVERIFIED)
    if case.triage.missing:
        text = f"The answer asks for what is missing: {', '.join(case.triage.missing)}."
        return INCOMPLETE, Reason("incomplete-template", text, evidence=INCOMPLETE)
    text = "The customer is proven and nothing is missing."
    return VERIFIED, Reason("verified-template", text, evidence=VERIFIED)


def _named_by_category(case: Case) -> str | None:
    category = case.rules.triage.categories.get(case.triage.category)
    if category is None or category.template is None:
        return None
    return category.template if _exists(case, category.template) else None


def _exists(case: Case, template: str) -> bool:
    return any(name == template for _, name in case.rules.templates)
