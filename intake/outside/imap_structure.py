"""What can be told of a mail without fetching its body: headers and a list of its parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_PARTS_SHOWN = 100
_DEPTH = 20


def render_parts(structure: object) -> list[str]:
    """One line a part from imapclient's BODYSTRUCTURE: type, name, encoded size in bytes.

    Anything that is not as RFC 9051 7.5.2 says is left out, never raised about.
    """
    lines = list(_lines(structure, _DEPTH))
    if len(lines) > _PARTS_SHOWN:
        lines[_PARTS_SHOWN:] = [f"... and {len(lines) - _PARTS_SHOWN} more"]
    return lines


def _lines(part: object, depth: int) -> Iterator[str]:
    if not isinstance(part, tuple) or not part or depth == 0:
        return
    if isinstance(part[0], list | tuple):
        children = part[0] if isinstance(part[0], list) else part
        for child in children:
            yield from _lines(child, depth - 1)
        return
    if len(part) < 7 or not isinstance(part[0], bytes) or not isinstance(part[1], bytes):
        return
    words = [f"{_text(part[0])}/{_text(part[1])}".lower()]
    name = _name(part)
    if name:
        words.append(name)
    if isinstance(part[6], int):
        words.append(f"{part[6]:,} bytes encoded")
    yield ", ".join(words)


def _name(part: tuple[Any, ...]) -> str:
    """The file name in the disposition, else in the type's parameters."""
    dispositions = [x[1] for x in part[7:] if isinstance(x, tuple) and len(x) == 2]
    for parameters in (*dispositions, part[2]):
        if not isinstance(parameters, tuple):
            continue
        pairs = zip(parameters[::2], parameters[1::2], strict=False)
        for key, value in pairs:
            if isinstance(key, bytes) and isinstance(value, bytes):
                word = key.lower().partition(b"*")[0]
                if word in (b"filename", b"name"):
                    return _text(value)
    return ""


def _text(data: bytes) -> str:
    text = data.decode("utf-8", "replace")
    return "".join(c for c in text if c.isprintable())[:200]
