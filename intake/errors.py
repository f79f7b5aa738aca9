"""Every error Intake raises on purpose, and the state each one puts a mail in.

IntakeError
├── ConfigError           file, key, what was expected, the nearest right name
│   └── UnreadableList       a customer list: not UTF-8, no header, not there
├── TemplateError         file, line, variable, the nearest right name
├── BudgetExceeded        one mail asked for too much        -> mail: quarantined
├── UnreadableMail        the parser gave up or was killed    -> mail: quarantined
├── ParserUnavailable     the process that reads mails does not start -> mail stays received
├── UnreadablePicture     an image cannot be opened; the mail goes on without its words
├── OcrUnavailable        nobody here reads the words in pictures; they wait, the mails go on
├── ScannerUnavailable    the virus scanner does not answer; its files wait, the mails go on
├── StorageError          disk full, folder read-only         -> mail stays on the server
│   └── BlobMissing       the bytes are not where they were   -> mail: quarantined
├── DatabaseUnavailable   gone, read-only, full: retried      -> mail stays received
│   └── DirectoryUnavailable the company's own user table: mail stays received, nobody is unknown
├── StaleFacts            the world moved between gather and record: gather again
├── LeaseHeld             another daemon or poll is at work
├── MailboxError          one mailbox, retried with backoff
│   ├── MailboxUnreachable   network, TLS, timeout, BYE, nonsense
│   ├── MailboxThrottled     the server asked us to slow down
│   ├── MailboxRefusal       NO to one command; the connection is fine
│   └── LoginRefused         wrong password or token: long pauses, never hammered
├── SecretUnavailable     environment variable, file or command gave nothing
├── DeliveryError         one outgoing mail
│   ├── DeliveryDeferred     4xx, timeout, connection lost    -> outbox: retrying
│   └── DeliveryRefused      5xx                              -> outbox: failed
├── ActRefused            a person asked for what would do harm; nothing was changed
└── NotFound              no such ticket, mail or mailbox
"""

from __future__ import annotations


class IntakeError(Exception):
    """Base of all; `advice` says in plain words what a person can do about it."""

    advice: str = ""

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message)
        if advice:
            self.advice = advice


class ConfigError(IntakeError):
    """A file of config/ or an override cannot be used; the message names file and key."""

    advice = "Correct the key and run `intake config check`."


class UnreadableList(ConfigError):
    """A list of customers cannot be read as a whole; the message names file and line."""

    advice = "Nothing of the list was taken."


class TemplateError(IntakeError):
    """A reply template cannot be read or rendered; the message names file, line and variable."""

    advice = "Correct the template; until then the built-in minimal text is sent."


class BudgetExceeded(IntakeError):
    """A mail has more parts, depth, headers, bytes, time or memory than one mail may have."""

    advice = "Look at it with `intake quarantine show`; raise limits.* only if it is wanted mail."


class UnreadableMail(IntakeError):
    """The parser raised or died on this mail; its bytes are safe."""

    advice = "Export it with `intake quarantine export` and report it."


class ParserUnavailable(IntakeError):
    """No mail can be read at the moment, whatever is in it; work waits and is tried again."""

    advice = "Check free memory, the limits on processes, and that Intake is installed whole."


class UnreadablePicture(IntakeError):
    """An image is damaged, too large or of a type nobody opens here; its bytes are safe."""


class OcrUnavailable(IntakeError):
    """The optional part that reads words in pictures is not installed, or not whole."""

    advice = "pip install intake-desk[ocr], or set reading.enabled = false."


class ScannerUnavailable(IntakeError):
    """ClamAV is away, slow, or says what is not its protocol; files are asked about again."""

    advice = "Check clamav.socket and that clamd runs; or leave clamav.socket empty."


class StorageError(IntakeError):
    """Bytes could not be made durable; the mail stays on the server and is fetched again."""

    advice = "Check free space and permissions of storage.dir."


class BlobMissing(StorageError):
    """The database names bytes that the storage folder does not hold."""

    advice = "Restore the storage folder from a backup."


class DatabaseUnavailable(IntakeError):
    """The database cannot be reached or written; work waits and is tried again."""

    advice = "Check database.url, that the server runs, and free space."


class DirectoryUnavailable(DatabaseUnavailable):
    """The customer directory elsewhere does not answer; its mails wait, none is called unknown."""

    advice = "Check [directory]: its server, view or query, and what its user may read."


class StaleFacts(IntakeError):
    """Something that the decision relied on changed before it was recorded; gather again."""


class LeaseHeld(IntakeError):
    """Another process does this work at the moment."""

    advice = "Stop the other `intake run`, or start this one with --wait to take turns."


class MailboxError(IntakeError):
    """One mailbox cannot be polled now; the others go on."""


class MailboxUnreachable(MailboxError):
    """Connection refused or lost, TLS failure, time-out, BYE, or an answer that is not IMAP."""

    advice = "Check host, port and security of the mailbox, and that the server is up."


class MailboxThrottled(MailboxError):
    """The server asked for fewer or slower connections."""

    advice = "Poll less often (schedule.poll_interval_seconds)."


class MailboxRefusal(MailboxError):
    """The server said NO or BAD to one command; the rest of the poll goes on."""

    advice = "Check the folder names of the mailbox and what its user may do there."


class LoginRefused(MailboxError):
    """The server does not take the password or token."""

    advice = "Check user name and secret; the account is left alone for a while, not hammered."


class SecretUnavailable(IntakeError):
    """The place a secret should come from gave none; the message names the place, never a value."""

    advice = "Set the environment variable, file or command that the key names."


class DeliveryError(IntakeError):
    """One outgoing mail was not taken; if `server_wide`, any other would fare the same now."""

    def __init__(
        self,
        message: str,
        *,
        smtp_code: int | None = None,
        server_wide: bool = False,
        advice: str = "",
    ) -> None:
        super().__init__(message, advice=advice)
        self.smtp_code = smtp_code
        self.server_wide = server_wide


class DeliveryDeferred(DeliveryError):
    """RFC 5321 4yz, time-out or lost connection: tried again with backoff."""


class DeliveryRefused(DeliveryError):
    """RFC 5321 5yz: will not be tried again."""


class ActRefused(IntakeError):
    """Something a person asked for that would do harm or cannot be done; nothing was changed."""


class NotFound(IntakeError):
    """What was asked for by name does not exist."""
