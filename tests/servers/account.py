"""One login of a test's own on the Dovecot that all tests of a run share."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any

from imapclient import IMAPClient

from intake.settings.schema import Mailbox
from intake.settings.section import SecretSource
from tests.servers.dovecot import Dovecot

_NUMBERS = itertools.count(1)


class Account:
    """An empty mailbox. What Dovecot does for a user it does here for this one."""

    def __init__(self, server: Dovecot, *, password: str = "s3cret") -> None:
        self.server = server
        self.user = f"desk{next(_NUMBERS)}@exchange.example"
        self.change_password(password)

    def change_password(self, password: str) -> None:
        self.password = password
        self.server.set_password(password, self.user)
        self.secret_file = self.server.base / f"{self.user}.secret"
        self.secret_file.write_text(password + "\n")

    def mailbox(self, **changes: Any) -> Mailbox:
        """The settings that reach it: plain on loopback unless `changes` say otherwise."""
        usual: dict[str, Any] = {
            "host": "localhost",
            "port": self.server.port,
            "security": "plain",
            "ca_file": str(self.server.ca_file),
            "username": self.user,
            "password": SecretSource(file=str(self.secret_file)),
        }
        return Mailbox(**(usual | changes))

    def deliver(self, *raws: bytes, folder: str = "INBOX", seen: bool = False) -> None:
        self.server.deliver(raws, user=self.user, folder=folder, seen=seen)

    def deliver_all(self, raws: Iterable[bytes]) -> None:
        self.server.deliver(raws, user=self.user)

    def client(self) -> AbstractContextManager[IMAPClient]:
        """A member of staff with a mail program."""
        return self.server.client(user=self.user, password=self.password)

    def flags(self, folder: str = "INBOX") -> dict[int, set[bytes]]:
        """The flags of every mail by UID, without \\Recent."""
        with self.client() as client:
            client.select_folder(folder, readonly=True)
            found = client.get_flags(client.search())
        return {uid: set(flags) - {b"\\Recent"} for uid, flags in found.items()}

    def subjects(self, folder: str = "INBOX") -> list[str]:
        """The subjects in a folder, in the order of UIDs."""
        with self.client() as client:
            client.select_folder(folder, readonly=True)
            found = client.fetch(client.search(), ["ENVELOPE"])
        return [found[uid][b"ENVELOPE"].subject.decode() for uid in sorted(found)]

    def bump_uidvalidity(self, folder: str = "INBOX") -> None:
        self.server.bump_uidvalidity(user=self.user, password=self.password, folder=folder)


def letter(subject: str, *, size_bytes: int = 400, sender: str = "chen@customer.example") -> bytes:
    """A mail of about that size, different for each subject."""
    head = (
        f"From: Chen Wei <{sender}>\r\nTo: support@exchange.example\r\nSubject: {subject}\r\n"
        f"Date: Mon, 23 Nov 2026 10:00:00 +0000\r\n"
        f"Message-ID: <{subject.replace(' ', '-')}@customer.example>\r\n\r\n"
    ).encode()
    line = f"About {subject}: when will it arrive?\r\n".encode()
    return head + line * max(1, (size_bytes - len(head)) // len(line))
