"""Whether an acknowledgement goes out: one test a rule, hit and miss."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from intake.model import (
    Automatic,
    Facts,
    KnownMessage,
    Reason,
    SenderVerdict,
    SentAcknowledgement,
    SpamVerdict,
    Suppression,
    ThreadVerdict,
)
from intake.model.tokens import make_message_id
from intake.reply.policy import RULES, judge_reply
from tests.reply.letters import (
    MAIL,
    MEI,
    NOW,
    TICKET,
    UNKNOWN,
    fired,
    make_case,
    make_rules,
    with_headers,
)

CODES = {rule.code for rule in RULES}


def test_a_plain_mail_is_answered_and_every_rule_says_why_it_did_not_forbid_it():
    answer = judge_reply(make_case())
    assert answer.send
    assert answer.to == "mei.lin@mailbox.example"
    assert {reason.code for reason in answer.reasons if not reason.fired} == CODES
    assert fired(answer) == {"answer-to-author", "verified-template", "mail-language"}


def test_codes_are_unlike_and_every_text_is_a_sentence():
    assert len(CODES) == len(RULES)
    for rule in RULES:
        for text in (rule.hit, rule.miss):
            assert text[0].isupper()
            assert text.endswith((".", ")."))


def test_the_key_of_the_address_answered_is_kept_for_counting():
    mail = replace(MAIL, reply_to=(replace(MAIL.author, domain="else.example"),))
    assert judge_reply(make_case(mail=mail)).to_key == "mei.lin@mailbox.example"


def test_a_refusal_names_nobody_and_keeps_all_rules():
    answer = judge_reply(make_case(spam=SpamVerdict("spam", 0.99)))
    assert (answer.send, answer.to, answer.template, answer.language) == (False, None, None, None)
    assert {reason.code for reason in answer.reasons} == CODES
    assert fired(answer) == {"spam"}


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("follow-up", {"thread": ThreadVerdict(TICKET)}),
        ("chaser", {"thread": ThreadVerdict(None, chaser=True)}),
        ("spam", {"spam": SpamVerdict("spam", 0.95)}),
        ("machine", {"automatic": Automatic("list")}),
        ("machine", {"automatic": Automatic("calendar")}),
        ("forged-sender", {"sender": SenderVerdict("claimed", MEI, (Reason("dmarc-fail", ""),))}),
        ("duplicate", {"facts": Facts(now=NOW, duplicate_of="cd" * 32)}),
        ("no-address", {"mail": replace(MAIL, author=None)}),
        ("null-sender", {"mail": replace(MAIL, envelope_sender="")}),
        ("system-address", {"mail": replace(MAIL, envelope_sender="MAILER-DAEMON@mx.example")}),
        ("system-address", {"mail": replace(MAIL, envelope_sender="coins-request@list.example")}),
        ("own-address", {"mail": replace(MAIL, envelope_sender="Support@Exchange.example")}),
    ],
)
def test_rule_hits(code, changes):
    mail = changes.pop("mail", MAIL)
    facts = changes.pop("facts", None)
    answer = judge_reply(make_case(mail=mail, facts=facts, **changes))
    assert not answer.send
    assert code in fired(answer)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("auto-submitted", "auto-generated", "auto-submitted"),
        ("auto-submitted", "auto-notified; owner-email=x@y.example", "auto-submitted"),
        ("auto-submitted", "AUTO-REPLIED(rejected)", "auto-submitted"),
        ("auto-submitted", "no", None),
        ("auto-submitted", "No (a person)", None),
        ("auto-submitted", "", None),
        ("precedence", "Bulk", "precedence"),
        ("precedence", "first-class", None),
        ("list-id", "<a.list.example>", "mailing-list"),
        ("x-auto-response-suppress", "All", "answers-unwanted"),
        ("x-auto-response-suppress", "DR, AutoReply", "answers-unwanted"),
        ("x-auto-response-suppress", "OOF, RN, NRN, DR", None),
        ("x-autoresponder", "yes", "autoresponder-header"),
        ("x-autoreply", "no", None),
        ("x-intake-desk", "other.example", "own-header"),
        ("x-loop", "<Support@exchange.example>", "own-header"),
        ("x-loop", "somebody@else.example", None),
    ],
)
def test_headers(name, value, code):
    answer = judge_reply(make_case(mail=with_headers((name, value))))
    assert answer.send is (code is None)
    assert code is None or code in fired(answer)


def test_a_missing_return_path_is_not_the_null_one():
    assert judge_reply(make_case(mail=replace(MAIL, envelope_sender=None))).send


@pytest.mark.parametrize(
    "local_part",
    [
        "no-reply",
        "noreply",
        "No_Reply-1",
        "accounts-noreply",
        "do.not.reply",
        "ne-pas-repondre",
        "nao.responda",
        "postmaster",
        "MAILER-DAEMON",
        "owner-coins",
        "coins-bounces",
        "listserv",
    ],
)
def test_system_addresses(local_part):
    author = replace(MAIL.author, local_part=local_part)
    assert "system-address" in fired(judge_reply(make_case(mail=replace(MAIL, author=author))))


@pytest.mark.parametrize("local_part", ["norbert", "bouncer.joe", "owner", "mei.nore", "reply"])
def test_names_that_only_resemble_a_system(local_part):
    author = replace(MAIL.author, local_part=local_part)
    assert judge_reply(make_case(mail=replace(MAIL, author=author))).send


def test_unsure_and_unverified_follow_the_settings():
    unsure = {"spam": SpamVerdict("unsure", 0.6)}
    no_unsure = make_rules(reply={"acknowledge_unsure": False})
    assert judge_reply(make_case(**unsure)).send
    assert fired(judge_reply(make_case(rules=no_unsure, **unsure))) == {"unsure-mail"}
    no_strangers = make_rules(reply={"acknowledge_unverified": False})
    assert judge_reply(make_case(rules=no_strangers)).send
    assert fired(judge_reply(make_case(rules=no_strangers, sender=UNKNOWN))) == {
        "unverified-sender"
    }


def test_switched_off():
    assert fired(judge_reply(make_case(rules=make_rules(reply={"enabled": False})))) == {
        "replies-off"
    }


def test_our_own_mail_by_signed_id_and_by_what_we_know():
    rules = make_rules()
    ours = make_message_id(rules.key, TICKET, "0a", "exchange.example")
    signed = make_case(mail=replace(MAIL, message_id=ours), rules=rules)
    assert "own-message-id" in fired(judge_reply(signed))
    known = (KnownMessage("first@mailbox.example", TICKET, "out"),)
    assert "own-message-id" in fired(
        judge_reply(make_case(facts=Facts(now=NOW, known_messages=known)))
    )
    forged = make_case(mail=replace(MAIL, message_id=ours.replace(".0a.", ".0b.")), rules=rules)
    assert judge_reply(forged).send


@pytest.mark.parametrize("state", ["bouncing", "blocked"])
def test_addresses_known_not_to_be_written_to(state):
    facts = Facts(now=NOW, customers=(replace(MEI, address_state=state),))
    assert fired(judge_reply(make_case(facts=facts))) == {"undeliverable-address"}


def test_suppressions_end():
    def judge(until):
        entry = Suppression("mei.lin@mailbox.example", "bounced", until)
        return judge_reply(make_case(facts=Facts(now=NOW, suppressions=(entry,)))).send

    assert not judge(None)
    assert not judge(NOW + timedelta(seconds=1))
    assert judge(NOW)
    other = Suppression("else@mailbox.example", "bounced")
    assert judge_reply(make_case(facts=Facts(now=NOW, suppressions=(other,)))).send


@pytest.mark.parametrize(("count", "hours", "sends"), [(4, 1, True), (5, 1, False), (5, 25, True)])
def test_the_window_of_an_address(count, hours, sends):
    sent = SentAcknowledgement("mei.lin@mailbox.example", None, NOW - timedelta(hours=hours))
    other = SentAcknowledgement("else@mailbox.example", None, NOW)
    facts = Facts(now=NOW, recent_acknowledgements=(sent,) * count + (other,) * 9)
    answer = judge_reply(make_case(facts=facts))
    assert answer.send is sends
    assert sends or fired(answer) == {"address-window"}


def test_evidence_is_bounded():
    answer = judge_reply(make_case(mail=with_headers(("precedence", "bulk" + " " * 9))))
    long_value = judge_reply(make_case(mail=with_headers(("list-id", "x" * 5000))))
    assert not answer.send
    assert all(len(reason.evidence or "") <= 200 for reason in long_value.reasons)
