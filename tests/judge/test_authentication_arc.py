"""Forwarders and mailing lists: whose seal vouches for an author, and whose does not."""

from __future__ import annotations

import pytest

from intake.judge.authentication import Authentication, judge_authentication
from intake.settings.people import Identity
from tests.judge.authentication_cases import EVIL_IN, FAIL, IN, US, block, said
from tests.judge.headers import mail_with

LIST = "lists.forward.example"
IDENTITY = Identity(trusted_authserv_ids=(US,), trusted_arc_sealers=("forward.example",))
# As a list leaves a mail: subject changed, the author's DKIM broken, DMARC failed.
OURS = f"Authentication-Results: {US}; dkim=fail header.d=posteo.example; arc=pass; dmarc=fail"
TOLD = "dmarc=pass header.from=posteo.example"


def seal(number: int, domain: str = LIST) -> str:
    return f"ARC-Seal: i={number}; a=rsa-sha256; cv=pass; d={domain}; s=x; b=abc"


def saw(number: int, results: str, server: str = LIST) -> str:
    return f"ARC-Authentication-Results: i={number}; {server}; {results}"


def judge(*lines: str, identity: Identity = IDENTITY) -> Authentication:
    return judge_authentication(mail_with(block(*lines)), identity)


def codes(found: Authentication) -> set[str]:
    return {reason.code for reason in found.reasons if reason.fired}


@pytest.mark.parametrize(
    "results",
    [TOLD, "dkim=pass header.d=posteo.example", "spf=pass smtp.mailfrom=a@posteo.example"],
)
def test_a_trusted_sealer_vouches(results: str) -> None:
    found = judge(OURS, IN, seal(1), saw(1, results))
    assert found.proven
    assert found.vouched
    assert not found.failed
    assert "arc-vouched" in codes(found)
    assert "dmarc-fail" not in codes(found)


def test_the_newest_of_two_seals_is_the_one_that_counts() -> None:
    first = (seal(1, "mail.unknown.example"), saw(1, "dmarc=none"))
    assert judge(OURS, IN, seal(2), saw(2, TOLD), *first).proven
    last = (seal(2, "mail.unknown.example"), saw(2, TOLD))
    assert not judge(OURS, IN, *last, seal(1), saw(1, TOLD)).proven


def test_what_our_own_server_sealed_is_not_the_newest() -> None:
    own = (seal(2, "exchange.example"), saw(2, "arc=pass; dmarc=fail", US))
    assert judge(*own, OURS, IN, seal(1), saw(1, TOLD)).proven


@pytest.mark.parametrize(
    "lines",
    [
        (OURS.replace("arc=pass", "arc=fail"), IN, seal(1), saw(1, TOLD)),
        (OURS.replace("arc=pass; ", ""), IN, seal(1), saw(1, TOLD)),
        (OURS.replace("arc=pass", "arc=none; arc=pass"), IN, seal(1), saw(1, TOLD)),
        (OURS, IN, seal(1, "evil.example"), saw(1, TOLD)),
        (OURS, IN, seal(1, "evilforward.example"), saw(1, TOLD)),
        (OURS, IN, saw(1, TOLD)),
        (OURS, IN, seal(1), seal(1), saw(1, TOLD)),
        (OURS, IN, seal(1), saw(1, TOLD), saw(1, TOLD)),
        (OURS, IN, seal(2), saw(2, TOLD)),
        (OURS, IN, seal(1), saw(1, "dmarc=fail header.from=posteo.example")),
        (OURS, IN, seal(1), saw(1, "dmarc=pass header.from=evil.example")),
        (OURS, IN, seal(1), saw(1, "none")),
        (FAIL, IN, seal(1), saw(1, TOLD)),
        # The sender wrote our server's word, too.
        (EVIL_IN, OURS, seal(1), saw(1, TOLD)),
        # The sender sealed above what he calls the list's seal.
        (OURS, IN, seal(2, "evil.example"), saw(2, TOLD), seal(1), saw(1, TOLD)),
    ],
)
def test_everything_else_vouches_for_nobody(lines: tuple[str, ...]) -> None:
    assert not judge(*lines).proven


def test_no_sealer_is_trusted_by_default() -> None:
    lines = (OURS, IN, seal(1), saw(1, TOLD))
    found = judge(*lines, identity=Identity(trusted_authserv_ids=(US,)))
    assert not found.proven
    assert found.failed


def test_an_untrusted_seal_is_named_for_the_operator() -> None:
    found = judge(OURS, IN, seal(1, "other.example"), saw(1, TOLD))
    assert "arc-untrusted" in {reason.code for reason in found.reasons}


def test_a_seal_vouches_for_one_author_only() -> None:
    mail = mail_with(
        block(OURS, IN, seal(1), saw(1, TOLD)),
        author="From: bob@posteo.example, alice.moreau@posteo.example",
    )
    assert not judge_authentication(mail, IDENTITY).proven


def test_a_signature_that_survived_the_list_needs_no_seal() -> None:
    head = said("dkim=fail header.d=lists.example; dkim=pass header.d=posteo.example")
    assert judge(head, "List-Id: <help.lists.example>").proven
