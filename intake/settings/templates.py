"""templates/<language>/<name>.txt (+ .html) -> TemplateSource. Content owned by support staff.

A text file begins with its front matter:

    ---
    subject: Re: {{ subject }}
    description: For a customer whose mail is complete.
    ---
    Hello, ...

The .html file beside it is the same letter for mail programs that show HTML; it has no front
matter of its own. What stands between the braces is checked by intake.reply.templates.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from intake.errors import ConfigError
from intake.settings.rules import TemplateSource

FENCE = "---"
MARKS = ("subject", "description")
FILE_BYTES = 200_000
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def load_templates(folder: Path) -> Mapping[tuple[str, str], TemplateSource]:
    """Every template under `folder`, keyed (language, name).

    Raises ConfigError naming file and line for what cannot be read, for names that are not
    lower-case words with hyphens, and for an .html file without its .txt.
    """
    if not folder.is_dir():
        raise ConfigError(f"{folder}: no such folder (reply.templates_dir)")
    found: dict[tuple[str, str], TemplateSource] = {}
    for path in sorted(folder.glob("*/*.txt")):
        language, name = path.parent.name, path.stem
        _check_names(path, language, name)
        html_path = path.with_suffix(".html")
        html = _read(html_path) if html_path.exists() else None
        found[language, name] = parse_template(language, name, str(path), _read(path), html)
    for path in sorted(folder.glob("*/*.html")):
        if (path.parent.name, path.stem) not in found:
            raise ConfigError(f"{path}: there is no {path.stem}.txt beside it")
    if not found:
        raise ConfigError(f"{folder}: no templates (expected {folder}/<language>/<name>.txt)")
    return found


def parse_template(
    language: str, name: str, path: str, text: str, html: str | None
) -> TemplateSource:
    """The template in the contents of its two files; line ends of any kind.

    Raises ConfigError naming file and line where the front matter is not as it should be.
    """
    lines = text.lstrip("\ufeff").splitlines()
    if not lines or lines[0].strip() != FENCE:
        raise ConfigError(f"{path}, line 1: a template begins with {FENCE} (its front matter)")
    end = next((i for i, line in enumerate(lines[1:], 1) if line.strip() == FENCE), None)
    if end is None:
        raise ConfigError(f"{path}, line 1: the front matter is not closed with {FENCE}")
    marks = _parse_front_matter(path, lines[1:end])
    html = "\n".join(html.lstrip("\ufeff").splitlines()) if html is not None else None
    content = "\n".join(lines) + "\0" + (html or "")
    return TemplateSource(
        language=language,
        name=name,
        path=path,
        subject=marks["subject"][1],
        description=marks["description"][1],
        text="\n".join(lines[end + 1 :]),
        html=html,
        version=hashlib.sha256(content.encode()).hexdigest()[:12],
        subject_line=marks["subject"][0],
        text_line=end + 2,
    )


def _parse_front_matter(path: str, lines: list[str]) -> dict[str, tuple[int, str]]:
    """Each mark with its line number (1 is the first line of the file) and value."""
    marks: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(lines, 2):
        if not line.strip():
            continue
        mark, colon, value = (piece.strip() for piece in line.partition(":"))
        if not colon or not value:
            raise ConfigError(f"{path}, line {number}: expected `subject: ...`, found `{line}`")
        if mark not in MARKS:
            near = difflib.get_close_matches(mark, MARKS, n=1)
            hint = f"; did you mean `{near[0]}`?" if near else f"; known are {', '.join(MARKS)}"
            raise ConfigError(f"{path}, line {number}: unknown key `{mark}`{hint}")
        if mark in marks:
            raise ConfigError(f"{path}, line {number}: `{mark}` stands here a second time")
        marks[mark] = (number, value)
    for mark in MARKS:
        if mark not in marks:
            raise ConfigError(f"{path}, line 1: the front matter lacks `{mark}`")
    return marks


def _check_names(path: Path, language: str, name: str) -> None:
    if not _LANGUAGE.fullmatch(language):
        raise ConfigError(f"{path}: folder `{language}` is not a language such as en or zh-Hans")
    if not _NAME.fullmatch(name):
        raise ConfigError(f"{path}: a template's name is lower-case words joined with hyphens")


def _read(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    if len(data) > FILE_BYTES:
        raise ConfigError(f"{path}: larger than {FILE_BYTES:,} bytes")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ConfigError(f"{path}, line {line}: not UTF-8; save the file as UTF-8") from error
