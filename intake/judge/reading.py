"""The words of a mail as the rules read them: one form for letters that look or count the same."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from intake.model import ParsedMail

SCANNED_CHARACTERS = 20_000

# Letters that show nothing but split words for a reader of text: zero-width and soft hyphens,
# direction marks, variation selectors.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\uffa0]+"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """Normalised subject, whole text and new words, each cut to SCANNED_CHARACTERS.

    `invisible` counts the invisible letters that were taken out.
    """

    subject: str
    text: str
    reply: str
    invisible: int

    @property
    def request(self) -> str:
        """Subject and what the sender newly wrote: what a request is judged by."""
        return f"{self.subject}\n{self.reply or self.text}"

    @property
    def everything(self) -> str:
        """Subject and the whole readable body, quotes included."""
        return f"{self.subject}\n{self.text}"


def read_mail(mail: ParsedMail) -> Reading:
    """The words of `mail`, normalised (NFKC, no invisible letters)."""
    text, invisible = _fold(mail.text[:SCANNED_CHARACTERS])
    subject, in_subject = _fold(mail.subject[:1000])
    reply = text if mail.reply == mail.text else _fold(mail.reply[:SCANNED_CHARACTERS])[0]
    return Reading(subject, text, reply, invisible + in_subject)


def fold_text(text: str) -> str:
    """`text` in the form that all patterns are matched against."""
    return _fold(text)[0]


def _fold(text: str) -> tuple[str, int]:
    if text.isascii():
        return text, 0
    shown = _INVISIBLE.sub("", text)
    return unicodedata.normalize("NFKC", shown), len(text) - len(shown)
