"""The parsing room held against real mail: who wrote, what about, which files, and that all of
it gives one object.
"""

from __future__ import annotations

import hashlib
import json
import tarfile
from collections.abc import Callable, Iterator
from typing import Any

from bench.figures import CORPORA, NOT_HERE, Figure, print_figures
from intake.mail.attachments import extract
from intake.mail.containers import open_tnef
from intake.mail.filenames import make_safe
from intake.mail.parse import parse_mail
from intake.model import ParsedMail

Expected = dict[str, Any]
# mail-parser alone on the whole of the help-desk set, of which a part is here.
_FLOOR_ALL_RIGHT = 79 / 106
# Where the expected results say otherwise and a person who reads the mail would side with us: the
# field that is judged, and why. A mail is listed here only after somebody has looked at it.
_JUDGED = {
    "mail018.box": ("subject", "the subject is UTF-7; expected leaves it undecoded"),
    "mail025.box": ("attachment bytes", "a uuencoded file in the text; expected lists none"),
    "mail035.box": ("from address", "quotes around the whole address; expected keeps them"),
    "mail046.box": ("from name", "a name in another charset than declared; expected is garbled"),
}


def main() -> None:
    """Print the figures of this room, or that the mails are not here."""
    if not CORPORA.is_dir():
        print(NOT_HERE)
        return
    print_figures("Parsing", [*score_helpdesk(), score_tnef(), score_every_file()])
    print("  disagreements that were looked at and judged to be right:")
    for name, (field, reason) in _JUDGED.items():
        print(f"    {name}, {field}: {reason}")


def score_helpdesk() -> list[Figure]:
    """Address, name, subject and attachment bytes of real help-desk mail, and all at once.

    All at once is stated strictly, and again with the judged disagreements counted as right.
    """
    folder = CORPORA / "helpdesk" / "zammad"
    expected: list[Expected] = json.loads((folder / "expected.json").read_text("utf-8"))
    wrong: dict[str, list[str]] = {name: [] for name in (*_FIELDS, "all", "judged", "names")}
    for mail in expected:
        raw = (folder / mail["file"]).read_bytes()
        parsed = parse_mail(raw)
        missed = [name for name, holds in _FIELDS.items() if not holds(parsed, mail, raw)]
        for name in missed:
            wrong[name].append(mail["file"])
        if missed:
            wrong["all"].append(mail["file"])
        if set(missed) - {_JUDGED.get(mail["file"], ("", ""))[0]}:
            wrong["judged"].append(mail["file"])
        if _names(parsed) != sorted(each["filename"] for each in mail["attachments"]):
            wrong["names"].append(mail["file"])
    total = len(expected)
    figures = [_figure(name, total, wrong[name]) for name in _FIELDS]
    figures.append(_figure("all right", total, wrong["all"], _FLOOR_ALL_RIGHT, 0.98))
    figures.append(_figure("all right, as judged", total, wrong["judged"], _FLOOR_ALL_RIGHT))
    figures.append(_figure("attachment names", total, wrong["names"], goal=0.96))
    return figures


def _figure(
    name: str,
    total: int,
    missed: list[str],
    floor: float | None = None,
    goal: float | None = None,
) -> Figure:
    return Figure(name, total - len(missed), total, floor, goal, tuple(missed))


def _address_holds(mail: ParsedMail, expected: Expected, raw: bytes) -> bool:
    shown = mail.author.addr_spec if mail.author else ""
    return shown.lower() == (expected["from_email"] or "").lower()


def _name_holds(mail: ParsedMail, expected: Expected, raw: bytes) -> bool:
    shown = mail.author.display_name if mail.author else ""
    return _spaced(shown) == _spaced(expected["from_display_name"])


def _subject_holds(mail: ParsedMail, expected: Expected, raw: bytes) -> bool:
    return _spaced(mail.subject) == _spaced(expected["subject"])


def _files_hold(mail: ParsedMail, expected: Expected, raw: bytes) -> bool:
    found = []
    for attachment in mail.attachments:
        if attachment.container is None:
            data = extract(raw, attachment.section)
            found.append((len(data), hashlib.md5(data, usedforsecurity=False).hexdigest()))
    return sorted(found) == sorted((each["size"], each["md5"]) for each in expected["attachments"])


_FIELDS: dict[str, Callable[[ParsedMail, Expected, bytes], bool]] = {
    "from address": _address_holds,
    "from name": _name_holds,
    "subject": _subject_holds,
    "attachment bytes": _files_hold,
}


def _names(mail: ParsedMail) -> list[str]:
    return sorted(each.filename or "" for each in mail.attachments if each.container is None)


def _spaced(text: str | None) -> str:
    return " ".join((text or "").split())


def score_tnef() -> Figure:
    """Every name that is known to be in a winmail.dat is found in it."""
    missed = []
    right = total = 0
    for path in sorted((CORPORA / "tnef").glob("*.tnef")):
        known = set(path.with_suffix(".list").read_text("utf-8").split("\n")) - {""}
        found = {make_safe(inner.name) for inner in open_tnef(path.read_bytes(), [])}
        total += len(known)
        right += len(known & found)
        missed += [f"{path.name}: {name}" for name in sorted(known - found)]
    return Figure("names in winmail.dat", right, total, None, 1.0, tuple(missed))


def score_every_file() -> Figure:
    """Every file of every folder gives one object whose attachments can be taken out again."""
    missed = []
    total = 0
    for name, raw in _every_file():
        total += 1
        # Whatever is raised here is a miss; the figure is what counts.
        try:
            mail = parse_mail(raw)
            for attachment in mail.attachments:
                data = extract(raw, attachment.section)
                if hashlib.sha256(data).hexdigest() != attachment.sha256:
                    missed.append(f"{name}: {attachment.filename}")
        except Exception as error:
            missed.append(f"{name}: {error!r}")
    return Figure("one object a file", total - len(missed), total, None, 1.0, tuple(missed))


def _every_file() -> Iterator[tuple[str, bytes]]:
    for path in sorted(CORPORA.rglob("*")):
        if not path.is_file():
            continue
        yield path.name, path.read_bytes()
        if path.name.endswith(".tar.xz"):
            with tarfile.open(path) as archive:
                for member in archive:
                    stream = archive.extractfile(member) if member.isfile() else None
                    if stream is not None:
                        yield member.name, stream.read()


if __name__ == "__main__":
    main()
