"""Spam and wanted mail, signal by signal and as a whole."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest

from intake.judge.spam import judge_spam, weigh_signals
from intake.judge.spam_content import find_content_signals
from intake.judge.spam_headers import find_header_signals
from intake.judge.spam_links import find_link_signals
from intake.judge.spam_sender import find_sender_signals
from intake.model import Address, Attachment, Automatic, ParsedMail, ThreadVerdict
from tests.cast import (
    ALICE,
    ALICE_CUSTOMER,
    DESK,
    FAKE_KEFU,
    FAKE_SUPPORT,
    MRS_AISHA,
    RECOVERY_MIKE,
    SEO_SELLER,
    STRANGER,
)
from tests.judge.letters import (
    FACTS,
    HUMAN,
    codes,
    dmarc,
    forged,
    knowing,
    proven,
    results,
    sender_of,
    shipped_rules,
    spam_case,
    spam_of,
    write,
)

ADVANCE_FEE = write(
    "Dear friend, I am Mrs Aisha, widow of a late minister. I wish to transfer the sum of USD "
    "18,500,000 into your account. Reply with your bank details.",
    author=MRS_AISHA,
    subject="CONFIDENTIAL BUSINESS PROPOSAL",
    reply_to=(Address("", "aisha.claims", "freemail.example"),),
)
FAKE_MARKUP = (
    "<p>Dear customer, we noticed unusual activity. <b>Your wallet will be suspended within 24 "
    'hours.</b> Validate your recovery phrase now:</p><a href="http://xn--exampl-exchang-7fd'
    '.example/validate">https://www.exchange.example/security</a>'
)
FAKE = write(
    "Dear customer, we noticed unusual activity. Your wallet will be suspended within 24 hours. "
    "Validate your recovery phrase now: https://www.exchange.example/security",
    author=FAKE_SUPPORT,
    subject="Your wallet will be suspended within 24 hours",
    html=FAKE_MARKUP,
)
FAKE_CHINESE = forged(
    write(
        "尊敬的用户:\n系统检测到您的账户存在风险,请在24小时内点击 http://192.0.2.91/verify "
        "验证您的助记词,否则钱包将被永久冻结。",
        author=FAKE_KEFU,
        subject="【重要】您的钱包将被冻结",
    )
)
RECOVERY = write(
    "We are certified ethical hackers. Our crypto recovery experts get your lost or stolen bitcoin "
    "back, 100% guaranteed. Contact us on WhatsApp +1 000 000 0000 and send your seed phrase.",
    author=RECOVERY_MIKE,
    subject="Get your stolen bitcoin back - 100% guaranteed",
)
SEO = write(
    "I was on your website and found some SEO errors. We can put you on the first page of Google "
    "with high DA backlinks and guest posts. If you don't want to hear from us, reply STOP.",
    author=SEO_SELLER,
    subject="First page of Google for exchange.example",
)


@pytest.mark.parametrize("mail", [ADVANCE_FEE, FAKE, FAKE_CHINESE, RECOVERY, SEO])
def test_spam(mail: ParsedMail) -> None:
    assert spam_of(mail).verdict == "spam"


def test_imitating_us_is_phishing_and_selling_is_not() -> None:
    assert spam_of(FAKE).phishing
    assert spam_of(FAKE_CHINESE).phishing
    assert not spam_of(SEO).phishing


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Withdrawal", "my withdrawal of 1,250 USDT has been pending since yesterday."),
        ("", "hi i can not log in to my account, it says wrong password. please help"),
        ("账户被锁定", "我的账户今天早上突然被锁定,请尽快处理。UID:20481978"),
        ("Stolen", "My bitcoin was stolen after I was scammed. Can you get it back for me?"),
        ("Phishing", "I got this: your account will be suspended. Is it really from you?"),
        ("URGENT!!! URGENT!!!", "WHEN WILL YOU LIST MY COIN??? URGENT!!!"),
        ("Invoice", "I need an invoice for the fees of November for my tax report."),
        ("Konto", "Mein Konto ist gesperrt, wie bekomme ich wieder Zugang?"),
        ("Seed", "I lost my seed phrase, is there a way to recover my wallet?"),
        ("Lottery", "I won a trading contest but the prize was not credited."),
        ("kurz", "ok"),
    ],
)
def test_wanted_mail_of_strangers_is_never_spam(subject: str, text: str) -> None:
    assert spam_of(write(text, author=STRANGER, subject=subject)).verdict != "spam"
    assert spam_of(write(text, author=STRANGER, subject=subject)).score < 0.8


def test_no_single_sign_makes_spam() -> None:
    rules = shipped_rules().spam
    highest = max(*rules.weights.values(), *(phrase.weight for phrase in rules.phrases))
    assert 1 / (1 + 2.718281828 ** -(rules.prior + highest)) < rules.spam_from


def test_a_verified_customer_is_never_spam_but_marked() -> None:
    mail = proven(replace(ADVANCE_FEE, author=ALICE, authors=(ALICE,)))
    verdict = spam_of(mail, knowing(ALICE_CUSTOMER))
    assert verdict.verdict != "spam"
    spoofed = forged(replace(ADVANCE_FEE, author=ALICE, authors=(ALICE,)))
    assert spam_of(spoofed, knowing(ALICE_CUSTOMER)).verdict == "spam"


def test_a_known_thread_is_never_spam_but_a_link_to_one_is_no_pass() -> None:
    rules = shipped_rules()
    sender = sender_of(RECOVERY)

    def judged(thread: ThreadVerdict) -> Any:
        return judge_spam(RECOVERY, FACTS, rules, sender, HUMAN, thread)

    protected = judged(ThreadVerdict("K7QM-42XD"))
    assert protected.verdict == "unsure"
    assert "known-thread-protected" in codes(protected)
    assert judged(ThreadVerdict(None, linked="K7QM-42XD")).verdict == "spam"


def test_advertising_alone_is_unsure_at_most() -> None:
    mail = write(
        "Dear customer, exclusive offer, 50% off! Click here: https://bit.ly/abc Unsubscribe",
        author=Address("Shop", "newsletter", "shop.example"),
        subject="Your chance 🎁",
        html='<div style="display:none">x</div><a href="https://bit.ly/abc">Click here</a>',
        headers=(("list-unsubscribe", "<https://x>"), ("date", "today")),
        reply_to=(Address("", "x", "other.example"),),
    )
    verdict = spam_of(mail, automatic=Automatic("bulk"))
    assert verdict.verdict == "unsure"
    assert "advertising-limit" in codes(verdict)


def test_a_forged_customer_with_ordinary_words_is_unsure() -> None:
    mail = forged(write("Please change my withdrawal address.", subject="Withdrawal address"))
    mail = replace(mail, authentication=(results(("dmarc", "fail", {}), ("spf", "fail", {})),))
    assert spam_of(mail, knowing(ALICE_CUSTOMER)).verdict == "unsure"


def test_the_score_is_a_probability_and_reasons_add_up() -> None:
    verdict = spam_of(FAKE)
    assert 0 <= verdict.score <= 1
    weights = [reason.weight for reason in verdict.reasons]
    assert all(weight is not None for weight in weights)
    assert weights == sorted(weights, key=lambda weight: -abs(weight or 0))


def test_each_signal_counts_once() -> None:
    rules = shipped_rules().spam
    twice = [signal for _ in range(2) for signal in find_content_signals(spam_case(RECOVERY))]
    found = [reason.code for reason in weigh_signals(iter(twice), rules)]
    assert len(found) == len(set(found))


# --- signals ----------------------------------------------------------------------------


def sender_signals(author: Address, **changes: Any) -> set[str]:
    return {s.code for s in find_sender_signals(spam_case(write(author=author, **changes)))}


def link_signals(html: str, text: str = "hello", **changes: Any) -> set[str]:
    mail = write(text, author=STRANGER, html=html, **changes)
    return {s.code for s in find_link_signals(spam_case(mail))}


def header_signals(**changes: Any) -> set[str]:
    return {s.code for s in find_header_signals(spam_case(write(**changes)))}


def content_signals(text: str, **changes: Any) -> set[str]:
    return {s.code for s in find_content_signals(spam_case(write(text, **changes)))}


@pytest.mark.parametrize(
    ("author", "code"),
    [
        (FAKE_SUPPORT, "lookalike-domain"),
        (FAKE_SUPPORT, "own-name-used"),
        (FAKE_KEFU, "own-name-used"),
        (Address("PayPal Service", "x", "evil.example"), "brand-in-name"),
        (Address("Team Ledger", "x", "evil.example"), "brand-in-name"),
        (Address("support@exchange.example", "x", "evil.example"), "address-in-name"),
        (Address("IT Helpdesk", "x", "gmail.com"), "role-at-free-mail"),
        (Address("", "x", "cheap.top"), "risky-sender-domain"),
        (Address("", "x", "z9uppzk2wq.com"), "random-domain"),
        (Address("", "no-reply", "any.example"), "machine-address"),
        (DESK, "own-domain-unproven"),
    ],
)
def test_senders_that_pretend(author: Address, code: str) -> None:
    assert code in sender_signals(author)


@pytest.mark.parametrize(
    "author",
    [
        ALICE,
        Address("Heath Ledger", "heath", "posteo.example"),
        Address("Bettina Dhl", "b", "posteo.example"),
        Address("", "max.mustermann1987", "web2print.example"),
        Address("PayPal", "service", "paypal.com"),
        Address("Иван Петров", "ivan", "pochta.example"),
    ],
)
def test_senders_that_do_not(author: Address) -> None:
    assert sender_signals(author) == set()


def test_standing_and_proof_of_the_sender() -> None:
    alice = knowing(ALICE_CUSTOMER, earlier_mails=2)
    found = {s.code for s in find_sender_signals(spam_case(proven(write()), alice))}
    assert found == {"verified-customer", "earlier-correspondence", "proven-domain"}
    found = {s.code for s in find_sender_signals(spam_case(forged(write()), alice))}
    assert "registered-address" not in found
    assert "dmarc-fail" in found


def test_a_bad_word_counts_from_any_server_and_a_good_one_from_none() -> None:
    bad = dmarc("fail", ALICE.domain, server="mx.anywhere.example")
    good = dmarc("pass", ALICE.domain, server="mx.anywhere.example")
    assert sender_signals(ALICE, authentication=(bad,)) == {"fail-on-the-way"}
    assert sender_signals(ALICE, authentication=(good,)) == set()


def test_answers_that_would_go_elsewhere_unless_a_list_takes_them() -> None:
    elsewhere = {"reply_to": (Address("", "x", "gmail.com"),), "envelope_sender": "b@x.example"}
    found = sender_signals(ALICE, **elsewhere)
    assert {"reply-to-elsewhere", "reply-to-free-mail", "envelope-elsewhere"} <= found
    by_list = (("list-post", "<mailto:list@x.example>"),)
    assert sender_signals(ALICE, headers=by_list, **elsewhere) == set()


@pytest.mark.parametrize(
    ("html", "code"),
    [
        ('<a href="http://evil.example">https://www.exchange.example/</a>', "link-poses-as-ours"),
        ('<a href="http://evil.example">www.paypal.com</a>', "link-text-mismatch"),
        ('<a href="http://exchange-example.top/">x</a>', "link-lookalike"),
        ('<a href="http://paypal-secure.evil.example/">x</a>', "link-brand-elsewhere"),
        ('<a href="http://192.0.2.7/x">x</a>', "link-to-number"),
        ('<a href="http://xn--80ak6aa92e.com/">x</a>', "link-punycode"),
        ('<a href="https://bit.ly/x">x</a>', "link-shortened"),
        ('<a href="https://x.web.app/">x</a>', "link-free-hosting"),
        ('<a href="https://win.top/">x</a>', "link-risky-domain"),
        ('<a href="https://t.me/x">x</a>', "link-to-chat"),
        ('<a href="javascript:x()">x</a>', "link-script"),
        ('<a href="http://exchange.example@evil.example/">x</a>', "link-userinfo"),
        ('<a href="http://e.example/?m=support@exchange.example">x</a>', "link-carries-address"),
        ('<a href="https://google.com/url?q=http://x">x</a>', "link-redirect"),
        ('<form action="http://evil.example"><input name=p></form>', "form-inside"),
    ],
)
def test_links(html: str, code: str) -> None:
    assert code in link_signals(html)
    assert code not in link_signals('<a href="https://freemail.example/x">here</a>')


def test_an_address_in_disguise() -> None:
    for hidden in (
        base64.urlsafe_b64encode(b"someone@victim.example").decode(),
        b"someone@victim.example".hex(),
    ):
        assert "link-hides-address" in link_signals(f'<a href="https://e.example/#{hidden}">x</a>')
    assert "link-hides-address" not in link_signals(
        f'<a href="https://e.example/{"ab" * 40}">x</a>'
    )


def test_header_signs() -> None:
    assert header_signals() == set()
    assert "no-recipient" in header_signals(to=())
    assert "not-addressed-to-us" in header_signals(to=(STRANGER,))
    assert "many-recipients" in header_signals(to=(DESK,) * 11)
    assert "addressed-to-itself" in header_signals(author=DESK)
    assert {"message-id-missing", "date-missing"} <= header_signals(message_id=None, headers=())
    assert "date-unreadable" in header_signals(date=None)
    assert "bulk-mail" in header_signals(headers=(("list-unsubscribe", "<x>"),))
    assert "script-sent" in header_signals(headers=(("x-php-originating-script", "0:a.php"),))
    assert "mass-mailer" in header_signals(headers=(("x-mailer", "PHPMailer 5"),))
    assert "marked-urgent" in header_signals(headers=(("x-priority", "1 (Highest)"),))
    assert "subject-shouts" in header_signals(subject="YOU HAVE WON BIG MONEY")
    assert "subject-exclaims" in header_signals(subject="now!!!")
    assert "subject-emoji" in header_signals(subject="Hi 🎁")
    assert "address-in-subject" in header_signals(subject="For support@exchange.example")
    assert "greets-by-address" in header_signals(text="Hello support@exchange.example, we")


def test_tricks_with_letters() -> None:
    assert "mixed-letters" in content_signals("x", subject="Unusuаl activity")
    assert "mixed-letters" in content_signals("Plеаse cоnfirm yоur аccоunt nоw, dеаr сustomer")
    assert "mixed-letters" not in content_signals("Привет, мой UID 20481977, вывод BTC")
    split = "ver\u200bify your wal\u200blet and con\u200bfirm"
    assert "split-words" in content_signals(split)
    assert "asks-for-secret" in content_signals(split)


def test_tricks_with_markup() -> None:
    hidden = '<div style="display:none">word salad</div>'
    assert "hidden-text" in content_signals("x", html=hidden)
    pushed = "<style>.below { margin-top: 470500px; }</style>"
    assert "pushed-out-text" in content_signals("x", html=pushed)
    image = '<a href="http://evil.example"><img src="http://evil.example/x.png"></a>'
    assert "image-only" in content_signals("", html=image)
    plain = "<p>Hello, my withdrawal is pending. <span style='color:#333'>Alice</span></p>"
    assert not content_signals("The report.", html=plain)


def test_words_read_in_a_screenshot_count() -> None:
    png = "image/png"
    words = "Your wallet will be suspended. Validate your recovery phrase"
    shot = Attachment("2", "x.png", png, png, 9, "0" * 64, "screenshot", "inline", words=words)
    assert "asks-for-secret" in content_signals("see", attachments=(shot,))


def test_dangerous_files() -> None:
    name, kind = "invoice.pdf.exe", "application/x-dosexec"
    file = Attachment(
        "2", name, kind, kind, 9, "0" * 64, "other", "attachment", risk=("executable",)
    )
    assert "file-risk" in content_signals("see", attachments=(file,))


def test_naming_an_order_speaks_for_a_mail_but_not_one_inside_a_link() -> None:
    order = "7d1f4a52-2b59-4b64-9b8f-0e9a6c1d2f33"
    assert "names-desk-matter" in content_signals(f"order {order}")
    assert "names-desk-matter" not in content_signals(f"https://e.example/{order}")
