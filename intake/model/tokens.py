"""Ticket numbers, and the keyed marks in what we send that prove a mail answers it.

Everything keyed is lower case, so that a mail system that folds case on the way does no harm,
and short enough that no header is folded inside it. A mark is an HMAC-SHA256 under the desk's
key: it cannot be guessed, and one ticket's mark says nothing about another's.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator

from intake.model.keys import Token

NUMBER_LENGTH = 8
NONCE_LENGTH = 12
MAC_LENGTH = 16

# Crockford's alphabet: no I, L, O, U, so that a number survives being read out on the telephone.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("ILO", "110")
_LETTER = "[0-9A-TV-Za-tv-z]"
_HALF = f"({_LETTER}{{4}})"
_NUMBER = re.compile(
    rf"(?:#\s?{_HALF}[-‐‑–]?{_HALF}"
    rf"|(?<![0-9A-Za-z-])(?=[A-Za-z0-9-]*[0-9]){_HALF}[-‐‑–]{_HALF})(?![0-9A-Za-z-])"
)
_MESSAGE_ID = re.compile(
    rf"^([0-9a-z]{{{NUMBER_LENGTH}}})\.([0-9a-z]{{1,64}})\.([a-z2-7]{{{MAC_LENGTH}}})@"
)
_PLUS_TAG = re.compile(rf"\+([0-9a-z]{{{NUMBER_LENGTH}}})\.([a-z2-7]{{{MAC_LENGTH}}})$")


def make_ticket_number(key: bytes, sha256: str, attempt: int) -> str:
    """The `attempt`-th ticket number for a mail, as shown to people: `K7QM-42XD`.

    Deterministic, so that a replay gives the same; keyed, so that nobody can work out a number
    from a mail they wrote.
    """
    digest = hmac.new(key, f"ticket|{sha256}|{attempt}".encode(), hashlib.sha256).digest()
    letters = "".join(_ALPHABET[byte & 31] for byte in digest[:NUMBER_LENGTH])
    return _shown(letters)


def make_message_id(key: bytes, ticket: str, nonce: str, domain: str) -> str:
    """A Message-ID of ours without brackets, which later proves that its holder saw our mail.

    `nonce` tells our mails on one ticket apart; 1 to 64 lower-case letters and digits.
    """
    bare = _bare(ticket)
    return f"{bare}.{nonce}.{_mac(key, f'message-id|{bare}|{nonce}')}@{domain.lower()}"


def make_plus_address(key: bytes, ticket: str, address: str) -> str:
    """`address` with the ticket and its mark as a plus tag (RFC 5233), for Reply-To."""
    local_part, _, domain = address.rpartition("@")
    bare = _bare(ticket)
    return f"{local_part}+{bare}.{_mac(key, f'address|{bare}')}@{domain}"


def verify_message_id(key: bytes, message_id: str) -> str | None:
    """The ticket of a Message-ID we made, None for any other or where we have no key."""
    found = _MESSAGE_ID.match("".join(message_id.split()).strip("<>").lower())
    if not key or not found:
        return None
    bare, nonce, mac = found.groups()
    return _shown(bare) if _holds(key, f"message-id|{bare}|{nonce}", mac) else None


def verify_plus_address(key: bytes, address: str) -> str | None:
    """The ticket of a plus-address we made, None for any other or where we have no key."""
    found = _PLUS_TAG.search("".join(address.split()).lower().rpartition("@")[0])
    if not key or not found:
        return None
    bare, mac = found.groups()
    return _shown(bare) if _holds(key, f"address|{bare}", mac) else None


def find_tokens(
    key: bytes, message_ids: Iterable[str], recipients: Iterable[str]
) -> tuple[Token, ...]:
    """Every mark of ours that holds, among referenced Message-IDs and recipient addresses."""
    tokens = [
        Token(ticket, "references", message_id)
        for message_id in message_ids
        if (ticket := verify_message_id(key, message_id))
    ]
    tokens += [
        Token(ticket, "recipient", address)
        for address in recipients
        if (ticket := verify_plus_address(key, address))
    ]
    return tuple(dict.fromkeys(tokens))


def find_ticket_numbers(text: str) -> tuple[str, ...]:
    """What looks like a ticket number in a line people wrote, in its shown form; proves nothing.

    `[#K7QM-42XD]` and `#k7qm42xd` count, and `K7QM-42XD` alone where it holds a digit.
    """
    return tuple(dict.fromkeys(number for _, _, number in _number_spans(text)))


def remove_ticket_numbers(text: str) -> str:
    """`text` without its ticket numbers and the brackets around them."""
    for start, end, _ in reversed(list(_number_spans(text))):
        text = text[:start].rstrip("[(#【 ") + " " + text[end:].lstrip("])】 ")
    return text.strip()


def _number_spans(text: str) -> Iterator[tuple[int, int, str]]:
    for found in _NUMBER.finditer(text):
        letters = "".join(half for half in found.groups() if half).upper().translate(_MISREAD)
        yield found.start(), found.end(), _shown(letters)


def _shown(letters: str) -> str:
    letters = letters.upper()
    return f"{letters[:4]}-{letters[4:]}"


def _bare(ticket: str) -> str:
    return ticket.replace("-", "").lower()


def _mac(key: bytes, text: str) -> str:
    digest = hmac.new(key, text.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:10]).decode().lower()


def _holds(key: bytes, text: str, mac: str) -> bool:
    return hmac.compare_digest(_mac(key, text), mac)
