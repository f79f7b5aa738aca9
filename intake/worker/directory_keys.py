"""Keeps the keys of the directory in step with [identity]: which spellings are one address."""

from __future__ import annotations

import hashlib

import structlog

from intake.judge.addresses import address_key
from intake.judge.looks import label_looks, looks_of
from intake.settings.people import Identity
from intake.store.customer_changes import make_room
from intake.store.customer_records import LookMaker
from intake.store.database import Database
from intake.store.directory import customer_ids_after
from intake.store.directory_keys import keys_made_by, note_keys, remake_keys

LOOKS = LookMaker(looks_of, label_looks)
# To be raised where intake.judge.addresses or .looks make other keys than before.
_MAKERS = 1
_PAGE = 2000

log = structlog.get_logger("directory")


def refresh_keys(database: Database, identity: Identity) -> int:
    """Makes all keys anew where the rules changed since; how many customers were looked at.

    What was done before a crash is done again. Raises DatabaseUnavailable.
    """
    wanted = _fingerprint(identity)
    with database.read() as connection:
        if keys_made_by(connection) == wanted:
            return 0
    done, after = 0, ""
    while True:
        with database.write() as connection:
            page = customer_ids_after(connection, after, _PAGE)
            if not page:
                note_keys(connection, wanted)
                break
            make_room(connection)
            remake_keys(connection, page, lambda a: address_key(a, identity), LOOKS)
        done, after = done + len(page), page[-1]
    if done:
        log.info("keys of the directory made anew", customers=done)
    return done


def _fingerprint(identity: Identity) -> str:
    rules = (_MAKERS, sorted(identity.ignore_dots_domains), sorted(identity.plus_tag_domains))
    return hashlib.sha256(repr(rules).encode()).hexdigest()
