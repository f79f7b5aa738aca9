"""Text on its way into the database: what neither database could hold is made harmless."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError, to_json

Model = TypeVar("Model")

# PostgreSQL takes index entries up to 2,704 bytes; two keys of 4-byte characters fit.
KEY_LIMIT = 300


def storable(text: str) -> str:
    """`text` without NUL (PostgreSQL has no place for it) and lone surrogates (not Unicode)."""
    if "\0" in text:
        text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return text


def storable_or_none(text: str | None) -> str | None:
    """Like `storable`; None stays None."""
    return None if text is None else storable(text)


def index_key(text: str) -> str:
    """`text` fit for an index: itself, or a stand-in where a hostile mail made it very long."""
    if len(text) > KEY_LIMIT:
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        return f"{storable(text[:64])}\N{HORIZONTAL ELLIPSIS}sha256:{digest}"
    return storable(text)


def index_key_or_none(text: str | None) -> str | None:
    """Like `index_key`; None and the empty string become None: nothing to look up."""
    return index_key(text) if text else None


def index_keys(texts: Iterable[str | None]) -> list[str]:
    """Distinct keys in order, without the empty ones."""
    return list(dict.fromkeys(index_key(text) for text in texts if text))


def dump(adapter: TypeAdapter[Model], value: Model) -> str:
    """JSON of frozen data; text that is not Unicode is made harmless first."""
    try:
        return adapter.dump_json(value).decode()
    except PydanticSerializationError:
        return to_json(_harmless(adapter.dump_python(value))).decode()


def dump_data(**data: object) -> str:
    """JSON for an event."""
    try:
        return to_json(data).decode()
    except PydanticSerializationError:
        return to_json(_harmless(data)).decode()


def _harmless(value: object) -> object:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {key: _harmless(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_harmless(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value
