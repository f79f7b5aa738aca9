"""Where an acknowledgement goes: nobody can have us write to a third person."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intake.model import Address, Facts
from intake.reply.recipient import find_recipient, is_answerable
from tests.reply.letters import MAIL, MEI, NOW, UNKNOWN, make_case, make_rules

WORK = Address("", "mei", "work.example")


def answered(reply_to: Address, **changes) -> tuple[str, str]:
    recipient = find_recipient(make_case(mail=replace(MAIL, reply_to=(reply_to,)), **changes))
    assert recipient is not None
    return recipient.address, recipient.reason.code


def test_from_without_reply_to():
    recipient = find_recipient(make_case())
    assert recipient is not None
    assert (recipient.address, recipient.reason.code) == (
        "mei.lin@mailbox.example",
        "answer-to-author",
    )


def test_reply_to_that_says_the_same_in_capitals_is_nothing_new():
    same = Address("", "Mei.Lin", "MAILBOX.example")
    assert answered(same) == ("mei.lin@mailbox.example", "answer-to-author")


def test_reply_to_elsewhere_is_not_followed_even_for_a_proven_sender():
    assert answered(WORK) == ("mei.lin@mailbox.example", "reply-to-ignored")


def test_reply_to_registered_for_the_same_customer_is_followed():
    facts = Facts(now=NOW, customers=(MEI, replace(MEI, address="mei@work.example")))
    assert answered(WORK, facts=facts) == ("mei@work.example", "answer-to-reply-to")


def test_reply_to_of_another_customer_is_not_followed():
    other = replace(MEI, customer_id="C-2", address="tom@mailbox.example")
    facts = Facts(now=NOW, customers=(MEI, other))
    tom = Address("", "tom", "mailbox.example")
    assert answered(tom, facts=facts) == ("mei.lin@mailbox.example", "reply-to-ignored")


def test_the_same_domain_counts_unless_anybody_can_have_an_address_there():
    tom = Address("", "tom", "mailbox.example")
    assert answered(tom)[1] == "answer-to-reply-to"
    public = make_rules(spam={"free_mail_domains": ("mailbox.example",)})
    assert answered(tom, rules=public)[1] == "reply-to-ignored"


def test_an_unproven_sender_is_answered_at_from_only():
    tom = Address("", "tom", "mailbox.example")
    assert answered(tom, sender=UNKNOWN)[1] == "reply-to-ignored"


def test_a_domain_in_other_letters_is_written_so_that_every_server_takes_it():
    author = Address("", "mei", "münze.example")
    recipient = find_recipient(make_case(mail=replace(MAIL, author=author)))
    assert recipient is not None
    assert recipient.address == "mei@xn--mnze-0ra.example"


@pytest.mark.parametrize(
    ("local_part", "domain", "answerable"),
    [
        ("a", "b.example", True),
        ("o'brien+x=y", "b.example", True),
        (".dots..", "mobile.example", True),
        ("用户", "例子.example", True),
        ("a", "office", True),
        ("a", "localhost", False),
        ("a", "", False),
        ("a", "list.invalid", False),
        ("a b", "c.example", False),
        ('"a b"', "c.example", False),
        ("a\r\nBcc: x", "c.example", False),
        ("a", "c.example\n", False),
        ("a>", "c.example", False),
        ("a,b@c", "d.example", False),
        ("a", "c.example>,<x@y.example", False),
        ("a\u202eb", "c.example", False),
        ("a" * 65, "c.example", False),
        ("a", "b." * 125 + "example", False),
    ],
)
def test_answerable(local_part, domain, answerable):
    assert is_answerable(Address("", local_part, domain)) is answerable
