"""The secrets of one mail, and every copy of its words without them.

What is stored, shown, searched, logged or sent is made of the masked words. Only the raw bytes
hold the secrets; words that are masked say what was there, and are recognised as such later.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from intake.judge.folding import fold_text, fold_with_places
from intake.judge.patterns import once_per_pair
from intake.judge.secret_shapes import is_chosen
from intake.judge.secrets_found import SecretSpan, find_secrets
from intake.model import Address, Attachment, ParsedMail, Reason, SecretFound
from intake.settings.rules import IdentifierRules

_NAMES = {"api_key": "API key", "card": "card number", "iban": "IBAN"}
_NAMES |= {"two_factor_key": "two-factor key", "one_time_code": "one-time code"}
_KINDS = {name: kind for kind, name in _NAMES.items()}
_MARK = re.compile(r"\[([A-Za-z][A-Za-z -]{1,30}) hidden\]")
# A shorter one is too likely to stand elsewhere in the mail and mean something else.
_SHORTEST_KNOWN = 6
_MOST_KNOWN = 100
_PUNCTUATION = ".,;:!?)\"'”"
_ROUNDS = 4

_COMMENT = re.compile(r"(?s)<!--.*?(?:-->|\Z)|<(style|script)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_BLANK = re.compile(r"\s+")


def name_kind(kind: str) -> str:
    """A kind of secret in plain words: `api_key` is an "API key"."""
    return _NAMES.get(kind, kind.replace("_", " "))


def make_mark(kind: str) -> str:
    """What stands in the place of a secret: `[password hidden]`."""
    return f"[{name_kind(kind)} hidden]"


def find_marks(text: str) -> Iterator[tuple[str, int, int]]:
    """(kind, start, end) of the marks that masking left in `text`."""
    for match in _MARK.finditer(text):
        yield _KINDS.get(match[1], match[1].replace(" ", "_")), match.start(), match.end()


def mask_text(text: str, rules: IdentifierRules) -> str:
    """`text` with a mark in the place of each secret; all else stays as it is written."""
    return Secrets((), (), rules).mask(text)


@dataclass(frozen=True, slots=True)
class Secrets:
    """The secrets of one mail: of which kinds and where, and (value, kind) by themselves.

    `values` are folded and are hidden wherever they stand, also without the words that told what
    they are.
    """

    found: tuple[SecretFound, ...]
    values: tuple[tuple[str, str], ...]
    rules: IdentifierRules

    @property
    def kinds(self) -> tuple[str, ...]:
        """What kinds of secrets there are, each once."""
        return tuple(sorted({secret.kind for secret in self.found}))

    def spans(self, folded: str) -> list[SecretSpan]:
        """Where secrets stand in a folded text, by place; none overlaps another."""
        spans = list(find_secrets(folded, self.rules))
        for value, kind in self.values:
            places = (SecretSpan(kind, at, at + len(value)) for at in _occurrences(value, folded))
            spans += places
        return _apart(spans)

    def mask(self, text: str) -> str:
        """`text` with a mark in the place of each secret; all else stays as it is written."""
        for _ in range(_ROUNDS):
            # What is left may, without the first secret, read as another one.
            if not self.spans(fold_text(text)):
                return text
            text = self._mask_once(text)
        return text

    def _mask_once(self, text: str) -> str:
        folded, places = fold_with_places(text)
        spans = self.spans(folded)
        if not spans:
            # Letters that only count together: then the folded text is what is masked.
            text = folded = fold_text(text)
            places, spans = range(len(text) + 1), self.spans(folded)
        pieces, done = [], 0
        for span in spans:
            pieces += [text[done : places[span.start]], make_mark(span.kind)]
            done = places[span.end]
        return "".join(pieces) + text[done:]

    def mask_reasons(self, reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
        """Reasons that quote no secret."""
        quoted = "\n\n".join(f"{r.text}\n\n{r.evidence or ''}" for r in reasons)
        if not self.spans(fold_text(quoted)):
            return reasons
        return tuple(
            replace(r, text=self.mask(r.text), evidence=r.evidence and self.mask(r.evidence))
            for r in reasons
        )


def _apart(spans: list[SecretSpan]) -> list[SecretSpan]:
    """By place, with those that overlap made one, of the kind that begins first."""
    apart: list[SecretSpan] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if apart and span.start < apart[-1].end:
            apart[-1] = replace(apart[-1], end=max(apart[-1].end, span.end))
        else:
            apart.append(span)
    return apart


def _occurrences(value: str, text: str) -> Iterator[int]:
    start = text.find(value)
    while start >= 0:
        end = start + len(value)
        before, after = text[start - 1 : start], text[end : end + 1]
        if not (_is_letter(before) or _is_letter(after)):
            yield start
        start = text.find(value, end)


def _is_letter(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


def _find(mail: ParsedMail, rules: IdentifierRules) -> Secrets:
    found: dict[SecretFound, None] = {}
    values: dict[str, str] = {}
    for where, text in _pieces(mail):
        folded = fold_text(text)
        known = {secret.kind for secret in found}
        for span in find_secrets(folded, rules):
            # HTML says the same once more.
            if where != "html" or span.kind not in known:
                found[SecretFound(span.kind, where)] = None
            value = folded[span.start : span.end].strip(_PUNCTUATION)
            if len(value) >= _SHORTEST_KNOWN and (span.kind != "password" or is_chosen(value)):
                values.setdefault(value, span.kind)
    for attachment in mail.attachments:
        where = attachment.filename or attachment.content_type
        # Words of a picture come masked from the store.
        for kind, _, _ in find_marks(attachment.words or ""):
            found[SecretFound(kind, where)] = None
    # A mail full of secrets is bounded: what tells them hides the others.
    longest = sorted(values.items(), key=lambda item: -len(item[0]))
    ordered = tuple(longest[:_MOST_KNOWN])
    hider = Secrets((), ordered, rules)
    return Secrets(tuple(replace(s, where=hider.mask(s.where)) for s in found), ordered, rules)


find_in_mail = once_per_pair(_find)
"""The secrets in everything of a mail that a person may be shown."""


def _pieces(mail: ParsedMail) -> Iterator[tuple[str, str]]:
    """(where, words) of all that a person may be shown."""
    yield "subject", mail.subject
    yield "text", mail.text
    if mail.reply != mail.text:
        yield "text", mail.reply
    if mail.html:
        for plain in _plain(mail.html):
            yield "html", plain
    yield "name", "\n\n".join(dict.fromkeys(a.display_name for a in _people(mail)))
    for attachment in mail.attachments:
        where = attachment.filename or attachment.content_type
        names = (attachment.filename, attachment.container, *attachment.risk, *attachment.members)
        yield "file name", "\n\n".join(name for name in names if name)
        yield where, attachment.words or ""


def _people(mail: ParsedMail) -> Iterator[Address]:
    for address in (mail.author, mail.sender, mail.forwarded_from):
        if address is not None:
            yield address
    yield from (*mail.authors, *mail.reply_to, *mail.to, *mail.cc)


def _plain(markup: str) -> tuple[str, ...]:
    """The words of HTML with its tags taken for nothing, and for blanks."""
    bare = _COMMENT.sub("", markup)
    return tuple(html.unescape(_TAG.sub(gap, bare)) for gap in ("", " "))


def hide_secrets(mail: ParsedMail, rules: IdentifierRules) -> ParsedMail:
    """`mail` as it may be stored and shown; itself where it holds no secret.

    The HTML is kept where no secret can be read in what is left of it, and is None otherwise.
    """
    secrets = find_in_mail(mail, rules)
    if not secrets.found:
        return mail

    def hide(address: Address | None) -> Address | None:
        return address and replace(address, display_name=secrets.mask(address.display_name))

    def hide_all(addresses: tuple[Address, ...]) -> tuple[Address, ...]:
        return tuple(replace(a, display_name=secrets.mask(a.display_name)) for a in addresses)

    return replace(
        mail,
        subject=secrets.mask(mail.subject),
        text=secrets.mask(mail.text),
        reply=secrets.mask(mail.reply),
        html=_hide_in_html(mail.html, secrets),
        author=hide(mail.author),
        sender=hide(mail.sender),
        forwarded_from=hide(mail.forwarded_from),
        authors=hide_all(mail.authors),
        reply_to=hide_all(mail.reply_to),
        to=hide_all(mail.to),
        cc=hide_all(mail.cc),
        headers=tuple((name, secrets.mask(value)) for name, value in mail.headers),
        defects=tuple(secrets.mask(defect) for defect in mail.defects),
        attachments=tuple(_hide_in_file(a, secrets) for a in mail.attachments),
    )


def _hide_in_file(attachment: Attachment, secrets: Secrets) -> Attachment:
    def hide(text: str | None) -> str | None:
        return text and secrets.mask(text)

    return replace(
        attachment,
        filename=hide(attachment.filename),
        container=hide(attachment.container),
        words=hide(attachment.words),
        risk=tuple(secrets.mask(risk) for risk in attachment.risk),
        members=tuple(secrets.mask(name) for name in attachment.members),
    )


def mask_html(markup: str | None, rules: IdentifierRules) -> str | None:
    """`markup`, or None where a secret can be read in it."""
    return _hide_in_html(markup, Secrets((), (), rules))


def _hide_in_html(markup: str | None, secrets: Secrets) -> str | None:
    if markup is None:
        return None
    for value, kind in secrets.values:
        markup = markup.replace(value, make_mark(kind))
    unescaped = html.unescape(markup)
    readings = (*_plain(markup), unescaped)
    values = {_BLANK.sub("", value) for value, _ in secrets.values}
    for reading in readings:
        folded = fold_text(reading)
        squeezed = _BLANK.sub("", folded)
        if find_secrets(folded, secrets.rules) or any(value in squeezed for value in values):
            return None
    return markup
