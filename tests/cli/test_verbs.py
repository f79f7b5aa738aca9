"""The verbs as a shell sees them: output, exit codes, errors without tracebacks."""

from __future__ import annotations

import hashlib
import json
import mailbox
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from intake.cli.main import VERBS

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "intake" / "demo" / "mails"
INTAKE = Path(sys.executable).parent / "intake"


def intake(*words: str, stdin: bytes = b"", cwd: Path = ROOT) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([INTAKE, *words], input=stdin, capture_output=True, cwd=cwd, check=False)


def lines(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, object]]:
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def desk(tmp_path: Path) -> list[str]:
    """Switches for a database and a storage folder of the test's own."""
    return [
        "--set",
        f"database.url=sqlite:///{tmp_path / 'intake.db'}",
        "--set",
        f"storage.dir={tmp_path / 'blobs'}",
        "--set",
        "mailboxes={}",
    ]


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_explains_itself(verb: str) -> None:
    done = intake(verb, "--help")
    assert done.returncode == 0
    assert f"usage: intake {verb}".encode() in done.stdout


def test_unknown_verbs_and_keys_name_the_nearest() -> None:
    done = intake("expalin", "x")
    assert done.returncode == 2
    assert b"did you mean `intake explain`" in done.stderr
    done = intake("--set", "limits.prats=1", "explain", "x")
    assert done.returncode == 2
    assert b"did you mean limits.parts" in done.stderr
    assert b"Traceback" not in done.stderr


def test_explain_gives_one_object_for_each_mail_in_order() -> None:
    found = lines(intake("explain", "--format", "jsonl", str(SAMPLES)))
    names = [Path(str(mail["file"])).name for mail in found]
    assert names == sorted(path.name for path in SAMPLES.glob("*.eml"))
    assert [mail["index"] for mail in found] == list(range(len(names)))
    keys = {"sha256", "from", "text", "reply", "automatic", "spam", "sender", "thread", "triage"}
    assert all(keys <= mail.keys() for mail in found)


def test_explain_takes_customers_and_settings_before_the_verb() -> None:
    done = intake(
        "--set",
        "identity.trusted_authserv_ids=mx.exchange.example",
        "explain",
        "--format=json",
        "--customers",
        str(SAMPLES.parent / "customers.csv"),
        str(SAMPLES / "01-withdrawal-pending.eml"),
    )
    assert done.returncode == 0, done.stderr
    sender = json.loads(done.stdout)["sender"]
    assert (sender["match"], sender["customer"]) == ("verified", "20481977")


def test_explain_reads_standard_input_mbox_and_maildir(tmp_path: Path) -> None:
    raws = [path.read_bytes() for path in sorted(SAMPLES.glob("0*.eml"))]
    assert len(lines(intake("explain", "--format", "jsonl", "-", stdin=raws[0]))) == 1
    box = mailbox.mbox(tmp_path / "all.mbox")
    maildir = mailbox.Maildir(tmp_path / "maildir")
    for raw in raws:
        box.add(raw)
        maildir.add(raw)
    box.flush()
    assert len(lines(intake("explain", "--format", "jsonl", str(tmp_path / "all.mbox")))) == 9
    assert len(lines(intake("explain", "--format", "jsonl", str(tmp_path / "maildir")))) == 9


def test_explain_says_which_path_is_missing() -> None:
    done = intake("explain", "no-such-mail.eml")
    assert done.returncode == 1
    assert b"no-such-mail.eml: no such file" in done.stderr


@pytest.mark.parametrize("raw", [b"", b"\0" * 50, b"\xff\xfe no mail at all", b"\n\n\n"])
def test_explain_gives_an_object_for_bytes_that_are_no_mail(raw: bytes) -> None:
    assert len(lines(intake("explain", "--format", "jsonl", "-", stdin=raw))) == 1


def test_explain_quarantines_what_is_over_budget() -> None:
    raw = b"Subject: deep\n" + b"X-Line: x\n" * 50 + b"\nhello\n"
    done = intake("explain", "--format", "jsonl", "--set", "limits.header_lines=10", "-", stdin=raw)
    (mail,) = lines(done)
    assert mail["quarantined"] is True
    assert mail["defects"]


def test_import_twice_changes_nothing_and_export_tells_all(desk: list[str]) -> None:
    first = json.loads(intake("import", *desk, "--format", "json", str(SAMPLES)).stdout)
    assert (first["read"], first["new"], first["processed"]) == (40, 40, 40)
    before = intake("export", *desk).stdout
    second = json.loads(intake("import", *desk, "--format", "json", str(SAMPLES)).stdout)
    assert (second["read"], second["new"], second["processed"]) == (40, 0, 0)
    after = intake("export", *desk).stdout
    assert before == after
    messages = [m for line in after.splitlines() for m in json.loads(line)["messages"]]
    assert len({m["sha256"] for m in messages if m["direction"] == "in"}) == 40
    assert not [m for m in messages if m["direction"] == "out" and m["state"] == "planned"]


def test_staff_see_queue_ticket_events_and_status(desk: list[str]) -> None:
    intake("import", *desk, str(SAMPLES))
    queue = json.loads(intake("queue", *desk, "--format", "json").stdout)
    assert queue
    number = queue[0]["number"]
    shown = intake("show", *desk, number)
    assert shown.returncode == 0, shown.stderr
    assert number.encode() in shown.stdout
    assert json.loads(intake("show", *desk, "--format", "json", number).stdout)["conversation"]
    assert json.loads(intake("events", *desk, "--format", "json").stdout)
    status = json.loads(intake("status", *desk, "--format", "json").stdout)
    assert sum(status["mails"].values()) == 40
    assert intake("status", *desk).returncode == 0
    assert intake("show", *desk, "ZZZZ-ZZZZ").returncode == 1


def test_quarantine_keeps_the_bytes_and_takes_a_mail_back(desk: list[str], tmp_path: Path) -> None:
    raw = b"Subject: many lines\n" + b"X-Line: x\n" * 50 + b"\nhello\n"
    mail = tmp_path / "mail.eml"
    mail.write_bytes(raw)
    intake("import", *desk, "--set", "limits.header_lines=10", str(mail))
    (entry,) = json.loads(intake("quarantine", "list", *desk, "--format", "json").stdout)
    sha = entry["sha256"][:12]
    assert b"many lines" in intake("quarantine", "show", *desk, sha).stdout
    assert intake("quarantine", "export", *desk, sha).stdout == raw
    assert intake("quarantine", "retry", *desk, sha).returncode == 0
    assert (
        json.loads(intake("import", *desk, "--format", "json", str(mail)).stdout)["processed"] == 1
    )
    assert json.loads(intake("quarantine", "list", *desk, "--format", "json").stdout) == []


LETTER = b"""From: ada@example.org
Subject: picture
Content-Type: multipart/related; boundary=b

--b
Content-Type: text/html

<p>See <img src="cid:shot@x"><img src="http://tracker.example/p.gif"></p><script>x()</script>
--b
Content-Type: image/png; name="../shot.png"
Content-ID: <shot@x>
Content-Transfer-Encoding: base64

iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==
--b--
"""


def test_unpack_writes_a_folder_that_is_safe_to_look_at(desk: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "out"
    done = intake("unpack", "-", "--into", str(folder), "--format", "json", stdin=LETTER)
    assert [file["name"] for file in json.loads(done.stdout)["files"]] == ["shot.png"]
    assert (folder / "original.eml").read_bytes() == LETTER
    assert (folder / "files" / "shot.png").read_bytes().startswith(b"\x89PNG")
    page = (folder / "message.html").read_text()
    assert '<img src="pictures/shot.png">' in page
    assert (folder / "pictures" / "shot.png").read_bytes().startswith(b"\x89PNG")
    assert "tracker.example" not in page and "x()" not in page
    assert intake("unpack", "-", "--into", str(folder), stdin=LETTER).returncode == 1


def test_unpack_finds_a_stored_mail_by_its_hash(desk: list[str], tmp_path: Path) -> None:
    (tmp_path / "mail.eml").write_bytes(LETTER)
    intake("import", *desk, str(tmp_path / "mail.eml"))
    sha256 = hashlib.sha256(LETTER).hexdigest()
    folder = tmp_path / "out"
    assert intake("unpack", *desk, sha256[:12], "--into", str(folder)).returncode == 0
    assert (folder / "original.eml").read_bytes() == LETTER
    done = intake("unpack", *desk, "0" * 12, "--into", str(tmp_path / "none"))
    assert done.returncode == 1 and b"no mails begin with" in done.stderr


def test_unpack_keeps_the_original_of_a_mail_that_cannot_be_read(tmp_path: Path) -> None:
    words = ("--set", "limits.parts=1", "unpack", "-", "--into", str(tmp_path / "out"))
    assert intake(*words, stdin=LETTER).returncode == 1
    assert (tmp_path / "out" / "original.eml").read_bytes() == LETTER


def test_tickets_are_merged_and_undone(desk: list[str], tmp_path: Path) -> None:
    for name in ("one", "two"):
        mail = (
            f"From: {name}@x.example\nMessage-ID: <{name}@x.example>\nSubject: {name}\n\nHelp me\n"
        )
        (tmp_path / name).write_text(mail)
        intake("import", *desk, str(tmp_path / name))
    one, two = (t["number"] for t in json.loads(intake("queue", *desk, "--format", "json").stdout))
    assert intake("ticket", *desk, "merge", one, "--into", two, "--by", "Mira").returncode == 0
    (left,) = json.loads(intake("queue", *desk, "--format", "json").stdout)
    assert (left["number"], left["messages"]) == (two, 2)
    (act,) = json.loads(intake("ticket", *desk, "acts", two, "--format", "json").stdout)
    assert (act["kind"], act["by"]) == ("merged", "Mira")
    assert intake("ticket", *desk, "undo", str(act["id"])).returncode == 0
    assert len(json.loads(intake("queue", *desk, "--format", "json").stdout)) == 2
    again = intake("ticket", *desk, "undo", str(act["id"]))
    assert again.returncode == 1 and b"was undone before" in again.stderr


def test_rules_are_tried_on_a_mail(tmp_path: Path) -> None:
    assert intake("rules", "check").returncode == 0
    done = intake(
        "rules", "test", "-", "--format", "json", stdin=b"Subject: API key\n\nUID 20481977"
    )
    (found,) = json.loads(done.stdout)
    assert "uid 20481977" in found["identifiers"]


def test_the_category_model_is_made_of_the_texts_beside_the_rules(tmp_path: Path) -> None:
    config = tmp_path / "config"
    shutil.copytree(ROOT / "config", config)
    train = ("rules", "train", "--config", str(config / "intake.toml"), "--format", "json")
    before = (config / "categories.json").read_bytes()
    assert json.loads(intake(*train).stdout)["changed"] is False
    assert (config / "categories.json").read_bytes() == before
    more = tmp_path / "fees.txt"
    more.write_text("# two that staff corrected\nzorkmid spread\nthe zorkmid spread is wide\n")
    outcome = json.loads(intake(*train, str(more)).stdout)
    assert (outcome["changed"], outcome["problems"]) == (True, [])
    assert b'"zorkmid"' in (config / "categories.json").read_bytes()
    more.rename(tmp_path / "gnomes.txt")
    strange = intake(*train, str(tmp_path / "gnomes.txt"))
    assert strange.returncode == 1
    assert b"no category 'gnomes' is defined" in strange.stdout
    assert intake(*train, str(tmp_path / "none.txt")).returncode == 2


def test_a_dry_run_says_what_a_changed_rule_would_do(desk: list[str], tmp_path: Path) -> None:
    mail = b"From: a@x.example\nSubject: Garden gnome\n\nMy garden gnome is gone.\n"
    (tmp_path / "mail.eml").write_bytes(mail)
    intake("import", *desk, str(tmp_path / "mail.eml"))
    same = json.loads(intake("rules", "dry-run", *desk, "--format", "json").stdout)
    assert same == {"mails": 1, "changed": []}
    changed = tmp_path / "config"
    shutil.copytree(ROOT / "config", changed)
    rule = (
        '[[rules]]\nname = "gnome"\ntext = "It is about gnomes."\ncategory = "complaint"\n'
        "when = { match = 'gnome' }\n"
    )
    with (changed / "triage.toml").open("a") as file:
        file.write(rule)
    words = ("--config", str(changed / "intake.toml"), "--format", "json", "--since", "1h")
    found = json.loads(intake("rules", "dry-run", *desk, *words).stdout)
    (outcome,) = found["changed"]
    point = next(d for d in outcome["differences"] if d["what"] == "category")
    assert (point["before"], point["after"]) == ("general", "complaint")
    assert intake("rules", "dry-run", *desk, "--since", "soon").returncode == 2


def test_the_shipped_configuration_is_in_order() -> None:
    done = intake("config", "check")
    assert done.returncode == 0, done.stdout


def test_doctor_says_what_is_wrong_and_what_to_do(desk: list[str]) -> None:
    done = intake(
        "doctor",
        *desk,
        "--set",
        "mailboxes.support.host=127.0.0.1",
        "--set",
        "mailboxes.support.port=1",
        "--set",
        "mailboxes.support.username=u",
        "--set",
        "mailboxes.support.password.env=INTAKE_NO_SUCH_VARIABLE",
        "--format",
        "json",
    )
    assert done.returncode == 1
    by_name = {finding["what"]: finding for finding in json.loads(done.stdout)}
    assert by_name["database"]["well"]
    assert by_name["storage"]["well"]
    assert "INTAKE_NO_SUCH_VARIABLE" in by_name["mailbox support"]["text"]
    assert not by_name["smtp"]["well"]
    assert by_name["mailbox support"]["advice"]


def test_a_database_that_cannot_be_used_has_its_own_exit_code(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    url = f"sqlite:///{tmp_path / 'file' / 'intake.db'}"
    done = intake("status", "--set", f"database.url={url}")
    assert done.returncode == 3
    assert b"Traceback" not in done.stderr


def test_a_mail_cannot_command_the_terminal(tmp_path: Path) -> None:
    mail = tmp_path / "mail.eml"
    mail.write_bytes(b"From: a@b.example\nSubject: hi\n\n\x1b]0;owned\x07 \x1b[2J text\n")
    done = intake("explain", str(mail))
    assert done.returncode == 0
    assert b"\x1b" not in done.stdout
