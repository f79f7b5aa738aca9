"""The connection of one poll, which outlives a mail that makes the server stumble."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from intake.errors import MailboxRefusal, MailboxUnreachable
from intake.outside.imap import ImapSession
from intake.outside.imap_errors import AnswerUnreadable
from intake.outside.imap_types import Fetched, FolderState, Outline

_RECONNECTS = 4


class Line:
    """Fetches in batches. Where a batch fails its mails are asked for one by one, so that one
    mail that a server cannot give never stands before all others.
    """

    def __init__(self, connect: Callable[[], ImapSession], *, writable: bool) -> None:
        self._connect = connect
        self._writable = writable
        self._reconnects = _RECONNECTS
        self._state: FolderState | None = None
        self.session = connect()

    def open(self, folder: str) -> FolderState:
        """Opens a folder. Raises MailboxError."""
        self._state = self.session.folder_open(folder, writable=self._writable)
        return self._state

    def sizes(self, uids: Sequence[int]) -> dict[int, int | None]:
        """Sizes in bytes; None for all where the server could not answer for one of them."""
        try:
            return self.session.sizes(uids)
        except (MailboxRefusal, AnswerUnreadable):
            return dict.fromkeys(uids)

    def fetch(self, uids: Sequence[int]) -> list[Fetched]:
        """Whole mails. One that cannot be had is left out, after a new connection if need be.

        Raises MailboxError where the connection is lost and does not come back.
        """
        mails: list[Fetched] = []
        try:
            mails = list(self.session.fetch_bodies(uids))
        except (MailboxRefusal, AnswerUnreadable):
            pass
        except MailboxUnreachable as error:
            self._reopen(error)
        got = {mail.uid for mail in mails}
        return mails + [mail for uid in uids if uid not in got for mail in self._fetch_one(uid)]

    def _fetch_one(self, uid: int) -> list[Fetched]:
        try:
            return list(self.session.fetch_bodies([uid]))
        except (MailboxRefusal, AnswerUnreadable):
            pass
        except MailboxUnreachable as error:
            self._reopen(error)
        return []

    def outline(self, uid: int) -> Outline | None:
        """Headers and parts; None where they cannot be had."""
        try:
            return self.session.fetch_outline(uid)
        except (MailboxRefusal, AnswerUnreadable):
            return None

    def __enter__(self) -> Line:
        return self

    def __exit__(self, _kind: object, error: object, _trace: object) -> None:
        # A server in trouble is not waited for once more.
        if error is None:
            self.session.logout()
        else:
            self.session.close()

    def _reopen(self, error: MailboxUnreachable) -> None:
        """A new connection to the same folder. Raises `error` when it has happened too often."""
        self.session.close()
        if self._reconnects == 0 or self._state is None:
            raise error
        self._reconnects -= 1
        before = self._state
        self.session = self._connect()
        if self.open(before.name).uidvalidity != before.uidvalidity:
            raise MailboxUnreachable(f"Folder {before.name} was renumbered while it was read.")
