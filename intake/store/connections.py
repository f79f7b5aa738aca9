"""What a ticket is found by: its people, the ids its mails answer, the identifiers in them.

Each mail keeps its own share, so that a mail that is moved takes it along.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select

from intake.model import Decision, Keys, ParsedMail
from intake.store.statements import insert_ignoring
from intake.store.tables import IDENTIFIER, MENTION, MESSAGE, PARTICIPANT, TICKET
from intake.store.words import dump_data, index_key, index_keys, storable

MOST_PARTICIPANTS = 20
MOST_MENTIONS = 20
MOST_IDENTIFIERS = 50


@dataclass(frozen=True, slots=True)
class Connections:
    """The share of one mail: address keys, Message-IDs it answers, (kind, value) of identifiers."""

    people: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()

    def dump(self) -> str:
        """As JSON for the message row."""
        return dump_data(people=self.people, mentions=self.mentions, identifiers=self.identifiers)


def load_connections(dumped: str, author_key: str | None) -> Connections:
    """What `Connections.dump` made; of a mail recorded before there was any, its author."""
    data: dict[str, Any] = json.loads(dumped)
    return Connections(
        people=tuple(data.get("people", [author_key] if author_key else [])),
        mentions=tuple(data.get("mentions", ())),
        identifiers=tuple((kind, value) for kind, value in data.get("identifiers", ())),
    )


def find_connections(mail: ParsedMail, keys: Keys, decision: Decision) -> Connections:
    """The writer, where answers go, and others in the mail; a lone To is ourselves."""
    ours = {address.key for address in mail.delivered_to}
    others = [*mail.cc, *(mail.to if len(mail.to) > 1 else ())]
    names = [keys.author, keys.reply_address]
    names += [address.key for address in others if address.key not in ours]
    mentions = index_keys(keys.referenced_ids)
    if len(mentions) > MOST_MENTIONS:
        half = MOST_MENTIONS // 2
        mentions = [*mentions[:half], *mentions[-half:]]
    return Connections(
        people=tuple(index_keys(names)[:MOST_PARTICIPANTS]),
        mentions=tuple(mentions),
        identifiers=identifiers_of(decision),
    )


def identifiers_of(decision: Decision) -> tuple[tuple[str, str], ...]:
    """(kind, value) of what the mail and its pictures name."""
    found = decision.triage.identifiers[:MOST_IDENTIFIERS]
    return tuple((each.kind, storable(each.value)) for each in found)


def add_connections(
    connection: Connection, ticket_id: int, subject_key: str, share: Connections
) -> None:
    """Adds what is not there yet."""
    people = [
        {"ticket_id": ticket_id, "address_key": key, "subject_key": subject_key}
        for key in share.people
    ]
    mentions = [{"message_id": name, "ticket_id": ticket_id} for name in share.mentions]
    for table, values in ((PARTICIPANT, people), (MENTION, mentions)):
        if values:
            connection.execute(insert_ignoring(connection, table), values)
    add_identifiers(connection, ticket_id, share)


def add_identifiers(connection: Connection, ticket_id: int, share: Connections) -> None:
    """Adds those that the ticket did not have."""
    values = [
        {"ticket_id": ticket_id, "kind": kind, "value_key": index_key(value), "value": value}
        for kind, value in share.identifiers
    ]
    if values:
        connection.execute(insert_ignoring(connection, IDENTIFIER), values)


def rebuild_connections(connection: Connection, ticket_id: int) -> None:
    """Makes them anew from the mails that the ticket has now."""
    for table in (PARTICIPANT, MENTION, IDENTIFIER):
        connection.execute(delete(table).where(table.c.ticket_id == ticket_id))
    subject = select(TICKET.c.subject_key).where(TICKET.c.id == ticket_id)
    subject_key = connection.execute(subject).scalar_one()
    shares = (
        select(MESSAGE.c.connects, MESSAGE.c.author_key)
        .where(MESSAGE.c.ticket_id == ticket_id, MESSAGE.c.disposition != "duplicate")
        .order_by(MESSAGE.c.id)
    )
    for dumped, author_key in connection.execute(shares).all():
        add_connections(connection, ticket_id, subject_key, load_connections(dumped, author_key))
