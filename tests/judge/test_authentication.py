"""Whose word counts: every way in which a forger may try to be believed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intake.judge.authentication import Authentication, judge_authentication
from intake.model import Address, MethodResult
from intake.settings.people import Identity
from tests.cast import OUR_SERVER
from tests.judge.authentication_cases import CASES, EVIL_IN, FAIL, IN, PASS, US, Case, block, said
from tests.judge.headers import mail_with
from tests.judge.letters import write

IDENTITY = Identity(trusted_authserv_ids=(OUR_SERVER,))


def judge(
    head: str,
    identity: Identity = IDENTITY,
    author: str | None = None,
    checked: tuple[MethodResult, ...] = (),
) -> Authentication:
    mail = mail_with(head, author) if author is not None else mail_with(head)
    return judge_authentication(mail, identity, checked)


def outcome(found: Authentication) -> str:
    assert not (found.proven and found.failed)
    return "proven" if found.proven else "failed" if found.failed else "silent"


def codes(found: Authentication) -> set[str]:
    return {reason.code for reason in found.reasons if reason.fired}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_the_table(case: Case) -> None:
    _, head, expected, reasons = case
    found = judge(head)
    assert outcome(found) == expected
    assert set(reasons) <= codes(found)


def test_the_table_is_large_and_each_name_stands_once() -> None:
    assert len({name for name, *_ in CASES}) == len(CASES) >= 60


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_where_nobody_is_trusted_nobody_is_proven_and_nobody_failed(case: Case) -> None:
    found = judge(case[1], Identity())
    assert (found.trusted, found.proven, found.failed) == (False, False, False)


# --- where the trusted server's lines end ---------------------------------------------------


@pytest.mark.parametrize(
    "hop",
    [
        f"from {US} (mx.exchange.example [10.0.0.2]) by imap.exchange.example with ESMTP id 3",
        f"from {US} by imap.exchange.example with LMTP id 3",
        f"from {US} ([10.202.2.202]) by store.internal (LMTPProxy)",
        f"from mx3 ([10.202.2.202]) by {US} (Proxy)",
        "by 2002:a05:7022:6089:b0:84 with SMTP id x",
        f"from localhost (localhost [127.0.0.1]) by {US} (Postfix) with ESMTP id 4",
        f"from localhost (unknown [127.0.0.1]) by {US} (amavis)",
        f"from gate.exchange.example (gate.exchange.example [198.51.100.4]) by {US} with ESMTPS",
        "from gate.exchange.example (gate.exchange.example [198.51.100.4])\n (using TLSv1.3 with"
        " cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\n (No client certificate requested)\n"
        f" by {US} (Postfix) with ESMTPS",
        "(qmail 12 invoked by uid 89)",
    ],
)
def test_steps_inside_the_receiving_house_do_no_harm(hop: str) -> None:
    assert judge(block(f"Received: {hop}; today", PASS, IN)).proven
    # The same steps do not let in what stands below the border.
    assert not judge(block(f"Received: {hop}; today", EVIL_IN, PASS)).proven


def test_several_instances_above_our_received_line_are_all_ours() -> None:
    none = f"Authentication-Results: {US}; spf=none"
    assert judge(block(none, PASS, IN)).proven
    assert not judge(block(none, PASS)).proven
    assert not judge(block(none, IN, PASS)).proven


def test_a_server_that_writes_below_its_line_counts_where_the_operator_says_so() -> None:
    below = Identity(trusted_authserv_ids=(US,), results_below_received=(US,))
    assert judge(block(IN, PASS), below).proven
    assert judge(block(IN, "Received-SPF: pass", "X-Mid: 1", PASS), below).proven
    # Only the topmost, only directly below, only what is in its name.
    assert not judge(block(IN, f"Authentication-Results: {US}; spf=none", PASS), below).proven
    assert not judge(block(IN, IN, PASS), below).proven
    assert not judge(block(IN, PASS.replace(US, "mx.other.example"), PASS), below).proven
    assert judge(block(IN, FAIL, PASS), below).failed


def test_a_server_writes_below_its_own_line_only() -> None:
    both = Identity(trusted_authserv_ids=(US, "mx.google.com"))
    assert not judge(block(EVIL_IN, PASS.replace(US, "mx.google.com")), both).proven


def test_google_writes_below_its_line_and_is_known_for_it() -> None:
    google = Identity(trusted_authserv_ids=("mx.google.com",))
    head = """
        Delivered-To: support@exchange.example
        Received: by 2002:a05:6520:1d:b0:2e5 with SMTP id a1; Mon, 23 Nov 2026 02:00:01 -0800
        X-Received: by 2002:a5d:6dae:0:b0:385 with SMTP id b2; Mon, 23 Nov 2026 02:00:00 -0800
        ARC-Authentication-Results: i=1; mx.google.com; dmarc=pass header.from=posteo.example
        Return-Path: <alice.moreau@posteo.example>
        Received: from mout.posteo.example (mout.posteo.example. [192.0.2.65]) by mx.google.com
         with ESMTPS id c3 for <support@exchange.example>; Mon, 23 Nov 2026 02:00:00 -0800 (PST)
        Received-SPF: pass (google.com: domain of alice.moreau@posteo.example designates
         192.0.2.65 as permitted sender) client-ip=192.0.2.65;
        Authentication-Results: mx.google.com; dkim=pass header.i=@posteo.example header.s=2017;
         spf=pass (google.com: domain of alice.moreau@posteo.example designates 192.0.2.65 as
         permitted sender) smtp.mailfrom=alice.moreau@posteo.example;
         dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=posteo.example
    """
    assert judge(head, google).proven
    assert not judge(head.replace("posteo.example;", "evil.example;"), IDENTITY).proven


MICROSOFT = """
    Received: from A.namprd19.prod.outlook.com (::1) by B.namprd19.prod.outlook.com; today
    Received: from C.eurprd02.prod.outlook.com (2603:10a6:20b:100::15) by
     A.namprd19.prod.outlook.com (2603:10b6:208:1e8::10) with Microsoft SMTP Server; today
    Received: from D.prod.protection.outlook.com (2603:10a6:20b:100::4) by
     C.outlook.office365.com (2603:10a6:20b:100::15) with Microsoft SMTP Server; today
    Authentication-Results: spf=pass (sender IP is 192.0.2.7) smtp.mailfrom=posteo.example;
     dkim=pass (signature was verified) header.d=posteo.example;dmarc=pass action=none
     header.from=posteo.example;compauth=pass reason=100
    Received-SPF: Pass (protection.outlook.com: domain of posteo.example designates 192.0.2.7)
    Received: from mail.posteo.example (192.0.2.7) by D.mail.protection.outlook.com
     (10.233.243.188) with Microsoft SMTP Server id 15.20; today
"""


def test_microsoft_counts_where_the_operator_says_so() -> None:
    said_so = Identity(unnamed_results_from=("outlook.com", "office365.com"))
    assert judge(MICROSOFT, said_so).proven
    assert not judge(MICROSOFT, IDENTITY).proven
    forged = "Authentication-Results: dmarc=pass header.from=posteo.example"
    border = MICROSOFT.rstrip().rsplit("    Received: from mail", 1)[1]
    entry = "Received: from mail" + border.replace("posteo", "evil").replace("\n     ", "\n ")
    assert not judge(block(entry, forged), said_so).proven
    assert not judge(block(forged.replace("s:", f"s: {US};")), said_so).proven


def test_a_star_stands_for_the_hosts_of_a_domain() -> None:
    fastmail = Identity(trusted_authserv_ids=("*.messagingengine.com",))
    for server, proven in (
        ("mx3.messagingengine.com", True),
        ("messagingengine.com.evil.example", False),
        ("evilmessagingengine.com", False),
    ):
        assert judge(PASS.replace(US, server), fastmail).proven is proven


# --- whom a result can prove ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("author", "code"),
    [
        ("From: alice.moreau@posteo.example, bob@posteo.example", "several-authors"),
        ("From: a@posteo.example\nFrom: alice.moreau@posteo.example", "several-authors"),
        ("From:", "author-not-from"),
        ("From: <>", "author-not-from"),
        ("", "author-not-from"),
        ("Sender: alice.moreau@posteo.example", "author-not-from"),
        ("From: Us: alice.moreau@posteo.example;", "author-in-group"),
    ],
)
def test_an_author_whom_no_result_can_prove(author: str, code: str) -> None:
    found = judge(block(PASS, "Return-Path: <alice.moreau@posteo.example>"), author=author)
    assert not found.proven
    assert code in codes(found)


def test_a_result_that_names_nobody_counts_for_a_plain_from_only() -> None:
    bare = said("dmarc=pass")
    assert judge(bare, author="From: alice.moreau@posteo.example").proven
    trick = 'From: "mallory@evil.example" <alice.moreau@posteo.example>'
    assert not judge(bare, author=trick).proven


def test_international_domains_are_one_in_both_forms() -> None:
    for stated in ("bücher.example", "xn--bcher-kva.example", "BÜCHER.example"):
        mail = mail_with(said(f"dmarc=pass header.from={stated}"))
        for domain in ("bücher.example", "xn--bcher-kva.example"):
            of_anna = replace(mail, author=Address("", "anna", domain))
            assert judge_authentication(of_anna, IDENTITY).proven


def test_customers_of_one_hosting_company_are_strangers() -> None:
    head = said("dkim=pass header.d=evil.blogspot.com")
    assert not judge(head, author="From: a@alice.blogspot.com").proven


# --- signatures that we checked ourselves ----------------------------------------------------

SIGNED = (MethodResult("dkim", "pass", (("header.d", "posteo.example"),)),)


def test_our_own_check_proves_without_any_server() -> None:
    found = judge(IN, Identity(), checked=SIGNED)
    assert found.proven
    assert not found.trusted
    assert "dkim-checked" in codes(found)


@pytest.mark.parametrize(
    "checked",
    [
        (MethodResult("dkim", "pass", (("header.d", "evil.example"),)),),
        (MethodResult("dkim", "temperror", (("header.d", "posteo.example"),)),),
        (MethodResult("dkim", "fail", (("header.d", "posteo.example"),)),),
        (MethodResult("spf", "pass", (("smtp.mailfrom", "posteo.example"),)),),
    ],
)
def test_what_our_own_check_does_not_prove(checked: tuple[MethodResult, ...]) -> None:
    found = judge(IN, Identity(), checked=checked)
    assert (found.proven, found.failed) == (False, False)


def test_our_own_check_does_not_outweigh_a_failure() -> None:
    assert judge(said("dmarc=fail header.from=posteo.example"), checked=SIGNED).failed


def test_a_mail_without_an_author() -> None:
    mail = write(author=None)
    assert not judge_authentication(mail, IDENTITY, SIGNED).proven
