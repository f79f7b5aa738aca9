"""The documents name what there is: every verb, every setting, every file they point to."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_origin

import pytest
from pydantic import BaseModel

from intake.cli.main import VERBS
from intake.settings.keys import find_annotation
from intake.settings.schema import Mailbox, Settings
from intake.settings.section import SecretSource

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def keys(model: type[BaseModel], start: str = "") -> Iterator[str]:
    for name in model.model_fields:
        annotation: Any = find_annotation(model, (name,))
        if get_origin(annotation) is dict:
            yield from keys(Mailbox, f"{start}{name}.<name>.")
        elif (
            isinstance(annotation, type)
            and issubclass(annotation, BaseModel)
            and annotation is not SecretSource
        ):
            yield from keys(annotation, f"{start}{name}.")
        else:
            yield start + name


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_the_readme_names_every_verb(verb: str) -> None:
    assert f"`intake {verb}" in README


@pytest.mark.parametrize("key", list(keys(Settings)))
def test_the_configuration_page_names_every_key(key: str) -> None:
    assert f"| `{key}` |" in (ROOT / "docs" / "configuration.md").read_text()


@pytest.mark.parametrize("key", list(keys(Settings)))
def test_the_shipped_file_names_every_key(key: str) -> None:
    name = key.rsplit(".", 1)[1]
    assert re.search(rf"^(# )?{name} = ", (ROOT / "config" / "intake.toml").read_text(), re.M)


def test_the_shipped_file_states_the_defaults() -> None:
    data = tomllib.loads((ROOT / "config" / "intake.toml").read_text())
    assert Settings.model_validate(data) == Settings()


def test_every_link_leads_somewhere() -> None:
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_nothing_names_a_registry_or_this_machine() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        assert "://" not in path.read_text()
