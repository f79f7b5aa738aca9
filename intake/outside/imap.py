"""One logged-in connection to one IMAP server: list, fetch without a trace, tell.

imapclient speaks; `imap_wire` bounds time and memory under it; `imap_errors` words what goes
wrong. A session belongs to one thread.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from intake.errors import MailboxError, MailboxRefusal, MailboxUnreachable
from intake.outside.credentials import Secret
from intake.outside.imap_errors import plain_words
from intake.outside.imap_login import log_in
from intake.outside.imap_ranges import UidRange, merge_ranges, parse_sequence_set
from intake.outside.imap_structure import render_parts
from intake.outside.imap_tell import tell
from intake.outside.imap_types import Fetched, FolderState, Outline
from intake.outside.imap_wire import Client, Wire
from intake.settings.schema import Limits, Mailbox, Schedule

# So many UIDs of ten digits stay well below the longest line the connection takes.
_WINDOW = 50_000
_HEADER_BYTES = 65_536
_ESEARCH_ALL = re.compile(rb"(?:^|\s)ALL\s+([\d:,]+)", re.IGNORECASE)


def connect(mailbox: Mailbox, schedule: Schedule, limits: Limits, secret: Secret) -> ImapSession:
    """Connects and logs in. Raises MailboxUnreachable, MailboxThrottled, LoginRefused."""
    place = f"connecting to {mailbox.host}:{mailbox.port}"
    with plain_words(place):
        tls = None
        if mailbox.security != "plain":
            tls = ssl.create_default_context(cafile=mailbox.ca_file)
        wire = Wire(
            mailbox.host,
            mailbox.port,
            tls=tls if mailbox.security == "tls" else None,
            loopback_only=mailbox.security == "plain",
            connect_seconds=schedule.connect_timeout_seconds,
            read_seconds=schedule.read_timeout_seconds,
            answer_limit=2 * limits.mail_bytes + 2 * limits.batch_bytes + 1_000_000,
        )
        client = Client(wire, tls=mailbox.security == "tls")
    session = ImapSession(client)
    try:
        if mailbox.security == "starttls":
            _start_tls(client, tls)
        log_in(client, mailbox, secret)
        with plain_words("asking what the server can do"):
            session.capabilities = frozenset(word.upper() for word in client.capabilities())
    except BaseException:
        session.close()
        raise
    return session


def _start_tls(client: Client, tls: ssl.SSLContext | None) -> None:
    # RFC 9051 11.1: nothing secret before TLS; a server that offers none is not spoken to.
    if "STARTTLS" not in client.wire.capabilities:
        raise MailboxUnreachable(
            "The server offers no STARTTLS on this port.",
            advice='Set security to "tls" and port to 993.',
        )
    with plain_words("starting TLS"):
        client.starttls(tls)


class ImapSession:
    """Made by `connect`. Every method raises a MailboxError and nothing else.

    After MailboxRefusal the session goes on; after any other error only `close` makes sense.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self.capabilities: frozenset[bytes] = frozenset()

    def folder_open(self, name: str, *, writable: bool = False) -> FolderState:
        """Opens a folder; with EXAMINE unless `writable`, so that not even \\Recent changes.

        A folder that the server gives for reading only is opened as such.
        """
        with plain_words(f"opening folder {name}"):
            try:
                answer = self._client.select_folder(name, readonly=not writable)
            except Client.ReadOnlyError:
                answer, writable = self._client.select_folder(name, readonly=True), False
            self._exists = int(answer.get(b"EXISTS", 0))
            uidvalidity = answer.get(b"UIDVALIDITY", 0)
            permanent = answer.get(b"PERMANENTFLAGS")
        if not isinstance(uidvalidity, int) or uidvalidity < 1:
            raise MailboxRefusal(f"The server gives no UIDVALIDITY for folder {name}.")
        uidnext = answer.get(b"UIDNEXT")
        return FolderState(
            name,
            uidvalidity,
            uidnext if isinstance(uidnext, int) else None,
            self._exists,
            writable,
            None if permanent is None else frozenset(flag.lower() for flag in permanent),
        )

    def uid_ranges(self) -> list[UidRange]:
        """The UIDs of every mail in the open folder, those that arrived by now included."""
        wire = self._client.wire
        found: list[UidRange] = []
        with plain_words("listing the mails"):
            self._client.noop()
            wire.response("EXPUNGE")
            news = wire.response("EXISTS")[1][-1]
            self._exists = int(news) if news else self._exists
            if self._exists <= _WINDOW:
                return self._search("ALL")
            for first in range(1, self._exists + 1, _WINDOW):
                last = first + _WINDOW - 1
                found += self._search(f"{first}:{last if last < self._exists else '*'}")
            return merge_ranges(found)

    def _search(self, which: str) -> list[UidRange]:
        """The UIDs of all mails, or of some by sequence number."""
        wire = self._client.wire
        if b"ESEARCH" in self.capabilities:
            # RFC 4731 3.1: the answer is a few ranges, however large the folder is.
            _checked(*wire.uid("SEARCH", "RETURN", "(ALL)", which))
            answer = wire.response("ESEARCH")[1][-1]
            if answer is not None:
                match = _ESEARCH_ALL.search(answer)
                return parse_sequence_set(match.group(1)) if match else []
        data = _checked(*wire.uid("SEARCH", which))
        return merge_ranges((int(uid), int(uid)) for line in data if line for uid in line.split())

    def sizes(self, uids: Sequence[int]) -> dict[int, int | None]:
        """RFC822.SIZE in bytes; None where the server does not know; mails gone are left out."""
        with plain_words("asking for sizes"):
            answer = self._client.fetch(uids, ["RFC822.SIZE"])
        found: dict[int, int | None] = {}
        for uid, items in answer.items():
            size = items.get(b"RFC822.SIZE")
            found[uid] = size if isinstance(size, int) else None
        return found

    def fetch_bodies(self, uids: Sequence[int]) -> Iterator[Fetched]:
        """Whole mails, without setting \\Seen (RFC 9051 6.4.5, BODY.PEEK).

        All of them are in memory at once. A mail that is gone is left out, and so is one for
        which the server gives nothing.
        """
        with plain_words("fetching mails"):
            answer = self._client.fetch(uids, ["INTERNALDATE", "BODY.PEEK[]"])
        for uid in uids:
            items = answer.pop(uid, {})
            raw = items.get(b"BODY[]")
            if isinstance(raw, bytes) and raw:
                yield Fetched(uid, raw, _date(items))

    def fetch_outline(self, uid: int) -> Outline | None:
        """Headers (the first 64 KiB) and parts of one mail; None when it is gone."""
        header = f"BODY.PEEK[HEADER]<0.{_HEADER_BYTES}>"
        with plain_words("fetching the headers of a large mail"):
            try:
                answer = self._client.fetch([uid], ["INTERNALDATE", header, "BODYSTRUCTURE"])
            except (ValueError, TypeError, LookupError, RecursionError, Client.Error):
                answer = self._client.fetch([uid], ["INTERNALDATE", header])
        items = answer.get(uid)
        if items is None:
            return None
        headers = next((v for k, v in items.items() if k.startswith(b"BODY[HEADER]")), None)
        parts = tuple(render_parts(items.get(b"BODYSTRUCTURE")))
        return Outline(uid, headers if isinstance(headers, bytes) else b"", parts, _date(items))

    def tell(self, uids: Sequence[int], mailbox: Mailbox, state: FolderState) -> str | None:
        """Does with these mails of the open folder what `mailbox.after` says.

        What could be done only in part is returned as a sentence for the operator. Raises
        MailboxRefusal where the server would not do it.
        """
        with plain_words(f"telling the server that mails of {state.name} were received"):
            return tell(self._client, self.capabilities, uids, mailbox, state)

    def logout(self) -> None:
        """Says goodbye where the server still listens, and closes."""
        with suppress(MailboxError), plain_words("logging out"):
            self._client.wire.logout()
        self.close()

    def close(self) -> None:
        """Closes without a word."""
        with suppress(MailboxError), plain_words("closing"):
            self._client.shutdown()


def _checked(status: str, data: list[Any]) -> list[Any]:
    """The data of a command that went well."""
    if status != "OK":
        # Worded as imapclient words it, for imap_errors to know it.
        raise Client.Error(f"SEARCH failed: {data[0]}")
    return data


def _date(items: dict[bytes, Any]) -> datetime | None:
    """INTERNALDATE in UTC; None where the server gives nonsense."""
    value = items.get(b"INTERNALDATE")
    try:
        return value.astimezone(UTC) if isinstance(value, datetime) else None
    except (OverflowError, ValueError):
        return None
