"""Whatever a mail holds, it can be kept; and two workers never make two tickets of one mail."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.errors import StaleFacts
from intake.model import Address, ParsedMail, Reason
from intake.store import desk
from intake.store.database import Database
from intake.store.judgement import load_decision
from intake.store.mails import claim_received
from intake.store.record import record
from intake.store.words import KEY_LIMIT, dump_data, index_key, storable
from tests.store.desk_of_mails import (
    NOW,
    a_decision,
    a_mail,
    an_attachment,
    facts_for,
    keep,
    keys_for,
    number_of,
    receive,
)

any_text = st.text(st.characters(), max_size=60)
NASTY = "nul \0 lone \udc80 half \ud83d 中文 \U0001f4a9"


@given(any_text)
def test_storable_text_is_unicode_without_nul_and_stays_as_it_is(text: str) -> None:
    kept = storable(text)
    assert "\0" not in kept
    kept.encode()
    assert storable(kept) == kept
    if "\0" not in text and not any("\ud800" <= c <= "\udfff" for c in text):
        assert kept == text


@given(any_text, st.integers(1, 40))
def test_index_keys_fit_and_tell_apart(text: str, times: int) -> None:
    long = text * times
    assert len(index_key(long)) <= KEY_LIMIT
    assert index_key(long) == index_key(long)
    assert index_key(long + "a" * KEY_LIMIT) != index_key(long + "b" * KEY_LIMIT)


def test_data_of_an_event_is_json_whatever_is_in_it() -> None:
    assert '"where":"' in dump_data(where=NASTY)


def everywhere(text: str, name: str) -> ParsedMail:
    """A mail with `text` in every place where a stranger can put text."""
    return a_mail(
        name,
        message_id=text,
        author=Address(text, text, text),
        cc=(Address(text, text, text),),
        subject=text,
        text=text,
        reply=text,
        html=text,
        headers=(("x-odd", text),),
        references=(text,),
        attachments=(
            an_attachment(name, filename=text, content_id=text, declared_type=text, risk=(text,)),
        ),
    )


def nasty_decision(mail: ParsedMail, text: str):
    decision = a_decision(mail)
    reasons = (Reason("odd", text, evidence=text),)
    return replace(decision, triage=replace(decision.triage, reasons=reasons))


@pytest.mark.parametrize("text", [NASTY, "\0", "\ud800", "x" * 300_000])
def test_a_nasty_mail_is_kept_and_shown(database: Database, text: str) -> None:
    mail = everywhere(text, "nasty")
    assert keep(database, mail, nasty_decision(mail, text)).ticket == number_of("nasty")
    facts_for(database, keys_for(everywhere(text, "again")))
    with database.read() as connection:
        view = desk.ticket(connection, number_of("nasty"))
        stored = load_decision(connection, mail.sha256)
    assert view.conversation[0].subject == storable(text)
    assert stored.decision.ticket == number_of("nasty")


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(any_text)
def test_any_mail_is_kept(database: Database, text: str) -> None:
    name = f"mail {text!r}"
    mail = replace(everywhere(text, name), message_id=None)
    with database.read() as connection:
        known = {entry.number for entry in desk.queue(connection, view="all", limit=1000)}
    if number_of(name) not in known:
        assert keep(database, mail, nasty_decision(mail, text)).ticket == number_of(name)


def test_two_workers_with_two_deliveries_of_one_mail_make_one_ticket(database: Database) -> None:
    same = {"message_id": "same@customer.example", "body_fingerprint": "same"}
    mails = {mail.sha256: mail for mail in (a_mail("one", **same), a_mail("two", **same))}
    receive(database, *mails.values())
    both_know = threading.Barrier(2)
    outcomes: list[str] = []

    def work(owner: str) -> None:
        with database.write() as connection:
            (claimed,) = claim_received(connection, owner, NOW, 60, 1)
        mail = mails[claimed.sha256]
        facts = facts_for(database, keys_for(mail))
        assert facts.duplicate_of is None
        both_know.wait(timeout=20)
        disposition = "opens-ticket"
        while True:
            try:
                with database.write() as connection:
                    record(
                        connection,
                        claimed=claimed,
                        mail=mail,
                        keys=keys_for(mail),
                        facts=facts,
                        decision=a_decision(mail, disposition),
                        at=NOW,
                        deliver=True,
                    )
                outcomes.append(disposition)
                return
            except StaleFacts:
                outcomes.append("stale")
                facts = facts_for(database, keys_for(mail))
                assert facts.duplicate_of is not None
                disposition = "duplicate"

    threads = [threading.Thread(target=work, args=(f"worker {n}",)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["duplicate", "opens-ticket", "stale"]
    with database.read() as connection:
        status = desk.status(connection, NOW)
    assert status.tickets == {"open": 1}
    assert status.outbox == {"planned": 1}
