"""What must hold for every sequence of bytes that is read as a mail, one function a promise."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from email import message_from_bytes, policy
from email.utils import getaddresses
from typing import Any

from intake import pipeline
from intake.errors import BudgetExceeded
from intake.mail.attachments import extract
from intake.mail.filenames import make_saveable
from intake.model import Acknowledgement, Customer, Decision, Facts, ParsedMail
from intake.model.explanation import render_explanation
from intake.reply.case import Case
from intake.reply.compose import compose_acknowledgement
from intake.reply.recipient import find_recipient
from tests.mail_cases import NOW, rules_with

# What may hold line breaks: bodies, and the words that were read in a picture.
_TEXTS = frozenset(("text", "reply", "html", "words"))
_PLAIN_SENTENCE = re.compile(r"\S.{8,600}[.!?]", re.S)
_MACHINE_WORDS = re.compile(r"Traceback|Error\(|Error:|Exception|<class|object at 0x")
_HEADERS = (
    *("From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Reply-To"),
    *("Auto-Submitted", "X-Auto-Response-Suppress", "X-Intake-Desk", "Content-Language"),
    *("MIME-Version", "Content-Type", "Content-Transfer-Encoding"),
)
# Charsets in which a line end is not the byte of a line end.
_WIDE = re.compile(rb"\xff\xfe|\xfe\xff|(?:utf|ucs|\bu)[-_]?(?:2|4|16|32)|unicode", re.I)
_OPTIONAL = {"In-Reply-To", "References", "Reply-To", "Content-Transfer-Encoding"}
_MOST_EXTRACTED = 6
FACTS = Facts(now=NOW)


class Broken(Exception):
    """A promise that does not hold: which, and what was found instead."""

    def __init__(self, promise: str, found: object) -> None:
        super().__init__(f"{promise}: {found!r:.300}")
        self.promise = promise


def expect(holds: object, promise: str, found: object) -> None:
    """Raises Broken where `holds` is false."""
    if not holds:
        raise Broken(promise, found)


def strings(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """(path without numbers, text) of every text inside a frozen result."""
    if isinstance(value, str):
        yield path, value
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from strings(getattr(value, field.name), f"{path}.{field.name}")
    elif isinstance(value, tuple | list):
        for item in value:
            yield from strings(item, path)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from strings(item, f"{path}.{key}")


def is_one_line(text: str) -> bool:
    """Whether nothing that it is pasted into can take it for more than one line."""
    if text.isprintable():
        return True
    return not any(unicodedata.category(one) == "Cc" or one in "\u2028\u2029" for one in text)


def check_strings(raw: bytes, mail: ParsedMail) -> None:
    """Every text can be stored; what is shown in one line is one line."""
    for path, text in strings(mail):
        expect("\0" not in text, f"no NUL in {path}", text)
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            expect(False, f"no lone surrogate in {path}", text)
        if path.rpartition(".")[2] not in _TEXTS:
            expect(is_one_line(text), f"no control character in {path}", text)


def check_defects(raw: bytes, mail: ParsedMail) -> None:
    """Defects are sentences that a person understands."""
    for defect in mail.defects:
        expect(_PLAIN_SENTENCE.fullmatch(defect), "a defect is a sentence", defect)
        expect(not _MACHINE_WORDS.search(defect), "a defect is in plain words", defect)


def check_identity(raw: bytes, mail: ParsedMail) -> None:
    """The mail is the one that was asked about."""
    expect(mail.sha256 == hashlib.sha256(raw).hexdigest(), "the hash is the mail's", mail.sha256)
    expect(mail.size_bytes == len(raw), "the size is the mail's", mail.size_bytes)


def check_reply(raw: bytes, mail: ParsedMail) -> None:
    """Where somebody wrote something there is a reply."""
    expect(bool(mail.reply.strip()) == bool(mail.text.strip()), "a reply where there is text", "")


def check_files(raw: bytes, mail: ParsedMail) -> None:
    """Each file has a safe name, and its bytes are found again."""
    sections = [each.section for each in mail.attachments]
    expect(len(set(sections)) == len(sections), "a section names one file", sections)
    for each in mail.attachments:
        name = each.filename
        expect(name, "a file has a name", each.section)
        expect(name and not re.search(r"[/\\]", name), "no path in a file name", name)
        expect(name not in (".", ".."), "a file name is no folder", name)
        expect(name and len(name.encode()) <= 255, "a file name is short", name)
        saved = make_saveable(name or "")
        expect(saved and saved == make_saveable(saved), "a name to save under stays", saved)
        expect(not re.search(r'[<>:"|?*/\\\x00-\x1f]', saved), "a name can be saved", saved)
        expect(len(saved.encode()) <= 255, "a name to save under is short", saved)
    first_and_last = {*mail.attachments[: _MOST_EXTRACTED // 2], *mail.attachments[-3:]}
    for each in first_and_last:
        data = extract(raw, each.section)
        same = (len(data), hashlib.sha256(data).hexdigest()) == (each.size_bytes, each.sha256)
        expect(same, "a file is found again", (each.section, each.filename))


def check_line_ends(raw: bytes, mail: ParsedMail) -> None:
    """CRLF or LF, a text mail says the same."""
    unix = raw.replace(b"\r\n", b"\n")
    if b"\r" in unix or b"\0" in unix or _WIDE.search(unix):
        return
    try:
        twin = pipeline.parse(raw.replace(b"\n", b"\r\n") if raw == unix else unix)
    except BudgetExceeded:
        return
    for name in ("subject", "author", "message_id", "date", "to", "text", "reply"):
        same = getattr(twin, name) == getattr(mail, name)
        expect(same, f"{name} does not depend on line ends", _difference(twin, mail, name))


def _difference(one: ParsedMail, other: ParsedMail, name: str) -> tuple[str, str]:
    left, right = str(getattr(one, name)), str(getattr(other, name))
    at = next((i for i, pair in enumerate(zip(left, right, strict=False)) if pair[0] != pair[1]), 0)
    return left[max(0, at - 20) :][:80], right[max(0, at - 20) :][:80]


def check_decision(raw: bytes, mail: ParsedMail) -> None:
    """The mail can be decided and explained, twice the same; an answer goes out unharmed."""
    rules = rules_with()
    decision = pipeline.decide(mail, FACTS, rules)
    view = render_explanation(mail, decision, file="a.eml", index=0)
    json.dumps(view, ensure_ascii=False).encode("utf-8")
    for path, text in strings(decision):
        expect("\0" not in text, f"no NUL in decision{path}", text)
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            expect(False, f"no lone surrogate in decision{path}", text)
    if decision.acknowledgement.mail is not None:
        check_outgoing(decision.acknowledgement.mail.raw)
    check_forced_answer(mail, decision)


def check_forced_answer(mail: ParsedMail, decision: Decision) -> None:
    """The same for an answer that quotes all it can, whatever the policy says of this mail."""
    rules = rules_with()
    author = mail.author.addr_spec if mail.author else "nobody@mailbox.example"
    customer = Customer("C-1", mail.author.display_name if mail.author else "", author)
    case = Case(
        mail,
        pipeline.keys_of(mail, rules),
        FACTS,
        rules,
        decision.automatic,
        replace(decision.spam, verdict="ham"),
        replace(decision.sender, match="verified", customer=customer),
        decision.thread,
        decision.triage,
    )
    recipient = find_recipient(case)
    if recipient is None:
        return
    for template in ("acknowledgement-verified", "acknowledgement-incomplete", "there-is-none"):
        planned = Acknowledgement(
            send=True, to=recipient.address, template=template, language="en", reasons=()
        )
        made = compose_acknowledgement(case, planned, "K7QM-42XD").mail
        if made is None:
            raise Broken("an answer is composed", template)
        check_outgoing(made.raw)


def check_outgoing(raw: bytes) -> None:
    """Exactly our headers, each once, one recipient, no line break of a stranger's."""
    head = raw.partition(b"\r\n\r\n")[0]
    expect(not re.search(rb"\r(?!\n)|(?<!\r)\n|\0", head), "whole line ends in the answer", head)
    for line in head.split(b"\r\n"):
        expect(len(line) <= 998, "short lines in the answer", line)
        known = re.match(rb"([A-Za-z-]+): ", line)
        ours = line[:1] in b" \t" and line.strip()
        expect(ours or (known and known[1].decode() in _HEADERS), "only our headers", line)
    parsed = message_from_bytes(raw, policy=policy.compat32)
    names = parsed.keys()
    expect(len(set(names)) == len(names), "each header once", names)
    expect(set(_HEADERS) - _OPTIONAL <= set(names) <= set(_HEADERS), "our headers", names)
    recipients = getaddresses([str(parsed["To"])])
    expect(len(recipients) == 1 and "@" in recipients[0][1], "one recipient", parsed["To"])
    expect(not parsed.defects, "the answer is whole", parsed.defects)
    expect(message_from_bytes(raw, policy=policy.default)["Subject"], "a subject", head)


PROMISES: tuple[Callable[[bytes, ParsedMail], None], ...] = (
    check_strings,
    check_defects,
    check_identity,
    check_reply,
    check_files,
    check_line_ends,
    check_decision,
)
