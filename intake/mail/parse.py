"""Bytes to ParsedMail. The only importer of mail-parser, which reads the headers.

The large parts of a mail never pass through it: they are cut out of the bytes and decoded once.
Where mail-parser does not read a header as a person would, the modules beside this one repair it.
"""

from __future__ import annotations

import email
import hashlib
import logging
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property

from mailparser import MailParser, parse_from_bytes

from intake.mail.attachments import Found, Lister
from intake.mail.authentication import parse_authentication
from intake.mail.body import Layout, lay_out
from intake.mail.budget import Budget
from intake.mail.charset import decode
from intake.mail.dates import find_date
from intake.mail.envelope import prepare
from intake.mail.headers import LONGEST_VALUE_BYTES, read_value
from intake.mail.language import find_language
from intake.mail.newest import find_newest
from intake.mail.part import Part
from intake.mail.people import PeopleReader
from intake.mail.reports import parse_report
from intake.mail.structure import find_parts
from intake.mail.text import Text, read_text
from intake.model import ParsedMail, Report
from intake.settings.schema import Limits

DEFAULT_LIMITS = Limits()

# It says what it could not read in its defects; its log says it again, with the mail's content.
logging.getLogger("mailparser").setLevel(logging.CRITICAL)

_FOR_MAIL_PARSER = frozenset(("from", "reply-to", "to", "cc"))
_IDENTIFIER = re.compile(r"<\s*([^<>]{1,998}?)\s*>")
_WORDS_OUTSIDE = re.compile(r"[A-Za-z]{2}")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{2,40})", re.I)
_REPORT_TYPES = (
    *("message/delivery-status", "message/disposition-notification", "message/feedback-report"),
    *("message/global-delivery-status", "multipart/report", "text/rfc822-headers"),
)
_SYSTEM = re.compile(
    r"daemon|postmaster|deliver|mail ?system|bounce|mailer|administrator|notification|undeliver"
    r"|zustell|subsystem|mta",
    re.I,
)
_WORTH_CUTTING_BYTES = 32_768
_LARGEST_REPORT_BYTES = 100_000
_BLANK = re.compile(r"\s")
_HASHED_CHARACTERS = 65_536
_MOST_DEFECTS = 100
_MOST_ENCODED_WORDS = 200
_MOST_REFERENCES = 500


def parse_mail(raw: bytes, limits: Limits = DEFAULT_LIMITS) -> ParsedMail:
    """The mail in `raw` as a person would read it.

    Every byte sequence gives one ParsedMail; what was repaired or could not be read is in its
    defects. Raises BudgetExceeded, and nothing else.
    """
    budget = Budget(limits)
    budget.take_size(len(raw))
    data, defects = prepare(raw)
    root = find_parts(data, budget, defects)
    return _Reading(raw, data, root, budget, defects).mail()


class _Reading:
    """One mail on its way from bytes to ParsedMail."""

    def __init__(
        self, raw: bytes, data: bytes, root: Part, budget: Budget, defects: list[str]
    ) -> None:
        self._raw = raw
        self._data = data
        self._root = root
        self._budget = budget
        self._defects = defects
        self._hint = _charset_hint(root)
        self._fields: dict[str, list[bytes]] = {}
        for name, value in root.fields:
            self._fields.setdefault(name, []).append(value[:LONGEST_VALUE_BYTES])

    def mail(self) -> ParsedMail:
        """Header, text, files and reports, put together."""
        headers = tuple((name, read_value(value, self._hint)) for name, value in self._root.fields)
        parser = _HeaderParser(self._root, self._hint, self._defects)
        people = PeopleReader(self._fields, parser, self._hint, self._defects).read()
        layout = lay_out(self._root)
        text = read_text(self._data, layout, self._hint, self._defects)
        files = self._files(layout, text)
        subject = self._first(headers, "subject")
        newest = find_newest(text.text, subject=subject, html=text.html)
        sender = people.author.addr_spec if people.author else ""
        return ParsedMail(
            sha256=hashlib.sha256(self._raw).hexdigest(),
            size_bytes=len(self._raw),
            headers=headers,
            message_id=next(iter(_identifiers(self._first(headers, "message-id"))), None),
            in_reply_to=_answered(self._first(headers, "in-reply-to")),
            references=_identifiers(self._first(headers, "references"))[:_MOST_REFERENCES],
            date=self._date(headers),
            author=people.author,
            author_source=people.author_source,
            authors=people.authors,
            sender=people.sender,
            reply_to=people.reply_to,
            to=people.to,
            cc=people.cc,
            delivered_to=people.delivered_to,
            envelope_sender=people.envelope_sender,
            subject=subject,
            language=find_language(newest.reply or text.text or subject),
            text=text.text,
            reply=newest.reply,
            html=text.html,
            attachments=tuple(files.attachments),
            authentication=parse_authentication(headers),
            report=self._report(sender, subject),
            forwarded_from=newest.forwarded_from,
            forwarded_date=newest.forwarded_date,
            body_fingerprint=_fingerprint(text.text, files),
            defects=tuple(dict.fromkeys(self._defects))[:_MOST_DEFECTS],
        )

    def _first(self, headers: tuple[tuple[str, str], ...], name: str) -> str:
        values = self._fields.get(name, ())
        if len(values) > 1:
            self._defects.append(f"The mail has several {name.title()} headers; only one counts.")
        return next((value for key, value in headers if key == name and value), "")

    def _date(self, headers: tuple[tuple[str, str], ...]) -> datetime | None:
        value = self._first(headers, "date")
        if not value:
            return None
        found = find_date(value)
        if found is None:
            self._defects.append("The Date of the mail cannot be read.")
        return found

    def _files(self, layout: Layout, text: Text) -> Lister:
        lister = Lister(self._budget, self._hint, text.html or "", self._defects)
        for part, number, name, content in text.written_in:
            section = f"{part.section}!uu{number}"
            lister.add(Found(section, name, "application/octet-stream", content))
        lister.add_parts(self._data, layout.files, "", None, 0)
        return lister

    def _report(self, sender: str, subject: str) -> Report | None:
        parts = list(_walk(self._root))
        if not (
            any(part.media_type in _REPORT_TYPES for part in parts)
            or "x-failed-recipients" in self._fields
            or _SYSTEM.search(sender)
            or _SYSTEM.search(subject)
        ):
            return None
        # The standard library's email raises many things on broken mail, all of them harmless here.
        try:
            return parse_report(email.message_from_bytes(_without_large_parts(self._data, parts)))
        except Exception:
            self._defects.append("The report in this mail could not be read.")
            return None


class _HeaderParser:
    """mail-parser over the few headers that it is asked about, once it is asked."""

    def __init__(self, root: Part, hint: str | None, defects: list[str]) -> None:
        self._root = root
        self._hint = hint
        self._defects = defects

    def read(self, name: str) -> list[tuple[str, str]]:
        """(display name, addr-spec) of header `name`."""
        found = getattr(self._parser, "from_" if name == "from" else name.replace("-", "_"), [])
        return list(found) if isinstance(found, list) else []

    @property
    def address_header_defects(self) -> list[dict[str, object]]:
        """What mail-parser had to say about address headers; nothing where it gave up."""
        return self._parser.address_header_defects if self._parser else []

    @cached_property
    def _parser(self) -> MailParser | None:
        # It raises on broken encoded words, among others; then all headers are repaired ones.
        try:
            return parse_from_bytes(b"\r\n".join(self._lines()) + b"\r\n\r\n")
        except Exception:
            self._defects.append("The headers are broken and were read piece by piece.")
            return None

    def _lines(self) -> Iterator[bytes]:
        seen = set()
        for name, whole in self._root.fields:
            if name in _FOR_MAIL_PARSER and name not in seen and _is_tame(whole):
                seen.add(name)
                # RFC 6532 3.2: what is not ASCII has to be UTF-8.
                value = whole[:LONGEST_VALUE_BYTES]
                shown = value if value.isascii() else decode(value, None, self._hint)[0].encode()
                yield name.encode("ascii") + b": " + _FOLD.sub(b"\r\n ", shown)


def _is_tame(value: bytes) -> bool:
    """Whether mail-parser reads the header in time that grows with its length, not its square."""
    return b"\0" not in value and value.count(b"=?") <= _MOST_ENCODED_WORDS


_FOLD = re.compile(rb"\r?\n[ \t]*|\r")


def _charset_hint(root: Part) -> str | None:
    """A charset that the mail's own texts declare."""
    for part in _walk(root):
        found = _CHARSET.search(part.raw_field("content-type") or b"")
        if found:
            return found[1].decode("ascii")
    return None


def _walk(root: Part) -> list[Part]:
    parts = [root]
    for part in parts:
        parts.extend(part.children)
    return parts


def _identifiers(value: str) -> tuple[str, ...]:
    """The ids of Message-ID, In-Reply-To or References (RFC 5322 3.6.4), without brackets."""
    if not value:
        return ()
    found = ["".join(each.split()) for each in _IDENTIFIER.findall(value)]
    if not found:
        found = [
            word.strip("<>,;\"'")
            for word in value.split()
            if "@" in word or len(value) == len(word)
        ]
    return tuple(dict.fromkeys(each for each in found if each))


def _answered(value: str) -> tuple[str, ...]:
    """The ids of an In-Reply-To; programs of old name the writer first, and only then the id.

    RFC 822 4.6.2: `Message from Ann <ann@mail.example> of Monday <id@mail.example>`.
    """
    found = _identifiers(value)
    said = len(found) > 1 and _WORDS_OUTSIDE.search(_IDENTIFIER.sub("", value))
    return found[-1:] if said else found


def _fingerprint(text: str, files: Lister) -> str:
    """The same for the same text and files, however they were wrapped."""
    digest = hashlib.sha256()
    at, gap = 0, b""
    while at < len(text):
        # In pieces that end with a word: the words of a whole book weigh many times the book.
        end = _BLANK.search(text, at + _HASHED_CHARACTERS)
        stop = end.end() if end else len(text)
        words = " ".join(text[at:stop].split())
        if words:
            digest.update(gap + words.encode("utf-8", "replace"))
            gap = b" "
        at = stop
    for attachment in files.attachments:
        digest.update(attachment.sha256.encode("ascii"))
    return digest.hexdigest()[:32]


def _without_large_parts(data: bytes, parts: list[Part]) -> bytes:
    """The mail without the bodies of its large leaves, for readers of small ones."""
    kept = []
    at = 0
    for part in sorted(parts, key=lambda each: each.body_start):
        large = part.body_end - part.body_start > _WORTH_CUTTING_BYTES
        if large and not part.children and part.body_start >= at:
            if part.media_type.startswith("multipart/"):
                continue
            # No report needs more, and the standard library takes its time over one.
            length = _LARGEST_REPORT_BYTES if part.media_type in _REPORT_TYPES else 0
            kept.append(data[at : min(part.body_start + length, part.body_end)])
            at = part.body_end
    kept.append(data[at:])
    return b"".join(kept)
