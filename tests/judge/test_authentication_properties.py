"""No header that a sender can write makes a customer of him."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from intake.judge.addresses import address_key
from intake.judge.authentication import judge_authentication
from intake.settings.people import Identity
from tests.judge.authentication_cases import CASES, EVIL_IN, FAIL, IN, US, block
from tests.judge.headers import mail_with

IDENTITY = Identity(
    trusted_authserv_ids=(US, "mx.google.com"), trusted_arc_sealers=("forward.example",)
)
GENUINE = {
    "silent": block(f"Authentication-Results: {US}; spf=none; dkim=none; dmarc=none", EVIL_IN),
    "failed": block(FAIL, EVIL_IN),
    "absent": EVIL_IN,
    "inside": block(f"Received: from {US} ([10.0.0.1]) by imap.exchange.example; today", EVIL_IN),
}

SERVERS = st.sampled_from(
    (US, f"{US} 1", "MX.Exchange.example", f'"{US}"', "mx.google.com", "evil.example")
)
DOMAINS = st.sampled_from(("posteo.example", "mail.posteo.example", "evil.example"))
METHODS = st.sampled_from(
    ("dmarc=pass header.from=", "dkim=pass header.d=", "spf=pass smtp.mailfrom=")
)
RESULTS = st.lists(st.builds(str.__add__, METHODS, DOMAINS), min_size=1, max_size=3).map("; ".join)
NUMBERS = st.integers(1, 3)
WORDS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60)
HEADERS = st.one_of(
    st.builds("Authentication-Results: {}; {}".format, SERVERS, RESULTS),
    st.builds("Authentication-Results: {}".format, RESULTS),
    st.builds("ARC-Authentication-Results: i={}; {}; {}".format, NUMBERS, SERVERS, RESULTS),
    st.builds("ARC-Seal: i={}; d=forward.example; cv=pass; b=x".format, NUMBERS),
    st.builds("Received-SPF: pass (x) envelope-from=a@posteo.example; receiver={}".format, SERVERS),
    st.builds("Received: from {} ({} [10.0.0.1]) by {}; today".format, SERVERS, SERVERS, SERVERS),
    st.sampled_from((IN, f"Received: by {US}; today", "Received: by mx.google.com; today")),
    st.builds("X-Words: {}".format, WORDS),
    st.builds("Authentication-Results: {} {}".format, SERVERS, WORDS),
)


@given(st.sampled_from(sorted(GENUINE)), st.lists(HEADERS, max_size=8))
def test_nothing_below_our_lines_proves_anybody(genuine: str, forged: list[str]) -> None:
    found = judge_authentication(mail_with(block(GENUINE[genuine], *forged)), IDENTITY)
    assert not found.proven
    assert found.failed is (genuine == "failed")


BOUND = [case for case in CASES if case[1].count(f" by {US}") == 1 and IN in case[1]]


@given(st.sampled_from(BOUND), st.lists(HEADERS, max_size=6))
def test_nothing_below_our_lines_changes_what_our_server_said(
    case: tuple[str, str, str, tuple[str, ...]], forged: list[str]
) -> None:
    plain = judge_authentication(mail_with(case[1]), IDENTITY)
    more = judge_authentication(mail_with(block(case[1], *forged)), IDENTITY)
    assert (plain.proven, plain.failed) == (more.proven, more.failed)


MAIL_FROM = st.text(
    st.sampled_from('abc;=()"\\ @.<>posteo.example,dmarc=pass header.from='), max_size=60
)


@given(MAIL_FROM)
def test_no_local_part_breaks_out_of_its_place(local_part: str) -> None:
    """A server that copies MAIL FROM as it came, in quotes as RFC 5321 4.1.2 has them."""
    quoted = local_part.replace("\\", "\\\\").replace('"', '\\"')
    head = block(
        f'Authentication-Results: {US}; spf=pass smtp.mailfrom="{quoted}"@evil.example', EVIL_IN
    )
    assert not judge_authentication(mail_with(head), IDENTITY).proven


LOCAL_PARTS = st.text(st.sampled_from("aAbB.+ß-é1\"'"), min_size=1, max_size=12)
PLACES = st.sampled_from(("gmail.com", "GoogleMail.com", "posteo.example", "Bücher.example"))


@given(LOCAL_PARTS, PLACES, LOCAL_PARTS, PLACES)
def test_address_keys_are_idempotent_and_make_an_equivalence(
    one: str, here: str, other: str, there: str
) -> None:
    identity = Identity()
    first, second = (
        address_key(f"{one}@{here}", identity),
        address_key(f"{other}@{there}", identity),
    )
    assert address_key(first, identity) == first
    assert address_key(f"{one.upper().lower()}@{here.upper()}", identity) == address_key(
        f"{one.upper().lower()}@{here}", identity
    )
    # Whoever is the same as the key is the same as the address, whichever is asked first.
    same = first == second
    assert (address_key(second, identity) == address_key(f"{one}@{here}", identity)) is same
