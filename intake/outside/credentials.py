"""Secrets from where the configuration says they are: environment variable, file or command."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from intake.errors import SecretUnavailable
from intake.settings.section import SecretSource

_COMMAND_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Secret:
    """What a login needs: a password, or an access token with its expiry. Never printed."""

    value: str = field(repr=False)
    expires_at: datetime | None = None


def resolve_secret(source: SecretSource) -> str:
    """The secret, without the line break that editors and commands put at its end.

    Raises SecretUnavailable; the message names the place and never a value.
    """
    if source.env is not None:
        return _checked(os.environ.get(source.env), f"The environment variable {source.env}")
    if source.file is not None:
        return _checked(_read(source.file), f"The file {source.file}")
    command = source.command or ()
    return _checked(_run(command), f"The command {' '.join(command[:1])}")


def _checked(text: str | None, place: str) -> str:
    if text is None:
        raise SecretUnavailable(f"{place} is not set.")
    secret = text.removesuffix("\n").removesuffix("\r")
    if not secret:
        raise SecretUnavailable(f"{place} is empty.")
    if "\n" in secret or "\r" in secret or "\0" in secret:
        raise SecretUnavailable(f"{place} gave several lines; a secret is one line.")
    return secret


def _read(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SecretUnavailable(f"The file {file} cannot be read: {reason}.") from error


def _run(command: tuple[str, ...]) -> str:
    name = " ".join(command[:1])
    try:
        done = subprocess.run(  # noqa: S603 - the operator's own command, no shell
            command,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_COMMAND_SECONDS,
            check=False,
        )
        text = done.stdout.decode()
    except subprocess.TimeoutExpired as error:
        words = f"The command {name} gave nothing within {_COMMAND_SECONDS} seconds."
        raise SecretUnavailable(words) from error
    except (OSError, ValueError) as error:
        raise SecretUnavailable(f"The command {name} cannot be used: {error}.") from error
    if done.returncode:
        raise SecretUnavailable(f"The command {name} ended with status {done.returncode}.")
    return text
