"""A real Dovecot of one's own: free ports, a private folder, TLS by trustme, as root or not."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import trustme
from imapclient import IMAPClient

from tests.servers.installed import require

PASSWORD = "s3cret"
USER = "support@exchange.example"

_CONF = """
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{base}/cert.pem
ssl_key = <{base}/key.pem
disable_plaintext_auth = no
auth_mechanisms = {mechanisms}
auth_failure_delay = 0
auth_cache_size = 0
first_valid_uid = 1
first_valid_gid = 1
mail_max_userip_connections = 50
mail_location = maildir:~/Maildir
mail_fsync = never
passdb {{
  driver = passwd-file
  args = {base}/users/%u
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={base}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Processed {{
    auto = create
  }}
}}
service anvil {{
  # Else a wrong password of one test delays all others.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {tls_port}
    ssl = yes
  }}
}}
{rootless}
{extra}
"""

_ROOTLESS = """
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
service imap-login {{
  chroot =
}}
service anvil {{
  chroot =
}}
"""


class Dovecot:
    """One server. `port` speaks plain and STARTTLS, `tls_port` TLS; `ca_file` vouches for it."""

    def __init__(self, base: Path, *, mechanisms: str = "plain login", extra: str = "") -> None:
        self.base = base
        self.port, self.tls_port = free_ports(2)
        self.ca_file = base / "ca.pem"
        self._log_file = base / "dovecot.log"
        self._served = 0
        base.mkdir(parents=True, exist_ok=True)
        # Dovecot's own users must be able to walk down to the folder.
        for folder in (base, *base.parents[:-1]):
            if folder.stat().st_uid == os.getuid():
                folder.chmod(folder.stat().st_mode | 0o711)
        for name in ("run", "state", "mail", "users"):
            (base / name).mkdir(exist_ok=True)
        if os.getuid() == 0:
            user, group, rootless = "mail", "mail", ""
            shutil.chown(base / "mail", user, group)
        else:
            user = pwd.getpwuid(os.getuid()).pw_name
            group = subprocess.check_output(["id", "-gn"], text=True).strip()
            rootless = _ROOTLESS.format(user=user, group=group)
        self._owner = pwd.getpwnam(user)
        self._certificates()
        self.set_password(PASSWORD)
        self._conf = base / "dovecot.conf"
        self._conf.write_text(
            _CONF.format(
                base=base,
                user=user,
                group=group,
                rootless=rootless,
                mechanisms=mechanisms,
                extra=extra,
                port=self.port,
                tls_port=self.tls_port,
            )
        )

    def start(self) -> None:
        """Starts it and waits until it answers."""
        self._dovecot()
        deadline = time.monotonic() + 10
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as probe:
                    probe.settimeout(5)
                    if probe.recv(4) == b"* OK":
                        return
            except OSError:
                if time.monotonic() > deadline:
                    raise RuntimeError(self._log_file.read_text()[-2000:]) from None
            time.sleep(0.02)

    def stop(self) -> None:
        """Stops it; connections are cut. The mails stay, `start()` brings it back."""
        sessions = self._sessions()
        _kill(sessions)
        self._dovecot("stop")
        _kill(sessions)
        deadline = time.monotonic() + 10
        while (self.base / "run" / "master.pid").exists() and time.monotonic() < deadline:
            time.sleep(0.02)

    def cut_sessions(self) -> int:
        """Kills every process that serves a logged-in client; how many there were."""
        sessions = self._sessions()
        _kill(sessions)
        return len(sessions)

    def set_password(self, password: str, user: str = USER) -> None:
        """This password counts for `user`: at once for a new one, for others after a second."""
        (self.base / "users" / user).write_text(f"{user}:{{PLAIN}}{password}\n")

    def deliver(
        self, raws: Iterable[bytes], *, user: str = USER, folder: str = "INBOX", seen: bool = False
    ) -> int:
        """Puts mails into a folder as a delivery agent does, hundreds a second; how many."""
        home = self.base / "mail" / user
        maildir = home / "Maildir" / ("" if folder == "INBOX" else "." + folder)
        for name in ("cur", "new", "tmp"):
            (maildir / name).mkdir(parents=True, exist_ok=True)
        count = 0
        for raw in raws:
            self._served += 1
            count += 1
            name = f"{int(time.time())}.M{self._served:08d}P{os.getpid()}.test,S={len(raw)}"
            place = maildir / "cur" / f"{name}:2,S" if seen else maildir / "new" / name
            place.write_bytes(raw)
        if os.getuid() == 0:
            self._give_away(home)
        return count

    def bump_uidvalidity(
        self, *, user: str = USER, password: str = PASSWORD, folder: str = "INBOX"
    ) -> None:
        """As after a restore from backup: new UIDVALIDITY, every mail under another UID."""
        maildir = self.base / "mail" / user / "Maildir"
        maildir = maildir if folder == "INBOX" else maildir / ("." + folder)
        with self.client(user=user, password=password) as client:
            old = client.select_folder(folder, readonly=True)[b"UIDVALIDITY"]
        self.cut_sessions()
        uidlist = maildir / "dovecot-uidlist"
        header, *lines = uidlist.read_text().splitlines()
        guid = next(word for word in header.split() if word.startswith("G"))
        shifted = [f"{int(line.split(' ', 1)[0]) + 7} {line.split(' ', 1)[1]}" for line in lines]
        uidlist.write_text(
            "\n".join([f"3 V{old + 1} N{len(lines) + 5000} {guid}", *shifted]) + "\n"
        )
        for index in maildir.glob("dovecot.index*"):
            index.unlink()

    @contextmanager
    def client(self, *, user: str = USER, password: str = PASSWORD) -> Iterator[IMAPClient]:
        """Another client of the same mailbox: a member of staff with a mail program."""
        with IMAPClient("127.0.0.1", self.port, ssl=False, timeout=20) as client:
            client.login(user, password)
            yield client

    def log(self) -> str:
        """What it wrote."""
        return self._log_file.read_text()

    def _give_away(self, home: Path) -> None:
        for path in (home, *home.rglob("*")):
            # Dovecot renames and removes files while we look at them.
            with suppress(FileNotFoundError):
                if path.stat().st_uid != self._owner.pw_uid:
                    os.chown(path, self._owner.pw_uid, self._owner.pw_gid)

    def _certificates(self) -> None:
        authority = trustme.CA()
        server = authority.issue_cert("localhost", "127.0.0.1")
        authority.cert_pem.write_to_path(self.ca_file)
        server.private_key_pem.write_to_path(self.base / "key.pem")
        for index, blob in enumerate(server.cert_chain_pems):
            blob.write_to_path(self.base / "cert.pem", append=index > 0)

    def _dovecot(self, *arguments: str) -> None:
        # It keeps inherited output open for ever; a caller that reads it would wait for ever.
        null = subprocess.DEVNULL
        command = [dovecot_program(), "-c", str(self._conf), *arguments]
        subprocess.run(command, stdin=null, stdout=null, stderr=null, check=False, timeout=20)

    def _sessions(self) -> list[int]:
        return [pid for pid, name in self._children() if name in ("imap", "imap-login")]

    def _children(self) -> Iterator[tuple[int, str]]:
        master = int((self.base / "run" / "master.pid").read_text())
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                text = stat.read_text()
            except OSError:
                continue
            name = text[text.index("(") + 1 : text.rindex(")")]
            if int(text[text.rindex(")") + 2 :].split()[1]) == master:
                yield int(stat.parent.name), name


def _kill(processes: list[int]) -> None:
    for pid in processes:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def dovecot_program() -> str:
    """Its path; the calling test is skipped (in CI: fails) where it is not installed."""
    return require("dovecot", apt="dovecot-imapd")


def free_ports(count: int) -> list[int]:
    """Ports of the loopback that nobody uses at the moment."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


@contextmanager
def running_dovecot(
    base: Path | None = None, *, mechanisms: str = "plain login", extra: str = ""
) -> Iterator[Dovecot]:
    """A started server, stopped at the end.

    Without `base` in a folder of its own: pytest's are too deep for the paths of its sockets, and
    another run closes them to Dovecot's users.
    """
    dovecot_program()
    with tempfile.TemporaryDirectory(prefix="imap-") as folder:
        server = Dovecot(base or Path(folder) / "server", mechanisms=mechanisms, extra=extra)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def tls_context(server: Dovecot) -> ssl.SSLContext:
    """What a client needs to trust it."""
    return ssl.create_default_context(cafile=str(server.ca_file))
