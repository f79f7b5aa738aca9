"""One part of a mail: its header and where its body lies."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

# RFC 6838 4.2, with the quotes and blanks that some put around it.
_MEDIA_TYPE = re.compile(rb"[\s\"']*([\w!#$&^.+-]{1,127})\s*/\s*([\w!#$&^.+-]{0,127})")
_BARE_TYPES = {b"text": "text/plain", b"html": "text/html"}


@dataclass(slots=True)
class Part:
    """One MIME part: its header fields and where its body lies in the bytes.

    `fields` are (lower-case name, raw value with folds); `section` is the IMAP part number
    (RFC 3501 6.4.5), "" for the whole mail. A message/rfc822 part has one child, the message.
    """

    section: str
    fields: list[tuple[str, bytes]]
    start: int
    body_start: int
    body_end: int
    media_type: str = "text/plain"
    children: list[Part] = field(default_factory=list)

    def raw_field(self, name: str) -> bytes | None:
        """The first raw value of header `name` (lower case), or None."""
        return next((value for key, value in self.fields if key == name), None)

    @property
    def is_message(self) -> bool:
        """Whether the body is a whole mail of its own."""
        return self.media_type in ("message/rfc822", "message/global")

    @property
    def encoding(self) -> str:
        """The Content-Transfer-Encoding (RFC 2045 6), lower case, "" where none is given."""
        raw = self.raw_field("content-transfer-encoding") or b""
        return raw.partition(b"(")[0].decode("ascii", "replace").strip(" \t\"';").lower()


def media_type_of(part: Part, parent: Part | None) -> str:
    """Lower-case type/subtype; RFC 2045 5.2: text/plain where there is none or it is broken."""
    raw = part.raw_field("content-type")
    if raw is None:
        digest = parent is not None and parent.media_type == "multipart/digest"
        return "message/rfc822" if digest else "text/plain"
    found = _MEDIA_TYPE.match(raw)
    if found is None:
        return _BARE_TYPES.get(raw.partition(b";")[0].strip().lower(), "text/plain")
    kind, subtype = found.groups()
    return f"{kind.decode('ascii')}/{subtype.decode('ascii') or 'plain'}".lower()
