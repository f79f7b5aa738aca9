"""Files that hold files and are opened: winmail.dat."""

from __future__ import annotations

from dataclasses import dataclass

from tnefparse import TNEF

from intake.mail.charset import decode

_MOST_ENTRIES = 1000


@dataclass(frozen=True, slots=True)
class Inner:
    """A file inside a container: its name as written, "" for none, and its bytes."""

    name: str
    data: bytes
    content_id: str | None = None


def open_tnef(data: bytes, defects: list[str]) -> list[Inner]:
    """The files in a winmail.dat (MS-OXTNEF) in order, its text as body.html or body.rtf last."""
    # tnefparse raises whatever damaged input leads it to, here and where it decompresses RTF.
    try:
        tnef = TNEF(data, do_checksum=False)
    except Exception:
        defects.append("A winmail.dat is damaged and could not be opened.")
        return []
    inner = []
    for attachment in tnef.attachments:
        try:
            name = attachment.long_filename()
        except (UnicodeDecodeError, AttributeError):
            name = bytes(attachment._name)
        content = attachment.data
        if content:
            inner.append(Inner(_as_text(name).strip("\0 "), _as_bytes(content)))
    if tnef.htmlbody:
        inner.append(Inner("body.html", _as_bytes(tnef.htmlbody)))
    try:
        rtf = tnef.rtfbody
    except Exception:
        rtf = None
    if rtf:
        inner.append(Inner("body.rtf", _as_bytes(rtf)))
    return inner[:_MOST_ENTRIES]


def _as_text(name: str | bytes) -> str:
    return decode(name, None)[0] if isinstance(name, bytes) else str(name)


def _as_bytes(content: bytes | str) -> bytes:
    return content.encode("utf-8", "replace") if isinstance(content, str) else bytes(content)
