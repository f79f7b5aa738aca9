"""The tree of known keys: what a dotted key stands for, and the nearest right name."""

from __future__ import annotations

import difflib
import types
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel


def find_annotation(model: type[BaseModel], path: tuple[str, ...]) -> Any:
    """The type of the key at `path` below `model`, without `| None`; None for an unknown key."""
    annotation: Any = model
    for name in path:
        annotation = _step(annotation, name)
        if annotation is None:
            return None
    return annotation


def is_list(annotation: Any) -> bool:
    """Whether a key holds several values, which a single word gives separated by commas."""
    return get_origin(annotation) is tuple


def nearest(model: type[BaseModel], path: tuple[str, ...]) -> str | None:
    """The known key that `path` was probably meant to be, dotted."""
    for depth in range(len(path)):
        if find_annotation(model, path[: depth + 1]) is None:
            known = names_below(find_annotation(model, path[:depth]))
            close = difflib.get_close_matches(path[depth], known, n=1, cutoff=0.5)
            if not close:
                return None
            return ".".join((*path[:depth], close[0], *path[depth + 1 :]))
    return None


def names_below(annotation: Any) -> list[str]:
    """The names that may stand in a section; none where any name may."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return list(annotation.model_fields)
    return []


def _step(annotation: Any, name: str) -> Any:
    if get_origin(annotation) is dict:
        return _bare(get_args(annotation)[1])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        field = annotation.model_fields.get(name)
        return None if field is None else _bare(field.annotation)
    return None


def _bare(annotation: Any) -> Any:
    if get_origin(annotation) in (Union, types.UnionType):
        return next(kind for kind in get_args(annotation) if kind is not type(None))
    return annotation
