"""Mails that only ask for news: they keep the place of their ticket in the queue."""

from __future__ import annotations

from intake.judge.folding import fold_text
from intake.judge.patterns import PatternSet, once_per
from intake.model import ParsedMail
from intake.settings.rules import TriageRules

# Beyond this somebody tells us something new. Counted with wide (Chinese, Japanese, Korean)
# letters as two, since they say more each.
_LONGEST_CHASER = 320


def is_chaser(mail: ParsedMail, rules: TriageRules) -> bool:
    """Whether the new words are short, ask for news, and bring no file along."""
    words = mail.reply.strip()
    if not words or len(words) > _LONGEST_CHASER:
        return False
    width = len(words) + sum(1 for letter in words if letter >= "\u2e80")
    if width > _LONGEST_CHASER or any(a.kind != "decorative" for a in mail.attachments):
        return False
    return bool(_phrases(rules).find(fold_text(words)))


def _compile(rules: TriageRules) -> PatternSet:
    return PatternSet(rules.chaser_phrases)


_phrases = once_per(_compile)
