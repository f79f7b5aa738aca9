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
# RFC 5321 4.2: the reply code of the other server, at the beginning of its words.
_REPLY = re.compile(r"^[^\n]{0,400}?(?<![\d.#-])([45])[0-5]\d(?=[ -][^\n]{3})", re.MULTILINE)
_DIAGNOSTIC = re.compile(r"^[^\n]{0,200}?(?<![\d.])([45]\d\d[ -][^\n]{3,300})$", re.MULTILINE)
_REASON = re.compile(
    r"^[ \t]{0,9}([^\n]{3,200}(?:\(#[45]\.\d\.\d\)|user unknown)[^\n]{0,100})$", re.I | re.M
)
_RETURNED = re.compile(
    r"^[-\s=*#>]{0,40}[^\n]{0,60}(?:(?:copy|headers?|text|beginning|original|unsent|returned"
    r"|bounced)[^\n]{0,40}"
    r"(?:message|mail|e-?mail|headers)(?!\s+(?:was |could|has not|did not|cannot|you sent))"
    r"|below this line|オリジナル)[^\n]{0,60}$",
    re.IGNORECASE | re.MULTILINE,
)
_MESSAGE_ID = re.compile(r"^[> \t]{0,9}message-id:[ \t]{0,9}<?([^\s<>]{3,900})>?", re.I | re.M)
_ADDRESS_LINE = re.compile(
    r"^[ \t\-*>]{0,16}(?:to:?[ \t]{0,9})?<?([^\s<>():;,\"]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{1,250})>?"
    r"[ \t]{0,9}(?:[:;,(\[][^\n]{0,400}|\.(?![A-Za-z0-9])[^\n]{0,400}| on [^\n]{0,80}"
    r"| (?:invalid|error|user|unknown|does|is|has|was|not|could)\b[^\n]{0,400}|)$",
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
    *, author: str, subject: str, text: str, to: str, certain: bool, null_sender: bool = False
) -> TextBounce | None:
    """The bounce that `text` reports, None where it is none.

    `author`, `subject` and `to` are headers of the mail as read. `certain`: a header has already
    said that it is a bounce. Otherwise two of author, subject and text must agree, one of them
    the author, because people write about bounces too; `null_sender`, the envelope of a mail that
    wants no answer (RFC 5321 4.5.5), stands for the author where the subject tells.
    """
    shown = text[:_LOOKED_AT_CHARACTERS]
    if not certain:
        system = _SYSTEM_AUTHOR.search(author[:500]) is not None
        subject_tells = _SUBJECT.search(subject[:500])
        told = subject_tells or _BODY.search(shown[:4000])
        if not ((system and told) or (null_sender and subject_tells)):
            return None
    returned = _RETURNED.search(shown)
    report = shown[: returned.start()] if returned else shown
    diagnostic = _DIAGNOSTIC.search(report) or _REASON.search(report)
    # Best under the line that announces the returned mail; some return it without one.
    start = returned.start() if returned else 0
    message_id = _MESSAGE_ID.search(shown, start) or _MESSAGE_ID.search(shown)
    delayed = _DELAYED.search(subject[:500]) is not None
    recipient = _recipient(report, to) or _recipient(shown, to)
    reason = diagnostic[1] if diagnostic else _reason_beside(report, recipient or "")
    return TextBounce(
        action="delayed" if delayed else "failed",
        status=find_status(report, reason),
        recipient=recipient,
        diagnostic=" ".join(reason.split()) or None,
        original_message_id=message_id[1] if message_id else None,
    )


def _reason_beside(report: str, recipient: str) -> str:
    """What is said behind the recipient's address or, failing that, on the next line."""
    at = report.find(recipient) if recipient else -1
    if at < 0:
        return ""
    line, _, below = report[at + len(recipient) :][:1000].partition("\n")
    for said in (line, below.partition("\n")[0]):
        words = said.strip(" \t\r<>()[]:;.,-*=|")
        if len(words) >= _SHORTEST_REASON and not _NO_REASON.search(words):
            return words[:300]
    return ""


_SHORTEST_REASON = 8
_NO_REASON = re.compile(
    r"@|^(?:on [A-Z][a-z]{2},|and other|(?!reason|error)[A-Za-z-]{2,20}:(?!//)|/)"
)


def find_status(*texts: str) -> str | None:
    """The enhanced status code (RFC 3463) that the first of `texts` to hold one holds.

    Where there is none, the class of a plain reply code stands for it: 550 is 5.0.0 (RFC 3463 3.1).
    """
    for text in texts:
        if found := _STATUS.search(text):
            return found[1]
    for text in texts:
        if found := _REPLY.search(text):
            return f"{found[1]}.0.0"
    return None


def before_returned(text: str) -> str:
    """The words of the mail system, without those of the mail that it returns."""
    shown = text[:_LOOKED_AT_CHARACTERS]
    returned = _RETURNED.search(shown)
    return shown[: returned.start()] if returned else shown


def _recipient(report: str, to: str) -> str | None:
    """The address that stands on a line of its own, else the first in brackets; never ours."""
    for pattern in (_ADDRESS_LINE, _ADDRESS):
        for match in pattern.finditer(report):
            if match[1].lower() != to.lower():
                return match[1].rstrip(".")
    return None
