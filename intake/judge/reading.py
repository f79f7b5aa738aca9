"""The words of a mail as the rules read them: folded, bounded, and with secrets masked.

Every judge takes words from here only, so that no secret can reach a verdict or a reason.
"""

from __future__ import annotations

from dataclasses import dataclass

from intake.judge.folding import fold_text
from intake.judge.secrets_found import SecretSpan, find_secrets, mask_spans
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


def read_mail(mail: ParsedMail, rules: IdentifierRules) -> Reading:
    """The words of `mail` for matching, at most SCANNED_CHARACTERS of each piece."""
    subject, in_subject = _read(mail.subject[:1000], rules)
    text, in_text = _read(mail.text[:SCANNED_CHARACTERS], rules)
    reply, in_reply = text, in_text
    if mail.reply != mail.text:
        reply, in_reply = _read(mail.reply[:SCANNED_CHARACTERS], rules)
    found = [(span.kind, "subject") for span in in_subject]
    found += [(span.kind, "text") for span in (*in_text, *in_reply)]
    images: list[tuple[str, str]] = []
    for attachment in mail.attachments:
        if attachment.words and len(images) < _IMAGES_READ:
            name = _read(attachment.filename or attachment.content_type, rules)[0]
            words, in_words = _read(attachment.words[:SCANNED_CHARACTERS], rules)
            images.append((name, words))
            found += [(span.kind, name) for span in in_words]
    secrets = tuple(SecretFound(kind, where) for kind, where in dict.fromkeys(found))
    return Reading(subject, text, reply, tuple(images), secrets)


def mask_secrets(text: str, rules: IdentifierRules) -> str:
    """`text` as it may be shown: itself, or folded and with a mask in the place of each secret."""
    masked, found = _read(text, rules)
    return masked if found else text


def _read(text: str, rules: IdentifierRules) -> tuple[str, tuple[SecretSpan, ...]]:
    folded = fold_text(text)
    spans = find_secrets(folded, rules)
    return mask_spans(folded, spans), spans
