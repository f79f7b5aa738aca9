"""Facts and Decision as JSON, so that `explain` can answer with what we knew then."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pydantic import TypeAdapter
from sqlalchemy import Connection, select

from intake.errors import NotFound
from intake.model import Decision, Facts
from intake.store.tables import MESSAGE, OUTBOX
from intake.store.words import dump

FACTS: TypeAdapter[Facts] = TypeAdapter(Facts)
DECISION: TypeAdapter[Decision] = TypeAdapter(Decision)


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """What was known and decided when a mail was recorded."""

    facts: Facts
    decision: Decision


def dump_facts(facts: Facts) -> str:
    """Facts as JSON text."""
    return dump(FACTS, facts)


def dump_decision(decision: Decision) -> str:
    """The Decision as JSON text, without the composed mail's bytes: the outbox has them."""
    mail = decision.acknowledgement.mail
    if mail is not None:
        slim = replace(decision.acknowledgement, mail=replace(mail, raw=b""))
        decision = replace(decision, acknowledgement=slim)
    return dump(DECISION, decision)


def load_decision(connection: Connection, sha256: str) -> StoredDecision:
    """What was stored for this mail, whole again. Raises NotFound."""
    query = (
        select(MESSAGE.c.facts, MESSAGE.c.decision, OUTBOX.c.raw)
        .outerjoin(OUTBOX, OUTBOX.c.mail_id == MESSAGE.c.mail_id)
        .where(MESSAGE.c.sha256 == sha256)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"no decision is stored for mail {sha256}")
    decision = DECISION.validate_json(row.decision)
    mail = decision.acknowledgement.mail
    if mail is not None and row.raw is not None:
        whole = replace(decision.acknowledgement, mail=replace(mail, raw=bytes(row.raw)))
        decision = replace(decision, acknowledgement=whole)
    return StoredDecision(FACTS.validate_json(row.facts), decision)
