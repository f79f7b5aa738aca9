"""Keys given outside the file: INTAKE_SECTION__KEY in the environment, --set section.key=value."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from intake.errors import ConfigError
from intake.settings.keys import find_annotation, is_list, nearest
from intake.settings.schema import Settings

_PREFIX = "INTAKE_"
_SHORT = {"INTAKE_DATABASE_URL": "database.url", "INTAKE_STORAGE_DIR": "storage.dir"}

Path = tuple[str, ...]


def find_overrides(
    overrides: Sequence[str], environ: Mapping[str, str]
) -> Iterator[tuple[Path, Any, str]]:
    """(key, value, where it came from), environment first so that --set wins.

    Raises ConfigError for a key that does not exist, with the nearest right name.
    """
    for name in sorted(environ):
        if name in _SHORT:
            yield _override(_SHORT[name], environ[name], name)
        elif name.startswith(_PREFIX) and "__" in name:
            dotted = name.removeprefix(_PREFIX).lower().replace("__", ".")
            yield _override(dotted, environ[name], name)
    for item in overrides:
        dotted, equals, value = item.partition("=")
        if not equals:
            raise ConfigError(f"--set {item}: expected section.key=value")
        yield _override(dotted.strip(), value.strip(), f"--set {dotted.strip()}")


def _override(dotted: str, value: str, source: str) -> tuple[Path, Any, str]:
    path = tuple(dotted.split("."))
    annotation = find_annotation(Settings, path)
    if annotation is None:
        near = nearest(Settings, path)
        hint = f"; did you mean {near}?" if near else ""
        raise ConfigError(f"{source}: there is no key {dotted}{hint}")
    return path, _parse(value, annotation, source), source


def _parse(value: str, annotation: Any, source: str) -> Any:
    if is_list(annotation):
        if value.startswith("["):
            return _json(value, source)
        return [item.strip() for item in value.split(",") if item.strip()]
    return _json(value, source) if value.startswith("{") else value


def _json(value: str, source: str) -> Any:
    try:
        return json.loads(value)
    except ValueError as error:
        raise ConfigError(f"{source}: expected JSON: {error}") from error


def apply(data: dict[str, Any], path: Path, value: Any) -> None:
    """Sets `path` in nested tables, making those that are not there."""
    for name in path[:-1]:
        below = data.get(name)
        if not isinstance(below, dict):
            below = data[name] = {}
        data = below
    data[path[-1]] = value
