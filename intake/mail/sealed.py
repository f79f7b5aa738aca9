"""Envelopes around a whole mail: winmail.dat, S/MIME and PGP, and what can be read in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from intake.mail.body import name_of
from intake.mail.charset import decode
from intake.mail.cms import find_kind, open_signed
from intake.mail.leaves import leaf_bytes
from intake.mail.part import Part
from intake.mail.rtf import read_rtf
from intake.mail.tnef import read_tnef

_SMIME_TYPES = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_TNEF_TYPES = ("application/ms-tnef", "application/vnd.ms-tnef")
_PGP_TYPE = "application/pgp-encrypted"
_SAID = {
    "encrypted": "The mail is encrypted (S/MIME); its text cannot be read here.",
    "compressed": "The mail is compressed (S/MIME); its text cannot be read here.",
    "signed": "The mail is inside a signed envelope (S/MIME); the signature was not checked.",
}
_PGP_SAID = "The mail is encrypted (PGP); its text cannot be read here."
_DAMAGED = "The mail is inside an envelope (S/MIME) that is damaged."
_FROM_TNEF = "The text of the mail was inside its winmail.dat."


@dataclass(frozen=True, slots=True)
class Unsealed:
    """What an envelope holds: a mail of its own, or HTML, or plain text."""

    mail: bytes | None = None
    html: str = ""
    text: str = ""


def find_envelopes(
    raw: bytes, files: list[Part], defects: list[str], *, only_said: bool
) -> Iterator[Unsealed]:
    """What is inside the envelopes among `files`; `only_said`: none is opened, as text is there."""
    for part in files:
        if part.media_type == _PGP_TYPE and _PGP_SAID not in defects:
            defects.append(_PGP_SAID)
        elif _is_smime(part):
            inside = _open_smime(leaf_bytes(raw, part, []), defects)
            if inside is not None and not only_said:
                yield Unsealed(mail=inside)
        elif not only_said and _is_tnef(part):
            found = _open_tnef(leaf_bytes(raw, part, []))
            if found is not None:
                defects.append(_FROM_TNEF)
                yield found


def _is_smime(part: Part) -> bool:
    if part.media_type in _SMIME_TYPES:
        return True
    return part.media_type == "application/octet-stream" and name_of(part).lower() == "smime.p7m"


def _is_tnef(part: Part) -> bool:
    return part.media_type in _TNEF_TYPES or name_of(part).lower() == "winmail.dat"


def _open_smime(data: bytes, defects: list[str]) -> bytes | None:
    kind = find_kind(data)
    inside = open_signed(data) if kind == "signed" else None
    damaged = kind is None or (kind == "signed" and not inside)
    defects.append(_DAMAGED if damaged or kind is None else _SAID[kind])
    return inside or None


def _open_tnef(data: bytes) -> Unsealed | None:
    mail = read_tnef(data)
    if mail.html:
        return Unsealed(html=decode(mail.html, mail.html_charset)[0])
    if mail.rtf:
        text, is_html = read_rtf(mail.rtf)
        if text.strip("\0 \n"):
            return Unsealed(html=text) if is_html else Unsealed(text=text)
    return Unsealed(text=mail.text) if mail.text.strip() else None
