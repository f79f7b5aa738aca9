"""Files that hold files and are opened: winmail.dat, .msg, uuencoded texts, mails within mails."""

from __future__ import annotations

from intake.mail.compound import DamagedCompound
from intake.mail.content_types import MAIL, OUTLOOK, SEALED, TNEF, UUENCODED
from intake.mail.leaves import find_uuencoded
from intake.mail.mapi import Inner
from intake.mail.msg import open_msg
from intake.mail.signed_data import find_signed_content
from intake.mail.tnef import read_tnef

# Types whose files are listed after them.
OPENED = (TNEF, OUTLOOK, UUENCODED, SEALED, MAIL)
_MOST_FILES = 1000


def open_container(data: bytes, content_type: str, defects: list[str]) -> list[Inner] | None:
    """The files in a winmail.dat, .msg or uuencoded text in order; None for any other type."""
    if content_type == TNEF:
        return open_tnef(data, defects)
    if content_type == UUENCODED:
        return [Inner(name, content) for name, content, _, _ in find_uuencoded(data)]
    if content_type != OUTLOOK:
        return None
    try:
        return open_msg(data)[:_MOST_FILES]
    except DamagedCompound:
        defects.append("An attached Outlook message is damaged and could not be opened.")
        return []


def open_tnef(data: bytes, defects: list[str]) -> list[Inner]:
    """The files in a winmail.dat (MS-OXTNEF) in order, its text as body.html or body.rtf last."""
    mail = read_tnef(data)
    if mail.damaged:
        defects.append("A winmail.dat is damaged; only a part of it, if any, could be read.")
    files = mail.files[:_MOST_FILES]
    if mail.html:
        files.append(Inner("body.html", mail.html, declared_type="text/html"))
    if mail.rtf:
        files.append(Inner("body.rtf", mail.rtf, declared_type="application/rtf"))
    return files


def find_mail(data: bytes, content_type: str) -> bytes | None:
    """The mail that a file is or that is signed in it (RFC 8551 3.5.2), None for neither."""
    if content_type == MAIL:
        return data
    return find_signed_content(data) if content_type == SEALED else None
