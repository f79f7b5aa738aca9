"""The words of a mail as the rules read them: folded, bounded, and with secrets masked.

Every judge takes words from here only, so that no secret can reach a verdict or a reason.
"""

from __future__ import annotations

from dataclasses import dataclass

from intake.judge.folding import fold_text
from intake.judge.masking import Secrets, find_in_mail, find_marks
from intake.judge.patterns import once_per_pair
from intake.judge.secrets_found import SecretSpan, mask_spans
from intake.model import ParsedMail, SecretFound
from intake.settings.rules import IdentifierRules

SCANNED_CHARACTERS = 20_000
_IMAGES_READ = 10


@dataclass(frozen=True, slots=True)
class Reading:
    """Subject, whole text, new words, and (file name, words) of images; secrets are masked."""

    subject: str
    text: str
    reply: str
    image_words: tuple[tuple[str, str], ...]
    secrets: tuple[SecretFound, ...]

    @property
    def request(self) -> str:
        """Subject and what the sender newly wrote: what a request is judged by.

        An empty line is between them, so that no sentence begins in one and ends in the other.
        """
        return f"{self.subject}\n\n{self.reply or self.text}"

    @property
    def everything(self) -> str:
        """Subject and the whole readable body, quotes included."""
        return f"{self.subject}\n{self.text}"

    @property
    def words_in_images(self) -> str:
        """What was read in all images."""
        return "\n".join(words for _, words in self.image_words)


def _read_mail(mail: ParsedMail, rules: IdentifierRules) -> Reading:
    secrets = find_in_mail(mail, rules)
    subject = _read(mail.subject[:1000], secrets)
    text = reply = _read(mail.text[:SCANNED_CHARACTERS], secrets)
    if mail.reply != mail.text:
        reply = _read(mail.reply[:SCANNED_CHARACTERS], secrets)
    images: list[tuple[str, str]] = []
    for attachment in mail.attachments:
        if attachment.words and len(images) < _IMAGES_READ:
            name = _read(attachment.filename or attachment.content_type, secrets)
            images.append((name, _read(attachment.words[:SCANNED_CHARACTERS], secrets)))
    return Reading(subject, text, reply, tuple(images), secrets.found)


read_mail = once_per_pair(_read_mail)
"""The words of a mail for matching, at most SCANNED_CHARACTERS of each piece."""


def _read(text: str, secrets: Secrets) -> str:
    folded = fold_text(text)
    spans = [*secrets.spans(folded)]
    # What was masked before reads the same as what is masked here.
    spans += [SecretSpan(kind, start, end) for kind, start, end in find_marks(folded)]
    return mask_spans(folded, sorted(spans, key=lambda span: (span.start, span.end)))
