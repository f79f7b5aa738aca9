"""Signatures checked by ourselves, with keys from a DNS server on loopback."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from functools import lru_cache

import dkim
import dns.rcode
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from intake.errors import ConfigError
from intake.model import MethodResult
from intake.outside import dkim_check
from intake.outside.dkim_check import check_dkim
from tests.servers.dns_server import DnsServer, run_dns

MAIL = (
    b"From: Alice Moreau <alice.moreau@posteo.example>\r\nTo: support@exchange.example\r\n"
    b"Subject: Withdrawal\r\nMessage-ID: <x@posteo.example>\r\n\r\nHello, it is pending.\r\n"
)


def key(bits: int = 2048) -> tuple[bytes, str]:
    """A private key as PEM, and its record in DNS; the same one each time."""
    return _make_key(bits)


@lru_cache
def _make_key(bits: int) -> tuple[bytes, str]:
    private = rsa.generate_private_key(65537, bits)
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return pem, "v=DKIM1; k=rsa; p=" + base64.b64encode(public).decode()


def sign(mail: bytes = MAIL, domain: bytes = b"posteo.example", **how: object) -> bytes:
    bits = int(str(how.pop("bits", 2048)))
    return bytes(dkim.sign(mail, b"s1", domain, key(bits)[0], **how)) + mail


@pytest.fixture
def server() -> Iterator[DnsServer]:
    with run_dns() as running:
        for domain in ("posteo.example", "mail.posteo.example", "evil.example"):
            running.records[f"s1._domainkey.{domain}."] = key()[1]
        yield running


def check(raw: bytes, server: DnsServer, seconds: float = 5) -> tuple[MethodResult, ...]:
    return check_dkim(raw, "posteo.example", servers=(server.address,), seconds=seconds)


def test_a_genuine_signature_passes(server: DnsServer) -> None:
    (found,) = check(sign(), server)
    assert (found.method, found.result) == ("dkim", "pass")
    assert found.property("header.d") == "posteo.example"


def test_line_ends_of_either_kind(server: DnsServer) -> None:
    (found,) = check(sign().replace(b"\r\n", b"\n"), server)
    assert found.result == "pass"


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"pending", b"urgent"), (b"alice.moreau@", b"mallory@"), (b"Subject: W", b"Subject: My w")],
)
def test_a_changed_mail_fails(server: DnsServer, old: bytes, new: bytes) -> None:
    (found,) = check(sign().replace(old, new), server)
    assert found.result == "fail" or found.result == "permerror"


def test_a_second_author_put_on_top_breaks_it(server: DnsServer) -> None:
    (found,) = check(b"From: mallory@posteo.example\r\n" + sign(), server)
    assert found.result != "pass"


def test_only_signatures_that_could_count_are_looked_up(server: DnsServer) -> None:
    raw = sign(sign(sign(), b"evil.example"), b"mail.posteo.example")
    assert [found.property("header.d") for found in check(raw, server)] == [
        "mail.posteo.example",
        "posteo.example",
    ]
    assert not any("evil" in name for name in server.asked)


@pytest.mark.parametrize(
    "raw",
    [
        sign(length=True),
        sign(include_headers=[b"from", b"to"]),
        sign(signature_algorithm=b"rsa-sha1") if b"rsa-sha1" in dkim.HASH_ALGORITHMS else b"",
    ],
    ids=["body length", "subject not signed", "sha-1"],
)
def test_a_signature_that_leaves_room_proves_nothing(server: DnsServer, raw: bytes) -> None:
    assert [found.result for found in check(raw, server)] == ["policy"]


def test_another_or_a_revoked_key_is_none(server: DnsServer) -> None:
    for bits, record, passes in (
        (1024, key(1024)[1], True),
        (2048, key(1024)[1], False),
        (2048, "v=DKIM1; p=", False),
    ):
        server.records["s1._domainkey.posteo.example."] = record
        assert (check(sign(bits=bits), server)[0].result == "pass") is passes


def test_a_key_that_does_not_exist_passes_nobody(server: DnsServer) -> None:
    server.records.clear()
    assert check(sign(), server)[0].result in ("fail", "permerror")


def test_no_dns_is_not_said_and_never_a_failure(server: DnsServer) -> None:
    server.rcode = dns.rcode.SERVFAIL
    server.records.clear()
    assert check(sign(), server)[0].result == "temperror"
    with run_dns(silent=True) as silent:
        assert check(sign(), silent, seconds=0.2)[0].result == "temperror"
        assert check(sign(sign()), silent, seconds=0.0)[1].result == "temperror"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n",
        MAIL,
        b"DKIM-Signature: nonsense\r\n" + MAIL,
        b"DKIM-Signature: v=1; a=rsa-sha256; d=posteo.example; s=\xff; h=from; bh=x; b=y\r\n"
        + MAIL,
        b"DKIM-Signature: v=1; a=rsa-sha256; d=posteo.example; s=s1; h=from; bh=%%; b=%%\r\n"
        + MAIL,
        b"no header at all",
    ],
)
def test_whatever_a_mail_holds_nothing_is_raised(server: DnsServer, raw: bytes) -> None:
    assert not any(found.result == "pass" for found in check(raw, server))


def test_a_malformed_signature_does_not_hide_a_good_one(server: DnsServer) -> None:
    assert check(b"DKIM-Signature: nonsense\r\n" + sign(), server)[0].result == "pass"


def test_the_operator_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dkim_check, "dkim", None)
    with pytest.raises(ConfigError, match=r"intake-desk\[dkim\]"):
        dkim_check.require_dkim()
