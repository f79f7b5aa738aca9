"""What the shell shows of pictures: words, where they came before, and how the helpers are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from intake.outside.ocr import NOT_INSTALLED, find_engine
from tests.servers.clamd import EICAR, SIGNATURE, running_clamd
from tests.worker.afterwards import mail_with, screenshot
from tests.worker.test_examine import BLOCKED

INTAKE = Path(sys.executable).parent / "intake"
needs_ocr = pytest.mark.skipif(find_engine() is None, reason="the extra ocr is not installed")
LINES = ("Order no. 2026112300017", "Error code: ERR_4031", "my password: Tr0ub4dor!x")
SHOT = screenshot(*LINES)


class Shell:
    """`intake` on a desk of its own, into which mails were imported and worked off."""

    def __init__(self, folder: Path, *settings: str, blocked: bool = False) -> None:
        self._settings = [
            f"database.url=sqlite:///{folder / 'intake.db'}",
            f"storage.dir={folder / 'blobs'}",
            *settings,
        ]
        self._environment = dict(os.environ)
        self._folder = folder
        if blocked:
            (folder / "sitecustomize.py").write_text(BLOCKED)
            self._environment["PYTHONPATH"] = str(folder)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        switches = [item for one in self._settings for item in ("--set", one)]
        return subprocess.run(
            [INTAKE, *words, *switches],
            capture_output=True,
            text=True,
            check=False,
            env=self._environment,
        )

    def ask(self, *words: str) -> Any:
        done = self.run(*words, "--format", "json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def take(self, *raws: bytes) -> None:
        mails = self._folder / "mails"
        mails.mkdir(exist_ok=True)
        for number, raw in enumerate(raws):
            (mails / f"{number}.eml").write_bytes(raw)
        assert self.run("import", str(mails)).returncode == 0
        done = self.run("poll", "--once")
        assert done.returncode == 0, done.stderr
        assert "Tr0ub4dor" not in done.stderr + done.stdout
        assert "ERR_4031" not in done.stderr


@needs_ocr
def test_show_prints_the_words_and_masks_secrets(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    shell.take(mail_with(SHOT))
    (entry,) = shell.ask("queue")
    shown = shell.run("show", entry["number"]).stdout
    assert "Error code: ERR_4031" in shown
    assert "order_id 2026112300017" in shown
    assert "words-read" in shown
    assert "not scanned" in shown
    view = shell.ask("show", entry["number"])
    (message,) = view["conversation"]
    assert "Order no. 2026112300017" in message["attachments"][0]["words"]
    assert message["files"][0]["picture"] == "read"
    assert message["files"][0]["engine"].startswith("rapidocr ")
    assert {"kind": "password", "where": "Screenshot_1.png"} in message["decision"]["triage"][
        "secrets"
    ]
    for text in (shown, json.dumps(view)):
        assert "[password hidden]" in text
        assert "Tr0ub4dor" not in text


@needs_ocr
def test_tickets_are_found_by_the_words_in_their_pictures(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    shell.take(mail_with(SHOT), mail_with(screenshot("100%_sure"), name="bob"))
    assert len(shell.ask("queue")) == 2
    (found,) = shell.ask("queue", "--words", "err_4031")
    assert found["author"] == "ann@customer.example"
    (found,) = shell.ask("queue", "--view", "all", "--words", "0%_s")
    assert found["author"] == "bob@customer.example"
    assert shell.ask("queue", "--words", "E%4031") == []


def test_the_same_picture_sent_again_is_said_to_be(tmp_path: Path) -> None:
    """As a JPEG, in another ticket, by the same person; not by somebody else."""
    shell = Shell(tmp_path, "reading.enabled=false")
    again = screenshot(*LINES, kind="JPEG")
    shell.take(
        mail_with(SHOT),
        mail_with(again, body="Another matter")
        .replace(b"Message-ID: <ann@", b"Message-ID: <ann.again@")
        .replace(b"Please help", b"Something else"),
        mail_with(SHOT, name="bob"),
    )
    tickets = {entry["subject"] + entry["author"]: entry for entry in shell.ask("queue")}
    first = tickets["Please helpann@customer.example"]
    view = shell.ask("show", tickets["Something elseann@customer.example"]["number"])
    (seen,) = view["conversation"][0]["files"][0]["seen_before"]
    assert seen["ticket"] == first["number"]
    shown = shell.run("show", view["ticket"]["number"]).stdout
    assert f"The same picture came before, in {first['number']}" in shown
    for other in (first, tickets["Please helpbob@customer.example"]):
        view = shell.ask("show", other["number"])
        assert view["conversation"][0]["files"][0]["seen_before"] == []


def test_without_the_extra_everything_else_works(tmp_path: Path) -> None:
    shell = Shell(tmp_path, blocked=True)
    shell.take(mail_with(SHOT))
    (entry,) = shell.ask("queue")
    assert NOT_INSTALLED in shell.run("show", entry["number"]).stdout
    status = shell.run("status").stdout
    assert f"OCR: {NOT_INSTALLED}; 1 pictures wait to be read" in status
    explained = shell.ask("explain", str(tmp_path / "mails" / "0.eml"))
    assert explained["attachments"][0]["words"] is None
    findings = {f["what"]: f for f in json.loads(shell.run("doctor", "--format", "json").stdout)}
    assert (findings["ocr"]["well"], findings["ocr"]["text"]) == (True, NOT_INSTALLED)
    wanted = Shell(tmp_path, "reading.enabled=true", blocked=True)
    findings = {f["what"]: f for f in json.loads(wanted.run("doctor", "--format", "json").stdout)}
    assert not findings["ocr"]["well"]
    assert "pip install" in findings["ocr"]["advice"]


@needs_ocr
def test_explain_reads_screenshots_unless_told_not_to(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    (tmp_path / "mail.eml").write_bytes(mail_with(SHOT, SHOT))
    (tmp_path / "plain.eml").write_bytes(mail_with())
    found = shell.ask("explain", str(tmp_path / "mail.eml"))
    first, second = found["attachments"]
    assert "ERR_4031" in first["words"]
    assert second["words"] == first["words"]
    assert {"kind": "error_code", "value": "ERR_4031", "where": "Screenshot_1.png"} in found[
        "triage"
    ]["identifiers"]
    for switch in (["--no-words"], ["--set", "reading.enabled=false"]):
        found = shell.ask("explain", *switch, str(tmp_path / "mail.eml"))
        assert found["attachments"][0]["words"] is None
    lines = shell.run("explain", "--format", "jsonl", str(tmp_path)).stdout.splitlines()
    assert len([json.loads(line) for line in lines]) == 2


def test_the_scanner_in_doctor_status_and_show(tmp_path: Path) -> None:
    letter = message_from_bytes(mail_with(), policy=default)
    letter.add_attachment(EICAR, "application", "octet-stream", filename="invoice.dat")
    with running_clamd() as clamd:
        setting = f"clamav.socket={clamd.socket}"
        shell = Shell(tmp_path, setting, "reading.enabled=false")
        shell.take(letter.as_bytes())
        (entry,) = shell.ask("queue")
        shown = shell.run("show", entry["number"]).stdout
        assert SIGNATURE in shown
        assert "virus-found" in shown
        assert "ClamAV: ClamAV 1" in shell.run("status").stdout
        doctor = json.loads(shell.run("doctor", "--format", "json").stdout)
        assert [f["well"] for f in doctor if f["what"] == "clamav"] == [True]
    doctor = json.loads(shell.run("doctor", "--format", "json").stdout)
    (finding,) = [f for f in doctor if f["what"] == "clamav"]
    assert not finding["well"]
    assert "away" in finding["text"]
    off = Shell(tmp_path, "reading.enabled=false")
    assert "ClamAV: off" in off.run("status").stdout
