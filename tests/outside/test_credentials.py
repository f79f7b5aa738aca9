from __future__ import annotations

import sys
from pathlib import Path

import pytest

from intake.errors import SecretUnavailable
from intake.outside import credentials
from intake.outside.credentials import Secret, resolve_secret
from intake.settings.section import SecretSource


def command(code: str) -> SecretSource:
    return SecretSource(command=(sys.executable, "-c", code))


def test_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_PASSWORD", "pässword")
    assert resolve_secret(SecretSource(env="DESK_PASSWORD")) == "pässword"


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_from_a_file_whatever_its_last_line_ends_with(tmp_path: Path, ending: str) -> None:
    file = tmp_path / "secret"
    file.write_bytes(f"\ufeff two words {ending}".encode())
    assert resolve_secret(SecretSource(file=str(file))) == " two words "


def test_from_a_command() -> None:
    assert resolve_secret(command("print('s3cret')")) == "s3cret"


def test_what_is_not_there_is_named_and_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DESK_PASSWORD", raising=False)
    with pytest.raises(SecretUnavailable, match="DESK_PASSWORD is not set"):
        resolve_secret(SecretSource(env="DESK_PASSWORD"))
    with pytest.raises(SecretUnavailable, match="nowhere cannot be read: No such file"):
        resolve_secret(SecretSource(file=str(tmp_path / "nowhere")))
    with pytest.raises(SecretUnavailable, match="ended with status 3"):
        resolve_secret(command("print('s3cret'); raise SystemExit(3)"))
    with pytest.raises(SecretUnavailable, match="cannot be used"):
        resolve_secret(SecretSource(command=("/nowhere/at-all",)))


@pytest.mark.parametrize("content", [b"", b"\n", b"two\nlines\n", b"nul\0", b"\xff\xfe\xff"])
def test_what_is_no_secret(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "secret"
    file.write_bytes(content)
    with pytest.raises(SecretUnavailable) as caught:
        resolve_secret(SecretSource(file=str(file)))
    assert "lines" not in str(caught.value) or "several lines" in str(caught.value)


def test_a_command_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "_COMMAND_SECONDS", 0.2)
    with pytest.raises(SecretUnavailable, match="gave nothing within"):
        resolve_secret(command("import time; time.sleep(20)"))


def test_a_secret_is_never_printed() -> None:
    assert "s3cret" not in repr(Secret("s3cret"))
