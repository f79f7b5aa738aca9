"""Who is believed: phishing mails in a customer's name, and customers who are proven.

Every phishing mail of ../shared/corpora gets a registered customer's From and six ways of not
being proven, at one receiving server after the other; none may be verified. The help requests and
the mails that people wrote to help desks get what their receiving server would state of a genuine
sender, by DMARC, by DKIM alone and by SPF alone; nearly all must be. Headers of the corpora that
state results are taken out first.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from bench.receiving_servers import SERVERS, Server
from bench.score_judge import CORPORA, ROOT, read_archive, read_helpdesk
from intake.errors import IntakeError
from intake.judge.customer import judge_sender
from intake.mail.parse import parse_mail
from intake.model import Customer, Facts
from intake.settings.load import load_configuration
from intake.settings.rules import Rules

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ALICE = Customer("20481977", "Alice Moreau", "alice.moreau@posteo.example")
GOAL = 0.97
_RESULTS = (
    rb"authentication-results|received-spf|arc-[a-z-]+|x-ms-exchange-auth[a-z-]*"
    rb"|delivered-to|return-path"
)
_AUTHOR = b"from"


def main() -> None:
    """Print how many spoofed mails were verified, by way, and genuine ones, by server."""
    if not CORPORA.is_dir():
        print("skipped: ../shared/corpora is not here")
        return
    rules = load_configuration(ROOT / "config" / "intake.toml", (), {}).rules
    spoofed = _score_spoofs(rules)
    verified = sum(count["verified"] for count in spoofed.values())
    for way, count in spoofed.items():
        print(f"{way:34} {_show(count)}")
    print(f"spoofed and verified: {verified} (goal 0: {'reached' if not verified else 'missed'})\n")
    genuine, misses = _score_genuine(rules)
    for server, count in genuine.items():
        print(f"{server:34} {_show(count)}")
    total = sum(genuine.values(), Counter[str]())
    share = total["verified"] / total.total()
    mark = "reached" if share >= GOAL else "missed"
    print(f"genuine and verified: {share:.1%} of {total.total()} (goal {GOAL:.0%}: {mark})")
    for code, number in misses.most_common(6):
        print(f"  not, because of {code}: {number}")


def _show(count: Counter[str]) -> str:
    return "  ".join(f"{match} {count[match]}" for match in ("verified", "claimed", "unknown"))


# --- spoofs ---------------------------------------------------------------------------------

Way = Callable[[Server, int], list[str]]


def _forged(server: Server) -> str:
    name = f"{server.name_as}; " if server.name_as else ""
    return f"Authentication-Results: {name}dmarc=pass header.from=posteo.example"


def _forge(server: Server, number: int) -> list[str]:
    """In our server's name: where it wrote nothing itself, below what it wrote, further down."""
    hop = f"Received: from mail.posteo.example by {server.name_as or 'x.outlook.com'}; today"
    # A server that writes below its own line is trusted to do so on every mail.
    kinds = ("none", "fail") if server.always else (None, "none", "fail")
    top = server.lines(kinds[number % len(kinds)], "posteo.example")
    return [*top, *((hop,) if number % 2 else ()), _forged(server)]


def _untrusted(server: Server, number: int) -> list[str]:
    other = f"Authentication-Results: mx.elsewhere{number}.example; dmarc=pass header.from="
    top = server.lines("none" if server.always else None, "posteo.example")
    return [f"{other}posteo.example", *top] if number % 2 else [*top, f"{other}posteo.example"]


WAYS: dict[str, Way] = {
    "authentication failed": lambda server, _: server.lines("fail", "posteo.example"),
    "absent": lambda server, _: server.lines(None, "posteo.example"),
    "forged by the sender": _forge,
    "passed for another domain": lambda server, n: server.lines(
        ("dmarc", "dkim", "spf")[n % 3], "posteo.example.mailer.example"
    ),
    "passed at an untrusted server": _untrusted,
    "address only in the display name": lambda server, _: server.lines("dmarc", "evil.example"),
}


def _score_spoofs(rules: Rules) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {way: Counter() for way in WAYS}
    facts = Facts(now=NOW, customers=(ALICE,))
    for number, (_, raw) in enumerate(read_archive("phishing-2022-2023")()):
        bare = strip(raw, author=True)
        for place, (way, make) in enumerate(WAYS.items()):
            server = SERVERS[(number + place) % len(SERVERS)]
            shown = f'"{ALICE.address}" <m{number}@evil.example>'
            plain = f"Alice Moreau <{ALICE.address}>"
            author = f"From: {shown if 'display' in way else plain}"
            match, _ = judge(
                put_on_top([*make(server, number // 7), author], bare), server, facts, rules
            )
            found[way][match] += 1
    return found


# --- genuine customers ------------------------------------------------------------------------


def _score_genuine(rules: Rules) -> tuple[dict[str, Counter[str]], Counter[str]]:
    found: dict[str, Counter[str]] = {server.title: Counter() for server in SERVERS}
    misses: Counter[str] = Counter()
    for number, raw in enumerate(_read_wanted()):
        bare = strip(raw, author=False)
        author = parse_mail(bare).author
        if author is None:
            continue
        server = SERVERS[number % len(SERVERS)]
        kind = ("dmarc", "dkim", "spf")[number // len(SERVERS) % 3]
        facts = Facts(now=NOW, customers=(Customer("1", "A", author.addr_spec),))
        mail = put_on_top(server.lines(kind, author.domain), bare)
        match, codes = judge(mail, server, facts, rules)
        found[server.title][match] += 1
        if match != "verified":
            misses.update(
                code for code in codes if code not in ("registered-address", "proof-missing")
            )
    return found, misses


def _read_wanted() -> Iterator[bytes]:
    for _, raw in read_archive("help-requests-2015-2019")():
        yield raw
    for name, raw in read_helpdesk():
        if name.endswith(".box"):
            yield raw


# --- mails ------------------------------------------------------------------------------------


def strip(raw: bytes, *, author: bool) -> bytes:
    """`raw` without stated results, with CRLF; without its From too where `author` is."""
    raw = re.sub(rb"\r?\n", b"\r\n", raw.removeprefix(b"\xef\xbb\xbf"))
    if raw.startswith(b"From "):
        raw = raw.partition(b"\r\n")[2]
    head, gap, body = raw.partition(b"\r\n\r\n")
    names = _RESULTS + (b"|" + _AUTHOR if author else b"")
    gone = re.compile(rb"^(?:" + names + rb"):[^\n]*\n(?:[ \t][^\n]*\n)*", re.I | re.M)
    return gone.sub(b"", head + b"\r\n").removesuffix(b"\r\n") + gap + body


def put_on_top(lines: list[str], raw: bytes) -> bytes:
    """`raw` with these header lines above its own."""
    return "".join(f"{line}\r\n" for line in lines).encode() + raw


def judge(raw: bytes, server: Server, facts: Facts, rules: Rules) -> tuple[str, tuple[str, ...]]:
    """The match and its reasons' codes, as a desk behind `server` would come to them."""
    try:
        mail = parse_mail(raw)
    except IntakeError:
        return "unknown", ("unreadable",)
    theirs = rules.model_copy(update={"identity": server.identity})
    verdict = judge_sender(mail, replace(facts, now=NOW), theirs)
    return verdict.match, tuple(reason.code for reason in verdict.reasons)


if __name__ == "__main__":
    sys.exit(main())
