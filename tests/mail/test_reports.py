from email import message_from_bytes, message_from_string

import pytest

from intake.mail.reports import parse_report

ORIGINAL = (
    "Message-ID: <ack-1@desk.example>\nFrom: support@desk.example\nSubject: Ticket\n\nhello\n"
)


def multipart(report_type: str, *parts: str, headers: str = "") -> str:
    body = "".join(f"--b\n{part}\n" for part in parts)
    return (
        f"From: MAILER-DAEMON@mx.example\nTo: support@desk.example\n{headers}MIME-Version: 1.0\n"
        f"Content-Type: multipart/report; report-type={report_type}; boundary=b\n\n{body}--b--\n"
    )


TEXT = "Content-Type: text/plain\n\nYour mail could not be delivered.\n"
STATUS = (
    "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
    "Final-Recipient: rfc822; ben@mail.example\nAction: failed\nStatus: 5.1.1\n"
    "Diagnostic-Code: smtp; 550 5.1.1 no such\n user here\n"
)
RETURNED = f"Content-Type: message/rfc822\n\n{ORIGINAL}"


def test_delivery_report() -> None:
    report = parse_report(message_from_string(multipart("delivery-status", TEXT, STATUS, RETURNED)))
    assert report is not None
    assert (report.kind, report.action, report.status) == ("dsn", "failed", "5.1.1")
    assert report.recipient == "ben@mail.example"
    assert report.diagnostic == "550 5.1.1 no such user here"
    assert report.original_message_id == "ack-1@desk.example"


def test_returned_headers_alone_are_enough() -> None:
    headers = f"Content-Type: text/rfc822-headers\n\n{ORIGINAL.partition(chr(10) * 2)[0]}\n"
    report = parse_report(message_from_string(multipart("delivery-status", TEXT, STATUS, headers)))
    assert report is not None
    assert report.original_message_id == "ack-1@desk.example"


def test_the_failed_recipient_counts_where_another_was_delivered() -> None:
    status = STATUS.replace(
        "Final-Recipient",
        "Final-Recipient: rfc822; anna@mail.example\nAction: delivered\nStatus: 2.0.0\n\n"
        "Final-Recipient",
        1,
    )
    report = parse_report(message_from_string(multipart("delivery-status", TEXT, status)))
    assert report is not None
    assert (report.recipient, report.action) == ("ben@mail.example", "failed")


def test_disposition_report() -> None:
    part = (
        "Content-Type: message/disposition-notification\n\n"
        "Final-Recipient: rfc822; ben@mail.example\n"
        "Original-Message-ID: <ack-1@desk.example>\n"
        "Disposition: automatic-action/MDN-sent-automatically; displayed\n"
    )
    report = parse_report(message_from_string(multipart("disposition-notification", TEXT, part)))
    assert report is not None
    assert (report.kind, report.action) == ("mdn", "displayed")
    assert report.original_message_id == "ack-1@desk.example"


def test_feedback_report() -> None:
    part = (
        "Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n"
        "Original-Rcpt-To: <ben@mail.example>\n"
    )
    report = parse_report(message_from_string(multipart("feedback-report", TEXT, part, RETURNED)))
    assert report is not None
    assert (report.kind, report.action, report.recipient) == (
        "feedback",
        "abuse",
        "ben@mail.example",
    )
    assert report.original_message_id == "ack-1@desk.example"


PROSE = {
    "qmail": (
        "From: MAILER-DAEMON@mx.example\nTo: support@desk.example\nSubject: failure notice\n\n"
        "Hi. This is the qmail-send program at mx.example.\n"
        "I'm afraid I wasn't able to deliver your message to the following addresses.\n\n"
        "<ben@mail.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
        f"--- Below this line is a copy of the message.\n\n{ORIGINAL}"
    ),
    "exim": (
        "From: Mail Delivery System <Mailer-Daemon@mx.example>\nTo: support@desk.example\n"
        "Subject: Mail delivery failed: returning message to sender\n"
        "X-Failed-Recipients: ben@mail.example\n\nThis message was created automatically.\n\n"
        "  ben@mail.example\n    550 5.1.1 unknown user\n\n"
        f"------ This is a copy of the message, including all the headers. ------\n\n{ORIGINAL}"
    ),
    "exchange": (
        "From: System Administrator <postmaster@mx.example>\nTo: support@desk.example\n"
        "Subject: Undeliverable: Ticket\n\nYour message\n\n  To:      ben@mail.example\n\n"
        "did not reach the following recipient(s):\n\nben@mail.example on Mon, 23 Nov 2026\n"
        "    The recipient name is not recognized 5.1.1\n\nOriginal message headers:\n\n"
        f"{ORIGINAL}"
    ),
}


@pytest.mark.parametrize("system", PROSE)
def test_bounces_in_prose(system: str) -> None:
    report = parse_report(message_from_string(PROSE[system]))
    assert report is not None
    assert report.kind == "dsn"
    assert report.recipient == "ben@mail.example"
    assert report.status == "5.1.1"
    assert report.original_message_id == "ack-1@desk.example"


def test_a_delay_is_no_failure() -> None:
    mail = PROSE["qmail"].replace("failure notice", "Warning: message delayed 24 hours")
    report = parse_report(message_from_string(mail))
    assert report is not None
    assert report.action == "delayed"


@pytest.mark.parametrize(
    "mail",
    [
        "From: ben@mail.example\nSubject: Mail delivery failed\n\nI get 550 5.1.1, please help\n",
        "From: ben@mail.example\nSubject: Fwd: failure notice\nMIME-Version: 1.0\n"
        "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nWhy?\n"
        "--x\nContent-Type: message/rfc822\n\n"
        + multipart("delivery-status", TEXT, STATUS)
        + "--x--\n",
    ],
)
def test_what_people_write_about_bounces_is_no_report(mail: str) -> None:
    assert parse_report(message_from_string(mail)) is None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"Content-Type: message/delivery-status\n\n\xff\xfe: \x00",
        b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n",
        b"From: MAILER-DAEMON\nSubject: failure notice\n"
        b"Content-Type: text/plain; charset=no-such\n\n\xff",
        b"Content-Type: message/delivery-status\n"
        b"Content-Transfer-Encoding: base64\n\nQWN0aW9uOiBmYWlsZWQK",
    ],
)
def test_broken_reports_raise_nothing(raw: bytes) -> None:
    parse_report(message_from_bytes(raw))


@pytest.mark.parametrize(
    "head, text, status, recipient, diagnostic",
    [
        (
            "From: MAILER-DAEMON@mx.example",
            "The original message was received at Mon, 1 Jan\n\n<ben@mail.example>\n\n"
            "550 sorry, no mailbox here by that name (#5.1.1 - chk)\n",
            "5.1.1",
            "ben@mail.example",
            "550 sorry, no mailbox here by that name (#5.1.1 - chk)",
        ),
        (
            "From: MAILER-DAEMON@mx.example",
            "could not be delivered\n\nben@mail.example\n  an MX record says no\n\n"
            "----- Original message -----\nMessage-ID: <a@b>\n",
            None,
            "ben@mail.example",
            "an MX record says no",
        ),
        (
            "From: MAILER-DAEMON@mx.example",
            "could not be delivered\n\nben@mail.example ... unknown host\n",
            None,
            "ben@mail.example",
            "unknown host",
        ),
        (
            "From: MAILER-DAEMON@mx.example",
            "could not be delivered\n\n  ben@mail.example on Thu, 29 Apr 2010 00:00:00 -0000\n"
            "    The recipient name is not recognized\n",
            None,
            "ben@mail.example",
            "The recipient name is not recognized",
        ),
        (
            "Return-Path: <>\nFrom: Sysadmin <sysadmin@m.example>",
            "ben@mail.example: Envelope expired\n",
            None,
            "ben@mail.example",
            "Envelope expired",
        ),
        (
            "From: MAILER-DAEMON@mx.example",
            "could not be delivered\n\n<ben@mail.example>\nThe server said: 500 no TLS here\n",
            "5.0.0",
            "ben@mail.example",
            "The server said: 500 no TLS here",
        ),
    ],
)
def test_what_the_prose_of_a_bounce_says(head, text, status, recipient, diagnostic) -> None:
    mail = f"{head}\nTo: support@desk.example\nSubject: Undeliverable mail\n\n{text}"
    report = parse_report(message_from_string(mail))
    assert report is not None
    assert (report.status, report.recipient) == (status, recipient)
    assert report.diagnostic is not None
    assert report.diagnostic in diagnostic


def test_a_vacation_note_with_a_null_sender_is_no_bounce() -> None:
    text = "I am away. Write to the following address: ann@mail.example\n"
    mail = f"Return-Path: <>\nFrom: ben@mail.example\nSubject: Away\n\n{text}"
    assert parse_report(message_from_string(mail)) is None


def test_a_status_that_only_the_diagnostic_gives() -> None:
    status = STATUS.replace("Status: 5.1.1\n", "")
    report = parse_report(message_from_string(multipart("delivery-status", TEXT, status)))
    assert report is not None
    assert report.status == "5.1.1"
