"""What a terminal is shown: tables, times, and nothing that a stranger's mail could command."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from intake.model.harmless import harmless


def console() -> Console:
    """Standard output; colours only on a terminal."""
    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def cell(value: object, style: str = "") -> Text:
    """One value as text that Rich takes literally."""
    return Text(harmless("" if value is None else str(value)), style=style)


def print_json(data: object) -> None:
    """One JSON document, readable."""
    print(json.dumps(plain(data), ensure_ascii=False, indent=1))


def print_line(data: object) -> None:
    """One JSON object on one line, at once."""
    sys.stdout.write(json.dumps(plain(data), ensure_ascii=False) + "\n")
    sys.stdout.flush()


def plain(value: Any) -> Any:
    """Dataclasses and times as what JSON knows; surrogates, which UTF-8 lacks, replaced."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [plain(item) for item in value]
    return value


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str = "") -> Table:
    """A table without boxes, as wide as it must be."""
    made = Table(title=title or None, box=None, pad_edge=False, title_justify="left")
    for column in columns:
        made.add_column(column, header_style="dim", overflow="fold")
    for row in rows:
        made.add_row(*(item if isinstance(item, Text) else cell(item) for item in row))
    return made


def ago(moment: datetime | None, now: datetime | None = None) -> str:
    """How long ago, in the largest unit that says enough."""
    if moment is None:
        return "never"
    seconds = ((now or datetime.now(UTC)) - moment).total_seconds()
    return ("in " if seconds < 0 else "") + span(abs(seconds)) + (" ago" if seconds >= 0 else "")


def span(seconds: float | None) -> str:
    """A length of time: 40 s, 5 min, 3 h, 2 d; a dash for None."""
    if seconds is None:
        return "-"
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
