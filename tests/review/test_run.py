"""From the shell: a token, the daemon that serves, a customer put in, and a mail from them."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx

from tests.servers.dovecot import free_ports

ROOT = Path(__file__).parents[2]
INTAKE = Path(sys.executable).parent / "intake"
MAIL = b"""\
From: Mei Lin <mei.lin@mailbox.example>
To: support@exchange.example
Subject: Withdrawal missing
Date: Mon, 23 Nov 2026 09:00:00 +0000
Message-ID: <withdrawal-missing@mailbox.example>

My withdrawal of 0.5 BTC has not arrived since yesterday.
"""


def switches(folder: Path) -> list[str]:
    told = (
        f"database.url=sqlite:///{folder / 'intake.db'}",
        f"storage.dir={folder / 'blobs'}",
        "mailboxes={}",
        "review.listen=127.0.0.1:0",
        "log.format=json",
    )
    return [word for one in told for word in ("--set", one)]


def intake(folder: Path, *words: str) -> str:
    command = [INTAKE, *words, *switches(folder)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_customer_put_in_over_the_api_is_known_to_the_next_mail(tmp_path: Path) -> None:
    made = intake(tmp_path, "api-token", "create", "crm", "--scope", "customers:write")
    token = made.split()[0]
    assert re.fullmatch(r"intake_[\w-]{43}", token)
    assert token not in intake(tmp_path, "api-token", "list", "--format", "json")

    daemon = subprocess.Popen(
        [INTAKE, "run", *switches(tmp_path)], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    try:
        assert daemon.stderr is not None
        logged = []
        while "url" not in (line := json.loads(daemon.stderr.readline())):
            logged.append(line)
        put = httpx.put(
            f"{line['url']}/api/v1/customers/U-77",
            json={"name": "Mei Lin", "addresses": ["Mei.Lin@mailbox.example"]},
            headers={"Authorization": f"Bearer {token}"},
        )
        assert put.status_code == 201
        daemon.send_signal(signal.SIGTERM)
        rest = daemon.stderr.read()
        assert daemon.wait(20) == 0
    finally:
        daemon.kill()
    assert token not in rest
    assert "mailbox.example" not in rest
    assert '"route": "/api/v1/customers/{customer_id}"' in rest
    assert '"token": "crm"' in rest

    (tmp_path / "mail.eml").write_bytes(MAIL)
    intake(tmp_path, "import", str(tmp_path / "mail.eml"))
    (ticket,) = json.loads("[" + intake(tmp_path, "export", "--format", "jsonl").strip() + "]")
    assert "U-77" in json.dumps(ticket)

    intake(tmp_path, "api-token", "revoke", "crm")
    assert "crm" not in intake(tmp_path, "api-token", "list")


def test_a_second_daemon_waits_its_turn_and_then_serves(tmp_path: Path) -> None:
    port = free_ports(1)[0]
    told = [*switches(tmp_path), "--set", f"review.listen=127.0.0.1:{port}"]
    command = [INTAKE, "run", "--wait", *told]
    with ExitStack() as ending:
        daemons = []
        for ready in ("serving", "waiting for the other daemon to end"):
            daemon = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
            ending.callback(daemon.wait)
            ending.callback(daemon.kill)
            daemons.append(daemon)
            read_until(daemon, ready)
        refused = subprocess.run(
            [INTAKE, "run", *told], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert refused.returncode == 4, refused.stderr
        first, second = daemons
        first.send_signal(signal.SIGTERM)
        read_until(second, "serving")
        assert httpx.get(f"http://127.0.0.1:{port}/api/v1/customers").status_code == 401
        second.send_signal(signal.SIGTERM)
        assert (first.wait(20), second.wait(20)) == (0, 0)


def test_a_port_that_is_taken_keeps_no_mail_waiting(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        listen = f"review.listen=127.0.0.1:{other.getsockname()[1]}"
        command = [INTAKE, "run", *switches(tmp_path), "--set", listen]
        daemon = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
        try:
            assert listen.partition("=")[2] in read_until(daemon, "nothing is served")["reason"]
            read_until(daemon, "started")
            daemon.send_signal(signal.SIGTERM)
            assert daemon.wait(20) == 0
        finally:
            daemon.kill()


def read_until(daemon: subprocess.Popen[str], words: str) -> dict[str, Any]:
    """The first line of its log whose event begins with `words`."""
    assert daemon.stderr is not None
    for text in daemon.stderr:
        line: dict[str, Any] = json.loads(text)
        if line["event"].startswith(words):
            return line
    raise AssertionError(f"it ended without {words}")
