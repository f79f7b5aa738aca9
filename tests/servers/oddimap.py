"""A small IMAP server that misbehaves where a test wants it to, and nowhere else."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

CAPABILITIES = "IMAP4rev1 AUTH=PLAIN UIDPLUS MOVE ESEARCH"


class HangUp(Exception):
    """Raised by a behaviour to close the connection."""


@dataclass
class Talk:
    """One connection; `tag` and `line` are the command in hand."""

    server: OddImap
    sock: socket.socket
    tag: str = ""
    line: str = ""

    def send(self, data: bytes | str) -> None:
        self.sock.sendall(data.encode() if isinstance(data, str) else data)

    def say(self, text: str) -> None:
        self.send(f"* {text}\r\n")

    def done(self, text: str = "OK done") -> None:
        self.send(f"{self.tag} {text}\r\n")


Behaviour = Callable[[Talk], None]


@dataclass
class OddImap:
    """Serves `mails` by UID from one folder. `odd` replaces the answer to every command that
    starts with a key ("UID FETCH 3 (INTERNALDATE" ...) or the "greeting"; the longest key wins.
    """

    mails: dict[int, bytes] = field(default_factory=dict)
    odd: Mapping[str, Behaviour] = field(default_factory=dict)
    capabilities: str = CAPABILITIES
    uidvalidity: int = 7
    seen_commands: list[str] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    def serve(self, sock: socket.socket) -> None:
        talk = Talk(self, sock)
        self.connections += 1
        with suppress(HangUp, OSError, ValueError), sock, sock.makefile("rb") as lines:
            self.odd.get("greeting", lambda t: t.say("OK odd"))(talk)
            for raw in lines:
                talk.tag, _, talk.line = raw.decode().strip().partition(" ")
                self.seen_commands.append(talk.line)
                keys = [key for key in self.odd if talk.line.startswith(key)]
                if keys:
                    self.odd[max(keys, key=len)](talk)
                else:
                    self._answer(talk, lines.readline)

    def _answer(self, talk: Talk, more: Callable[[], bytes]) -> None:
        command = talk.line.upper()
        if command.startswith("CAPABILITY"):
            talk.say(f"CAPABILITY {self.capabilities}")
        elif command.startswith("AUTHENTICATE"):
            talk.send("+ \r\n")
            more()
        elif command.startswith(("SELECT", "EXAMINE")):
            talk.say(f"{len(self.mails)} EXISTS")
            talk.say(f"OK [UIDVALIDITY {self.uidvalidity}] here")
            talk.say("OK [PERMANENTFLAGS (\\Flagged \\*)] here")
        elif command.startswith("UID SEARCH"):
            found = ",".join(str(uid) for uid in self.mails)
            talk.say(f'ESEARCH (TAG "{talk.tag}") UID' + (f" ALL {found}" if found else ""))
        elif command.startswith("UID FETCH"):
            for uid in _uids(talk.line):
                self._give(talk, uid, "SIZE" in command)
        elif command.startswith("LOGOUT"):
            talk.say("BYE see you")
        talk.done()

    def _give(self, talk: Talk, uid: int, size_only: bool) -> None:
        if uid not in self.mails:
            return
        raw = self.mails[uid]
        number = list(self.mails).index(uid) + 1
        if size_only:
            talk.say(f"{number} FETCH (UID {uid} RFC822.SIZE {len(raw)})")
            return
        date = "23-Nov-2026 10:00:00 +0000"
        talk.send(f'* {number} FETCH (UID {uid} INTERNALDATE "{date}" BODY[] {{{len(raw)}}}\r\n')
        talk.send(raw)
        talk.send(")\r\n")


@contextmanager
def running(server: OddImap) -> Iterator[OddImap]:
    """It listens on `server.port` of the loopback until the end."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server.port = listener.getsockname()[1]
        open_ones: list[socket.socket] = []

        def accept() -> None:
            with suppress(OSError):
                while True:
                    sock, _ = listener.accept()
                    open_ones.append(sock)
                    threading.Thread(target=server.serve, args=(sock,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield server
        finally:
            # Closing alone would leave accept() waiting.
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            for sock in open_ones:
                with suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
                sock.close()


def hang_up(_talk: Talk) -> None:
    """The connection ends without a word."""
    raise HangUp


def refuse(text: str) -> Behaviour:
    """A tagged answer in place of the usual one."""
    return lambda talk: talk.done(text)


def _uids(line: str) -> list[int]:
    match = re.match(r"UID FETCH ([\d,]+) ", line, re.IGNORECASE)
    return [int(uid) for uid in match.group(1).split(",")] if match else []
