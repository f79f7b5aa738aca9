"""Header blocks as real servers and forgers write them, and what must come of each.

The author is alice.moreau@posteo.example, the trusted server mx.exchange.example. A case is
(name, top of the header, outcome, codes among the reasons).
"""

from __future__ import annotations

US = "mx.exchange.example"
IN = (
    "Received: from mail.posteo.example (mail.posteo.example [192.0.2.7]) "
    f"by {US} with ESMTPS id 1; today"
)
EVIL_IN = (
    f"Received: from evil.example (host.evil.example [203.0.113.9]) by {US} with ESMTP id 2; today"
)
FAR = "Received: from laptop ([10.0.0.3]) by mail.posteo.example with ESMTPSA id 3; today"
PASS = f"Authentication-Results: {US}; dmarc=pass header.from=posteo.example"
FAIL = f"Authentication-Results: {US}; dmarc=fail header.from=posteo.example"

Case = tuple[str, str, str, tuple[str, ...]]


def block(*lines: str) -> str:
    return "\n".join(lines)


def said(results: str, server: str = US) -> str:
    """A mail that our server marked with `results` and took in itself."""
    return block(f"Authentication-Results: {server}; {results}", IN, FAR)


FORMS: tuple[Case, ...] = (
    ("dmarc pass", said("dmarc=pass header.from=posteo.example"), "proven", ("dmarc-pass",)),
    ("nothing above it", PASS, "proven", ("dmarc-pass",)),
    ("dmarc of any case", said("DMARC=Pass header.From=POSTEO.example"), "proven", ("dmarc-pass",)),
    ("dmarc without header.from", said("dmarc=pass"), "proven", ("dmarc-pass",)),
    ("dkim by d", said("dkim=pass header.d=posteo.example"), "proven", ("dkim-aligned",)),
    ("dkim by i", said("dkim=pass header.i=@posteo.example"), "proven", ("dkim-aligned",)),
    (
        "dkim of a subdomain",
        said("dkim=pass header.d=mx1.posteo.example"),
        "proven",
        ("dkim-aligned",),
    ),
    (
        "dkim d and i agree",
        said("dkim=pass header.i=@a.posteo.example header.d=posteo.example"),
        "proven",
        (),
    ),
    (
        "spf by mail from",
        said("spf=pass smtp.mailfrom=b@posteo.example"),
        "proven",
        ("spf-aligned",),
    ),
    (
        "spf of a subdomain",
        said("spf=pass smtp.mailfrom=b@bounce.posteo.example"),
        "proven",
        ("spf-aligned",),
    ),
    ("spf without local part", said("spf=pass smtp.mailfrom=posteo.example"), "proven", ()),
    ("spf in brackets", said("spf=pass smtp.mailfrom=<a@posteo.example>"), "proven", ()),
    ("spf as NetEase names it", said("spf=pass smtp.mail=a@posteo.example"), "proven", ()),
    (
        "spf with helo beside",
        said("spf=pass smtp.mailfrom=a@posteo.example smtp.helo=x.example"),
        "proven",
        (),
    ),
    ("version", said("dkim=pass header.d=posteo.example", f"{US} 1"), "proven", ()),
    ("method version", said("dkim/1=pass header.d=posteo.example"), "proven", ()),
    ("quoted id", said("dmarc=pass header.from=posteo.example", f'"{US}"'), "proven", ()),
    ("id in capitals", said("dmarc=pass header.from=posteo.example", US.upper()), "proven", ()),
    ("final dots", said("dmarc=pass header.from=posteo.example.", f"{US}."), "proven", ()),
    ("comments", said('(x) dkim=pass (2048; "k") header.d=posteo.example (y)'), "proven", ()),
    (
        "comment before the id",
        f"Authentication-Results: (us) {US}; dmarc=pass header.from=posteo.example\n{IN}",
        "proven",
        (),
    ),
    (
        "folded",
        f"Authentication-Results: {US};\n\tspf=none;\n\tdmarc=pass\n\t (p=NONE)"
        f"\n\t header.from=posteo.example\n{IN}",
        "proven",
        (),
    ),
    (
        "one dkim of two",
        said("dkim=pass header.d=esp.example; dkim=pass header.d=posteo.example"),
        "proven",
        (),
    ),
    (
        "dkim broken, spf good",
        said("dkim=fail header.d=posteo.example; spf=pass smtp.mailfrom=posteo.example"),
        "proven",
        (),
    ),
    (
        "spf fail, dmarc pass",
        said("spf=fail smtp.mailfrom=x.example; dmarc=pass header.from=posteo.example"),
        "proven",
        (),
    ),
    (
        "dmarc temperror, dkim good",
        said("dmarc=temperror; dkim=pass header.d=posteo.example"),
        "proven",
        (),
    ),
    (
        "policy properties",
        said(
            "dkim=pass policy.dkim-rules=x header.d=posteo.example; "
            "iprev=pass policy.iprev=192.0.2.7"
        ),
        "proven",
        (),
    ),
    (
        "reason holds a bait",
        said('dkim=pass reason="x header.d=evil.example" header.d=posteo.example'),
        "proven",
        (),
    ),
)

NOT_SAID: tuple[Case, ...] = (
    ("no header", IN, "silent", ("authentication-absent",)),
    ("none", said("none"), "silent", ()),
    ("dmarc none", said("dmarc=none header.from=posteo.example"), "silent", ()),
    ("dmarc temperror", said("dmarc=temperror header.from=posteo.example"), "silent", ()),
    ("dmarc permerror", said("dmarc=permerror header.from=posteo.example"), "silent", ()),
    ("dmarc best guess", said("dmarc=bestguesspass header.from=posteo.example"), "silent", ()),
    ("dkim neutral", said("dkim=neutral header.d=posteo.example"), "silent", ()),
    ("dkim policy", said("dkim=policy header.d=posteo.example"), "silent", ()),
    ("dkim none", said("dkim=none header.d=none"), "silent", ()),
    ("spf softfail", said("spf=softfail smtp.mailfrom=posteo.example"), "silent", ()),
    ("spf by helo", said("spf=pass smtp.helo=posteo.example"), "silent", ()),
    (
        "spf of the null sender",
        said("spf=pass smtp.mailfrom=<> smtp.helo=posteo.example"),
        "silent",
        (),
    ),
    ("dkim without a domain", said("dkim=pass"), "silent", ()),
    (
        "dkim d and i disagree",
        said("dkim=pass header.i=@posteo.example header.d=evil.example"),
        "silent",
        (),
    ),
    ("unknown method", said("x-own=pass header.from=posteo.example"), "silent", ()),
    ("dmarc told twice", said("dmarc=pass header.from=posteo.example; dmarc=none"), "silent", ()),
    (
        "another's dmarc",
        said("dmarc=pass header.from=evil.example"),
        "silent",
        ("proof-of-other-domain",),
    ),
    (
        "another's dkim",
        said("dkim=pass header.d=evil.example"),
        "silent",
        ("proof-of-other-domain",),
    ),
    (
        "another's spf",
        said("spf=pass smtp.mailfrom=evil.example"),
        "silent",
        ("proof-of-other-domain",),
    ),
    ("longer domain", said("dkim=pass header.d=posteo.example.evil.example"), "silent", ()),
    ("shorter domain", said("dkim=pass header.d=example"), "silent", ()),
    (
        "no microsoft form by default",
        f"Authentication-Results: dmarc=pass header.from=posteo.example\n{IN}",
        "silent",
        ("authentication-untrusted",),
    ),
)

FAILED: tuple[Case, ...] = (
    ("dmarc fail", said("dmarc=fail header.from=posteo.example"), "failed", ("dmarc-fail",)),
    (
        "dmarc fail, spf pass",
        said("dmarc=fail header.from=posteo.example; spf=pass smtp.mailfrom=posteo.example"),
        "failed",
        ("dmarc-fail",),
    ),
    ("one pass, one fail", block(PASS, FAIL, IN), "failed", ("dmarc-fail",)),
    (
        "ours fails, forged one below",
        block(FAIL, EVIL_IN, PASS),
        "failed",
        ("dmarc-fail", "authentication-repeated"),
    ),
)

FORGED: tuple[Case, ...] = (
    (
        "another server",
        said("dmarc=pass header.from=posteo.example", "mx.evil.example"),
        "silent",
        ("authentication-untrusted",),
    ),
    (
        "our name under theirs",
        said("dmarc=pass header.from=posteo.example", f"{US}.evil.example"),
        "silent",
        ("authentication-untrusted",),
    ),
    (
        "theirs under our name",
        said("dmarc=pass header.from=posteo.example", f"evil.{US}"),
        "silent",
        ("authentication-untrusted",),
    ),
    (
        "a look-alike of our name",
        said("dmarc=pass header.from=posteo.example", "mx.exchangé.example"),
        "silent",
        ("authentication-untrusted",),
    ),
    ("below our Received line", block(EVIL_IN, PASS), "silent", ("authentication-below-received",)),
    (
        "below it and theirs",
        block(EVIL_IN, FAR, PASS),
        "silent",
        ("authentication-below-received",),
    ),
    (
        "between two lines in our name",
        block(EVIL_IN, PASS, IN),
        "silent",
        ("authentication-below-received",),
    ),
    (
        "they say helo with our name",
        block(EVIL_IN.replace("from evil.example", f"from {US}"), PASS, IN),
        "silent",
        ("authentication-below-received",),
    ),
    (
        "our name without one of their address",
        block(f"Received: from {US} (unknown [203.0.113.9]) by {US}; today", PASS, IN),
        "silent",
        ("authentication-below-received",),
    ),
    (
        "our name, their address alone",
        block(f"Received: from {US} ([203.0.113.9]) by {US}; today", PASS, IN),
        "silent",
        ("authentication-below-received",),
    ),
    (
        "our name through a proxy",
        block(f"Received: from {US} (unknown [172.18.0.1]) by {US}; today", PASS, IN),
        "silent",
        ("authentication-below-received",),
    ),
    (
        "qmail says unknown",
        block(
            f"Received: from unknown (HELO {US}) (203.0.113.9) by {US} with SMTP; today", PASS, IN
        ),
        "silent",
        ("authentication-below-received",),
    ),
    (
        "exim saw an address only",
        block(
            f"Received: from [203.0.113.9] (helo={US}) by {US} with esmtp (Exim 4.96); today",
            PASS,
            IN,
        ),
        "silent",
        ("authentication-below-received",),
    ),
    (
        "below a foreign hop",
        block("Received: from a by relay.other.example; today", PASS, IN),
        "silent",
        ("authentication-below-hop",),
    ),
    (
        "below another server's result",
        block("Authentication-Results: relay.example; dmarc=none", PASS, IN),
        "silent",
        ("authentication-untrusted",),
    ),
    (
        "forged one directly after ours",
        block(f"Authentication-Results: {US}; dmarc=none", PASS),
        "silent",
        ("authentication-repeated",),
    ),
    (
        "an arc result is none",
        block(f"ARC-Authentication-Results: i=1; {US}; dmarc=pass header.from=posteo.example", IN),
        "silent",
        ("authentication-absent",),
    ),
    (
        "received-spf is none",
        block(f"Received-SPF: pass (ok) envelope-from=a@posteo.example; receiver={US}", IN),
        "silent",
        ("authentication-absent",),
    ),
    (
        "a domain in quotes in the local part",
        said('spf=pass smtp.mailfrom="a@posteo.example"@evil.example'),
        "silent",
        (),
    ),
    (
        "a result in quotes in the local part",
        said('spf=pass smtp.mailfrom="a; dmarc=pass header.from=posteo.example; "@evil.example'),
        "silent",
        (),
    ),
    (
        "a result that breaks out of a comment",
        said(
            'spf=pass (domain of "x); dmarc=pass header.from=posteo.example; y=z '
            '("@evil.example permits) smtp.mailfrom=evil.example'
        ),
        "silent",
        (),
    ),
    ("an open comment", said("dmarc=pass header.from=posteo.example (x"), "silent", ()),
    ("an open quote", said('dmarc=pass header.from=posteo.example reason="x'), "silent", ()),
    (
        "a result in a comment",
        said("spf=none (x; dmarc=pass header.from=posteo.example)"),
        "silent",
        (),
    ),
    (
        "a result in a reason",
        said('spf=none reason="dmarc=pass header.from=posteo.example"'),
        "silent",
        (),
    ),
    (
        "in a header that goes on and on",
        said("dmarc=pass header.from=posteo.example; spf=none smtp.mailfrom=" + "a" * 9000),
        "silent",
        (),
    ),
)

CASES = (*FORMS, *NOT_SAID, *FAILED, *FORGED)
