"""Logging in: password (any characters), XOAUTH2, OAUTHBEARER."""

from __future__ import annotations

from collections.abc import Callable

from intake.errors import LoginRefused
from intake.outside.credentials import Secret
from intake.outside.imap_errors import plain_words, plain_words_of_login
from intake.outside.imap_wire import Client
from intake.settings.schema import Mailbox


def log_in(client: Client, mailbox: Mailbox, secret: Secret) -> None:
    """Raises LoginRefused, or MailboxUnreachable and MailboxThrottled where it is not our fault."""
    if client.wire.state != "NONAUTH":
        return  # RFC 9051 7.1.4: PREAUTH, the server knows us by other means
    with plain_words("asking what the server can do"):
        capabilities = frozenset(word.upper() for word in client.capabilities())
    user = mailbox.username
    with plain_words_of_login(user):
        if mailbox.auth == "xoauth2":
            bearer = f"user={user}\1auth=Bearer {secret.value}\1\1"
            client.sasl_login("XOAUTH2", _once(bearer))
        elif mailbox.auth == "oauthbearer":
            client.sasl_login("OAUTHBEARER", _once(_oauthbearer(mailbox, secret), then=b"\1"))
        elif b"AUTH=PLAIN" in capabilities:
            # RFC 4616: UTF-8, so every password can be said; LOGIN can say ASCII only.
            client.sasl_login("PLAIN", _once(f"\0{user}\0{secret.value}"))
        elif not (user + secret.value).isascii():
            raise LoginRefused(
                "The server takes only plain ASCII letters in user names and passwords.",
                advice="Set a password without accents or other scripts.",
            )
        elif b"LOGINDISABLED" in capabilities:
            raise LoginRefused(
                "The server takes no passwords on this connection.",
                advice='Set security to "tls" or "starttls", or auth to "xoauth2".',
            )
        else:
            client.login(_quoted(user), secret.value)


def _oauthbearer(mailbox: Mailbox, secret: Secret) -> str:
    # RFC 7628 3.1; RFC 5801 4 for the two characters that are escaped.
    user = mailbox.username.replace("=", "=3D").replace(",", "=2C")
    place = f"host={mailbox.host}\1port={mailbox.port}\1"
    return f"n,a={user},\1{place}auth=Bearer {secret.value}\1\1"


def _once(message: str, *, then: bytes = b"") -> Callable[[bytes], bytes]:
    """Says its message first; a second question only holds the server's error (RFC 7628 3.2.3).

    imapclient's own methods would answer that by sending the token again.
    """
    left = [message.encode()]

    def answer(_challenge: bytes) -> bytes:
        return left.pop() if left else then

    return answer


def _quoted(text: str) -> str:
    # imaplib quotes the password and forgets the user name.
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
