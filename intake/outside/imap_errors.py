"""What goes wrong with an IMAP server, in our own errors and in words for the operator."""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from intake.errors import (
    IntakeError,
    LoginRefused,
    MailboxError,
    MailboxRefusal,
    MailboxThrottled,
    MailboxUnreachable,
)

# RFC 5530 3 (LIMIT, INUSE) and the words that large providers use instead of codes.
_SLOW_DOWN = re.compile(
    r"\[(LIMIT|THROTTLED|INUSE)\]|too many|throttl|rate.?limit|bandwidth|simultaneous connections"
    r"|slow down",
    re.IGNORECASE,
)
# RFC 5530 3: the account may be all right, the server is not.
_NOT_NOW = re.compile(
    r"\[(UNAVAILABLE|SERVERBUG|CONTACTADMIN)\]|temporar|try again|internal error|BYE", re.IGNORECASE
)
# How imapclient and imaplib word a tagged NO and a tagged BAD.
_TAGGED = re.compile(r" failed: |command error: BAD")
_BYTES = re.compile(r"\bb(['\"])(.*?)\1")
_SHOWN_CHARACTERS = 300

# The libraries meet an answer that is not IMAP with whatever their code stumbles over.
_STUMBLES = (ValueError, TypeError, LookupError, AttributeError, RecursionError)


class AnswerUnreadable(MailboxUnreachable):
    """A whole answer came and makes no sense; the connection can still be used."""


@contextmanager
def plain_words(doing: str) -> Iterator[None]:
    """Turns everything that talking to a server may raise into a MailboxError.

    `doing` completes the sentence "... while <doing>".
    """
    try:
        yield
    except IntakeError:
        raise
    except (imaplib.IMAP4.error, OSError, EOFError, *_STUMBLES) as error:
        raise _translate(error, doing) from error


@contextmanager
def plain_words_of_login(user: str) -> Iterator[None]:
    """Like `plain_words`, telling a refused password from a server that is not well."""
    try:
        yield
    except IntakeError:
        raise
    except (OSError, EOFError, *_STUMBLES) as error:
        raise _translate(error, "logging in") from error
    except imaplib.IMAP4.error as error:
        # imapclient wraps a lost connection in the same class as a refused password.
        if isinstance(error.__context__, OSError | imaplib.IMAP4.abort):
            raise _translate(error.__context__, "logging in") from error
        raise _refused(error, user) from error


def _refused(error: Exception, user: str) -> MailboxError:
    words = _shown(error)
    if _SLOW_DOWN.search(words):
        return MailboxThrottled(f"The server asks for fewer or slower logins: {words}")
    if _NOT_NOW.search(words):
        return MailboxUnreachable(f"The server cannot check logins at the moment: {words}")
    return LoginRefused(f"The server refused the login of {user}: {words}")


def _translate(error: BaseException, doing: str) -> MailboxError:
    words = _shown(error)
    if isinstance(error, OSError):
        return _network(error, doing)
    if _SLOW_DOWN.search(words):
        return MailboxThrottled(f"The server asks us to slow down: {words}")
    if isinstance(error, imaplib.IMAP4.abort | EOFError):
        return MailboxUnreachable(f"The connection ended while {doing}: {words}")
    if isinstance(error, imaplib.IMAP4.readonly):
        return MailboxRefusal(f"The server lets us only read, while {doing}: {words}")
    if isinstance(error, imaplib.IMAP4.error) and _TAGGED.search(words):
        return MailboxRefusal(f"The server refused {doing}: {words}")
    return AnswerUnreadable(f"The server's answer makes no sense while {doing}: {words}")


def _network(error: OSError, doing: str) -> MailboxUnreachable:
    if isinstance(error, FileNotFoundError):
        return MailboxUnreachable("The file that ca_file names is not there.")
    if isinstance(error, ssl.SSLCertVerificationError):
        return MailboxUnreachable(
            f"The server's certificate is not trusted: {error.verify_message}",
            advice="Set `host` to the name in the certificate; for a private authority `ca_file`.",
        )
    if isinstance(error, ssl.SSLError):
        return MailboxUnreachable(
            f"No TLS connection while {doing}: {error.reason or error}",
            advice="Check `security` and `port`: 993 goes with tls, 143 with starttls.",
        )
    if isinstance(error, TimeoutError):
        return MailboxUnreachable(f"The server was too slow while {doing}: {_shown(error)}")
    if isinstance(error, socket.gaierror):
        return MailboxUnreachable(f"The host name cannot be resolved: {error.strerror}")
    if isinstance(error, ConnectionRefusedError):
        return MailboxUnreachable(f"Nobody listens there (connection refused while {doing})")
    return MailboxUnreachable(f"The network failed while {doing}: {_shown(error)}")


def _shown(error: BaseException) -> str:
    """The library's words without the marks of Python's bytes, on one line and not too long."""
    text = _BYTES.sub(r"\2", str(error)) or type(error).__name__
    return " ".join(text.split())[:_SHOWN_CHARACTERS]
