"""What the sender newly wrote: a mail's text without quotations and signature."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from intake.mail.answers_below import says_answers_below
from intake.mail.forwards import find_author, find_shown_address, find_shown_date
from intake.mail.html_clues import find_quotation, find_signature_lines, signature_start
from intake.mail.quotation import HeaderBlock, is_divider, is_rule
from intake.mail.quote_words import FORWARD_SUBJECTS
from intake.mail.scan import Kind, Scan
from intake.mail.signatures import bare_contact_start, is_footer, loose_signature_start
from intake.model.address import Address

_MOST_LINES = 10_000

_FORWARD_SUBJECT = re.compile(rf"\s{{0,9}}(?:{FORWARD_SUBJECTS})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Newest:
    """The pieces of a text. `reply` is never empty where the text holds anything.

    `forwarded_from` and `forwarded_date` are what the text shows of a forwarded mail: a
    suggestion that anybody can type, never proof.
    """

    reply: str
    signature: str = ""
    quoted: str = ""
    forwarded_from: Address | None = None
    forwarded_date: datetime | None = None


def find_newest(text: str, *, subject: str = "", html: str | None = None) -> Newest:
    """Splits `text` into what is new, the signature, and what is quoted.

    Answers between quoted lines keep these lines as context; attribution lines go. `subject`
    tells a forwarded mail from an answered one. `html` is the same mail's HTML: it shows a
    quotation and a signature where the plain text has no mark of them. Raises nothing; linear.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n", _MOST_LINES)
    unread = lines[_MOST_LINES:]
    scan = Scan(lines[:_MOST_LINES])
    if scan.cut is None and html and not scan.quotes:
        start = find_quotation(scan.lines, html)
        scan.cut = start if start is not None and scan.wrote_before(start) else None
    if scan.cut is not None and says_answers_below("\n".join(lines[: scan.cut])):
        scan = Scan(scan.lines, answers_below=True)
    known = find_signature_lines(html) if html else frozenset()
    newest = _split(scan, unread, known)
    if not newest.reply:
        newest = replace(newest, reply=_all_there_is(scan, text))
    block = scan.block
    if block is None or not _is_forward(block, scan, subject):
        return newest
    shown = block.values.get("from")
    return replace(
        newest,
        forwarded_from=find_shown_address(shown) if shown else find_author(block.attribution),
        forwarded_date=find_shown_date(block.values.get("date") or block.attribution),
    )


def _is_forward(block: HeaderBlock, scan: Scan, subject: str) -> bool:
    return (
        block.forwarded
        or not scan.wrote_before(block.start)
        or bool(_FORWARD_SUBJECT.match(subject))
    )


def _split(scan: Scan, unread: Sequence[str], known: frozenset[str]) -> Newest:
    end = len(scan.lines) if scan.cut is None else scan.cut
    scan.mark_signatures(end)
    first, last = _span_of_own(scan, end)
    kept: list[str] = list(scan.lines[first:last])
    signature: list[str] = []
    quoted: list[str] = []
    if not scan.all_own:
        kept.clear()
        for index, (kind, line) in enumerate(zip(scan.kinds[:end], scan.lines, strict=False)):
            if kind == "signature":
                signature.append(line)
            elif kind == "attribution" or not first <= index < last:
                quoted.append(line)
            else:
                kept.append(line)
    start = loose_signature_start(kept) if last > first else len(kept)
    if known:
        start = min(start, signature_start(kept, known))
    if scan.cut is not None:
        start = min(start, bare_contact_start(kept))
    if 0 < start < len(kept) and any(line.strip() for line in kept[:start]):
        signature = kept[start:] + signature
        kept = kept[:start]
    stop = len(kept)
    while stop and (not kept[stop - 1].strip() or is_rule(kept[stop - 1])):
        stop -= 1
    quoted[:0] = kept[stop:]
    kept = kept[:stop]
    if scan.cut is None:
        kept.extend(unread if last > first else ())
    quoted.extend(scan.lines[end:])
    return Newest(_joined(kept), _joined(signature), _joined(quoted))


def _span_of_own(scan: Scan, end: int) -> tuple[int, int]:
    """From the first to behind the last line that belongs to the reply.

    Quoted lines before the only stretch of own lines, and after the last, are no part of it;
    between own stretches, and before the first of several, they are what is answered.
    """
    if scan.all_own:
        return 0, end
    runs = _own_runs(scan, end)
    if len(runs) > 1 and is_footer(scan.lines[slice(*runs[-1])]):
        start, stop = runs.pop()
        scan.mark(start, stop, "signature")
    if not runs:
        return 0, 0
    first, last = runs[0][0], runs[-1][1]
    if len(runs) > 1:
        before = [i for i in range(first) if scan.kinds[i] == "quoted" and _says(scan.lines[i])]
        first = before[0] if before else first
    if last < end and scan.lines[last - 1].rstrip().endswith((":", "：")):
        # "I type this:" and what was typed, where nobody is said to have written it.
        last = last if "attribution" in scan.kinds[:end] else end
    return first, last


def _says(line: str) -> bool:
    """Whether more than marks of quotation stands in `line`."""
    return bool(line.strip(">| \t\xa0"))


def _own_runs(scan: Scan, end: int) -> list[tuple[int, int]]:
    """Stretches of own lines without a quoted one between them."""
    runs: list[tuple[int, int]] = []
    interrupted = True
    for index in range(end):
        kind: Kind = scan.kinds[index]
        if kind == "quoted":
            interrupted = True
        elif kind == "own":
            if interrupted:
                runs.append((index, index + 1))
            else:
                runs[-1] = (runs[-1][0], index + 1)
            interrupted = False
    return runs


def _all_there_is(scan: Scan, text: str) -> str:
    """Nothing new: what was forwarded, else everything, for an empty reply helps nobody."""
    if scan.block is not None:
        forwarded = list(scan.lines[scan.block.end :])
        while forwarded and (not forwarded[-1].strip() or is_divider(forwarded[-1])):
            forwarded.pop()
        if all(line.startswith(">") for line in forwarded if line.strip()):
            forwarded = [line[1:].removeprefix(" ") for line in forwarded]
        if shown := _joined(forwarded):
            return shown
    return _joined(text.split("\n"))


def _joined(lines: Sequence[str]) -> str:
    """The lines without empty ones around them; a first line keeps its indentation."""
    if not lines:
        return ""
    first = 0
    while first < len(lines) and not lines[first].strip():
        first += 1
    return "\n".join(lines[first:]).rstrip()
