"""Received mails, one by one: parse, gather, decide, record. One mail never stops the next."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FuturesTimeout
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from intake import pipeline
from intake.errors import (
    BlobMissing,
    BudgetExceeded,
    DatabaseUnavailable,
    ParserUnavailable,
    StaleFacts,
    StorageError,
    UnreadableMail,
)
from intake.judge.masking import mask_text
from intake.model import MethodResult, ParsedMail
from intake.settings.rules import Rules
from intake.store.blobs import BlobStore
from intake.store.database import Database
from intake.store.facts import gather
from intake.store.mails import (
    ClaimedMail,
    claim_received,
    claimers,
    claims_of,
    quarantine,
    release,
    release_claims,
)
from intake.store.record import record
from intake.worker.directory_source import OWN, CustomerSource
from intake.worker.isolation import ParserPool
from intake.worker.owner import is_dead
from intake.worker.signatures import check_signatures
from intake.worker.steps import Observer, unobserved

BATCH = 20
_LEASE_SECONDS = 300.0
# Mails that are parsed ahead of the one being recorded: so many, and beyond the first so large.
_AHEAD = 3
_AHEAD_BYTES = 8_000_000
_STOP_LOOK_SECONDS = 0.25
_GATHERINGS = 8
_HEADER_BYTES = 65_536

log = structlog.get_logger("process")


def _never() -> bool:
    """Is not told to stop."""
    return False


class _ToldToStop(Exception):
    """What is in hand goes back."""


@dataclass(frozen=True, slots=True)
class Shop:
    """What processing works with."""

    database: Database
    blobs: BlobStore
    parser: ParserPool
    rules: Rules
    now: Callable[[], datetime]
    step: Observer
    stopping: Callable[[], bool]
    customers: CustomerSource


def process_batch(
    database: Database,
    blobs: BlobStore,
    parser: ParserPool,
    rules: Rules,
    *,
    owner: str,
    now: Callable[[], datetime],
    step: Observer = unobserved,
    stopping: Callable[[], bool] = _never,
    limit: int = BATCH,
    customers: CustomerSource = OWN,
) -> int:
    """Claims up to `limit` received mails and deals with each; how many were dealt with.

    Once `stopping` says so, the rest goes back untouched, the one that is being read included.

    What cannot be read is quarantined. Raises DatabaseUnavailable (also where `customers` are
    elsewhere and do not answer), StorageError and ParserUnavailable, after which the mails not
    dealt with are free again.
    """
    shop = Shop(database, blobs, parser, rules, now, step, stopping, customers)
    with database.write() as connection:
        claimed = claim_received(connection, owner, now(), _LEASE_SECONDS, limit)
    waiting = {mail.sha256: None for mail in claimed}
    try:
        for mail, parsing in _parse_ahead(shop, claimed):
            _deal_with(shop, mail, parsing)
            del waiting[mail.sha256]
    except _ToldToStop:
        _put_back(database, list(waiting))
    except BaseException:
        _put_back(database, list(waiting))
        raise
    return len(claimed) - len(waiting)


def free_dead_claims(database: Database) -> int:
    """Frees the mails that dead processes of this machine had in hand; how many."""
    with database.write() as connection:
        dead = [owner for owner in claimers(connection) if is_dead(owner)]
        return sum(release_claims(connection, owner) for owner in dead)


def free_own_claims(database: Database, owner: str) -> None:
    """Frees what `owner` could not put back because the database was away; no attempt counts."""
    with database.write() as connection:
        release(connection, claims_of(connection, owner))


Parsing = Callable[[], ParsedMail]


def _parse_ahead(shop: Shop, claimed: list[ClaimedMail]) -> Iterator[tuple[ClaimedMail, Parsing]]:
    """The mails in order, the next few already under way in the other process."""
    queue: deque[tuple[ClaimedMail, Parsing]] = deque()
    mails = iter(claimed)
    while True:
        while len(queue) < _AHEAD and sum(m.size_bytes for m, _ in queue) < _AHEAD_BYTES:
            if (mail := next(mails, None)) is None:
                break
            queue.append((mail, _start(shop, mail)))
        if not queue:
            return
        yield queue.popleft()


def _start(shop: Shop, mail: ClaimedMail) -> Parsing:
    if mail.attempts > shop.parser.limits.attempts:

        def refuse() -> ParsedMail:
            raise UnreadableMail(f"Intake died {mail.attempts - 1} times while reading this mail.")

        return refuse
    try:
        future: Future[ParsedMail] = shop.parser.submit(shop.blobs.get(mail.sha256))
    except BlobMissing as error:
        missing = error

        def report() -> ParsedMail:
            raise missing

        return report
    return lambda: _wait_for(shop, future)


def _wait_for(shop: Shop, future: Future[ParsedMail]) -> ParsedMail:
    while not shop.stopping():
        try:
            return future.result(_STOP_LOOK_SECONDS)
        except FuturesTimeout:
            continue
    raise _ToldToStop


def _deal_with(shop: Shop, claimed: ClaimedMail, parsing: Parsing) -> None:
    try:
        _decide_and_record(shop, claimed, parsing())
    except BlobMissing as error:
        _set_aside(shop, claimed, "blob-missing", str(error))
    except (DatabaseUnavailable, StorageError, ParserUnavailable, _ToldToStop):
        raise
    except BudgetExceeded as error:
        _set_aside(shop, claimed, "over-budget", str(error))
    except UnreadableMail as error:
        _set_aside(shop, claimed, "unreadable", str(error))
    except Exception as error:
        # Whatever one mail brings to light must not hold up the others.
        log.exception("mail cannot be decided", mail=claimed.sha256[:12])
        _set_aside(shop, claimed, "undecidable", f"{type(error).__name__}: {error}")


def _decide_and_record(shop: Shop, claimed: ClaimedMail, mail: ParsedMail) -> None:
    keys = pipeline.keys_of(mail, shop.rules)
    directory = shop.customers.look_up(mail, keys)
    identity = shop.rules.identity
    signed: tuple[MethodResult, ...] = ()
    if identity.verify_dkim:
        # No transaction is open while DNS is asked.
        signed = check_signatures(shop.blobs.get(claimed.sha256), mail, identity)
    for _ in range(_GATHERINGS):
        at = shop.now()
        with shop.database.read() as connection:
            facts = gather(connection, keys, now=at, rules=shop.rules, directory=directory)
        facts = replace(facts, dkim=signed)
        try:
            decision = pipeline.decide(mail, facts, shop.rules)
            with shop.database.write() as connection:
                recorded = record(
                    connection,
                    claimed=claimed,
                    mail=pipeline.as_shown(mail, facts, shop.rules),
                    keys=keys,
                    facts=facts,
                    decision=decision,
                    at=at,
                    deliver=claimed.acknowledge or not claimed.imported,
                )
                shop.step("before-record-commit")
        except StaleFacts:
            continue
        shop.step("after-record-commit")
        log.info(
            "mail decided",
            mail=claimed.sha256[:12],
            disposition=decision.disposition,
            ticket=recorded.ticket,
            acknowledged=decision.acknowledgement.send,
        )
        return
    raise UnreadableMail("The facts about this mail changed again and again.")


def _set_aside(shop: Shop, claimed: ClaimedMail, code: str, error: str) -> None:
    try:
        headers = headers_of(shop.blobs.get(claimed.sha256))
    except StorageError:
        headers = ""
    # Nothing of it was understood; what can be recognised in it is hidden all the same.
    secrets = shop.rules.identifiers
    headers, error = mask_text(headers, secrets), mask_text(error, secrets)
    with shop.database.write() as connection:
        quarantine(connection, claimed.sha256, code, error, headers, shop.now())
    # The error itself may quote the mail: it is for `intake quarantine show`, not for the log.
    log.warning("mail quarantined", mail=claimed.sha256[:12], code=code)


def headers_of(raw: bytes) -> str:
    """The beginning of the header block as text, whatever bytes it is made of."""
    head = raw[:_HEADER_BYTES].replace(b"\r\n", b"\n").split(b"\n\n", 1)[0]
    return head.decode("utf-8", "replace").replace("\0", "�")


def _put_back(database: Database, sha256s: list[str]) -> None:
    """Frees what was not dealt with; if even that fails, the lease runs out by itself."""
    try:
        with database.write() as connection:
            release(connection, sha256s)
    except DatabaseUnavailable:
        log.warning("mails stay claimed until their lease ends", mails=len(sha256s))
