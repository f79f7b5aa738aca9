"""categories.json made anew of the texts beside triage.toml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from intake.errors import ConfigError
from intake.judge.category_training import read_texts, train, write_model
from intake.settings.load import Configuration
from intake.settings.places import beside


@dataclass(frozen=True, slots=True)
class Trained:
    """What came of it; `problems` name categories that triage.toml does not define."""

    file: str
    texts: int
    categories: int
    words: int
    changed: bool
    problems: tuple[str, ...]


def train_categories(configuration: Configuration, more: Sequence[Path]) -> Trained:
    """Train on categories/*.txt beside triage.toml and on `more`, and write the model there.

    The same texts give the same file, byte for byte. Raises ConfigError where a file cannot be
    read or written, or where there is none.
    """
    triage = beside(configuration.file, "triage.toml")
    files = [*sorted((triage.parent / "categories").glob("*.txt")), *more]
    if not files:
        raise ConfigError(f"{triage.parent / 'categories'}: holds no texts to learn from")
    texts = [pair for file in files for pair in read_texts(_read(file), file.stem)]
    model = train(texts)
    target = triage.with_name("categories.json")
    content = write_model(model)
    changed = not target.is_file() or _read(target) != content
    if changed:
        _write(target, content)
    strange = [c for c in model.categories if c not in configuration.rules.triage.categories]
    problems = tuple(f"{triage}: no category {name!r} is defined" for name in strange)
    known = len(model.categories)
    return Trained(str(target), sum(model.texts), known, len(model.words), changed, problems)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read: {error}") from error


def _write(file: Path, content: str) -> None:
    try:
        file.write_text(content, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{file}: cannot be written: {error.strerror}") from error
