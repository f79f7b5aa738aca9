"""Where the configuration lies: given, named by the environment, here, or shipped with Intake."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from intake.errors import ConfigError

_PACKAGE = Path(__file__).parents[1]
# An editable checkout has config/ beside the package, an installed wheel carries a copy inside.
_SHIPPED = (_PACKAGE.parent, _PACKAGE / "_shipped")


def find_config(given: Path | None, environ: Mapping[str, str]) -> Path:
    """The intake.toml to read: `given`, $INTAKE_CONFIG, ./config/intake.toml, the shipped one.

    Raises ConfigError where a file that was asked for by name is not there.
    """
    named = given or (Path(environ["INTAKE_CONFIG"]) if environ.get("INTAKE_CONFIG") else None)
    if named is not None:
        if not named.is_file():
            raise ConfigError(f"{named}: no such file")
        return named
    here = Path("config/intake.toml")
    return here if here.is_file() else shipped("config/intake.toml")


def beside(config: Path, name: str) -> Path:
    """The rule file `name` beside `config`, else the shipped one."""
    own = config.parent / name
    return own if own.is_file() else shipped(f"config/{name}")


def templates_folder(config: Path, templates_dir: str) -> Path:
    """`reply.templates_dir` from here or from above the config folder, else the shipped one."""
    for folder in (Path(templates_dir), config.resolve().parent.parent / templates_dir):
        if folder.is_dir():
            return folder
    if templates_dir == "templates":
        return shipped("templates")
    raise ConfigError(f"{config}: reply.templates_dir: no such folder: {templates_dir}")


def shipped(name: str) -> Path:
    """The copy of a file or folder that came with Intake. Raises ConfigError."""
    for root in _SHIPPED:
        if (root / name).exists():
            return root / name
    raise ConfigError(f"{name}: neither here nor shipped with this installation")
