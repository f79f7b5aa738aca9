import time

import pytest

from intake.mail.newest import find_newest
from tests.mail.replies import ATTRIBUTIONS, BLOCKS, MOBILE, QUOTED, UNQUOTED

OWN = "The order is 4711.\nIt is an iPhone.\n\nThank you\nBen"


@pytest.mark.parametrize("name", ATTRIBUTIONS)
def test_answer_above_a_marked_quotation(name: str) -> None:
    newest = find_newest(f"{OWN}\n\n{ATTRIBUTIONS[name]}\n\n{QUOTED}\n")
    assert newest.reply == OWN
    assert "Which device" in newest.quoted


@pytest.mark.parametrize("name", ATTRIBUTIONS)
def test_answer_below_a_marked_quotation(name: str) -> None:
    assert find_newest(f"{ATTRIBUTIONS[name]}\n{QUOTED}\n\n{OWN}\n").reply == OWN


@pytest.mark.parametrize("name", sorted(set(ATTRIBUTIONS) - {"k9"}))
def test_answer_above_a_quotation_that_lost_its_marks(name: str) -> None:
    assert find_newest(f"{OWN}\n\n{ATTRIBUTIONS[name]}\n\n{UNQUOTED}\n").reply == OWN


@pytest.mark.parametrize("name", BLOCKS)
def test_answer_above_a_block_of_headers(name: str) -> None:
    newest = find_newest(f"{OWN}\n\n{BLOCKS[name]}\n\n{UNQUOTED}\n", subject="Re: Ticket")
    assert newest.reply == OWN
    assert "Which device" in newest.quoted


@pytest.mark.parametrize("line", MOBILE)
def test_mobile_signatures_go(line: str) -> None:
    newest = find_newest(f"{OWN}\n\n{line}\n\n{ATTRIBUTIONS['gmail-en']}\n\n{QUOTED}")
    assert newest.reply == OWN
    assert newest.signature == line
    assert find_newest(f"{OWN}\n\n{line}").reply == OWN


def test_answers_between_the_quoted_lines_keep_them() -> None:
    text = (
        f"{ATTRIBUTIONS['gmail-en']}\n> Which device?\n\nAn iPhone.\n\n> Order?\n\n4711.\n\n> Anna"
    )
    assert find_newest(text).reply == "> Which device?\n\nAn iPhone.\n\n> Order?\n\n4711."


@pytest.mark.parametrize(
    "phrase",
    [
        "Please see my answers below.",
        "My answers inline.",
        "Meine Antworten stehen unten im Text.",
        "Mes réponses ci-dessous.",
        "我的回复如下。",
        "回答は以下の通りです。",
    ],
)
def test_answers_in_an_unmarked_quotation_are_kept(phrase: str) -> None:
    text = f"{phrase}\n\n{BLOCKS['outlook-en']}\n\nWhich device?\nAN IPHONE\nOrder?\n4711"
    reply = find_newest(text).reply
    assert "AN IPHONE" in reply
    assert phrase in reply
    assert "Subject: Ticket" not in reply


@pytest.mark.parametrize(
    "text",
    [
        "> only a quotation",
        "-- \nBen",
        "Sent from my iPhone",
        BLOCKS["outlook-en"],
        ATTRIBUTIONS["gmail-de"],
        "________________________________",
        "> a\n> b\n\n-- \nBen",
        "👍",
        ".",
    ],
)
def test_reply_is_never_empty(text: str) -> None:
    assert find_newest(text).reply


@pytest.mark.parametrize(
    "text",
    [
        "On 5 May you wrote:\n\nthat the coin will be listed. When?",
        "From: 0x52908400098527886E0F7030069857D2E4169EE7\n"
        "To: 0xde709f2102306220921060314715629080e2fb77\n"
        "Date: 2026-11-23\nAmount: 5 ETH\n\nWhere is it?",
        "My steps:\n\n---\n1. open the app\n2. tap on withdraw\n3. error 500 appears.\n\nWhat now?",
        "New request\n-----------\nName: Ben\nOrder: 4711\nText: it is broken",
        "Error log:\n====\nConnection refused\nRetry",
        ("I sent from my iPhone wallet 5 BTC to the exchange and it did not arrive, please look"),
        "Dear team,\n\nthe price on Monday wrote:\nhistory for me.",
        "Here is another one.\n\nSent from my desk, is much easier than my mobile phone.",
        "On your remote host you can run:\n\n     telnet 127.0.0.1 52698\n\nThis connects.",
        "| coin | amount |\n| BTC  | 5      |\n\nThat is what I have.",
    ],
)
def test_what_only_looks_like_a_quotation_stays(text: str) -> None:
    assert find_newest(text).reply == text


def test_signature_under_a_delimiter_is_set_apart() -> None:
    newest = find_newest(
        f"{OWN}\n\n-- \nBen Customer\n+49 30 1234567\n\n{ATTRIBUTIONS['gmail-en']}\n{QUOTED}"
    )
    assert newest.reply == OWN
    assert newest.signature == "-- \nBen Customer\n+49 30 1234567"


def test_contact_data_after_the_farewell_is_signature() -> None:
    text = (
        "The app crashes.\n\nMit freundlichen Grüßen\n\nBen Kunde\nLeiter Einkauf\n\n"
        "Beispiel GmbH\nTel.: +49 30 1234567\nwww.beispiel.example\n\n"
        "Diese E-Mail enthält vertrauliche Informationen."
    )
    newest = find_newest(text)
    assert newest.reply == "The app crashes.\n\nMit freundlichen Grüßen\n\nBen Kunde"
    assert "Leiter Einkauf" in newest.signature


def test_text_under_the_quotation_is_kept_and_a_notice_is_not() -> None:
    top = f"Hello,\nsee below.\n\n{ATTRIBUTIONS['gmail-en']}\n> Which device?\n\n"
    assert "An iPhone." in find_newest(f"{top}An iPhone.\n").reply
    notice = "This message is confidential and intended only for the addressee."
    assert find_newest(f"{top}{notice}").reply == "Hello,\nsee below."


def test_html_shows_the_quotation_that_plain_text_lost() -> None:
    quotation = "<blockquote type=cite><p>Please try the newest version.</p></blockquote>"
    html = f"<p>It works now.</p>{quotation}"
    text = "It works now.\n\nPlease try the newest version.\n"
    assert find_newest(text, html=html).reply == "It works now."


HOSTILE = {
    "lines": "\n" * 300_000,
    "colons": "a:\n" * 100_000,
    "wrote": "On 1 wrote:\n" * 30_000,
    "from": "From: a@b\n" * 50_000,
    "dashes": "--\n" * 100_000,
    "rules": "_____\n" * 60_000,
    "angles": "<" * 300_000,
    "one-line": "On " + "x " * 200_000 + "wrote:",
    "quoted": "> a\nb\n" * 50_000,
    "sent": "sent from " * 40_000,
    "spaces": " " * 400_000,
    "digits": "1" * 400_000,
    "subject": "Subject: x\n\n" * 40_000,
    "dates": "2026-11-23 10:00 GMT+01:00 " * 15_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_linear_time(name: str) -> None:
    started = time.process_time()
    find_newest(HOSTILE[name])
    assert time.process_time() - started < 3
