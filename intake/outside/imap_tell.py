"""What the server is told of mails that are safe: a flag, a keyword, a move, a deletion.

Everything here may raise what imapclient raises; `ImapSession.tell` words it.
"""

from __future__ import annotations

from collections.abc import Sequence

from intake.errors import MailboxRefusal
from intake.outside.imap_types import FolderState
from intake.outside.imap_wire import Client
from intake.settings.schema import Mailbox


def tell(
    client: Client,
    capabilities: frozenset[bytes],
    uids: Sequence[int],
    mailbox: Mailbox,
    state: FolderState,
) -> str | None:
    """As `ImapSession.tell`."""
    if mailbox.after == "nothing":
        return None
    if not state.writable:
        raise MailboxRefusal(
            f"The server lets us only read folder {state.name}; mails cannot be marked there."
        )
    if mailbox.after == "flag":
        return _flag(client, uids, "\\Flagged", state)
    if mailbox.after == "keyword":
        return _flag(client, uids, mailbox.keyword, state)
    if mailbox.after == "move":
        return _move(client, capabilities, uids, mailbox.move_to)
    return _delete(client, capabilities, uids)


def _flag(client: Client, uids: Sequence[int], flag: str, state: FolderState) -> str | None:
    client.add_flags(uids, [flag], silent=True)
    allowed = state.permanent_flags
    # RFC 9051 7.1, PERMANENTFLAGS: \* means that new keywords can be made.
    new = b"\\*" if not flag.startswith("\\") else flag.lower().encode()
    if allowed is None or flag.lower().encode() in allowed or new in allowed:
        return None
    return f"The server does not keep {flag} in folder {state.name}."


def _move(
    client: Client, capabilities: frozenset[bytes], uids: Sequence[int], target: str
) -> str | None:
    """RFC 6851; where the server has no MOVE, what it stands for.

    Without MOVE, dying between copy and deletion leaves a second copy in the target folder.
    """
    can_move = b"MOVE" in capabilities
    act = client.move if can_move else client.copy
    try:
        act(uids, target)
    except Client.Error as error:
        # RFC 9051 7.1, TRYCREATE: the folder is not there yet.
        if isinstance(error, Client.AbortError) or "TRYCREATE" not in str(error):
            raise
        client.create_folder(target)
        act(uids, target)
    return None if can_move else _delete(client, capabilities, uids)


def _delete(client: Client, capabilities: frozenset[bytes], uids: Sequence[int]) -> str | None:
    client.add_flags(uids, ["\\Deleted"], silent=True)
    if b"UIDPLUS" not in capabilities:
        # A plain EXPUNGE would take what others marked as deleted along with ours.
        return "The server has no UIDPLUS: mails are only marked as deleted."
    client.uid_expunge(uids)  # RFC 9051 6.4.9
    return None
