"""`intake unpack MAIL --into FOLDER`: a mail's original, text, safe HTML and every file in it.

MAIL is a file, - for standard input, or the SHA-256 of a stored mail or the beginning of it. A
stored mail that holds secrets is given out only to somebody named with --by, and that goes on
record.
"""

from __future__ import annotations

import re
import sys
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from intake.cli.options import configuration_of, desk_of, parser_of
from intake.cli.output import console, print_json, table
from intake.errors import IntakeError, NotFound, UnreadablePicture
from intake.mail.attachments import extract
from intake.mail.display import clean_html, page_of
from intake.mail.picture_metadata import strip_metadata
from intake.model import Attachment, ParsedMail
from intake.store.mails import find_stored
from intake.worker.isolation import ParserPool
from intake.worker.showing import read_original

_HASH = re.compile(r"[0-9a-fA-F]{6,64}")
_FILES, _PICTURES = "files", "pictures"
_SHOWN_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp")


def main(arguments: list[str]) -> int:
    """Writes the folder; 1 where the mail could not be read (its original is there)."""
    parser = parser_of("unpack", __doc__ or "", formats=("text", "json"))
    parser.add_argument("mail", metavar="MAIL")
    parser.add_argument("--into", type=Path, metavar="FOLDER", required=True, help="new or empty")
    parser.add_argument("--by", default="", metavar="NAME", help="who looks at secrets in it")
    options = parser.parse_intermixed_args(arguments)
    raw = _read(options)
    folder = _prepare(options.into)
    (folder / "original.eml").write_bytes(raw)
    try:
        with ParserPool(configuration_of(options).settings.limits) as pool:
            mail = pool.parse(raw)
    except IntakeError as error:
        print(f"intake: {error} The original is in {folder / 'original.eml'}.", file=sys.stderr)
        return 1
    names = _write_files(folder, mail, raw)
    _write_texts(folder, mail, names)
    _tell(options.format, mail, names)
    return 0


def _read(options: Namespace) -> bytes:
    if options.mail == "-":
        return sys.stdin.buffer.read()
    path = Path(options.mail)
    if path.is_file():
        return path.read_bytes()
    if not _HASH.fullmatch(options.mail):
        raise NotFound(f"{options.mail}: no such file")
    desk = desk_of(options)
    try:
        with desk.database.read() as connection:
            sha256 = find_stored(connection, options.mail)
        return read_original(desk.database, desk.blobs, sha256, by=options.by, at=datetime.now(UTC))
    finally:
        desk.close()


def _prepare(folder: Path) -> Path:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NotFound(f"{folder} is not an empty folder", advice="Name a new folder.")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _write_files(folder: Path, mail: ParsedMail, raw: bytes) -> list[str]:
    """Each file of the mail under its safe name; files in containers beside their container."""
    names: list[str] = []
    for number, attachment in enumerate(mail.attachments, 1):
        name = attachment.filename or f"file {number}"
        if (folder / _FILES / name).exists():
            name = f"{number} {name}"
        (folder / _FILES).mkdir(exist_ok=True)
        (folder / _FILES / name).write_bytes(extract(raw, attachment.section))
        names.append(name)
    return names


def _write_texts(folder: Path, mail: ParsedMail, names: list[str]) -> None:
    (folder / "text.txt").write_text(mail.text + "\n", "utf-8")
    (folder / "reply.txt").write_text(mail.reply + "\n", "utf-8")
    if mail.html is None:
        return
    urls = {
        attachment.content_id: f"{_PICTURES}/{quote(name)}"
        for attachment, name in zip(mail.attachments, names, strict=True)
        if attachment.content_id and _write_picture(folder, attachment, name)
    }
    page = page_of(clean_html(mail.html, urls), language=mail.language)
    (folder / "message.html").write_text(page, "utf-8")


def _write_picture(folder: Path, attachment: Attachment, name: str) -> bool:
    """A copy for the page without where and with what it was taken; whether there is one."""
    if attachment.content_type not in _SHOWN_PICTURES:
        return False
    try:
        shown = strip_metadata((folder / _FILES / name).read_bytes())
    except UnreadablePicture:
        return False
    (folder / _PICTURES).mkdir(exist_ok=True)
    (folder / _PICTURES / name).write_bytes(shown)
    return True


def _tell(form: str, mail: ParsedMail, names: list[str]) -> None:
    rows = list(zip(names, mail.attachments, strict=True))
    if form == "json":
        print_json({"files": [{"name": name, **_said(file)} for name, file in rows]})
        return
    columns = ("file", "type", "bytes", "kind", "risk")
    cells = [
        (name, file.content_type, f"{file.size_bytes:,}", file.kind, ", ".join(file.risk))
        for name, file in rows
    ]
    written = "original.eml, text.txt, reply.txt" + (", message.html" if mail.html else "")
    console().print(written)
    if cells:
        console().print(table(columns, cells))


def _said(file: Attachment) -> dict[str, object]:
    return {
        "content_type": file.content_type,
        "size": file.size_bytes,
        "sha256": file.sha256,
        "kind": file.kind,
        "risk": file.risk,
    }
