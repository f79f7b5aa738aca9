"""Each real file of a mail once, and its bytes again when somebody wants them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Literal

from intake.errors import NotFound
from intake.mail.archive_listing import Listing
from intake.mail.archives import list_archive
from intake.mail.body import description_of, disposition_of, lay_out, name_of
from intake.mail.budget import Budget
from intake.mail.containers import OPENED, find_mail, open_container
from intake.mail.content_types import SEALED, find_type
from intake.mail.envelope import prepare
from intake.mail.file_kinds import is_archive, kind_of
from intake.mail.filenames import ShownNames
from intake.mail.headers import clean, read_value
from intake.mail.image_headers import find_dimensions
from intake.mail.image_places import Places
from intake.mail.images import judge_image
from intake.mail.leaves import find_uuencoded, leaf_bytes
from intake.mail.mapi import Inner
from intake.mail.part import Part
from intake.mail.risk import Suspect, find_risks
from intake.mail.signed_data import is_enveloped
from intake.mail.structure import find_parts
from intake.model import Attachment
from intake.model.parsed import AttachmentKind
from intake.settings.schema import Limits

_UUENCODED = ("x-uuencode", "uuencode", "x-uue", "uue")
_DEEPEST_CONTAINER = 4
# Pixels (width x height).
_SIGNATURE_IMAGE = 100_000
# Numbers that any mail which was parsed once stays below.
_NO_LIMITS = Limits(
    mail_bytes=1 << 40, parts=1 << 30, depth=500, header_lines=1 << 30, header_bytes=1 << 40
)


@dataclass(frozen=True, slots=True)
class Found:
    """A file before it is described: where it is, what it claims, its bytes."""

    section: str
    name: str
    declared_type: str
    data: bytes
    disposition: Literal["attachment", "inline"] = "attachment"
    content_id: str | None = None
    container: str | None = None
    description: str = ""
    subject: str = ""
    opened: bool = False


class Lister:
    """Describes the files of one mail, those inside containers after their container."""

    def __init__(self, budget: Budget, hint: str | None, html: str, defects: list[str]) -> None:
        self._budget = budget
        self._hint = hint
        self._places = Places(html)
        self._defects = defects
        self.attachments: list[Attachment] = []
        self._seen_images: dict[tuple[str | None, str], int] = {}
        self._names = ShownNames()

    def add_parts(
        self, raw: bytes, parts: list[Part], prefix: str, container: str | None, depth: int
    ) -> None:
        """The file parts of a mail whose bytes are `raw`, each with what is inside it."""
        for part in parts:
            found = self._found(raw, part, prefix, container)
            name = self.add(found, depth)
            if part.children:
                self._add_message(raw, part.children[0], prefix, name, depth)

    def add(self, found: Found, depth: int = 0) -> str:
        """One file and what is inside it; the name it is shown under."""
        content_type = find_type(found.data, found.declared_type, found.name)
        safe = self._shown_name(found, content_type)
        listing = list_archive(found.data)
        size = find_dimensions(found.data) if content_type.startswith("image/") else None
        attachment = Attachment(
            section=found.section,
            filename=safe,
            content_type=content_type,
            declared_type=found.declared_type,
            size_bytes=len(found.data),
            sha256=hashlib.sha256(found.data).hexdigest(),
            kind=self._kind(found, content_type, safe),
            content_disposition=found.disposition,
            content_id=found.content_id,
            container=found.container,
            risk=find_risks(Suspect(safe, found.name, content_type, found.data, listing)),
            width=size[0] if size else None,
            height=size[1] if size else None,
            members=self._members(listing, content_type, safe),
        )
        self.attachments.append(self._repeated(attachment))
        if depth < _DEEPEST_CONTAINER:
            self._open(found, content_type, safe, depth)
        elif content_type in OPENED and not found.opened:
            self._defects.append(f"{safe} lies too deep in other files to be opened.")
        return safe

    def _members(self, listing: Listing | None, content_type: str, name: str) -> tuple[str, ...]:
        """The names that an archive lists; a document that is a zip inside shows none."""
        if listing is None or not is_archive(content_type):
            return ()
        if listing.cut:
            self._defects.append(f"Of the names in {name} only the first are listed.")
        return listing.names

    def _shown_name(self, found: Found, content_type: str) -> str:
        known = found.declared_type != "application/octet-stream"
        media_type = found.declared_type if known else content_type
        title = found.subject or found.description
        return self._names.choose(found.container, found.name, media_type, title)

    def _open(self, found: Found, content_type: str, name: str, depth: int) -> None:
        """What is inside a winmail.dat, a .msg or a mail that came as a file."""
        inside = open_container(found.data, content_type, self._defects)
        for number, inner in enumerate(inside or (), 1):
            self._budget.take_part(0)
            self.add(
                Found(
                    f"{found.section}!{number}",
                    inner.name,
                    inner.declared_type,
                    inner.data,
                    "inline" if inner.hidden else "attachment",
                    inner.content_id,
                    name,
                ),
                depth + 1,
            )
        mail = find_mail(found.data, content_type) if not found.opened else None
        if mail is not None:
            mail, _ = prepare(mail)
            root = find_parts(mail, self._budget, self._defects)
            self._add_message(mail, root, f"{found.section}!", name, depth)
        elif content_type == SEALED and is_enveloped(found.data):
            self._defects.append(f"{name} is encrypted with S/MIME and cannot be read here.")

    def _add_message(self, raw: bytes, root: Part, prefix: str, name: str, depth: int) -> None:
        self.add_parts(raw, lay_out(root).files, prefix, name, depth + 1)

    def _found(self, raw: bytes, part: Part, prefix: str, container: str | None) -> Found:
        data = leaf_bytes(raw, part, self._defects)
        content_id = clean((part.raw_field("content-id") or b"").decode("utf-8", "replace"))
        disposition = disposition_of(part)
        subject = ""
        if part.children:
            subject = read_value(part.children[0].raw_field("subject") or b"", self._hint)
        return Found(
            f"{prefix}{part.section}",
            name_of(part, self._hint) or _uuencoded_name(raw, part),
            part.media_type,
            data,
            _shown_where(disposition, content_id),
            content_id.strip("<> ") or None,
            container,
            description_of(part, self._hint),
            subject,
            bool(part.children),
        )

    def _kind(self, found: Found, content_type: str, name: str) -> AttachmentKind:
        if not content_type.startswith("image/") or content_type == "image/svg+xml":
            return kind_of(content_type, found.declared_type, name)
        place = self._places.find(found.content_id)
        attached = found.disposition == "attachment" and place is None
        return judge_image(name, content_type, found.data, place=place, attached=attached)

    def _repeated(self, attachment: Attachment) -> Attachment:
        """The same small picture twice in one mail is part of a signature."""
        area = (attachment.width or 0) * (attachment.height or 0)
        if attachment.kind not in ("screenshot", "photo") or not 0 < area <= _SIGNATURE_IMAGE:
            return attachment
        key = (attachment.container, attachment.sha256)
        earlier = self._seen_images.setdefault(key, len(self.attachments))
        if earlier == len(self.attachments):
            return attachment
        self.attachments[earlier] = replace(self.attachments[earlier], kind="decorative")
        return replace(attachment, kind="decorative")


def _shown_where(disposition: str, content_id: str) -> Literal["attachment", "inline"]:
    """RFC 2183 2.8: what says nothing and has an id is there to be shown inside."""
    inside = disposition == "inline" or (content_id and not disposition)
    return "inline" if inside else "attachment"


def _uuencoded_name(raw: bytes, part: Part) -> str:
    if part.encoding not in _UUENCODED:
        return ""
    files = find_uuencoded(raw[part.body_start : part.body_end])
    return files[0][0] if files else ""


def extract(raw: bytes, section: str) -> bytes:
    """The decoded bytes of the attachment that Attachment.section names in the mail `raw`.

    Raises NotFound where the mail has no such section.
    """
    step, *rest = section.split("!")
    file = _leaf(prepare(raw)[0], step)
    for step in rest:
        file = _inside(file, step)
    return file.data


def _inside(file: Inner, step: str) -> Inner:
    """The file that `step` names within another one."""
    if step.startswith("uu"):
        written = [Inner(name, content) for name, content, _, _ in find_uuencoded(file.data)]
        return _nth(written, step[2:])
    content_type = find_type(file.data, file.declared_type, file.name)
    inside = open_container(file.data, content_type, [])
    if inside is not None:
        return _nth(inside, step)
    mail = find_mail(file.data, content_type)
    return _leaf(prepare(file.data if mail is None else mail)[0], step)


def _nth(files: list[Inner], step: str) -> Inner:
    if not step.isdecimal() or not 0 < int(step) <= len(files):
        raise NotFound(f"The mail has no file number {step} there.")
    return files[int(step) - 1]


def _leaf(data: bytes, section: str) -> Inner:
    """The leaf or attached message at an IMAP section number of the mail `data`."""
    pending = [find_parts(data, Budget(_NO_LIMITS), [])]
    while pending:
        part = pending.pop(0)
        if part.section == section and not part.media_type.startswith("multipart/"):
            content = leaf_bytes(data, part, [])
            return Inner(name_of(part), content, declared_type=part.media_type)
        if section.startswith(part.section):
            pending[:0] = part.children
    raise NotFound(f"The mail has no part {section}.")
