"""Which conversation: who may join, and everybody who may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from intake.model import Address, Automatic, Facts, KnownMessage, KnownTicket, ParsedMail, Report
from intake.model.tokens import make_message_id, make_plus_address
from intake.model.verdicts import ThreadVerdict
from intake.settings.people import Claimed
from tests.cast import ALICE, ALICE_CUSTOMER, BOB, DESK, NOW, STRANGER, TOM, TOM_CUSTOMER
from tests.judge.letters import (
    KEY,
    codes,
    forged,
    knowing,
    proven,
    shipped_rules,
    thread_of,
    ticket,
    write,
)

NUMBER = "K7QM-42XD"
OURS = make_message_id(KEY, NUMBER, "abc", "exchange.example")
HERS = "hers@posteo.example"
KNOWN = (KnownMessage(HERS, NUMBER, "in"), KnownMessage("staff@exchange.example", NUMBER, "out"))


def facts(*tickets: KnownTicket, registered: bool = True) -> Facts:
    customers = (ALICE_CUSTOMER, TOM_CUSTOMER) if registered else ()
    return knowing(*customers, tickets=tickets or (ticket(),), known_messages=KNOWN)


def numbered(author: Address) -> ParsedMail:
    return write(author=author, subject=f"Re: [#{NUMBER}] Your request")


def test_our_token_joins_whoever_writes() -> None:
    for author in (ALICE, STRANGER):
        verdict = thread_of(write(author=author, in_reply_to=(OURS,)), facts())
        assert verdict.joins == NUMBER
        assert "token" in codes(verdict)


def test_our_plus_address_joins() -> None:
    local, _, domain = make_plus_address(KEY, NUMBER, DESK.addr_spec).partition("@")
    mail = write(author=STRANGER, to=(Address("", local, domain),))
    assert thread_of(mail, facts()).joins == NUMBER


def test_a_made_up_token_joins_nothing() -> None:
    fake = make_message_id(b"guess", NUMBER, "abc", "exchange.example")
    assert thread_of(write(author=STRANGER, in_reply_to=(fake,)), facts()).joins is None


def test_a_token_of_a_ticket_that_is_gone() -> None:
    verdict = thread_of(write(author=STRANGER, in_reply_to=(OURS,)), Facts(now=NOW))
    assert verdict.joins is None
    assert verdict.linked is None


def test_an_answer_by_reference() -> None:
    verdict = thread_of(write(subject="Re: other", references=(HERS,)), facts())
    assert verdict.joins == NUMBER
    assert "reference" in codes(verdict)


def test_an_answer_to_staff_who_wrote_from_another_mail_program() -> None:
    mail = write(subject="Re: other", in_reply_to=("staff@exchange.example",))
    assert thread_of(mail, facts()).joins == NUMBER


def test_a_copied_message_id_opens_no_customers_ticket() -> None:
    for author in (STRANGER, BOB, TOM):
        mail = proven(write(author=author, subject="Re: x", in_reply_to=(HERS,)))
        verdict = thread_of(mail, facts())
        assert verdict.joins is None
        assert verdict.linked == NUMBER
        assert "reference-of-stranger" in codes(verdict)


def test_a_forged_customer_with_a_copied_message_id() -> None:
    verdict = thread_of(forged(write(subject="Re: x", in_reply_to=(HERS,))), facts())
    assert verdict.joins is None
    assert verdict.linked == NUMBER


def test_among_people_without_account_a_reference_is_enough() -> None:
    unowned = ticket(customer_id=None, participants=(BOB.key,))
    mail = write(author=STRANGER, subject="Re: x", in_reply_to=(HERS,))
    assert thread_of(mail, facts(unowned, registered=False)).joins == NUMBER


def test_somebody_taking_part_by_carbon_copy() -> None:
    shared = ticket(participants=(ALICE.key, BOB.key))
    mail = write(author=BOB, subject="Re: x", in_reply_to=(HERS,))
    assert thread_of(mail, facts(shared)).joins == NUMBER


def test_the_nearest_reference_decides() -> None:
    other = ticket("AAAA-BBB1", participants=(ALICE.key,))
    known = (*KNOWN, KnownMessage("late@posteo.example", other.number, "in"))
    known_facts = replace(facts(ticket(), other), known_messages=known)
    mail = write(subject="Re: x", references=(HERS, "late@posteo.example"))
    assert thread_of(mail, known_facts).joins == other.number


def test_a_bounce_of_ours_joins_although_a_machine_wrote_it() -> None:
    daemon = Address("Mail Delivery System", "mailer-daemon", "posteo.example")
    report = Report("dsn", "failed", "5.1.1", ALICE.key, None, "staff@exchange.example")
    mail = write(author=daemon, subject="Undelivered", report=report)
    verdict = thread_of(mail, facts(), Automatic("bounce"))
    assert verdict.joins == NUMBER
    assert "return-of-ours" in codes(verdict)


def test_a_bounce_of_something_that_we_did_not_send() -> None:
    report = Report("dsn", "failed", "5.1.1", ALICE.key, None, HERS)
    mail = write(author=STRANGER, subject="Undelivered", report=report)
    assert thread_of(mail, facts(), Automatic("bounce")).joins is None


def test_a_ticket_number_from_its_proven_customer() -> None:
    verdict = thread_of(proven(numbered(ALICE)), facts())
    assert verdict.joins == NUMBER
    assert "ticket-number" in codes(verdict)


def test_a_ticket_number_from_a_proven_participant_without_account() -> None:
    unowned = ticket(customer_id=None, participants=(BOB.key,))
    assert thread_of(proven(numbered(BOB)), facts(unowned)).joins == NUMBER


def test_a_ticket_number_alone_opens_nothing() -> None:
    for mail in (
        proven(numbered(STRANGER)),
        proven(numbered(TOM)),
        numbered(ALICE),
        forged(numbered(ALICE)),
    ):
        verdict = thread_of(mail, facts())
        assert verdict.joins is None
        assert verdict.linked == NUMBER
        assert "ticket-number-unproven" in codes(verdict)


def test_an_unknown_ticket_number_is_not_linked() -> None:
    mail = write(author=STRANGER, subject="Re: [#ZZZZ-ZZZ9] hello")
    assert thread_of(mail, facts()).linked is None


def test_same_sender_same_subject_lately() -> None:
    verdict = thread_of(write(subject="RE: Withdrawal"), facts())
    assert verdict.joins == NUMBER
    assert "same-subject" in codes(verdict)


def test_strangers_who_share_an_everyday_subject_are_kept_apart() -> None:
    for author in (STRANGER, TOM, BOB):
        verdict = thread_of(write(author=author, subject="Re: Withdrawal"), facts())
        assert verdict.joins is None
        assert verdict.linked is None


def test_an_old_or_closed_ticket_or_an_empty_subject_joins_no_new_mail() -> None:
    old = ticket(updated_at=NOW - timedelta(days=15))
    closed = ticket(state="closed")
    assert thread_of(write(), facts(old)).joins is None
    assert thread_of(write(), facts(closed)).joins is None
    nameless = ticket(subject_key="")
    assert thread_of(write(subject="Re:"), facts(nameless)).joins is None


def test_machines_and_forgers_do_not_join_by_subject() -> None:
    assert thread_of(write(), facts(), Automatic("bulk")).joins is None
    assert thread_of(forged(write()), facts()).joins is None


def test_an_answer_to_a_ticket_closed_long_ago_opens_a_linked_one() -> None:
    long_closed = ticket(state="closed", updated_at=NOW - timedelta(days=31))
    verdict = thread_of(write(in_reply_to=(OURS,)), facts(long_closed))
    assert verdict.joins is None
    assert verdict.linked == NUMBER
    assert "long-closed" in codes(verdict)
    lately_closed = ticket(state="closed", updated_at=NOW - timedelta(days=3))
    assert thread_of(write(in_reply_to=(OURS,)), facts(lately_closed)).joins == NUMBER


def test_a_chaser_keeps_its_place() -> None:
    verdict = thread_of(write("Any news?", in_reply_to=(OURS,)), facts())
    assert verdict.joins == NUMBER
    assert verdict.chaser
    told = thread_of(write("My UID is 20481977, the TxID follows.", in_reply_to=(OURS,)), facts())
    assert told.joins == NUMBER
    assert not told.chaser


def test_a_chaser_without_reference_joins_the_only_open_ticket() -> None:
    chaser = write("有消息吗?", subject="你好")
    assert thread_of(chaser, facts()).joins == NUMBER
    two = facts(ticket(), ticket("AAAA-BBB1"))
    assert thread_of(chaser, two).joins is None
    by_other = write("Any news?", author=STRANGER, subject="hi")
    assert thread_of(by_other, facts()).joins is None


def test_our_own_address_makes_nobody_a_participant() -> None:
    with_us = ticket(participants=(ALICE.key, DESK.key), customer_id=None)
    assert thread_of(write(author=DESK), facts(with_us)).joins is None


@given(
    author=st.sampled_from([STRANGER, BOB, TOM]),
    subject=st.sampled_from(["Withdrawal", f"Re: [#{NUMBER}] Withdrawal", "Re: Withdrawal", "hi"]),
    ids=st.lists(st.sampled_from([HERS, "staff@exchange.example", "x@y.example"]), max_size=3),
    text=st.sampled_from(["Any news?", "Please send me the status.", "有消息吗"]),
    marked=st.booleans(),
)
def test_without_a_token_nobody_joins_another_customers_ticket(
    author: Address, subject: str, ids: list[str], text: str, marked: bool
) -> None:
    mail = write(text, author=author, subject=subject, references=tuple(ids))
    assert thread_of(proven(mail) if marked else mail, facts()).joins is None


def mentioned(message_id: str) -> tuple[KnownMessage, ...]:
    return (KnownMessage(message_id, NUMBER, "mentioned"),)


def test_two_answers_to_a_mail_that_we_never_saw() -> None:
    unowned = ticket(customer_id=None, subject_key="a plan", participants=(BOB.key,))
    known = replace(facts(unowned, registered=False), known_messages=mentioned("unseen@x.example"))
    mail = write(author=STRANGER, subject="Re: A plan", in_reply_to=("unseen@x.example",))
    verdict = thread_of(mail, known)
    assert verdict.joins == NUMBER
    assert "same-parent" in codes(verdict)
    other = write(author=STRANGER, subject="Re: Lunch", in_reply_to=("unseen@x.example",))
    assert thread_of(other, known).joins is None


def test_an_answer_that_came_before_what_it_answers() -> None:
    mail = write(message_id="late@posteo.example", subject="Anything")
    known = replace(facts(), known_messages=mentioned("late@posteo.example"))
    verdict = thread_of(mail, known)
    assert verdict.joins == NUMBER
    assert "answered" in codes(verdict)


def test_a_stranger_cannot_join_by_what_somebody_else_answers() -> None:
    mail = write(author=TOM, message_id="late@posteo.example", subject="Anything")
    known = replace(facts(), known_messages=mentioned("late@posteo.example"))
    verdict = thread_of(proven(mail), known)
    assert verdict.joins is None
    assert verdict.linked == NUMBER


def test_a_merged_ticket_is_the_one_it_went_into() -> None:
    kept = ticket("AAAA-BBB1", participants=(ALICE.key,))
    known = replace(facts(kept), merged=((NUMBER, kept.number),))
    assert thread_of(write(in_reply_to=(OURS,)), known).joins == kept.number
    assert thread_of(proven(numbered(ALICE)), known).joins == kept.number


def test_same_subject_but_another_order() -> None:
    subject = "Order not executed"
    about = ticket(
        subject_key="order not executed",
        identifiers=(("order_id", "3f2504e0-4f89-41d3-9a0c-0305e82c3301"),),
    )
    same = "Order 3f2504e0-4f89-41d3-9a0c-0305e82c3301 is still open, please look."
    other = "Order 7c9e6679-7425-40de-944b-e07fc1f90ae7 is not executed, please look."
    assert thread_of(write(subject=subject, reply=same, text=same), facts(about)).joins == NUMBER
    verdict = thread_of(write(subject=subject, reply=other, text=other), facts(about))
    assert verdict.joins is None
    assert verdict.linked == NUMBER
    assert "other-matter" in codes(verdict)


def test_recent_is_meant_by_the_senders_clocks_too() -> None:
    long_ago = NOW - timedelta(days=400)
    old = ticket(subject_key="withdrawal pending", last_sent_at=long_ago)
    mail = write(subject="Withdrawal pending", date=NOW)
    assert thread_of(mail, facts(old)).joins is None
    assert thread_of(replace(mail, date=long_ago), facts(old)).joins == NUMBER


NEW = "I would like to know something else: how do I add a second passkey to my account?"


def test_an_answer_under_a_new_subject_opens_a_linked_ticket() -> None:
    rested = NOW - timedelta(days=20)
    of_old = ticket(subject_key="withdrawal pending", updated_at=rested)
    mail = write(subject="Second passkey wanted", in_reply_to=(HERS,), reply=NEW, text=NEW)
    verdict = thread_of(mail, facts(of_old))
    assert verdict.joins is None
    assert verdict.linked == NUMBER
    assert "new-topic" in codes(verdict)
    lively = ticket(subject_key="withdrawal pending")
    assert thread_of(mail, facts(lively)).joins == NUMBER
    for subject in (
        "URGENT!!! please answer",
        "Re: Second passkey wanted",
        "pending withdrawal",
        "",
    ):
        assert thread_of(replace(mail, subject=subject), facts(of_old)).joins == NUMBER


def test_the_third_chaser_in_a_row_asks_for_a_person() -> None:
    chaser = write(subject="Re: x", in_reply_to=(HERS,), reply="Any news?", text="Any news?")
    assert not thread_of(chaser, facts(ticket(chasers_in_row=1))).attention
    verdict = thread_of(chaser, facts(ticket(chasers_in_row=2)))
    assert verdict.attention
    assert "chased-often" in codes(verdict)


# --- what [claimed] in intake.toml lets an unproven customer do ------------------------------


def claiming(mail: ParsedMail, known: Facts, **keys: bool) -> ThreadVerdict:
    rules = shipped_rules().model_copy(update={"claimed": Claimed(**keys)})
    return thread_of(mail, known, rules=rules)


def test_a_number_lets_a_claimed_customer_in_only_where_the_table_says_so() -> None:
    assert claiming(numbered(ALICE), facts()).joins is None
    allowed = claiming(numbered(ALICE), facts(), join_by_number=True)
    assert allowed.joins == NUMBER
    assert "ticket-number" in codes(allowed)
    # Never for a forgery, for another customer, or for somebody whom nobody claims to be.
    for mail in (forged(numbered(ALICE)), numbered(TOM), numbered(STRANGER)):
        assert claiming(mail, facts(), join_by_number=True).joins is None


def test_the_same_subject_lets_a_claimed_customer_in_unless_the_table_forbids() -> None:
    again = write(subject="RE: Withdrawal")
    assert claiming(again, facts()).joins == NUMBER
    verdict = claiming(again, facts(), join_by_subject=False)
    assert (verdict.joins, verdict.linked) == (None, NUMBER)
    assert "same-subject-unproven" in codes(verdict)
    rules = shipped_rules().model_copy(update={"claimed": Claimed(join_by_subject=False)})
    assert thread_of(proven(again), facts(), rules=rules).joins == NUMBER


def test_news_of_the_only_open_ticket_follow_the_same_key() -> None:
    asks = write("Any news?", subject="Hello")
    assert claiming(asks, facts()).joins == NUMBER
    assert claiming(asks, facts(), join_by_subject=False).joins is None


def test_a_closed_ticket_stays_closed_for_who_is_not_proven() -> None:
    closed = facts(ticket(state="closed"))
    answer = write(in_reply_to=(HERS,))
    verdict = claiming(answer, closed)
    assert (verdict.joins, verdict.linked) == (None, NUMBER)
    assert "closed-unproven" in codes(verdict)
    assert claiming(answer, closed, reopen_closed=True).joins == NUMBER
    assert thread_of(proven(answer), closed).joins == NUMBER
    # Our token went to the registered address, and came back.
    assert claiming(write(in_reply_to=(OURS,)), closed).joins == NUMBER


def test_machines_and_people_without_account_are_not_meant() -> None:
    closed = facts(ticket(state="closed"))
    bounce = thread_of(write(in_reply_to=("staff@exchange.example",)), closed, Automatic("bounce"))
    assert bounce.joins == NUMBER
    unowned = facts(
        ticket(state="closed", customer_id=None, participants=(BOB.key,)), registered=False
    )
    assert thread_of(write(author=BOB, in_reply_to=(HERS,)), unowned).joins == NUMBER
