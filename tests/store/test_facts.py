"""What is known about a mail before it is judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from intake.model import Address, Facts, Keys, KnownMessage, SentAcknowledgement, Suppression, Token
from intake.store.customers import suppress, unsuppress
from intake.store.database import Database
from intake.store.facts import gather
from intake.store.tables import ATTACHMENT
from tests.store.desk_of_mails import (
    CHEN,
    DESK,
    NOW,
    RULES,
    a_decision,
    a_mail,
    an_answer,
    an_attachment,
    facts_for,
    joins,
    keep,
    keys_for,
    number_of,
    read_words,
)
from tests.store.people import a_customer, register

CHEN_KEY = "chen.wei@customer.example"
ELSE = Address("", "somebody", "else.example")


def test_nothing_is_known_about_a_stranger(database: Database) -> None:
    assert facts_for(database, keys_for(a_mail("first"))) == Facts(now=NOW)


def test_a_mail_without_anything_has_facts_too(database: Database) -> None:
    empty = Keys("0" * 64, None, "", None, None, (), (), (), "", ())
    keep(database, a_mail("first", message_id=None, author=None, subject="", body_fingerprint=""))
    assert facts_for(database, empty).tickets == ()


def test_answers_find_the_mails_they_answer_in_both_directions(database: Database) -> None:
    first = a_mail("first")
    keep(database, first)
    ours = an_answer(first, number_of("first")).mail
    assert ours is not None
    unknown = "unknown@else.example"
    answer = a_mail("answer", author=ELSE, references=(ours.message_id, "first@customer.example"))
    answer = replace(answer, in_reply_to=(unknown,))
    facts = facts_for(database, keys_for(answer))
    assert set(facts.known_messages) == {
        KnownMessage("first@customer.example", number_of("first"), "in"),
        KnownMessage(ours.message_id, number_of("first"), "out"),
    }
    (ticket,) = facts.tickets
    assert ticket.number == number_of("first")
    assert ticket.participants == (CHEN_KEY,)
    assert (ticket.state, ticket.subject_key) == ("open", "withdrawal pending")
    assert ticket.updated_at == NOW


def test_the_mail_itself_is_no_fact(database: Database) -> None:
    mail = a_mail("first")
    before = facts_for(database, keys_for(mail, candidate_numbers=()))
    keep(database, mail)
    after = facts_for(database, keys_for(mail, candidate_numbers=()))
    assert after.known_messages == before.known_messages
    assert after.duplicate_of is None


def test_tickets_named_by_token_or_subject(database: Database) -> None:
    for name in ("first", "second", "third"):
        keep(database, a_mail(name, author=ELSE, subject=name))
    keys = keys_for(
        a_mail("new", subject="new"),
        tokens=(Token(number_of("first"), "references", "x"),),
        subject_numbers=(number_of("second"), "NONE-NONE"),
        candidate_numbers=("FREE-FREE", number_of("third")),
    )
    facts = facts_for(database, keys)
    assert {t.number for t in facts.tickets} == {number_of("first"), number_of("second")}
    assert facts.taken_numbers == (number_of("third"),)


def test_same_writer_same_subject_within_its_days(database: Database) -> None:
    keep(database, a_mail("first"))
    keep(database, a_mail("other", subject="Password"))
    keep(database, a_mail("stranger", author=ELSE))
    keys = keys_for(a_mail("again"))
    days = timedelta(days=RULES.threading.same_subject_days)
    found = [facts_for(database, keys, NOW + wait).tickets for wait in (days, days * 1.01)]
    assert [t.number for t in found[0]] == [number_of("first")]
    assert found[1] == ()


def test_who_takes_part_less_ourselves(database: Database) -> None:
    colleague = Address("", "Colleague", "customer.example")
    mail = a_mail("first", to=(DESK, ELSE), cc=(colleague,))
    keep(database, mail)
    keep(database, a_mail("copy"), joins(a_mail("copy"), number_of("first")))
    facts = facts_for(database, keys_for(a_mail("next", references=("first@customer.example",))))
    assert facts.tickets[0].participants == (
        CHEN_KEY,
        "colleague@customer.example",
        "somebody@else.example",
    )


def test_recent_acknowledgements_within_the_window(database: Database) -> None:
    keep(database, a_mail("first"))
    keys = keys_for(a_mail("next"))
    window = timedelta(hours=RULES.reply.window_hours)
    assert facts_for(database, keys).recent_acknowledgements == (
        SentAcknowledgement(CHEN_KEY, number_of("first"), NOW),
    )
    assert facts_for(database, keys, NOW + window).recent_acknowledgements == ()


def test_customers_by_every_address_of_the_mail(database: Database) -> None:
    chen = a_customer(
        "c1", "Chen Wei", "Chen.Wei@Customer.example", "chen@home.example", tier="gold"
    )
    register(database, chen, a_customer("c2", "Chen Wei & Co", "chen@home.example"))
    register(database, replace(chen, fields={"tier": "silver"}))
    (customer,) = facts_for(database, keys_for(a_mail("first"))).customers
    assert (customer.customer_id, customer.name, customer.tier) == ("c1", "Chen Wei", "silver")
    assert customer.address == "Chen.Wei@Customer.example"
    both = facts_for(database, keys_for(a_mail("first"), reply_address="chen@home.example"))
    assert [c.customer_id for c in both.customers] == ["c1", "c1", "c2"]


def test_suppressions_end(database: Database) -> None:
    until = NOW + timedelta(hours=1)
    with database.write() as connection:
        suppress(connection, CHEN_KEY, "bounced", until, NOW)
    keys = keys_for(a_mail("first"))
    assert facts_for(database, keys).suppressions == (Suppression(CHEN_KEY, "bounced", until),)
    assert facts_for(database, keys, until).suppressions == ()
    with database.write() as connection:
        suppress(connection, CHEN_KEY, "asked for it", None, NOW)
    assert facts_for(database, keys, until).suppressions[0].reason == "asked for it"
    with database.write() as connection:
        unsuppress(connection, CHEN_KEY)
    assert facts_for(database, keys).suppressions == ()


def test_earlier_mails_of_the_writer_that_were_not_spam(database: Database) -> None:
    for name in ("first", "second"):
        keep(database, a_mail(name))
    spam = a_mail("spam")
    keep(database, spam, a_decision(spam, "spam"))
    assert facts_for(database, keys_for(a_mail("next"))).earlier_mails == 2


def test_words_read_in_the_same_image_before(database: Database) -> None:
    picture = an_attachment("picture")
    keep(database, a_mail("first", attachments=(picture,)))
    read_words(database, picture, "error 17")
    facts = facts_for(database, keys_for(a_mail("next", attachments=(picture,))))
    assert facts.image_words == ((picture.sha256, "error 17"),)


def test_an_image_in_every_ticket_of_its_author(database: Database) -> None:
    logo, shot = an_attachment("logo", content_disposition="inline"), an_attachment("shot")
    for name in ("first", "second"):
        keep(database, a_mail(name, attachments=(logo,)))
    new = a_mail("new", attachments=(logo, shot))
    keep(database, a_mail("third", attachments=(shot,)))
    assert facts_for(database, keys_for(new)).repeated_images == (logo.sha256,)
    other = keys_for(a_mail("other", author=ELSE, attachments=(logo,)))
    assert facts_for(database, other).repeated_images == ()


def test_a_picture_quoted_in_its_own_ticket_is_not_repeated(database: Database) -> None:
    shot = an_attachment("shot", content_disposition="inline")
    first = a_mail("first", attachments=(shot,))
    keep(database, first)
    for name in ("second", "third"):
        answer = a_mail(name, attachments=(shot,))
        keep(database, answer, joins(answer, number_of("first")))
    assert facts_for(database, keys_for(first)).repeated_images == ()
    assert facts_for(database, keys_for(a_mail("n", attachments=(shot,)))).repeated_images == ()


def test_the_mail_itself_does_not_repeat_its_images(database: Database) -> None:
    logo = an_attachment("logo")
    first, second = (a_mail(name, attachments=(logo,)) for name in ("first", "second"))
    keep(database, first)
    keep(database, second)
    assert facts_for(database, keys_for(second)).repeated_images == ()


def test_a_repeated_image_is_recorded_as_decoration(database: Database) -> None:
    small = {"content_disposition": "inline", "width": 400, "height": 120}
    logo, shot = an_attachment("logo", **small), an_attachment("shot", **small)
    for name in ("first", "second"):
        keep(database, a_mail(name, attachments=(logo,)))
    keep(database, a_mail("third", attachments=(logo, shot)))
    rows = select(ATTACHMENT.c.kind, ATTACHMENT.c.look).order_by(ATTACHMENT.c.id)
    with database.read() as connection:
        *_, logo_row, shot_row = connection.execute(rows).all()
    assert tuple(logo_row) == ("decorative", None)
    assert tuple(shot_row) == ("screenshot", "waiting")


def test_an_earlier_delivery_in_a_ticket_counts_before_one_in_spam(database: Database) -> None:
    same = {"message_id": "same@customer.example", "body_fingerprint": "same"}
    spam, first, second = (a_mail(name, **same) for name in ("spam", "first", "second"))
    keep(database, spam, a_decision(spam, "spam"))
    assert facts_for(database, keys_for(second)).duplicate_of == spam.sha256
    keep(database, first)
    assert facts_for(database, keys_for(second)).duplicate_of == first.sha256


def test_a_copy_that_came_later_makes_no_duplicate_of_the_first(database: Database) -> None:
    first = a_mail("first")
    copy = a_mail("copy", message_id=first.message_id, body_fingerprint=first.body_fingerprint)
    keep(database, first)
    keep(database, copy, a_decision(copy, "duplicate"))
    assert facts_for(database, keys_for(first)).duplicate_of is None
    assert facts_for(database, keys_for(copy)).duplicate_of == first.sha256


def test_thousands_of_references_are_cut_not_asked_for(database: Database) -> None:
    keep(database, a_mail("first"))
    many = tuple(f"{n}@else.example" for n in range(5000))
    hostile = a_mail("hostile", references=("first@customer.example", *many))
    assert facts_for(database, keys_for(hostile)).known_messages != ()


@pytest.mark.parametrize("length", [250, 299, 5_000, 200_000])
def test_keys_of_any_length_are_found_again(database: Database, length: int) -> None:
    long = "\U0001f4a9" * length
    first = a_mail("first", message_id=long, subject=long, author=Address("", long, "x.example"))
    keep(database, first)
    answer = a_mail("answer", references=(long,), subject=long, author=first.author)
    facts = facts_for(database, keys_for(answer))
    assert facts.known_messages == (KnownMessage(long, number_of("first"), "in"),)
    assert facts.earlier_mails == 1
    assert len(facts.tickets) == 1


def test_gathering_changes_nothing(database: Database) -> None:
    keep(database, a_mail("first"))
    keys = keys_for(a_mail("next", author=CHEN))
    with database.read() as connection:
        once = gather(connection, keys, now=NOW, rules=RULES)
        assert gather(connection, keys, now=NOW, rules=RULES) == once


def test_open_tickets_of_a_writer_who_asks_for_news(database: Database) -> None:
    keep(database, a_mail("a"))
    chaser = a_mail("chaser", subject="Any news?")
    assert facts_for(database, keys_for(chaser)).tickets == ()
    (known,) = facts_for(database, keys_for(chaser, asks_for_news=True)).tickets
    assert known.number == number_of("a")
    stranger = keys_for(chaser, asks_for_news=True, author="stranger@x.example")
    assert facts_for(database, stranger).tickets == ()


def test_mails_that_the_mails_of_a_ticket_answer(database: Database) -> None:
    keep(database, a_mail("a", in_reply_to=("unseen@x.example",)))
    for keys in (
        keys_for(a_mail("b", in_reply_to=("unseen@x.example",))),
        keys_for(a_mail("c", message_id="unseen@x.example")),
    ):
        (known,) = facts_for(database, keys).known_messages
        assert (known.direction, known.ticket) == ("mentioned", number_of("a"))
