"""What is wrong with a configuration, in words: file, key, what was expected, the nearest name."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from intake.errors import ConfigError
from intake.settings.keys import find_annotation, nearest
from intake.settings.section import SecretSource

_SHOWN = 60
# In a URL, where none should stand.
_PASSWORD = re.compile(r"(://[^/@:\s]*:)[^/@\s]*@")


def describe(
    error: ValidationError, model: type[BaseModel], origin: dict[tuple[str, ...], str], file: str
) -> ConfigError:
    """One ConfigError with a line a problem. `origin` says which keys did not come from `file`."""
    lines = []
    for detail in error.errors(include_url=False):
        path = tuple(str(step) for step in detail["loc"])
        place = next(
            (origin[path[:n]] for n in range(len(path), 0, -1) if path[:n] in origin), file
        )
        key = ".".join(path)
        start = place if place.endswith(key) else f"{place}: {key}"
        lines.append(f"{start}: {_words(detail, model, path)}")
    return ConfigError("\n".join(dict.fromkeys(lines)))


def _words(detail: ErrorDetails, model: type[BaseModel], path: tuple[str, ...]) -> str:
    if detail["type"] == "extra_forbidden":
        near = nearest(model, path)
        return "unknown key" + (f"; did you mean {near}?" if near else "")
    if _is_secret(model, path):
        return (
            "a secret never stands in a file; give where it comes from:"
            ' { env = "NAME" }, { file = "/path" } or { command = ["program", "argument"] }'
        )
    if detail["type"] == "missing":
        return "is missing and has no default"
    message = detail["msg"].removeprefix("Value error, ")
    found = detail["input"]
    if isinstance(found, dict | list | tuple):
        return _expected(message)
    return f"{_expected(message)}, found {_short(found)}"


def _is_secret(model: type[BaseModel], path: tuple[str, ...]) -> bool:
    return any(find_annotation(model, path[:n]) is SecretSource for n in range(1, len(path) + 1))


def _expected(message: str) -> str:
    message = message[:1].lower() + message[1:]
    return message.replace("input should be", "expected")


def _short(value: Any) -> str:
    words = _PASSWORD.sub(r"\1***@", repr(value))
    return words if len(words) <= _SHOWN else words[:_SHOWN] + "…"
