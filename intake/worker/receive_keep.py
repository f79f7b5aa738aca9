"""Making fetched mails ours: blobs on the disk, ledger and queue rows, one commit a batch."""

from __future__ import annotations

import re
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from intake.errors import MailboxError
from intake.outside.imap_types import Fetched
from intake.store.ledger import Received, mark_told, record_received
from intake.worker.poll import Poll

_HEADER_BYTES = 65_536
_MESSAGE_ID = re.compile(rb"^message-id:\s*<?([^<>\s]+)", re.IGNORECASE | re.MULTILINE)


class Keeper:
    """Keeps batches of one folder in a thread of its own: the disk works while the next batch is
    fetched. One batch at a time; leaving the `with` waits for the last one.
    """

    def __init__(self, poll: Poll, folder: str, uidvalidity: int) -> None:
        self._poll = poll
        self._key = (poll.name, folder, uidvalidity)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="keep")
        self._pending: Future[None] | None = None
        self._uids: list[int] = []

    def __enter__(self) -> Keeper:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        try:
            # A lost connection must not hide that a batch could not be kept.
            if error is None or isinstance(error, MailboxError):
                self.settle()
        finally:
            self._thread.shutdown()

    def begin(self, mails: Sequence[Fetched], backlog: int) -> None:
        """Starts to keep a batch; the one before must be settled. `backlog` is for status."""
        self._uids = [mail.uid for mail in mails]
        self._pending = self._thread.submit(self._keep, mails, backlog)

    def settle(self) -> list[int]:
        """Waits; the UIDs that are safe now and of which the server may be told.

        Raises StorageError, DatabaseUnavailable, LeaseHeld: then nothing of the batch is recorded.
        """
        if self._pending is None:
            return []
        pending, self._pending = self._pending, None
        pending.result()
        self._poll.step("after-receive-commit")
        return self._uids

    def _keep(self, mails: Sequence[Fetched], backlog: int) -> None:
        poll = self._poll
        names = poll.blobs.put_many([mail.raw for mail in mails])
        poll.step("after-blob")
        at = poll.now()
        entries = [
            Received(
                *self._key,
                mail.uid,
                sha256,
                len(mail.raw),
                at,
                find_message_id(mail.raw),
                mail.internal_date,
            )
            for mail, sha256 in zip(mails, names, strict=True)
        ]
        with poll.database.write() as connection:
            new = record_received(connection, entries)
            if poll.mailbox.after == "nothing":
                mark_told(connection, *self._key, [entry.uid for entry in entries], at)
            poll.hold_on(connection, backlog)
            poll.step("before-receive-commit")
        poll.tally.new += len(new)
        poll.tally.known += len(entries) - len(new)
        poll.tally.size_bytes += sum(entry.size_bytes for entry in entries)


def header_section(raw: bytes) -> bytes:
    """The header section, or as much of it as may be looked at."""
    head = raw[:_HEADER_BYTES]
    ends = [at for at in (head.find(b"\r\n\r\n"), head.find(b"\n\n")) if at >= 0]
    return head[: min(ends)] if ends else head


def find_message_id(raw: bytes) -> str | None:
    """The first Message-ID without brackets, read without parsing the mail."""
    match = _MESSAGE_ID.search(header_section(raw))
    return match.group(1).decode("utf-8", "replace") if match else None
