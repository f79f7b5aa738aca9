"""The acknowledgement as a mail: headers, threading, safety, and that it is the same every time."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

import mailparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.model import Acknowledgement, Address, OutgoingMail, SenderVerdict, Triage
from intake.model.tokens import verify_message_id, verify_plus_address
from intake.reply.case import Case
from intake.reply.compose import choose_references, compose_acknowledgement
from intake.reply.policy import judge_reply
from tests.reply.letters import (
    MAIL,
    MEI,
    TICKET,
    UNKNOWN,
    make_case,
    make_rules,
    shipped_templates,
)

ONCE = [
    *("from", "to", "subject", "date", "message-id", "in-reply-to", "references"),
    *("auto-submitted", "x-auto-response-suppress", "x-intake-desk"),
    *("content-language", "mime-version", "content-type"),
]


def compose(case: Case) -> Acknowledgement:
    return compose_acknowledgement(case, judge_reply(case), TICKET)


def outgoing(case: Case) -> OutgoingMail:
    mail = compose(case).mail
    assert mail is not None
    return mail


def read(case: Case) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(outgoing(case).raw, policy=policy.default))


def test_an_acknowledgement_to_a_proven_customer():
    answer = compose(make_case())
    mail = answer.mail
    assert mail is not None
    assert mail.subject == f"Re: Withdrawal pending [#{TICKET}]"
    assert mail.recipient == "mei.lin@mailbox.example"
    assert mail.envelope_sender == ""
    assert verify_message_id(b"key of the tests", mail.message_id) == TICKET
    assert answer.template_version == shipped_templates()["en", "acknowledgement-verified"].version

    message = read(make_case())
    assert message["From"] == "Example Exchange Support <support@exchange.example>"
    assert message["To"] == "mei.lin@mailbox.example"
    assert message["Subject"] == mail.subject
    assert message["Date"] == "Mon, 23 Nov 2026 10:00:00 +0000"
    assert message["Message-ID"] == f"<{mail.message_id}>"
    assert message["In-Reply-To"] == "<first@mailbox.example>"
    assert message["References"] == "<first@mailbox.example>"
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["Precedence"] is None
    assert message["Reply-To"] is None
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    plain = message.get_body(("plain",))
    assert plain is not None
    assert "Hello Mei Lin," in plain.get_content()


def test_every_header_stands_there_once():
    names = [name.lower() for name in read(make_case())]
    assert sorted(names) == sorted(ONCE)


def test_other_parsers_read_the_same():
    case = make_case(mail=replace(MAIL, subject="提现没有到账", language="zh"))
    mail = outgoing(case)
    parsed = mailparser.parse_from_bytes(mail.raw)
    assert parsed.subject == mail.subject
    assert parsed.message_id == f"<{mail.message_id}>"
    assert not parsed.defects
    assert TICKET in parsed.text_plain[0]
    assert "<html" in parsed.text_html[0]


def test_the_same_every_time_and_another_for_another_mail():
    assert compose(make_case()) == compose(make_case())
    other = make_case(mail=replace(MAIL, sha256="cd" * 32))
    assert outgoing(other).message_id != outgoing(make_case()).message_id
    assert read(other).get_boundary() != read(make_case()).get_boundary()


@pytest.mark.parametrize(
    "subject", ["", "Re:", "Re: Re: Fwd:", "[#AAAA-1111]", "https://x.example"]
)
def test_an_empty_subject_is_not_answered_with_a_bare_mark(subject):
    shown = outgoing(make_case(mail=replace(MAIL, subject=subject))).subject
    assert shown == f"We have received your message [#{TICKET}]"


@pytest.mark.parametrize(
    "subject", ["Re: a [#K7QM-42XD]", "RE: Re: a [#ZZZZ-9999] [#K7QM-42XD]", "a"]
)
def test_one_reply_mark_and_one_number(subject):
    shown = outgoing(make_case(mail=replace(MAIL, subject=subject))).subject
    assert shown == f"Re: a [#{TICKET}]"


def test_unproven_senders_get_nothing_of_their_mail_back():
    mail = replace(MAIL, subject="secret words", author=Address("Mallory", "m", "mail.example"))
    for sender in (UNKNOWN, SenderVerdict("claimed", MEI), SenderVerdict("conflict")):
        answer = outgoing(make_case(mail=mail, sender=sender))
        text = read(make_case(mail=mail, sender=sender)).as_string()
        assert answer.subject == f"We have received your message [#{TICKET}]"
        assert "secret" not in text
        assert "Mallory" not in text
        assert "Mei" not in text


def test_claimed_and_unknown_get_the_same_bytes():
    claimed = SenderVerdict("claimed", replace(MEI, language="zh-Hant", name="Mei"))
    assert outgoing(make_case(sender=claimed)) == outgoing(make_case(sender=UNKNOWN))


def test_plus_address_and_envelope_sender_follow_the_settings():
    rules = make_rules(
        reply={"plus_address": True},
        smtp={"envelope_sender": "bounces@exchange.example", "from_address": "help@x.example"},
    )
    message = read(make_case(rules=rules))
    address = message["Reply-To"].addresses[0].addr_spec
    assert address.startswith("help+k7qm42xd.")
    assert verify_plus_address(rules.key, address) == TICKET
    assert outgoing(make_case(rules=rules)).envelope_sender == "bounces@exchange.example"
    assert outgoing(make_case(rules=rules)).message_id.endswith("@x.example")


def test_security_mails_use_the_template_of_their_category():
    rules = make_rules(triage={"categories": {"theft": {"template": "security-emergency"}}})
    answer = compose(make_case(rules=rules, triage=Triage("theft", "urgent")))
    assert answer.template == "security-emergency"
    assert answer.mail is not None
    assert answer.mail.subject.startswith("Urgent")


def test_a_category_with_a_template_nobody_wrote_gets_the_usual_one():
    rules = make_rules(triage={"categories": {"theft": {"template": "no-such"}}})
    assert compose(make_case(rules=rules, triage=Triage("theft", "high"))).template == (
        "acknowledgement-verified"
    )


def test_what_is_missing_is_asked_for():
    answer = compose(make_case(triage=Triage("deposit", "normal", missing=("order_id",))))
    assert answer.template == "acknowledgement-incomplete"
    assert answer.mail is not None
    assert b"- the order ID\r\n" in answer.mail.raw


@pytest.mark.parametrize(
    ("templates", "code"),
    [
        ({}, "template-missing"),
        ({"text": "{{ nonsense }}"}, "template-failed"),
        ({"text": "{% if %}"}, "template-failed"),
        ({"subject": "{{ missing[7] }}"}, "template-failed"),
    ],
)
def test_a_template_that_fails_is_replaced_by_the_built_in_text(templates, code):
    broken = {
        key: replace(source, **templates)
        for key, source in shipped_templates().items()
        if templates
    }
    for language, words in (("en", b"Your ticket number"), ("zh", b"")):
        rules = make_rules(templates=broken)
        answer = compose(make_case(mail=replace(MAIL, language=language), rules=rules))
        assert answer.send
        assert answer.template_version == "built-in"
        assert code in {reason.code for reason in answer.reasons if reason.fired}
        assert answer.mail is not None
        assert words in answer.mail.raw
        assert answer.mail.subject.endswith(f" [#{TICKET}]")


# RFC 5322 3.6.4


def refer(references=(), in_reply_to=(), message_id="parent@x"):
    mail = replace(MAIL, references=references, in_reply_to=in_reply_to, message_id=message_id)
    return choose_references(mail)


def test_references_are_the_chain_of_the_parent_and_the_parent():
    assert refer(("a@x", "b@x")) == ("a@x", "b@x", "parent@x")
    assert refer((), ("a@x",)) == ("a@x", "parent@x")
    assert refer((), ("a@x", "b@x")) == ("parent@x",)
    assert refer(("a@x",), (), None) == ("a@x",)
    assert refer((), (), None) == ()
    assert refer(("a@x", "parent@x", "b@x")) == ("a@x", "b@x", "parent@x")


def test_a_long_chain_keeps_its_first_and_its_last():
    ids = tuple(f"{i:04}.{'x' * 60}@mail.example" for i in range(300))
    kept = refer(ids)
    assert kept[:2] == ids[:2]
    assert kept[-1] == "parent@x"
    assert kept[2:-1] == ids[300 - len(kept) + 3 :]
    raw = outgoing(make_case(mail=replace(MAIL, references=ids))).raw
    assert b"=?" not in raw.partition(b"\r\n\r\n")[0]
    unfolded = message_from_bytes(raw)["References"].replace("\r\n", "")
    assert len(unfolded) <= 998 - len("References: ")


@pytest.mark.parametrize(
    "odd",
    [
        "no-at-sign",
        "CAF+x=_y/z.$!%&@[10.0.0.1]",
        "with space@x",
        '"quoted id"@x',
        "x" * 400 + "@long.example",
        "a..b@c",
    ],
)
def test_odd_ids_survive_byte_for_byte(odd):
    raw = outgoing(make_case(mail=replace(MAIL, message_id=odd))).raw
    assert f"In-Reply-To: <{odd}>\r\n".encode() in raw
    assert f"References: <{odd}>\r\n".encode() in raw


@pytest.mark.parametrize("bad", ["a\r\nBcc: x@y", "a>b@c", "idé@x", "", " a@b", "x" * 2000])
def test_ids_that_cannot_stand_in_a_header_are_left_out(bad):
    message = read(make_case(mail=replace(MAIL, message_id=bad)))
    assert message["In-Reply-To"] is None
    assert message["References"] is None
    assert sorted(message.keys()) == sorted(set(message.keys()))


@given(
    subject=st.text(),
    name=st.text(),
    ids=st.lists(st.text(), max_size=5),
    desk=st.text(min_size=1),
    local=st.text(max_size=12),
    language=st.text(max_size=8),
)
def test_nothing_from_outside_can_add_or_change_a_header(subject, name, ids, desk, local, language):
    mail = replace(
        MAIL,
        subject=subject,
        author=Address(name, f"m{local}", "mailbox.example"),
        message_id=ids[0] if ids else None,
        references=tuple(ids),
        language=language,
    )
    customer = replace(MEI, name=name, language=language)
    case = make_case(
        mail=mail,
        sender=SenderVerdict("verified", customer),
        rules=make_rules(desk={"name": desk}),
    )
    answer = compose_acknowledgement(
        case, Acknowledgement(True, MEI.address, "acknowledgement-verified", "en"), TICKET
    )
    assert answer.mail is not None
    assert answer.template_version != "built-in"
    head = answer.mail.raw.partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0].decode().lower() for line in head.split(b"\r\n")]
    names = [each for each in names if not each.startswith((" ", "\t"))]
    assert set(names) <= set(ONCE)
    assert len(names) == len(set(names))
    assert all(len(line) <= 998 for line in head.split(b"\r\n"))
    message = message_from_bytes(answer.mail.raw, policy=policy.default)
    assert message["To"] == MEI.address
    assert message["Subject"] == answer.mail.subject
    assert message["Subject"].count(TICKET) == 1
