"""Signals in the words, the make-up and the files of a mail."""

from __future__ import annotations

import re
from collections.abc import Iterator

import re2

from intake.judge.folding import count_invisible
from intake.judge.identifiers import find_in_text
from intake.judge.patterns import PatternSet, once_per
from intake.judge.signals import Signal, SpamCase
from intake.settings.rules import SpamRules

_SCANNED_HTML = 200_000
_FEW_LETTERS = 60
# RE2, which reads a long page ten times faster than `re`.
_HIDDEN = re2.compile(
    r"(?i)display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|"
    r"opacity\s*:\s*0(?:[;\"'\s]|\.0)|color\s*:\s*(?:#fff(?:fff)?\b|white\b)[^>]{0,80}"
    r"background(?:-color)?\s*:\s*(?:#fff(?:fff)?\b|white\b)"
)
_PUSHED_OUT = re2.compile(
    r"(?i)(?:margin(?:-top|-bottom)?|height|top|padding(?:-top|-bottom)?)\s*:\s*"
    r"(?:\d{5,}px|[2-9]\d{3}px|\d{4,}v?h)"
)
_MIXED = re.compile(r"[a-z][\u0370-\u03ff\u0400-\u04ff]|[\u0370-\u03ff\u0400-\u04ff][a-z]", re.I)
_SPLIT = re.compile("[A-Za-z][\u00ad\u200b-\u200d\u2060\ufeff]+[A-Za-z]")
_URL = re.compile(r"https?://\S+")
_DESK_MATTERS = ("uid", "order_id")
_FOREIGN_WORDS = 5


def find_content_signals(case: SpamCase) -> Iterator[Signal]:
    """All signals in the content of the mail."""
    yield from _find_phrases(case)
    yield from _find_tricks(case)
    yield from _find_make_up(case)
    yield from _find_files(case)
    own_words = _URL.sub(" ", case.reading.request)
    kinds = {i.kind for i in find_in_text(own_words, case.rules.identifiers)}
    if not kinds.isdisjoint(_DESK_MATTERS):
        yield Signal("names-desk-matter", "It names an account or an order of this desk.")


def _find_phrases(case: SpamCase) -> Iterator[Signal]:
    rules = case.rules.spam
    patterns = _phrases(rules)
    text = case.reading.everything
    if case.reading.image_words:
        text = f"{text}\n{case.reading.words_in_images}"
    for index in patterns.find(text):
        found = patterns.patterns[index].search(text)
        words = " ".join(found.group().split())[:80] if found else None
        yield Signal(rules.phrases[index].code, rules.phrases[index].text, words)


def _find_tricks(case: SpamCase) -> Iterator[Signal]:
    text = case.mail.text[:20_000]
    if _MIXED.search(f"{case.mail.subject[:500]} {case.shown_name}"):
        yield Signal("mixed-letters", "Subject or name mix letters of two alphabets.")
    if not text.isascii():
        if len(_MIXED.findall(text[:5_000])) >= _FOREIGN_WORDS:
            yield Signal("mixed-letters", "Its words mix letters of two alphabets.")
        if count_invisible(text) and len(_SPLIT.findall(text)) >= 3:
            yield Signal("split-words", "Invisible letters split its words.")
    markup = (case.mail.html or "")[:_SCANNED_HTML]
    if markup and _HIDDEN.search(markup):
        yield Signal("hidden-text", "It holds text that the reader does not see.")
    if markup and _PUSHED_OUT.search(markup):
        yield Signal("pushed-out-text", "It moves text far out of the reader's sight.")


def _find_make_up(case: SpamCase) -> Iterator[Signal]:
    mail = case.mail
    letters = sum(map(str.isalnum, case.reading.text[:1000]))
    images = any(a.kind in ("screenshot", "photo", "decorative") for a in mail.attachments)
    small = (mail.html or "")[:_SCANNED_HTML].lower()
    if letters < _FEW_LETTERS and small and "<img" in small and "<a " in small:
        yield Signal("image-only", "It is a picture with a link instead of words.")
    if letters == 0 and not images and not mail.attachments:
        yield Signal("no-words", "It has no words at all.")


# Labels of files that honest customers do not send; a locked document or a web page they may.
_DANGEROUS = frozenset(
    (
        *("executable", "script", "shortcut", "disk-image", "onenote", "macro-document"),
        *("double-extension", "disguised-name", "executable-in-archive", "archive-bomb"),
        *("test-signature", "virus-found"),
    )
)


def _find_files(case: SpamCase) -> Iterator[Signal]:
    for attachment in case.mail.attachments:
        for risk in attachment.risk:
            if risk not in _DANGEROUS:
                continue
            why = f"It brings a dangerous file along ({risk.replace('-', ' ')})."
            yield Signal(f"file-{risk}", why, attachment.content_type)
            yield Signal("file-risk", why, attachment.content_type)


def _compile(rules: SpamRules) -> PatternSet:
    return PatternSet([phrase.match for phrase in rules.phrases])


_phrases = once_per(_compile)
