"""Delivery, disposition and feedback reports: what they say about which mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from email.utils import parseaddr
from typing import cast

from intake.mail.bounce_texts import before_returned, find_bounce_in_text, find_status
from intake.mail.headers import clean
from intake.model.parsed import Report

_MOST_PARTS = 1000
_MOST_FIELD_CHARACTERS = 2000
_MOST_BLOCKS = 50

_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
_DISPOSITION_TYPES = (
    "message/disposition-notification",
    "message/global-disposition-notification",
)
_RETURNED_TYPES = ("message/rfc822", "message/global")
_RETURNED_HEADER_TYPES = ("text/rfc822-headers", "message/rfc822-headers", "message/global-headers")

_MESSAGE_ID = re.compile(
    r"^[> \t]{0,9}message-id:[ \t]{0,9}(?:\r?\n[ \t]{1,9})?<?([^\s<>]{3,900})>?", re.I | re.M
)
_TOKENS = re.compile(r"^[ \t]{0,9}([A-Za-z][A-Za-z0-9-]{1,40}):[ \t]{0,9}(.{0,2000})$", re.M)
_LONGEST_VALUE = 2000

Fields = dict[str, str]


def parse_report(message: Message) -> Report | None:
    """What `message` reports about an earlier mail, None where it is no report.

    Understands RFC 3464 (delivery), RFC 8098 (disposition) and RFC 5965 (feedback) reports, also
    where the declared structure is wrong, and from mail systems known by their texts (qmail,
    Exim, Exchange and others). A report inside a forwarded mail is not this mail's. Each value is
    one line without control characters. Raises nothing.
    """
    found = _find_report(message)
    return found and Report(
        kind=found.kind,
        action=_line(found.action),
        status=_line(found.status),
        recipient=_line(found.recipient),
        diagnostic=_line(found.diagnostic),
        original_message_id=_line(found.original_message_id),
    )


def _line(value: str | None) -> str | None:
    return clean(" ".join(value[:_LONGEST_VALUE].split())) or None if value else None


def _find_report(message: Message) -> Report | None:
    parts = list(_own_parts(message))
    for part in parts:
        content_type = _content_type(part)
        if content_type in _STATUS_TYPES:
            return _delivery_report(message, part, parts)
        if content_type in _DISPOSITION_TYPES:
            return _disposition_report(part, parts)
        if content_type == "message/feedback-report":
            return _feedback_report(part, parts)
    return _bounce_without_structure(message, parts)


def _own_parts(message: Message) -> Iterator[Message]:
    """The parts of `message`, without those of mails attached to it."""
    waiting = [message]
    for _ in range(_MOST_PARTS):
        if not waiting:
            return
        part = waiting.pop()
        yield part
        payload = part.get_payload()
        if isinstance(payload, list) and part.get_content_maintype() == "multipart":
            waiting.extend(reversed([sub for sub in payload if isinstance(sub, Message)]))


def _content_type(part: Message) -> str:
    return part.get_content_type()


def _delivery_report(message: Message, part: Message, parts: list[Message]) -> Report:
    """RFC 3464 2: one block of fields about the mail, then one for each recipient."""
    blocks = _blocks(part)
    about = _worst(blocks)
    diagnostic = _typed_value(about.get("diagnostic-code"))
    prose = "\n".join(_text(each) for each in parts if _content_type(each) == "text/plain")
    recipient = _typed_value(about.get("original-recipient") or about.get("final-recipient"))
    action = re.match(r"[a-z-]{1,20}", about.get("action", "").lower())
    return Report(
        kind="dsn",
        action=action[0] if action else "failed",
        status=find_status(about.get("status", ""), diagnostic or "", before_returned(prose)),
        recipient=recipient or _failed_recipient(message),
        diagnostic=diagnostic,
        original_message_id=_returned_message_id(parts)
        or _bare_id(_first(blocks, "message-id"))
        or _stray_message_id(parts),
    )


def _worst(blocks: list[Fields]) -> Fields:
    """The block of the recipient with the worst news: failed before delayed before the rest."""
    rows = [fields for fields in blocks if "action" in fields or "final-recipient" in fields]
    order = {"failed": 0, "delayed": 1}
    rows.sort(key=lambda fields: order.get(fields.get("action", "").lower().strip(), 2))
    return rows[0] if rows else {}


def _disposition_report(part: Message, parts: list[Message]) -> Report:
    """RFC 8098 3.1: `Disposition: manual-action/MDN-sent-manually; displayed`."""
    blocks = _blocks(part)
    disposition = _first(blocks, "disposition").partition(";")[2].partition("/")[0].strip().lower()
    return Report(
        kind="mdn",
        action=disposition or None,
        recipient=_typed_value(
            _first(blocks, "original-recipient") or _first(blocks, "final-recipient")
        ),
        original_message_id=_bare_id(_first(blocks, "original-message-id"))
        or _returned_message_id(parts),
    )


def _feedback_report(part: Message, parts: list[Message]) -> Report:
    """RFC 5965 3: the type of feedback, and the mail complained about."""
    blocks = _blocks(part)
    recipient = _first(blocks, "original-rcpt-to") or _first(blocks, "removal-recipient")
    return Report(
        kind="feedback",
        action=_first(blocks, "feedback-type").lower() or None,
        recipient=parseaddr(recipient)[1] or None,
        original_message_id=_returned_message_id(parts),
    )


def _bounce_without_structure(message: Message, parts: list[Message]) -> Report | None:
    """Systems older than RFC 3464, and those that never heard of it."""
    failed = _failed_recipient(message)
    text = "\n".join(_text(part) for part in parts if _content_type(part) == "text/plain")
    found = find_bounce_in_text(
        author=_header(message, "from"),
        subject=_header(message, "subject"),
        text=text,
        to=parseaddr(_header(message, "to"))[1],
        certain=failed is not None,
        null_sender=_header(message, "return-path") == "<>",
    )
    if found is None:
        return None
    return Report(
        kind="dsn",
        action=found.action,
        status=found.status,
        recipient=failed or found.recipient,
        diagnostic=found.diagnostic,
        original_message_id=_returned_message_id(parts)
        or found.original_message_id
        or _stray_message_id(parts),
    )


def _blocks(part: Message) -> list[Fields]:
    """The groups of fields in a report part, however the parser stored them."""
    payload = part.get_payload()
    if isinstance(payload, list):
        texts = [_as_fields(sub) for sub in payload[:_MOST_BLOCKS] if isinstance(sub, Message)]
        return [fields for fields in texts if fields]
    groups = re.split(r"\r?\n[ \t]*\r?\n", _text(part))
    found = [_fields_of(group) for group in groups[:_MOST_BLOCKS]]
    return [fields for fields in found if fields]


def _as_fields(block: Message) -> Fields:
    fields = {
        name.lower(): " ".join(str(value)[:_MOST_FIELD_CHARACTERS].split())
        for name, value in block.items()
    }
    body = block.get_payload()
    if not fields and isinstance(body, str):
        return _fields_of(body)
    return fields


def _fields_of(text: str) -> Fields:
    unfolded = re.sub(r"\r?\n[ \t]+", " ", text[:100_000])
    return {name.lower(): value.strip() for name, value in _TOKENS.findall(unfolded)}


def _first(blocks: list[Fields], name: str) -> str:
    return next((fields[name] for fields in blocks if fields.get(name)), "")


def _typed_value(value: str | None) -> str | None:
    """RFC 3464 2.1.2: `rfc822; a@b.example` and `smtp; 550 no` without their type."""
    if not value:
        return None
    _, typed, rest = value.partition(";")
    return (rest if typed else value).strip().strip("<>") or None


def _failed_recipient(message: Message) -> str | None:
    """Exim and Gmail name the recipients in a header of the mail itself."""
    value = _header(message, "x-failed-recipients").partition(",")[0]
    return value.strip().strip("<>") or None


def _returned_message_id(parts: list[Message]) -> str | None:
    """The Message-ID of the mail that came back, whole or as headers only."""
    for part in parts:
        content_type = _content_type(part)
        payload = part.get_payload()
        if content_type in _RETURNED_TYPES and isinstance(payload, list) and payload:
            value = _header(cast(Message, payload[0]), "message-id")
            if value:
                return _bare_id(value)
        if content_type in (*_RETURNED_TYPES, *_RETURNED_HEADER_TYPES):
            match = _MESSAGE_ID.search(_text(part))
            if match:
                return match[1]
    return None


def _stray_message_id(parts: list[Message]) -> str | None:
    """The returned headers where the mail system put them: in a part's own headers or its text."""
    for part in parts[1:]:
        if value := _header(part, "message-id"):
            return _bare_id(value)
    for part in parts:
        if part.get_content_maintype() == "text" and (match := _MESSAGE_ID.search(_text(part))):
            return match[1]
    return None


def _bare_id(value: str) -> str | None:
    return value.strip().strip("<>").strip() or None


def _header(message: Message, name: str) -> str:
    return " ".join(str(message.get(name, ""))[:_MOST_FIELD_CHARACTERS].split())


def _text(part: Message) -> str:
    """The text of a leaf, at most 100 KB; bytes that fit no charset are replaced."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return "\n".join(str(sub) for sub in payload[:1])[:100_000]
    raw = part.get_payload(decode=True)
    data = raw if isinstance(raw, bytes) else str(payload).encode("utf-8", "replace")
    charset = part.get_content_charset() or "utf-8"
    try:
        return data[:100_000].decode(charset, "replace")
    except LookupError:
        return data[:100_000].decode("utf-8", "replace")
