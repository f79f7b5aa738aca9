"""Looks a mail's keys up in one read transaction and gives what is known as Facts.

The cost does not grow with the number of tickets: see intake.store.lookups.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from intake.model import (
    DirectoryFacts,
    Facts,
    Keys,
    KnownMessage,
    KnownTicket,
    SentAcknowledgement,
    Suppression,
)
from intake.settings.rules import Rules
from intake.store import lookups
from intake.store.customers import find_companies, find_registered
from intake.store.lookalikes import find_lookalikes
from intake.store.statements import AnyRow
from intake.store.words import index_key, index_key_or_none, index_keys

# A mail may name thousands of ids; Keys give the ones that matter first and last.
MOST_IDS = 60
MOST_TICKETS = 20


def gather(
    connection: Connection,
    keys: Keys,
    *,
    now: datetime,
    rules: Rules,
    directory: DirectoryFacts | None = None,
) -> Facts:
    """Everything we know that has to do with `keys`. Changes nothing.

    `directory` is what a directory elsewhere says; without it the customers are those of this
    database. The mail itself is left out, so gathering again after it was recorded gives the same
    facts as far as nothing else happened. Counts and lists have upper limits.
    """
    asked = _asked(keys, now, rules)
    probe = connection.execute(lookups.PROBE, asked).one()
    if directory is None:
        directory = look_up(connection, keys, now) if probe.directory else DirectoryFacts()
    known, tickets = _find_messages(connection, keys, own_id=probe.own_id)
    numbered, taken, merged = _find_numbered(connection, keys, any_taken=probe.taken)
    tickets += numbered
    if keys.asks_for_news and probe.earlier:
        tickets += connection.execute(lookups.OPEN_TICKETS, asked)
    if probe.same_subject and keys.subject_key:
        tickets += connection.execute(lookups.TICKETS_BY_SUBJECT, asked)
    return Facts(
        now=now,
        customers=directory.customers,
        lookalikes=directory.lookalikes,
        known_messages=known,
        tickets=_known_tickets(connection, tickets, rules),
        recent_acknowledgements=tuple(
            SentAcknowledgement(*row) for row in connection.execute(lookups.ACKNOWLEDGEMENTS, asked)
        )
        if probe.acknowledged
        else (),
        suppressions=tuple(
            Suppression(*row) for row in connection.execute(lookups.SUPPRESSIONS, asked)
        )
        if probe.suppressions
        else (),
        earlier_mails=int(probe.earlier),
        duplicate_of=probe.same_mail,
        taken_numbers=taken,
        merged=merged,
        image_words=_image_words(connection, keys),
        repeated_images=_repeated_images(connection, keys, earlier=probe.earlier),
    )


def look_up(connection: Connection, keys: Keys, now: datetime) -> DirectoryFacts:
    """Whom the addresses of the mail are registered for, else whom its author may imitate."""
    found = find_registered(
        connection, (keys.author, keys.reply_address, keys.bounced_recipient), now
    )
    customers = tuple(customer for _, customer in found)
    if keys.author and any(key == index_key(keys.author) for key, _ in found):
        return DirectoryFacts(customers)
    if companies := find_companies(connection, keys.author_domains):
        return DirectoryFacts(customers + companies)
    if keys.imitation is None:
        return DirectoryFacts(customers)
    return DirectoryFacts(customers, find_lookalikes(connection, keys.imitation, now))


def _asked(keys: Keys, now: datetime, rules: Rules) -> dict[str, Any]:
    """The parameters of the probe, which those of the other look-ups are part of."""
    asked: dict[str, Any] = {
        "author": index_key_or_none(keys.author),
        "reply": index_key_or_none(keys.reply_address),
        "bounced": index_key_or_none(keys.bounced_recipient),
        "subject_key": index_key(keys.subject_key),
        "message_id": index_key_or_none(keys.message_id),
        "fingerprint": keys.body_fingerprint,
        "sha256": keys.sha256,
        "now": now,
        "acknowledged_since": now - timedelta(hours=rules.reply.window_hours),
        "subject_since": now - timedelta(days=rules.threading.same_subject_days),
    }
    numbers = index_keys(keys.candidate_numbers)
    for n in range(lookups.MOST_CANDIDATES):
        asked[f"number_{n}"] = numbers[n] if n < len(numbers) else None
    return asked


def _find_messages(
    connection: Connection, keys: Keys, *, own_id: bool
) -> tuple[tuple[KnownMessage, ...], list[AnyRow]]:
    """Mails of ours that this one names, in or out, and the tickets they are in."""
    named = keys.referenced_ids
    if len(named) > MOST_IDS:
        half = MOST_IDS // 2
        named = (*named[:half], *named[-half:])
    if own_id and keys.message_id:
        named = (*named, keys.message_id)
    wanted = {index_key(name): name for name in named if name}
    if not wanted:
        return (), []
    values = {"ids": list(wanted), "sha256": keys.sha256}
    rows = connection.execute(lookups.MESSAGES, values).all()
    known = {KnownMessage(wanted[row.message_id], row.number, row.direction) for row in rows}
    ordered = sorted(known, key=lambda m: (m.message_id, m.direction, m.ticket or ""))
    return tuple(ordered), [row for row in rows if row.number is not None]


def _find_numbered(
    connection: Connection, keys: Keys, *, any_taken: bool
) -> tuple[list[AnyRow], tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Tickets named by token or subject; which numbers we would give are taken; which merged."""
    named = list(dict.fromkeys([*(token.ticket for token in keys.tokens), *keys.subject_numbers]))
    named = named[:MOST_TICKETS]
    candidates = keys.candidate_numbers if any_taken else ()
    numbers = index_keys([*named, *candidates])
    if not numbers:
        return [], (), ()
    rows = connection.execute(lookups.TICKETS_BY_NUMBER, {"numbers": numbers}).all()
    found = {row.asked for row in rows}
    taken = tuple(number for number in candidates if number in found)
    wanted = [row for row in rows if row.asked in named]
    merged = sorted((row.asked, row.number) for row in wanted if row.asked != row.number)
    return wanted, taken, tuple(merged)


def _known_tickets(
    connection: Connection, rows: list[AnyRow], rules: Rules
) -> tuple[KnownTicket, ...]:
    """Newest first, with their participants less our own addresses: those are everywhere."""
    by_id = {row.ticket_id: row for row in rows}
    if not by_id:
        return ()
    newest = sorted(by_id.values(), key=lambda row: (row.updated_at, row.number), reverse=True)
    kept = newest[:MOST_TICKETS]
    ours = {address.lower() for address in rules.desk.addresses}
    people: dict[int, list[str]] = {}
    wanted = {"tickets": [row.ticket_id for row in kept]}
    for ticket_id, address in connection.execute(lookups.PARTICIPANTS, wanted):
        if address not in ours:
            people.setdefault(ticket_id, []).append(address)
    named: dict[int, list[tuple[str, str]]] = {}
    for ticket_id, kind, value in connection.execute(lookups.IDENTIFIERS, wanted):
        named.setdefault(ticket_id, []).append((kind, value))
    return tuple(
        KnownTicket(
            number=row.number,
            subject_key=row.subject_key,
            state=row.state,
            customer_id=row.customer_id,
            participants=tuple(people.get(row.ticket_id, ())),
            updated_at=row.updated_at,
            chasers_in_row=row.chasers_in_row,
            last_sent_at=row.last_sent_at,
            identifiers=tuple(named.get(row.ticket_id, ())),
            by_hand=bool(row.by_hand),
        )
        for row in kept
    )


def _image_words(connection: Connection, keys: Keys) -> tuple[tuple[str, str], ...]:
    hashes = index_keys(keys.image_hashes[:MOST_IDS])
    if not hashes:
        return ()
    rows = connection.execute(lookups.WORDS, {"hashes": hashes})
    return tuple((row.sha256, row.words) for row in rows)


def _repeated_images(connection: Connection, keys: Keys, *, earlier: int) -> tuple[str, ...]:
    """The images that earlier mails of the author brought into several tickets."""
    hashes = index_keys(keys.image_hashes[:MOST_IDS])
    if not hashes or not keys.author or earlier < lookups.REPEATED_IN_TICKETS:
        return ()
    asked = {"author": index_key(keys.author), "sha256": keys.sha256, "hashes": hashes}
    return tuple(row.sha256 for row in connection.execute(lookups.REPEATED_IMAGES, asked))
