"""One folder: what is new becomes blobs, then ledger rows; only then is the server told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from intake.errors import MailboxRefusal
from intake.outside.imap_ranges import UidRange, chunk_uids, count_uids, subtract_ranges
from intake.outside.imap_types import Fetched
from intake.store.ledger import (
    Oversize,
    known_uid_ranges,
    mark_told,
    record_folder_state,
    record_oversize,
    untold,
)
from intake.store.notices import record_notice
from intake.worker.poll import Poll
from intake.worker.receive_keep import Keeper, find_message_id, header_section
from intake.worker.receive_line import Line

# UIDs in one command: ten digits each stay below the 8,000 bytes of RFC 7162 4.
_CHUNK = 500
_PASSES = 5


class FolderPoll:
    """The poll of one folder of one mailbox."""

    def __init__(self, poll: Poll, line: Line, folder: str) -> None:
        self.poll = poll
        self.line = line
        self.folder = folder
        self.state = line.open(folder)
        self._can_tell = True
        self._backlog = 0

    def run(self) -> None:
        """Receives all that is new, then holds the ledger against the server's list.

        Raises MailboxError, StorageError, DatabaseUnavailable, LeaseHeld.
        """
        self._notice_new_numbers()
        self._tell_again()
        tried: list[UidRange] = []
        known = self._known(1)
        left = self._unknown(known)
        # What is known stays known: of a large ledger only its end is read again.
        lowest = left[0][0] if left else 1
        # New mails may arrive all the while; the next poll is soon enough for some of them.
        for _ in range(_PASSES):
            fresh = subtract_ranges(left, tried)
            if not fresh:
                break
            self._receive(fresh)
            tried = left
            left = subtract_ranges(self._unknown(known), self._known(lowest))
        arrived = subtract_ranges(left, tried)
        self._record_state(count_uids(left) - count_uids(arrived))

    def _known(self, lowest: int) -> list[UidRange]:
        with self.poll.database.read() as connection:
            return known_uid_ranges(connection, *self._key, lowest=lowest)

    def _unknown(self, known: Sequence[UidRange]) -> list[UidRange]:
        """What the server lists now beyond `known`."""
        return subtract_ranges(self.line.session.uid_ranges(), known)

    @property
    def _key(self) -> tuple[str, str, int]:
        return self.poll.name, self.folder, self.state.uidvalidity

    def _receive(self, ranges: Sequence[UidRange]) -> None:
        limits = self.poll.settings.limits
        self._backlog = count_uids(ranges)
        with Keeper(self.poll, self.folder, self.state.uidvalidity) as keeper:
            for uids in chunk_uids(ranges, _CHUNK):
                sizes = self.line.sizes(uids)
                large = {uid: s for uid, s in sizes.items() if (s or 0) > limits.mail_bytes}
                self._take_outlines(large)
                small = [(uid, s) for uid, s in sizes.items() if uid not in large]
                for batch in _batches(small, limits.batch_bytes):
                    self._take(keeper, batch)
            self._tell(keeper.settle())

    def _take(self, keeper: Keeper, uids: Sequence[int]) -> None:
        """Fetches a batch while the one before is kept; tells of that one; hands this one on."""
        fetched = self.line.fetch(uids)
        self.poll.step("after-fetch")
        self._tell(keeper.settle())
        limit = self.poll.settings.limits.mail_bytes
        # Some servers only estimate RFC822.SIZE.
        large = [mail for mail in fetched if len(mail.raw) > limit]
        self._record_large([self._outgrown(mail) for mail in large])
        mails = [mail for mail in fetched if len(mail.raw) <= limit]
        if mails:
            keeper.begin(mails, self._backlog)
        self._backlog -= len(uids)

    def _take_outlines(self, large: Mapping[int, int | None]) -> None:
        entries = []
        for uid, size in large.items():
            outline = self.line.outline(uid)
            if outline is not None:
                text = outline.headers.decode("utf-8", "replace").rstrip()
                parts = "\n".join(f"X-Intake-Part: {part}" for part in outline.parts)
                entries.append(self._oversize(uid, size or 0, f"{text}\n{parts}", outline.headers))
        self._record_large(entries)

    def _outgrown(self, mail: Fetched) -> Oversize:
        head = header_section(mail.raw)
        return self._oversize(mail.uid, len(mail.raw), head.decode("utf-8", "replace"), head)

    def _oversize(self, uid: int, size: int, text: str, head: bytes) -> Oversize:
        return Oversize(*self._key, uid, size, self.poll.now(), text, find_message_id(head))

    def _record_large(self, entries: Sequence[Oversize]) -> None:
        """They are shown to staff and stay where they are."""
        if not entries:
            return
        with self.poll.database.write() as connection:
            record_oversize(connection, entries)
            self.poll.hold_on(connection, self._backlog)
        self.poll.tally.too_large += len(entries)

    def _tell(self, uids: Sequence[int]) -> None:
        """What is recorded is told to the server; what it refuses is tried at the next poll."""
        if not uids or not self._can_tell or self.poll.mailbox.after == "nothing":
            return
        self.poll.step("before-flag")
        try:
            notice = self.line.session.tell(uids, self.poll.mailbox, self.state)
        except MailboxRefusal as error:
            self._can_tell = False
            self.poll.tally.refusals[str(error)] = None
            return
        self.poll.step("after-flag")
        if notice:
            self.poll.tally.notices[notice] = None
        self._mark_told(uids)
        self.poll.tally.told += len(uids)

    def _mark_told(self, uids: Sequence[int]) -> None:
        with self.poll.database.write() as connection:
            mark_told(connection, *self._key, uids, self.poll.now())

    def _tell_again(self) -> None:
        """Mails received by a poll that ended before it could tell."""
        while self._can_tell:
            with self.poll.database.read() as connection:
                uids = untold(connection, *self._key, _CHUNK)
            if not uids:
                return
            if self.poll.mailbox.after == "nothing":
                self._mark_told(uids)
            self._tell(uids)

    def _notice_new_numbers(self) -> None:
        before = (self.poll.health.uidvalidity or {}).get(self.folder)
        if before is None or before == self.state.uidvalidity:
            return
        text = (
            f"The server numbered the mails of folder {self.folder} of mailbox {self.poll.name}"
            " anew; all are read again and known ones are recognised by their content."
        )
        self.poll.tally.notices[text] = None
        with self.poll.database.write() as connection:
            record_notice(connection, "folder-renumbered", text, self.poll.now())

    def _record_state(self, missing: int) -> None:
        self.poll.tally.missing += missing
        at = self.poll.now()
        with self.poll.database.write() as connection:
            record_folder_state(connection, *self._key, self.state.uidnext, missing, at)


def _batches(sizes: Sequence[tuple[int, int | None]], limit: int) -> Iterator[list[int]]:
    """UIDs whose mails fit into `limit` bytes together; one of unknown size goes alone."""
    batch: list[int] = []
    total = 0
    for uid, stated in sizes:
        size = limit if stated is None else stated
        if batch and total + size > limit:
            yield batch
            batch, total = [], 0
        batch.append(uid)
        total += size
    if batch:
        yield batch
