"""Whose word counts: every way in which a forger may try to be believed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intake.judge.authentication import judge_authentication
from intake.model import Address, AuthenticationResults, ParsedMail
from intake.settings.schema import Identity
from tests.cast import ALICE, OUR_SERVER, STRANGER
from tests.judge.letters import dmarc, proven, results, write

IDENTITY = Identity(trusted_authserv_ids=(OUR_SERVER,))
DOMAIN = ALICE.domain
RECEIVED = ("received", f"from x.example by {OUR_SERVER} with ESMTPS id 1; today")
FOREIGN_HOP = ("received", "from x.example by relay.other.example with ESMTPS id 2; today")
MARK = ("authentication-results", "...")


def received(
    *instances: AuthenticationResults,
    headers: tuple[tuple[str, str], ...] = (MARK, RECEIVED),
    author: Address = ALICE,
) -> ParsedMail:
    """A mail with these headers on top, in this order."""
    mail = write(author=author, authentication=instances)
    return replace(mail, headers=(*headers, *mail.headers))


@pytest.mark.parametrize(
    "instance",
    [
        dmarc("pass", DOMAIN),
        dmarc("pass", DOMAIN.upper()),
        results(("dmarc", "pass", {})),
        results(("dkim", "pass", {"header.d": DOMAIN})),
        results(("dkim", "pass", {"header.d": f"mail.{DOMAIN}"})),
        results(("dkim", "pass", {"header.i": f"@{DOMAIN}"})),
        results(("spf", "pass", {"smtp.mailfrom": f"bounce@mail.{DOMAIN}"})),
        results(("dkim", "fail", {}), ("spf", "pass", {"smtp.mailfrom": DOMAIN})),
        results(("spf", "fail", {}), ("dmarc", "pass", {"header.from": DOMAIN})),
        dmarc("pass", DOMAIN, server=OUR_SERVER.upper()),
    ],
)
def test_proof(instance: AuthenticationResults) -> None:
    assert judge_authentication(received(instance), IDENTITY).proven


@pytest.mark.parametrize(
    "instance",
    [
        dmarc("fail", DOMAIN),
        dmarc("none", DOMAIN),
        dmarc("pass", "evil.example"),
        results(("dkim", "pass", {"header.d": "evil.example"})),
        results(("dkim", "pass", {})),
        results(("spf", "pass", {"smtp.mailfrom": "evil.example"})),
        results(("spf", "pass", {"smtp.helo": DOMAIN})),
        results(("dmarc", "fail", {}), ("spf", "pass", {"smtp.mailfrom": DOMAIN})),
        results(("x-own", "pass", {"header.from": DOMAIN})),
        dmarc("pass", DOMAIN, server="mx.evil.example"),
        dmarc("pass", DOMAIN, server=f"{OUR_SERVER}.evil.example"),
        replace(dmarc("pass", DOMAIN), source="arc"),
        replace(results(("spf", "pass", {"smtp.mailfrom": DOMAIN})), source="received-spf"),
        results(),
    ],
)
def test_no_proof(instance: AuthenticationResults) -> None:
    assert not judge_authentication(received(instance), IDENTITY).proven


def test_none_trusted_means_nobody_is_proven_and_nobody_failed() -> None:
    for instance in (dmarc("pass", DOMAIN), dmarc("fail", DOMAIN)):
        verdict = judge_authentication(received(instance), Identity())
        assert not verdict.proven
        assert not verdict.failed
        assert not verdict.trusted


def test_a_forged_instance_below_ours_does_not_count() -> None:
    mail = received(
        dmarc("fail", DOMAIN),
        dmarc("pass", DOMAIN, position=1),
        headers=(MARK, RECEIVED, MARK),
    )
    verdict = judge_authentication(mail, IDENTITY)
    assert not verdict.proven
    assert verdict.failed
    assert "authentication-repeated" in {reason.code for reason in verdict.reasons}


def test_a_forged_instance_directly_below_ours_does_not_count_either() -> None:
    # A server that writes its instance under its own Received line: the sender's comes next.
    mail = received(
        results(("dkim", "none", {})),
        results(("spf", "pass", {"smtp.mailfrom": DOMAIN}), position=1),
        headers=(RECEIVED, MARK, MARK),
    )
    assert not judge_authentication(mail, IDENTITY).proven


def test_several_instances_above_our_received_line_are_all_ours() -> None:
    mail = received(
        results(("spf", "none", {})),
        dmarc("pass", DOMAIN, position=1),
        headers=(MARK, MARK, RECEIVED),
    )
    assert judge_authentication(mail, IDENTITY).proven


def test_a_failure_among_them_decides() -> None:
    mail = received(
        dmarc("pass", DOMAIN),
        dmarc("fail", DOMAIN, position=1),
        headers=(MARK, MARK, RECEIVED),
    )
    assert not judge_authentication(mail, IDENTITY).proven


def test_without_a_received_line_only_the_topmost_counts() -> None:
    mail = received(dmarc("none", DOMAIN), dmarc("pass", DOMAIN, position=1), headers=(MARK, MARK))
    assert not judge_authentication(mail, IDENTITY).proven


def test_below_an_instance_of_another_server_nothing_counts() -> None:
    mail = received(
        dmarc("none", DOMAIN, server="relay.other.example"),
        dmarc("pass", DOMAIN, position=1),
        headers=(MARK, MARK, RECEIVED),
    )
    assert not judge_authentication(mail, IDENTITY).proven


def test_below_a_foreign_hop_nothing_counts() -> None:
    mail = received(dmarc("pass", DOMAIN), headers=(FOREIGN_HOP, MARK, RECEIVED))
    verdict = judge_authentication(mail, IDENTITY)
    assert not verdict.proven
    assert "authentication-below-hop" in {reason.code for reason in verdict.reasons}


@pytest.mark.parametrize(
    "hop",
    [
        "from a by imap.exchange.example with LMTP id 3; today",
        "by 2002:a05:7022:6089:b0:84 with SMTP id x; today",
        "from a by localhost with LMTP; today",
        "from a by 10.0.0.7 with SMTP; today",
        "from a (a [10.1.1.1]) by mx.exchange.example (Postfix) with ESMTP id 4; today",
    ],
)
def test_steps_inside_the_receiving_system_do_no_harm(hop: str) -> None:
    mail = received(dmarc("pass", DOMAIN), headers=(("received", hop), RECEIVED, MARK))
    assert judge_authentication(mail, IDENTITY).proven


def test_two_authors_prove_nobody() -> None:
    mail = proven(write(authors=(ALICE, STRANGER)))
    assert not judge_authentication(mail, IDENTITY).proven
    twice = proven(write())
    twice = replace(twice, headers=(*twice.headers, ("from", "a"), ("from", "b")))
    assert not judge_authentication(twice, IDENTITY).proven


def test_an_author_taken_from_elsewhere_proves_nobody() -> None:
    for source in ("sender", "reply-to", "envelope-sender"):
        mail = proven(write(author_source=source))
        assert not judge_authentication(mail, IDENTITY).proven


def test_no_author_at_all() -> None:
    mail = replace(write(author=None), authentication=(dmarc("pass", DOMAIN),), headers=(MARK,))
    assert not judge_authentication(mail, IDENTITY).proven
