"""The switches that every verb shares, and what they open."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from pathlib import Path

from intake.judge.masking import mask_text
from intake.settings.load import Configuration, load_configuration
from intake.settings.schema import Log
from intake.worker.log import set_up_log
from intake.worker.opening import OpenDesk, open_desk


def parser_of(verb: str, description: str, *, formats: tuple[str, ...] = ()) -> ArgumentParser:
    """A parser with --config and --set, and --format where the verb prints data."""
    parser = ArgumentParser(
        prog=f"intake {verb}",
        description=description,
        allow_abbrev=False,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help="another intake.toml")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="section.key=value",
        help="overrides a key of the configuration; may be given again",
    )
    if formats:
        parser.add_argument("--format", choices=formats, default=formats[0])
    return parser


def configuration_of(options: Namespace) -> Configuration:
    """What --config, the environment and --set say together. Raises ConfigError."""
    return load_configuration(options.config, options.set, os.environ)


def desk_of(options: Namespace) -> OpenDesk:
    """The desk, opened, and the log set up. Raises ConfigError, DatabaseUnavailable."""
    configuration = configuration_of(options)
    begin_log(configuration, configuration.settings.log)
    return open_desk(configuration)


def begin_log(configuration: Configuration, settings: Log) -> None:
    """Sets the log up so that it quotes no secret."""
    rules = configuration.rules.identifiers
    set_up_log(settings, lambda text: mask_text(text, rules))
