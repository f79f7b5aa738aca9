"""A subject as two mails of one conversation share it."""

from __future__ import annotations

import re

from intake.judge.folding import fold_text
from intake.model.tokens import remove_ticket_numbers

# RFC 5322 3.6.5 knows only "Re:"; these are what mail programs and people write around the world.
_REPLY_WORDS = (
    "re|r|aw|antw|antwort|sv|vs|svar|ref|res|rif|odp|odpowiedź|ynt|atb|vá|blsh|bls|hb|σχετ|απ|"
    "отв|ответ|на|回复|回覆|答复|答覆|返信|답장|회신|رد|השב|balas|"
    "trả lời|wg|fw|fwd|fyi|i|tr|rv|"
    "enc|vb|vl|pd|doorst|vidarebefordra|ilt|i̇lt|továbbítás|továbbít|πρθ|пер|переслано|转发|轉寄|"
    "轉發|転送|전달|إعادة توجيه|הועבר|trs|automatic reply|auto|autoreply|automatische antwort|"
    "réponse automatique|自动回复|自動回覆|自動返信"
)
_PREFIX = re.compile(
    rf"^\s*(?:(?:{_REPLY_WORDS})\s*(?:\[\d{{1,3}}\]|\(\d{{1,3}}\)|\^\d{{1,3}}|\d{{1,2}})?\s*:"
    r"|\[(?:external|ext|extern|externe|spam|suspected spam|suspicious|bulk|caution)\]"
    r"|\*{2,5}\s?spam\s?\*{2,5})\s*",
    re.IGNORECASE,
)
_SPACE = re.compile(r"\s+")
# After NFKC, so that full-width marks are among them.
_EDGES = " .!?-–—:;,*…。"
_MOST_PREFIXES = 12


def subject_key(subject: str) -> str:
    """`subject` without reply marks, warnings of gateways and ticket numbers, folded.

    "" where nothing is left: such a subject connects no two mails.
    """
    text = remove_ticket_numbers(fold_text(subject[:1000]))
    for _ in range(_MOST_PREFIXES):
        shorter = _PREFIX.sub("", text, count=1)
        if shorter == text:
            break
        text = shorter
    return _SPACE.sub(" ", text).strip(_EDGES).casefold()


def is_reply_subject(subject: str) -> bool:
    """Whether the subject says that the mail answers or passes on another."""
    return bool(_PREFIX.match(fold_text(subject[:100])))
