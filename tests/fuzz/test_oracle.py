"""The fuzzer itself: it sees what it is there to see, and its pieces lose nothing."""

from __future__ import annotations

import time
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake import pipeline
from intake.mail.display import CleanHtml
from intake.model import ParsedMail
from tests.fuzz import guard, oracle, shown
from tests.fuzz.build import build
from tests.fuzz.containers import files
from tests.fuzz.coverage import Coverage
from tests.fuzz.minimise import minimise
from tests.fuzz.mutate import MUTATIONS
from tests.fuzz.pieces import cut, cut_at_delimiters

RAW = (
    b"From: A <a@b.example>\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n"
    b"--a\r\n\r\nhello\r\n--a\r\nContent-Type: application/zip; name=a.zip\r\n\r\nPK\r\n--a--\r\n"
)
MAIL = pipeline.parse(RAW)
ANSWER = (
    b"From: d@d.example\r\nTo: a@b.example\r\nSubject: s\r\nDate: d\r\nMessage-ID: <m@d>\r\n"
    b"Auto-Submitted: auto-replied\r\nX-Auto-Response-Suppress: All\r\nX-Intake-Desk: d\r\n"
    b"Content-Language: en\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nhello\r\n"
)


def test_a_good_mail_keeps_every_promise() -> None:
    assert guard.check(RAW) is None
    oracle.check_outgoing(ANSWER)


@pytest.mark.parametrize(
    ("check", "mail"),
    [
        (oracle.check_strings, replace(MAIL, text="a\0b")),
        (oracle.check_strings, replace(MAIL, text="a\ud800b")),
        (oracle.check_strings, replace(MAIL, subject="a\nb")),
        (oracle.check_strings, replace(MAIL, message_id="a\x85b")),
        (oracle.check_strings, replace(MAIL, headers=(("x", "a\u2028b"),))),
        (oracle.check_defects, replace(MAIL, defects=("KeyError: 'x'",))),
        (oracle.check_defects, replace(MAIL, defects=("no",))),
        (oracle.check_identity, replace(MAIL, sha256="0" * 64)),
        (oracle.check_reply, replace(MAIL, reply="")),
        (oracle.check_files, replace(MAIL, attachments=MAIL.attachments * 2)),
        (
            oracle.check_files,
            replace(MAIL, attachments=(replace(MAIL.attachments[0], size_bytes=1),)),
        ),
        (
            oracle.check_files,
            replace(MAIL, attachments=(replace(MAIL.attachments[0], filename=".."),)),
        ),
        (
            oracle.check_files,
            replace(MAIL, attachments=(replace(MAIL.attachments[0], filename="a/b"),)),
        ),
        (oracle.check_line_ends, replace(MAIL, text="something else")),
    ],
)
def test_a_broken_promise_is_seen(check, mail: ParsedMail) -> None:
    with pytest.raises(oracle.Broken):
        check(RAW, mail)


@pytest.mark.parametrize(
    ("part", "instead"),
    [
        (b"Subject: s", b"Subject: s\r\nBcc: x@y.example"),
        (b"Subject: s", b"Subject: s\nBcc: x@y.example"),
        (b"Subject: s", b"Subject: s\rBcc: x@y.example"),
        (b"Subject: s", b"Subject: s\r\nFrom: x@y.example"),
        (b"Subject: s", b"Subject: s\r\n\r\nFrom: x@y.example"),
        (b"To: a@b.example", b"To: a@b.example, c@d.example"),
        (b"Subject: s", b"Subject: " + b"s" * 999),
    ],
)
def test_an_injected_line_is_seen(part: bytes, instead: bytes) -> None:
    with pytest.raises(oracle.Broken):
        oracle.check_outgoing(ANSWER.replace(part, instead))


@pytest.mark.parametrize(
    "page",
    [
        "<script>a</script>",
        "<a href='javascript:a'>b</a>",
        "<img src='https://a.example/b.png'>",
        "<p onclick='a'>",
        "<p style='background:url(https://a.example)'>",
        "<table background='a'>",
        "<form>",
    ],
)
def test_a_page_that_is_not_clean_is_seen(monkeypatch, page: str) -> None:
    shown.check_page(RAW, replace(MAIL, html=page))
    monkeypatch.setattr(shown, "clean_html", lambda html, urls: CleanHtml(html))
    with pytest.raises(oracle.Broken):
        shown.check_page(RAW, replace(MAIL, html=page))


@pytest.mark.parametrize(
    ("parse", "signature"),
    [
        (lambda raw: 1 // 0, "ZeroDivisionError at ?"),
        (lambda raw: [None] * 10**9, "MemoryError at ?"),
        (lambda raw: sum(range(10**12)), "too slow in ?"),
        (lambda raw: guard.os.abort(), "died of signal 6"),
    ],
    ids=["raises", "takes too much memory", "hangs in C", "crashes"],
)
def test_what_ends_a_process_is_seen(monkeypatch, parse, signature: str) -> None:
    guard.warm_up()
    monkeypatch.setattr(guard, "warm_up", lambda: None)
    monkeypatch.setattr(guard, "PARSE_SECONDS", 0.3)
    monkeypatch.setattr(pipeline, "parse", parse)
    found = guard.check_apart(RAW)
    assert found is not None
    assert found.signature == signature


def test_waiting_is_not_working() -> None:
    with guard.processor_seconds(0.05):
        time.sleep(0.2)


@given(
    st.binary(max_size=300)
    | st.lists(st.sampled_from([b"A: b", b"\r\n", b"\n", b" ", b"--a"])).map(b"".join)
)
def test_cutting_loses_nothing(raw: bytes) -> None:
    assert cut(raw).whole() == raw
    assert b"".join(cut_at_delimiters(raw)) == raw


@pytest.mark.parametrize("mutation", sorted(set(MUTATIONS), key=lambda each: each.__name__))
def test_a_mutation_takes_any_bytes_and_is_the_same_for_the_same_dice(mutation) -> None:
    for raw in (b"", b"\n", RAW, b"no mail at all", bytes(range(256))):
        for seed in range(30):
            made = [mutation(Random(seed), raw, RAW) for _ in range(2)]
            assert made[0] == made[1]


def test_mutations_change_mails() -> None:
    for mutation in MUTATIONS:
        assert any(mutation(Random(seed), RAW, MAIL.text.encode()) != RAW for seed in range(20))


def test_built_mails_are_mostly_mails() -> None:
    mails = [pipeline.parse(build(Random(seed))) for seed in range(200)]
    assert sum(mail.author is not None for mail in mails) > 120
    assert sum(bool(mail.attachments) for mail in mails) > 60
    assert sum(mail.html is not None for mail in mails) > 40


def test_the_files_to_damage_are_whole_before() -> None:
    mail = b"From: a@b.example\r\nContent-Type: application/octet-stream; name=a\r\n\r\n"
    types = {pipeline.parse(mail + data).attachments[0].content_type for data in files()}
    assert {"application/zip", "application/gzip", "application/x-tar", "image/png"} <= types
    assert {"application/ms-tnef", "image/gif", "image/jpeg", "image/webp", "image/bmp"} <= types


def test_coverage_counts_a_line_once() -> None:
    coverage = Coverage()
    coverage.run(pipeline.parse, RAW)
    assert coverage.is_new
    coverage.run(pipeline.parse, RAW)
    assert not coverage.is_new
    reached, there = coverage.counts()
    assert 300 < reached < there


def test_the_smallest_mail_is_found() -> None:
    raw = b"".join(b"line %d\n" % number for number in range(100)) + b"x bad y\n"
    assert minimise(raw, lambda kept: b"bad" in kept, 10) == b"bad"
