"""The cost of a mail does not grow with the tickets: no statement walks a whole table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

from intake.judge.looks import imitation_of
from intake.model import Address, Token
from intake.settings.rules import Rules
from intake.store import desk, outbox, pictures, scans, second_look
from intake.store.customers import suppress
from intake.store.database import Database
from intake.store.ledger import mark_told, untold
from tests.store.desk_of_mails import (
    NOW,
    a_mail,
    an_attachment,
    facts_for,
    joins,
    keep,
    keys_for,
    number_of,
    read_words,
)
from tests.store.people import a_customer, register

Statement = tuple[str, Any]


@contextmanager
def listening() -> Iterator[list[Statement]]:
    """Every statement that any database runs meanwhile, with its parameters."""
    heard: list[Statement] = []

    def hear(
        _connection: Any, _cursor: Any, words: str, values: Any, _context: Any, many: bool
    ) -> None:
        heard.append((words, values[0] if many else values))

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


def the_life_of_some_mails(database: Database) -> None:
    """Every look-up finds something, so that none of them is left out."""
    chen = "chen.wei@customer.example"
    register(database, a_customer("c1", "Chen Wei", chen, domains=("acme.example",)))
    register(database, a_customer("c1", "Chen Wei Min", chen, domains=("acme.test",), whole=True))
    with database.write() as connection:
        suppress(connection, chen, "asked for it", None, NOW)
    picture = an_attachment("picture")
    keep(database, a_mail("first", attachments=(picture,), cc=(Address("", "c", "x.example"),)))
    read_words(database, picture, "error 17")
    answer = a_mail("answer", references=("first@customer.example",), attachments=(picture,))
    keys = replace(
        keys_for(answer),
        tokens=(Token(number_of("first"), "references", "x"),),
        candidate_numbers=(number_of("first"), "FREE-FREE"),
    )
    keep(database, answer, joins(answer, number_of("first")), keys=keys)
    again = a_mail("again", message_id="first@customer.example", body_fingerprint="body of first")
    again = replace(again, attachments=(picture,))
    facts = facts_for(database, keys_for(again))
    assert facts.duplicate_of
    assert facts.customers
    colleague = replace(keys, author="x@acme.test", author_domains=("acme.test",))
    assert facts_for(database, colleague).customers[-1].by_domain
    rascal = Address("", "chen.wie", "custorner.example")
    imitation = imitation_of(rascal, Rules())
    forged = replace(keys, author=rascal.key, imitation=imitation, reply_address=None)
    assert not facts_for(database, forged).customers
    assert facts.suppressions
    assert facts.recent_acknowledgements
    with database.write() as connection:
        (due,) = outbox.claim_due(connection, "me", NOW, 10)
        assert outbox.mark_sending(connection, due.id, "me", NOW)
        outbox.mark_sent(connection, due.id, NOW, "250 ok")
        assert outbox.next_due(connection) is None
        outbox.settle_interrupted(connection, "resend", NOW)
        picture_work(connection)
        waiting = untold(connection, "support", "INBOX", 7, 10)
        mark_told(connection, "support", "INBOX", 7, waiting, NOW)


def picture_work(connection: Connection) -> None:
    """What happens after the mails were answered, and what staff then see."""
    found = pictures.next_waiting(connection, NOW, can_read=True)
    assert found is not None
    assert pictures.find_looked_at(connection, found.sha256)
    assert pictures.words_of_message(connection, found.message_row_id)
    assert second_look.load_recorded(connection, found.message_row_id)
    pictures.settle(connection, found.attachment_id, look=None, perceptual_hash="0123456789abcdef")
    (file, *_) = scans.next_unscanned(connection, 5)
    scans.settle_scan(connection, file, scans.FOUND, "Eicar", NOW)
    assert scans.find_scan(connection, file.sha256)
    assert desk.ticket(connection, number_of("first")).conversation


def test_no_statement_walks_a_table(database: Database, database_url: str) -> None:
    with listening() as heard:
        the_life_of_some_mails(database)
    statements = {w: v for w, v in heard if w.split()[0] in ("SELECT", "UPDATE", "WITH")}
    assert len(statements) >= 18
    walking = list(walks(database_url, statements))
    assert walking == []


def walks(url: str, statements: dict[str, Any]) -> Iterator[str]:
    engine = create_engine(url)
    lite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if not lite:
            # Small tables are read whole for good reason; this shows where there is no other way.
            connection.exec_driver_sql("SET enable_seqscan = off")
        for words, values in statements.items():
            plan = connection.exec_driver_sql(
                ("EXPLAIN QUERY PLAN " if lite else "EXPLAIN ") + words, values
            )
            lines = [str(row[-1]) for row in plan]
            if any(walks_a_table(line) for line in lines):
                yield f"{words}\n  " + "\n  ".join(lines)
    engine.dispose()


def walks_a_table(line: str) -> bool:
    """Reads of intermediate results and walks along an index up to a limit are none."""
    tables = (
        "mail",
        "ticket",
        "message",
        "outbox",
        "event",
        "participant",
        "ledger",
        "customer",
        "attachment",
        "picture",
        "scan",
        "customer_address",
        "customer_domain",
        "customer_label",
    )
    words = line.replace("->", " ").split()
    if words[:1] == ["SCAN"]:
        return words[1] in tables and "INDEX" not in words
    return words[:2] == ["Seq", "Scan"]
