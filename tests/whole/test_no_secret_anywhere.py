"""Secrets of every kind in every place of a mail, the whole way: no output and no column has them.

Only the raw bytes do, and whoever is shown them is on record.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select

from intake.store.database import open_database
from intake.store.tables import METADATA
from tests.judge.secret_lines import NAMED

INTAKE = Path(sys.executable).parent / "intake"
HEX = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318"
SEED = "void come effort suffer camp survey warrior heavy shoot primary clutch crush"
# What is written, and the secret in it.
KINDS = {
    "password": ("my password is Tramonto-1987", "Tramonto-1987"),
    "password-zh": ("登录密码:Zhima#7712", "Zhima#7712"),
    "api-key": (
        "api key: q8Zr5vT1nM4xB7cK2wP9sL6dF3hJ0gYa",
        "q8Zr5vT1nM4xB7cK2wP9sL6dF3hJ0gYa",
    ),
    "token": (f"token {NAMED['GITHUB']}", NAMED["GITHUB"]),
    "private-key": (f"private key: {HEX}", HEX),
    "seed-phrase": (f"seed phrase {SEED}", SEED),
    "two-factor-key": ("my 2FA key: JBSWY3DPEHPK3PXP", "JBSWY3DPEHPK3PXP"),
    "one-time-code": ("the verification code is 493817", "493817"),
    "one-time-code-zh": ("验证码是882014", "882014"),
    "card": ("card 4111 1111 1111 1111", "4111 1111 1111 1111"),
    "iban": ("IBAN DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 00"),
}
PLACES = (
    "subject",
    "text",
    "quoted",
    "html",
    "html-alone",
    "html-cut",
    "file",
    "name",
    "elsewhere",
)
HELLO = "Hello, my withdrawal has been pending since Friday, please help me."


def mail(number: int, place: str, sentence: str, secret: str) -> bytes:
    """A mail of the customer, proven to be theirs, with the sentence in this place."""
    made = EmailMessage()
    made["Authentication-Results"] = "mx.exchange.example; dkim=pass header.d=customer.example"
    name = sentence if place == "name" else "Li Na"
    made["From"] = f'"{name}" <li.na@customer.example>'
    made["To"] = "support@exchange.example"
    made["Message-ID"] = f"<{number}@customer.example>"
    made["Date"] = "Mon, 23 Nov 2026 09:58:00 +0000"
    made["Subject"] = f"{sentence} and more" if place == "subject" else f"Withdrawal {number}"
    if place == "elsewhere":
        made.replace_header("Subject", f"{secret} is refused")
    text = {
        "text": f"{HELLO}\n{sentence}\n",
        "elsewhere": f"{HELLO}\n{sentence}\n",
        "quoted": f"{HELLO}\n\nOn Sun, Nov 22, 2026 Li Na wrote:\n> {sentence}\n> bye\n",
    }.get(place, f"{HELLO} {number}\n")
    cut = f"{secret[:3]}<b>{secret[3:5]}</b>{secret[5:]}"
    markup = {
        "html": f"<p>{HELLO}</p><p>{sentence}</p>",
        "html-alone": f"<p>{HELLO}</p><p>{sentence}</p>",
        "html-cut": f"<p>{HELLO}</p><p>{sentence.replace(secret, cut)}</p>",
    }.get(place)
    if place == "html-alone":
        made.set_content(markup, subtype="html")
    else:
        made.set_content(text)
        if markup:
            made.add_alternative(markup, subtype="html")
    if place == "file":
        made.add_attachment(b"hello", "text", "plain", filename=f"{sentence}.txt")
    return made.as_bytes(policy=policy.SMTP)


def run(*words: str, code: int = 0) -> str:
    """Everything that the verb said, on either way."""
    done = subprocess.run([INTAKE, *words], capture_output=True, check=False)
    said = done.stdout.decode() + done.stderr.decode()
    assert done.returncode == code, said
    return said


@pytest.fixture(scope="module")
def desk(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[list[str], Path, dict[str, str]]]:
    """Switches of a desk with all mails imported, its folder, what import said, and the mails."""
    folder = tmp_path_factory.mktemp("secrets")
    mails = folder / "mails"
    mails.mkdir()
    number = 0
    for kind, (sentence, secret) in KINDS.items():
        for place in PLACES:
            number += 1
            (mails / f"{kind}.{place}.eml").write_bytes(mail(number, place, sentence, secret))
    customers = folder / "customers.csv"
    customers.write_text("customer_id,name,email\n20481977,Li Na,li.na@customer.example\n")
    switches = [
        f"database.url=sqlite:///{folder / 'intake.db'}",
        f"storage.dir={folder / 'blobs'}",
        "mailboxes={}",
        "identity.trusted_authserv_ids=mx.exchange.example",
        "reply.per_address=1000",
        "log.level=debug",
        "log.show_personal=true",
    ]
    words = [word for switch in switches for word in ("--set", switch)]
    run("customers", *words, "import", str(customers))
    said = {"import": run("import", *words, "--acknowledge", str(mails))}
    yield words, folder, said


def test_mails_were_decided_and_answered(desk: tuple[list[str], Path, dict[str, str]]) -> None:
    """Else the other tests see nothing."""
    words, _, _ = desk
    status = json.loads(run("status", *words, "--format", "json"))
    assert status["mails"] == {"processed": len(KINDS) * len(PLACES)}
    assert status["mails_with_secrets"] == len(KINDS) * len(PLACES)
    assert status["outbox"].get("planned", 0) > 0


def test_no_output_holds_a_secret(desk: tuple[list[str], Path, dict[str, str]]) -> None:
    words, folder, said = desk
    tickets = json.loads(
        run("queue", *words, "--view", "all", "--limit", "500", "--format", "json")
    )
    said |= {
        "queue": run("queue", *words, "--view", "all", "--limit", "500"),
        "events": run("events", *words, "--limit", "5000"),
        "events json": run("events", *words, "--limit", "5000", "--format", "jsonl"),
        "export": run("export", *words),
        "status": run("status", *words),
        "explain": run("explain", *words, "--format", "text", str(folder / "mails")),
        "explain json": run(
            "explain", *words, "--format", "jsonl", "--mask", str(folder / "mails")
        ),
        "dry-run": run("rules", *words, "dry-run", "--since", "2020-01-01"),
    }
    for ticket in tickets[:2]:
        said[f"show {ticket['number']}"] = run("show", *words, ticket["number"])
        said["show json"] = run("show", *words, ticket["number"], "--format", "json")
    leaks = [(name, kind) for name, text in said.items() for kind in leaking(text)]
    assert leaks == []


def test_no_column_holds_a_secret(desk: tuple[list[str], Path, dict[str, str]]) -> None:
    _, folder, _ = desk
    database = open_database(f"sqlite:///{folder / 'intake.db'}")
    leaks, letters = [], []
    try:
        with database.read() as connection:
            for table in METADATA.sorted_tables:
                for row in connection.execute(select(table)).mappings():
                    for column, value in row.items():
                        if table.name == "secret":
                            continue
                        text = str(value)
                        if column == "raw" and value:
                            letters.append(text := letter(value))
                        leaks += [(f"{table.name}.{column}", kind) for kind in leaking(text)]
    finally:
        database.close()
    assert leaks == []
    # The answers quote subjects, so there was something to hide in them.
    assert any("hidden] and more" in text for text in letters)


def test_explain_gives_json_exactly_unless_told(
    desk: tuple[list[str], Path, dict[str, str]],
) -> None:
    words, folder, _ = desk
    path = str(folder / "mails" / "password.text.eml")
    exact = json.loads(run("explain", *words, "--format", "json", path))
    assert "Tramonto-1987" in exact["text"]
    assert "Tramonto-1987" not in json.dumps(exact["triage"])
    assert "Tramonto-1987" in run("explain", *words, "--unmask", path)


def test_showing_a_secret_is_on_record(desk: tuple[list[str], Path, dict[str, str]]) -> None:
    words, folder, _ = desk
    sha256 = json.loads(
        run("explain", *words, "--format", "json", str(folder / "mails" / "password.text.eml"))
    )["sha256"]
    number = next(
        line["ticket"]
        for line in map(json.loads, run("export", *words).splitlines())
        if any(message["sha256"] == sha256 for message in line["messages"])
    )
    assert "--by NAME" in run("show", *words, number, "--unmask", code=1)
    assert "secret-shown" not in run("events", *words, "--limit", "5000")
    shown = json.loads(run("show", *words, number, "--unmask", "--by", "Ana", "--format", "json"))
    assert any("Tramonto-1987" in message["text"] for message in shown["conversation"])
    (event, *_) = [e for e in shown["events"] if e["kind"] == "secret-shown"]
    assert "Ana" in event["text"]
    assert event["data"]["by"] == "Ana"
    assert "--by NAME" in run("unpack", *words, sha256, "--into", str(folder / "a"), code=1)
    run("unpack", *words, sha256, "--into", str(folder / "b"), "--by", "Ben")
    assert b"Tramonto-1987" in (folder / "b" / "original.eml").read_bytes()
    assert "Ben was shown" in run("show", *words, number)


def letter(raw: bytes) -> str:
    """What a composed mail says, headers included."""
    made = message_from_bytes(raw, policy=policy.default)
    parts = [part.get_content() for part in made.walk() if not part.is_multipart()]
    return "\n".join([*(f"{name}: {value}" for name, value in made.items()), *parts])


def leaking(text: str) -> list[str]:
    """The kinds whose secret can be read in `text`, line breaks and blanks aside."""
    plain = "".join(text.split())
    return [kind for kind, (_, secret) in KINDS.items() if "".join(secret.split()) in plain]
