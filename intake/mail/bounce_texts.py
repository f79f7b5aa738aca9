"""Bounces of mail systems that write prose: recipient, reason and returned Message-ID from text."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LOOKED_AT_CHARACTERS = 60_000

_SYSTEM_AUTHOR = re.compile(
    r"(?:^|[<\"\s])(?:mailer[-_.]?daemon|post[-_]?master|mail[-_.]?delivery|double-bounce)\b"
    r"|mail deliver(?:y|) (?:sub)?system|^\s{0,4}<>\s{0,4}$",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"undeliver|deliver(?:y|ing)? (?:status|fail|error|problem|has failed)|fail(?:ed"
    r"|ure) (?:deliver|notice)"
    r"|failure (?:deliver|notice)|returned mail|returning message|mail (?:system )?(?:error|fail)"
    r"|not be delivered"
    r"|could ?n.t be delivered|delayed mail|delayed \d|rejected|bounce|non remis|unzustellbar"
    r"|nicht zugestellt|送信でき"
    r"|配信|エラー|退信|系统退信|не доставлено|нельзя доставить|undelivered"
    r"|message you sent blocked",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"wasn.t able to deliver|(?:could|can)(?: ?not|n.t) be delivered|permanent(?: fatal)? error"
    r"|delivery (?:to|of)"
    r"[^\n]{0,80}fail|following address|did not reach|undeliverable|unknown user|user unknown"
    r"|mailbox (?:is )?full"
    r"|\b[45]\d\d[ -][45]\.\d{1,3}\.\d{1,3}|smtp error from remote|returned to (?:you|sender)"
    r"|送信できません|rejected",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"\bdelay|still (?:being )?(?:retr|try)|will (?:be )?(?:retr|keep trying)|\(delay\)|warning",
    re.IGNORECASE,
)
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_DIAGNOSTIC = re.compile(r"^[^\n]{0,200}?(?<![\d.])([45]\d\d[ -][^\n]{3,300})$", re.MULTILINE)
_REASON = re.compile(
    r"^[ \t]{0,9}([^\n]{3,200}(?:\(#[45]\.\d\.\d\)|user unknown)[^\n]{0,100})$", re.I | re.M
)
_RETURNED = re.compile(
    r"^[-\s=*#>]{0,40}[^\n]{0,60}(?:(?:copy|headers?|text|beginning|original|unsent|returned"
    r"|bounced)[^\n]{0,40}"
    r"(?:message|mail|e-?mail|headers)|below this line|オリジナル)[^\n]{0,60}$",
    re.IGNORECASE | re.MULTILINE,
)
_MESSAGE_ID = re.compile(r"^[> \t]{0,9}message-id:[ \t]{0,9}<?([^\s<>]{3,900})>?", re.I | re.M)
_ADDRESS_LINE = re.compile(
    r"^[ \t\-*>]{0,16}(?:to:?[ \t]{0,9})?<?([^\s<>():;,\"]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{1,250})>?"
    r"[ \t]{0,9}(?:[:;,.(\[][^\n]{0,400}|\.\.\.[^\n]{0,400}| on [^\n]{0,80}|)$",
    re.MULTILINE,
)
_ADDRESS = re.compile(
    r"(?:<|to:?\s|address:?\s|rcpt to:\s?<?)([^\s<>():;,\"]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{1,250})",
    re.I,
)


@dataclass(frozen=True, slots=True)
class TextBounce:
    """What the prose of a bounce gives away; None for what it does not."""

    action: str
    status: str | None
    recipient: str | None
    diagnostic: str | None
    original_message_id: str | None


def find_bounce_in_text(
    *, author: str, subject: str, text: str, to: str, certain: bool
) -> TextBounce | None:
    """The bounce that `text` reports, None where it is none.

    `author`, `subject` and `to` are headers of the mail as read. `certain`: a header has already
    said that it is a bounce. Otherwise two of author, subject and text must agree, one of them
    the author, because people write about bounces too.
    """
    shown = text[:_LOOKED_AT_CHARACTERS]
    if not certain:
        system = _SYSTEM_AUTHOR.search(author[:500]) is not None
        told = _SUBJECT.search(subject[:500]) or _BODY.search(shown[:4000])
        if not (system and told):
            return None
    returned = _RETURNED.search(shown)
    report = shown[: returned.start()] if returned else shown
    status = _STATUS.search(report)
    diagnostic = _DIAGNOSTIC.search(report) or _REASON.search(report)
    # Best under the line that announces the returned mail; some return it without one.
    start = returned.start() if returned else 0
    message_id = _MESSAGE_ID.search(shown, start) or _MESSAGE_ID.search(shown)
    delayed = _DELAYED.search(subject[:500]) is not None
    return TextBounce(
        action="delayed" if delayed else "failed",
        status=status[1] if status else None,
        recipient=_recipient(report, to) or _recipient(shown, to),
        diagnostic=" ".join(diagnostic[1].split()) if diagnostic else None,
        original_message_id=message_id[1] if message_id else None,
    )


def _recipient(report: str, to: str) -> str | None:
    """The address that stands on a line of its own, else the first in brackets; never ours."""
    for pattern in (_ADDRESS_LINE, _ADDRESS):
        for match in pattern.finditer(report):
            if match[1].lower() != to.lower():
                return match[1].rstrip(".")
    return None
