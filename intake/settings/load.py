"""config/ and the environment -> one frozen Settings, and the Rules of every decision."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from intake.errors import ConfigError
from intake.settings.overrides import apply, find_overrides
from intake.settings.places import beside, find_config, templates_folder
from intake.settings.problems import describe
from intake.settings.rules import CategoryModel, IdentifierRules, Rules, SpamRules, TriageRules
from intake.settings.schema import Settings
from intake.settings.templates import load_templates

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Configuration:
    """All that was configured, and the file it began with. `rules` carry no key yet."""

    file: Path
    settings: Settings
    rules: Rules


def load_configuration(
    config: Path | None, overrides: Sequence[str], environ: Mapping[str, str]
) -> Configuration:
    """Settings and rules. Raises ConfigError."""
    settings = load_settings(config, overrides, environ)
    file = find_config(config, environ)
    return Configuration(file, settings, load_rules(settings, file))


def load_settings(
    config: Path | None, overrides: Sequence[str], environ: Mapping[str, str]
) -> Settings:
    """Settings from the file, then the environment, then --set; later ones win.

    Raises ConfigError that names every problem at once: file or variable, key, what was
    expected, the nearest right name.
    """
    file = find_config(config, environ)
    data = read_toml(file)
    origin: dict[tuple[str, ...], str] = {}
    for path, value, source in find_overrides(overrides, environ):
        apply(data, path, value)
        origin[path] = source
    return validate(Settings, data, str(file), origin)


def load_rules(settings: Settings, config: Path, *, key: bytes = b"") -> Rules:
    """The rule files beside `config` (else the shipped ones) and the reply templates.

    `key` signs our own ids; without it no mark in a mail is ever taken for ours. Raises
    ConfigError.
    """
    triage = beside(config, "triage.toml")
    return Rules(
        desk=settings.desk,
        identity=settings.identity,
        claimed=settings.claimed,
        threading=settings.threading,
        reply=settings.reply,
        smtp=settings.smtp,
        triage=load_file(TriageRules, triage),
        category_model=load_model(triage.with_name("categories.json")),
        identifiers=load_file(IdentifierRules, beside(config, "identifiers.toml")),
        spam=load_file(SpamRules, beside(config, "spam.toml")),
        templates=load_templates(templates_folder(config, settings.reply.templates_dir)),
        key=key,
    )


def load_model(file: Path) -> CategoryModel:
    """The trained category model; one that knows nothing where there is no file.

    It lies beside the triage.toml that it was trained for: another's would name categories that
    are not ours. Raises ConfigError.
    """
    if not file.is_file():
        return CategoryModel()
    try:
        return CategoryModel.model_validate_json(file.read_bytes())
    except ValidationError as error:
        raise describe(error, CategoryModel, {}, str(file)) from None


def load_file(model: type[M], file: Path) -> M:
    """One TOML file validated as `model`. Raises ConfigError."""
    return validate(model, read_toml(file), str(file), {})


def validate(
    model: type[M], data: dict[str, Any], file: str, origin: dict[tuple[str, ...], str]
) -> M:
    """`data` as `model`, or ConfigError with a line a problem."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise describe(error, model, origin, file) from None


def read_toml(file: Path) -> dict[str, Any]:
    """The tables of a TOML file. Raises ConfigError naming the line."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: not UTF-8: {error.reason}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: not TOML: {error}") from error
