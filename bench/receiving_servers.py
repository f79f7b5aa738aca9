"""How well-known servers mark a mail that they take in, written from their published forms.

Each form gives the lines that the server puts on top of what the sender wrote, for a result
(`dmarc`, `dkim`, `spf`: that passed; `fail`, `none`) about a domain, and the settings that an
operator of such a server writes. No kind: the server took the mail in and stated nothing.

NetEase (Coremail) is not among them: it writes its result below the sender's own lines, in a
server's short name that changes, where nothing tells it from a forgery. Behind it only
identity.verify_dkim proves anybody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from intake.settings.people import Identity

Lines = Callable[[str | None, str], list[str]]


@dataclass(frozen=True, slots=True)
class Server:
    """One receiving server. `name_as` is the authserv-id that a forger would copy.

    `always`: it writes below its own Received line, on every mail.
    """

    title: str
    name_as: str
    identity: Identity
    lines: Lines
    always: bool = False


def results(kind: str, domain: str, *, mail_from: str = "smtp.mailfrom") -> list[str]:
    """The three results of `kind` about `domain`; the other two are about a mailer's domain."""
    other = "mailer.example"
    failed = kind in ("fail", "none")
    dkim = f"pass header.i=@{domain} header.d={domain}" if kind in ("dmarc", "dkim") else "none"
    spf_domain = domain if kind in ("dmarc", "spf", "fail") else other
    spf = "fail" if kind == "fail" else "none" if failed else "pass"
    word = {"dmarc": "pass", "fail": "fail"}.get(kind, "none")
    return [
        f"dkim={dkim}",
        f"spf={spf} (sender address checked) {mail_from}=bounce@{spf_domain}",
        f"dmarc={word} (p=NONE sp=NONE dis=NONE) header.from={domain}",
    ]


def _google(kind: str | None, domain: str) -> list[str]:
    took = [
        "Delivered-To: support@exchange.example",
        "Received: by 2002:a05:6520:1d:b0:2e5:aa with SMTP id q1; Mon, 23 Nov 2026 02:00:01 -0800",
        "X-Received: by 2002:a5d:6dae:0:b0:385:bb with SMTP id b2; Mon, 23 Nov 2026 02:00:00 -0800",
        "Return-Path: <bounce@mailer.example>",
        "Received: from out.mailer.example (out.mailer.example. [192.0.2.65])\r\n"
        "        by mx.google.com with ESMTPS id c3; Mon, 23 Nov 2026 02:00:00 -0800 (PST)",
    ]
    if kind is None:
        return took
    said = ";\r\n       ".join(["mx.google.com", *results(kind, domain)])
    return [*took, f"Authentication-Results: {said}"]


def _microsoft(kind: str | None, domain: str) -> list[str]:
    inside = [
        "Received: from AM0.eurprd02.prod.outlook.com (::1) by\r\n"
        " DB9.eurprd02.prod.outlook.com with HTTPS; Mon, 23 Nov 2026 10:00:02 +0000",
        "Received: from VI1.eop-eur05.prod.protection.outlook.com (2603:10a6:20b:100::4) by\r\n"
        " AM0.outlook.office365.com (2603:10a6:20b:100::15) with Microsoft SMTP Server;"
        " Mon, 23 Nov 2026 10:00:01 +0000",
    ]
    entry = (
        "Received: from out.mailer.example (192.0.2.65) by VI1.mail.protection.outlook.com\r\n"
        " (10.233.243.188) with Microsoft SMTP Server; Mon, 23 Nov 2026 10:00:00 +0000"
    )
    if kind is None:
        return [*inside, entry]
    dkim, spf, dmarc = results(kind, domain)
    said = f"{spf.replace('sender address checked', 'sender IP is 192.0.2.65')};\r\n {dkim};{dmarc}"
    return [*inside, f"Authentication-Results: {said};compauth=none reason=405", entry]


def _postfix(kind: str | None, domain: str) -> list[str]:
    """Postfix with OpenDKIM, an SPF filter and OpenDMARC: a header each, above its own line."""
    name = "mx.exchange.example"
    entry = (
        "Received: from out.mailer.example (out.mailer.example [192.0.2.65])\r\n"
        f"\tby {name} (Postfix) with ESMTPS id 4F1; Mon, 23 Nov 2026 10:00:00 +0000 (UTC)"
    )
    said = results(kind, domain)[::-1] if kind else []
    return [*(f"Authentication-Results: {name}; {one}" for one in said), entry]


def _rspamd(kind: str | None, domain: str) -> list[str]:
    """Postfix with rspamd behind Dovecot: one header, below Postfix's own line."""
    name = "mail.exchange.example"
    took = [
        f"Received: from {name} ([172.22.1.253])\r\n\tby dovecot with LMTP id X;"
        " Mon, 23 Nov 2026 10:00:01 +0000",
        "Received: from out.mailer.example (out.mailer.example [192.0.2.65])\r\n"
        f"\tby {name} (Postcow) with ESMTPS id 5A2; Mon, 23 Nov 2026 10:00:00 +0000",
    ]
    if kind is None:
        return took
    return [*took, "Authentication-Results: " + ";\r\n\t".join([name, *results(kind, domain)])]


def _fastmail(kind: str | None, domain: str) -> list[str]:
    name = "mx3.messagingengine.com"
    inside = [
        "Received: from compute1.internal (compute1.nyi.internal [10.202.2.41])\r\n"
        "\t by store12 (Cyrus) with LMTPA; Mon, 23 Nov 2026 05:00:01 -0500",
        "Received: from mx3 ([10.202.2.202])\r\n  by compute1.internal (LMTPProxy);"
        " Mon, 23 Nov 2026 05:00:01 -0500",
    ]
    entry = (
        "Received: from out.mailer.example (out.mailer.example [192.0.2.65])\r\n"
        f"\tby {name} (Postfix) with ESMTPS id 6B3; Mon, 23 Nov 2026 05:00:00 -0500 (EST)"
    )
    if kind is None:
        return [*inside, entry]
    said = ";\r\n    ".join([name, "x-tls=pass smtp.version=TLSv1.3", *results(kind, domain)])
    return [*inside, f"Authentication-Results: {said}", "Received-SPF: none", entry]


def _yahoo(kind: str | None, domain: str) -> list[str]:
    entry = (
        "Received: from 192.0.2.65 (EHLO out.mailer.example)\r\n by 10.253.230.10 with SMTPs"
        " (version=TLS1_3); Mon, 23 Nov 2026 10:00:00 +0000"
    )
    if kind is None:
        return [entry]
    name = "atlas-production.v2-mail-prod1-bf1.omega.yahoo.com"
    return ["Authentication-Results: " + ";\r\n ".join([name, *results(kind, domain)]), entry]


def _qq(kind: str | None, domain: str) -> list[str]:
    took = [
        "Received: from out.mailer.example ([192.0.2.65])\r\n"
        "\tby newxmmxszc6-1.qq.com (NewMX) with SMTP id 7C4; Mon, 23 Nov 2026 18:00:00 +0800",
        "X-QQ-mid: xmmxszc6-1t1795428000",
    ]
    if kind is None:
        return took
    return [
        *took,
        "Authentication-Results: " + ";\r\n ".join(["mx.qq.com", *results(kind, domain)]),
    ]


SERVERS = (
    Server(
        "Gmail", "mx.google.com", Identity(trusted_authserv_ids=("mx.google.com",)), _google, True
    ),
    Server(
        "Microsoft 365",
        "",
        Identity(unnamed_results_from=("outlook.com", "office365.com")),
        _microsoft,
    ),
    Server(
        "Postfix, OpenDMARC",
        "mx.exchange.example",
        Identity(trusted_authserv_ids=("mx.exchange.example",)),
        _postfix,
    ),
    Server(
        "Postfix, rspamd",
        "mail.exchange.example",
        Identity(
            trusted_authserv_ids=("mail.exchange.example",),
            results_below_received=("mail.exchange.example",),
        ),
        _rspamd,
        True,
    ),
    Server(
        "Fastmail",
        "mx3.messagingengine.com",
        Identity(trusted_authserv_ids=("*.messagingengine.com",)),
        _fastmail,
    ),
    Server(
        "Yahoo",
        "atlas-production.v2-mail-prod1-bf1.omega.yahoo.com",
        Identity(trusted_authserv_ids=("*.omega.yahoo.com",)),
        _yahoo,
    ),
    Server("QQ", "mx.qq.com", Identity(trusted_authserv_ids=("mx.qq.com",)), _qq, True),
)
