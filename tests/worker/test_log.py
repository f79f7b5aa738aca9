"""Logs tell what happens and to nobody's address."""

from __future__ import annotations

import json

import pytest
import structlog

from intake.cli.options import begin_log
from intake.settings.load import load_configuration
from intake.settings.schema import Log
from intake.worker.log import set_up_log
from tests.worker.shop import CONFIG


@pytest.fixture(autouse=True)
def _log_as_before() -> object:
    yield
    structlog.reset_defaults()


def told(capsys: pytest.CaptureFixture[str], **event: str) -> dict[str, str]:
    structlog.get_logger("test").warning("mail not sent", **event)
    found: dict[str, str] = json.loads(capsys.readouterr().err)
    return found


def test_addresses_and_subjects_are_hidden(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_log(Log(format="json"), str)
    line = told(capsys, reason="550 5.1.1 <mei.lin@mail.example>: no such user", subject="my 2FA")
    assert "mei.lin" not in str(line)
    assert "2FA" not in str(line)
    assert "no such user" in line["reason"]


def test_they_are_shown_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_log(Log(format="json", show_personal=True), str)
    assert told(capsys, recipient="mei.lin@mail.example")["recipient"] == "mei.lin@mail.example"


def test_the_level_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_log(Log(format="json", level="error"), str)
    structlog.get_logger("test").warning("not this")
    assert capsys.readouterr().err == ""


def test_what_a_mail_says_is_masked_in_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    configuration = load_configuration(CONFIG, [], {})
    begin_log(configuration, Log(format="json", show_personal=True))
    try:
        raise ValueError("cannot read 'my password is Tramonto-1987'")
    except ValueError:
        structlog.get_logger("test").exception("mail cannot be decided", subject="pwd: Zebra#77x")
    said = capsys.readouterr().err
    assert "mail cannot be decided" in said
    assert "ValueError" in said
    assert "Tramonto" not in said
    assert "Zebra" not in said
