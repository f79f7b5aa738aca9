from dataclasses import replace
from datetime import UTC, datetime

import pytest

from intake.judge.origin import judge_origin
from intake.judge.origin_senders import is_no_reply
from intake.model import Address, Attachment, Facts, ParsedMail, Report
from intake.settings.rules import Rules
from tests.judge.notices import ABSENCES, BOUNCES, PEOPLE

FACTS = Facts(now=datetime(2026, 11, 23, tzinfo=UTC))
RULES = Rules()
BEN = Address("Ben", "ben", "mail.example")
OURS = Address("", "support", "exchange.example")


def mail(
    subject: str = "Deposit missing",
    text: str = "Hello,\n\nmy deposit is missing. Can you help?",
    *,
    author: Address | None = BEN,
    **headers: str,
) -> ParsedMail:
    lines = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    empty = ParsedMail(sha256="0" * 64, size_bytes=1, headers=lines)
    return replace(
        empty,
        subject=subject,
        text=text,
        reply=text,
        author=author,
        envelope_sender="ben@x.example",
    )


def kind_of(parsed: ParsedMail) -> str:
    return judge_origin(parsed, FACTS, RULES).kind


@pytest.mark.parametrize(
    ("header", "value", "kind"),
    [
        ("auto-submitted", "auto-replied", "auto-reply"),
        ("auto-submitted", 'auto-replied; owner-email="ben@x.example"', "auto-reply"),
        ("auto-submitted", "Auto-Replied (vacation)", "auto-reply"),
        ("auto-submitted", "auto-generated", "system"),
        ("auto-submitted", "auto-notified; owner=x", "system"),
        ("auto-submitted", "unheard-of", "system"),
        ("auto-submitted", "no", "human"),
        ("auto-submitted", "No; comment", "human"),
        ("precedence", "bulk", "bulk"),
        ("precedence", "junk", "bulk"),
        ("precedence", "list", "list"),
        ("precedence", "auto_reply", "auto-reply"),
        ("precedence", "first-class", "human"),
        ("list-id", "<users.lists.example>", "list"),
        ("list-post", "<mailto:users@lists.example>", "list"),
        ("list-unsubscribe", "<https://shop.example/u>", "bulk"),
        ("x-auto-response-suppress", "All", "system"),
        ("x-auto-response-suppress", "DR, OOF, AutoReply", "system"),
        ("x-auto-response-suppress", "DR, RN, NRN", "human"),
        ("x-auto-response-suppress", "None", "human"),
        ("x-autoreply", "yes", "auto-reply"),
        ("x-autoreply", "no", "human"),
        ("x-autorespond", "Away", "auto-reply"),
        ("x-autoresponder", "vacation", "auto-reply"),
        ("x-apple-action", "VACATION", "auto-reply"),
        ("x-ms-exchange-inbox-rules-loop", "someone@firm.example", "auto-reply"),
        ("x-ms-exchange-inbox-rules-loop", "support@exchange.example", "human"),
        ("x-loop", "yes", "system"),
        ("feedback-id", "c1:shop:newsletter:mailer", "bulk"),
        ("feedback-id", "1.us-west-2.abc=:AmazonSES", "human"),
        ("x-failed-recipients", "anna@mail.example", "bounce"),
        ("content-type", "multipart/report; report-type=delivery-status", "bounce"),
        ("content-type", "multipart/report; report-type=feedback-report", "feedback-report"),
        ("content-type", "text/calendar; method=REPLY", "calendar"),
        ("x-mailer", "Outlook 16", "human"),
        ("x-priority", "1", "human"),
    ],
)
def test_headers_by_value(header: str, value: str, kind: str) -> None:
    parsed = mail()
    assert kind_of(replace(parsed, headers=((header, value),))) == kind


def test_said_human_outweighs_words_but_no_report() -> None:
    notice = mail("Automatic reply: x", "I am out of the office.", auto_submitted="no")
    assert kind_of(notice) == "human"
    report = Report("dsn", "failed", "5.1.1", "anna@mail.example")
    assert kind_of(replace(notice, report=report)) == "bounce"


@pytest.mark.parametrize(
    ("report", "kind"),
    [("dsn", "bounce"), ("mdn", "auto-reply"), ("feedback", "feedback-report")],
)
def test_reports(report: str, kind: str) -> None:
    assert kind_of(replace(mail(), report=Report(report))) == kind  # type: ignore[arg-type]


@pytest.mark.parametrize("sender", ["", "MAILER-DAEMON", "mailer-daemon@mx.example"])
def test_the_null_sender_is_never_a_person(sender: str) -> None:
    assert kind_of(replace(mail(), envelope_sender=sender)) == "system"
    answer = replace(mail(), envelope_sender=sender, in_reply_to=("a@b",))
    assert kind_of(answer) == "auto-reply"


def test_without_envelope_nothing_is_assumed() -> None:
    assert kind_of(replace(mail(), envelope_sender=None)) == "human"


@pytest.mark.parametrize(
    "local_part",
    [
        "no-reply",
        "noreply",
        "no_reply",
        "do-not-reply",
        "DoNotReply",
        "noreply-orders",
        "orders.noreply",
        "nicht-antworten",
        "keine-antwort",
        "nepasrepondre",
        "ne-pas-repondre",
        "no-responder",
        "nao-responda",
        "non-rispondere",
        "niet-beantwoorden",
        "nie-odpowiadac",
        "ne-otvechat",
        "ej-svar",
        "ikke-svar",
        "ei-vastata",
        "yanitlama",
        "neodpovidat",
        "qing-wu-hui-fu",
        "notifications",
        "mailer-daemon",
        "postmaster",
        "root",
        "newsletter",
        "rssfeeds",
        "rss",
        "bugzilla-daemon",
        "pine-robot",
        "release-bot",
    ],
)
def test_addresses_nobody_reads(local_part: str) -> None:
    assert kind_of(mail(author=Address("", local_part, "shop.example"))) in ("system", "bounce")


@pytest.mark.parametrize(
    "local_part",
    [
        "noreen",
        "norman.reply",
        "donot",
        "bounty",
        "rooter",
        "listman",
        "info",
        "x",
        "talbot",
        "rss.mueller",
        "robot.fan",
        "feeds2u",
        "admin",
        "support",
        "it-admin",
    ],
)
def test_names_that_only_look_like_it(local_part: str) -> None:
    assert not is_no_reply(local_part)
    assert kind_of(mail(author=Address("", local_part, "mail.example"))) == "human"


def test_a_web_form_speaks_for_the_person_in_reply_to() -> None:
    form = mail(author=Address("Form", "no-reply", "exchange.example"))
    assert kind_of(replace(form, reply_to=(BEN,))) == "human"
    assert kind_of(replace(mail(author=OURS), reply_to=(BEN,))) == "human"
    same = Address("", "donotreply", "exchange.example")
    assert kind_of(replace(form, reply_to=(same,))) == "system"


def test_a_name_whose_address_cannot_be_read_is_a_person() -> None:
    assert kind_of(mail(author=Address("Piers", "", ""))) == "human"
    assert kind_of(mail(author=None)) == "human"


def test_our_own_address_is_no_customer() -> None:
    assert kind_of(mail(author=OURS)) == "system"


def test_a_group_that_delivers_to_us_is_no_list() -> None:
    group = mail(
        precedence="list",
        list_id="<support.exchange.example>",
        list_unsubscribe="<mailto:support+unsubscribe@exchange.example>",
    )
    assert kind_of(group) == "human"


@pytest.mark.parametrize("language", ABSENCES)
def test_absence_notices_without_headers(language: str) -> None:
    subject, text = ABSENCES[language]
    assert kind_of(mail(subject, text)) == "auto-reply"


@pytest.mark.parametrize("language", sorted(set(ABSENCES) - {"cs", "no"}))
def test_absence_notices_by_their_words_alone(language: str) -> None:
    _, text = ABSENCES[language]
    assert kind_of(mail("Re: Ticket", text)) == "auto-reply"


@pytest.mark.parametrize("language", BOUNCES)
def test_bounces_without_headers(language: str) -> None:
    subject, text = BOUNCES[language]
    assert kind_of(mail(subject, text, author=Address("", "gateway", "mx.example"))) == "bounce"


@pytest.mark.parametrize(("subject", "text"), PEOPLE)
def test_people_stay_people(subject: str, text: str) -> None:
    assert kind_of(mail(subject, text)) == "human"


def test_who_forwards_an_automatic_mail_is_a_person() -> None:
    forwarded = mail("Fwd: Automatic message", "This is an automated message. Please do not reply.")
    assert kind_of(replace(forwarded, forwarded_from=BEN)) == "human"


def test_an_invitation_by_subject_and_file() -> None:
    event = Attachment(
        "2", "invite.ics", "text/calendar", "text/calendar", 9, "0" * 64, "calendar", "attachment"
    )
    accepted = replace(mail("Accepted: Call", "Ben accepted"), attachments=(event,))
    assert kind_of(accepted) == "calendar"
    assert kind_of(replace(mail("Wrong time zone", "See file"), attachments=(event,))) == "human"


def test_every_machine_has_a_reason_and_a_person_one_that_missed() -> None:
    machine = judge_origin(mail(precedence="bulk", x_loop="yes"), FACTS, RULES)
    assert machine.kind == "bulk"
    assert [reason.code for reason in machine.reasons] == ["precedence", "loop-mark"]
    person = judge_origin(mail(), FACTS, RULES)
    assert [reason.fired for reason in person.reasons] == [False]
