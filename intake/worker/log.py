"""Structured logs: readable on a terminal, JSON elsewhere, no addresses unless asked."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog

from intake.settings.schema import Log

# Keys whose values tell about a person. Addresses are hidden wherever they stand: a server's
# refusal repeats them.
PERSONAL = frozenset({"address", "recipient", "author", "subject", "username", "filename"})
_ADDRESS = re.compile(r"[^\s<>@,;:\"']+@[^\s<>@,;:\"']+")


def set_up_log(settings: Log, mask: Callable[[str], str]) -> None:
    """Sends every log line of Intake to standard error in the configured form.

    `mask` hides the secrets in a text: what goes wrong with a mail may quote it.
    """
    readable = settings.format == "text" or (settings.format == "auto" and sys.stderr.isatty())
    processors: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]

    def hide_secrets(
        _logger: object, _method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        return {key: mask(v) if isinstance(v, str) else v for key, v in event.items()}

    processors.append(hide_secrets)
    if not settings.show_personal:
        processors.append(hide_personal)
    processors.append(
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        if readable
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    # Libraries log addresses and protocol lines at info and below.
    logging.basicConfig(level=max(level, logging.WARNING), stream=sys.stderr, force=True)


def hide_personal(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replaces what tells about a person."""
    for key, value in event.items():
        if key in PERSONAL:
            event[key] = "(hidden)"
        elif isinstance(value, str) and "@" in value:
            event[key] = _ADDRESS.sub("(address)", value)
    return event
