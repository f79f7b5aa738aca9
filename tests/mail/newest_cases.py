"""Reads newest_cases/*.txt: small mails with the lines marked that their sender newly wrote."""

from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).with_name("newest_cases")
FORWARDS = "forwards.txt"


def read_cases() -> dict[str, tuple[str, str]]:
    """Name to (the whole text, what is new in it)."""
    found = {}
    for path in sorted(FOLDER.glob("*.txt")):
        if path.name == FORWARDS:
            continue
        for name, lines in split_cases(path):
            found[f"{path.stem}/{name}"] = _text_and_new(lines)
    return found


def split_cases(path: Path) -> Iterator[tuple[str, list[str]]]:
    """(name, lines) of each case in a file."""
    for case in path.read_text(encoding="utf-8").split("#### ")[1:]:
        name, *lines = case.split("\n")
        yield name, lines


def _text_and_new(lines: list[str]) -> tuple[str, str]:
    text = "\n".join(line[2:] if _is_new(line) else line for line in lines)
    new = "\n".join(line[2:] for line in lines if _is_new(line))
    return text, new.strip("\n")


def _is_new(line: str) -> bool:
    return line == "+" or line.startswith("+ ")


def read_forwards() -> dict[str, tuple[str, str, dict[str, str]]]:
    """Name to (the whole text, what is shown as new, what `from`, `date`, `subject` should be)."""
    found = {}
    for name, lines in split_cases(FOLDER / FORWARDS):
        about = dict(line.split(": ", 1) for line in lines[:3])
        found[name] = (*_text_and_new(lines[3:]), about)
    return found
