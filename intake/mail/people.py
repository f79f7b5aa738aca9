"""Who a mail is from and to: mail-parser's reading, repaired where a person reads otherwise."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from intake.mail.addresses import find_address, find_name, make_address, parse_addresses
from intake.mail.headers import decode_words
from intake.model import Address
from intake.model.parsed import AuthorSource

_UNREAD = re.compile("=\\?|\\?=|\ufffd|\\\\x|\\\\udc")
# Comments, whose blanks mail-parser loses; escapes, links, quotes around an address, ISO-2022-JP.
_ODD = re.compile(rb"[(\\\[\x1b&{]|(?:^|[\s,;<])'")
# One address of letters, digits and single marks, with or without a name of plain words: what
# every reader reads alike.
_PLAIN = re.compile(
    rb"\s*(?:(?P<name>[A-Za-z][A-Za-z0-9]{0,30}(?: [A-Za-z0-9]{1,30}){0,5}) )?(?P<open><)?"
    rb"(?P<spec>[A-Za-z0-9]{1,40}(?:[._+-][A-Za-z0-9]{1,8}){0,3}"
    rb"@(?:[A-Za-z0-9]{1,30}(?:-[A-Za-z0-9]{1,12}){0,2}\.){1,5}[A-Za-z]{2,20})(?(open)>)\s*"
)
# RFC 5322 3.4: "Undisclosed recipients:;" names nobody on purpose.
_EMPTY_GROUP = re.compile(rb":\s*;")
_RETURN_PATHS = ("return-path", "x-envelope-from", "envelope-from", "x-envelope-sender")


class AddressReader(Protocol):
    """What is used of mail-parser's result."""

    @property
    def address_header_defects(self) -> list[dict[str, object]]:
        """What it had to say about address headers."""

    def read(self, name: str) -> list[tuple[str, str]]:
        """(display name, addr-spec) of header `name`."""


@dataclass(frozen=True, slots=True)
class People:
    """The address headers of one mail."""

    author: Address | None
    author_source: AuthorSource | None
    authors: tuple[Address, ...]
    sender: Address | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    delivered_to: tuple[Address, ...]
    envelope_sender: str | None


class PeopleReader:
    """Reads address headers of one mail; what had to be repaired goes to `defects`."""

    def __init__(
        self,
        fields: dict[str, list[bytes]],
        parser: AddressReader,
        hint: str | None,
        defects: list[str],
    ) -> None:
        self._fields = fields
        self._parser = parser
        self._hint = hint
        self._defects = defects

    def read(self) -> People:
        """All of them; the author by From, else Sender, Reply-To, envelope sender in turn."""
        authors = self._addresses("from")
        sender = next(iter(self._addresses("sender")), None)
        reply_to = self._addresses("reply-to")
        envelope_sender = self._envelope_sender()
        author, source = self._author(authors, sender, reply_to, envelope_sender)
        return People(
            author,
            source,
            authors,
            sender,
            reply_to,
            self._addresses("to"),
            self._addresses("cc"),
            self._delivered_to(),
            envelope_sender,
        )

    def _author(
        self,
        authors: tuple[Address, ...],
        sender: Address | None,
        reply_to: tuple[Address, ...],
        envelope_sender: str | None,
    ) -> tuple[Address | None, AuthorSource | None]:
        whole = next((author for author in authors if author.domain), None)
        if whole:
            return whole, "from"
        # RFC 5322 3.6.2 asks for From; a local name alone is better than nobody at all.
        self._defects.append("The mail has no readable From address.")
        if sender and sender.domain:
            return sender, "sender"
        if reply_to:
            return reply_to[0], "reply-to"
        if envelope_sender:
            return make_address("", envelope_sender), "envelope-sender"
        if authors:
            return authors[0], "from"
        # A From that names a person and no address still says who it is.
        written = next(iter(self._fields.get("from", ())), b"")
        name = "" if _EMPTY_GROUP.search(written) else find_name(written, self._hint)
        return (Address(name, "", ""), "from") if name else (None, None)

    def _addresses(self, name: str) -> tuple[Address, ...]:
        values = self._fields.get(name)
        if not values:
            return ()
        found = self._read_first(name, values[0])
        if len(values) > 1:
            self._defects.append(f"The mail has several {name.title()} headers.")
            for value in values[1:20]:
                known = {address.key for address in found}
                more = parse_addresses(value, self._hint)
                found += tuple(address for address in more if address.key not in known)
        return found

    def _read_first(self, name: str, raw: bytes) -> tuple[Address, ...]:
        plain = _PLAIN.fullmatch(raw)
        if plain and bool(plain["name"]) <= bool(plain["open"]):
            return (make_address((plain["name"] or b"").decode(), plain["spec"].decode()),)
        pairs = self._parser.read(name)
        unread = any(_UNREAD.search(f"{shown} {spec}") for shown, spec in pairs)
        odd = unread or self._is_doubted(name) or _ODD.search(raw) or not raw.isascii()
        if pairs and not odd:
            return tuple(make_address(shown, spec) for shown, spec in pairs)
        repaired = parse_addresses(raw, self._hint)
        if not any(address.domain for address in repaired):
            # The whole value inside one encoded word, brackets and all.
            decoded = decode_words(raw, self._hint).encode("utf-8", "replace")
            hidden = parse_addresses(decoded) if b"@" in decoded else ()
            found = next(iter(hidden), None) or find_address(raw, self._hint)
            repaired = (*hidden,) if hidden else ((found,) if found else repaired)
        if raw.strip() and not repaired and not _EMPTY_GROUP.search(raw):
            self._defects.append(f"The header {name.title()} holds no address.")
        return repaired

    def _is_doubted(self, name: str) -> bool:
        return any(d.get("header") == name for d in self._parser.address_header_defects)

    def _delivered_to(self) -> tuple[Address, ...]:
        found: dict[str, Address] = {}
        for name in ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to"):
            for value in self._fields.get(name, ())[:20]:
                for address in parse_addresses(value, self._hint):
                    found.setdefault(address.key, address)
        return tuple(found.values())

    def _envelope_sender(self) -> str | None:
        """RFC 5321 4.4: Return-Path, topmost; "" for the null sender."""
        for name in _RETURN_PATHS:
            for value in self._fields.get(name, ())[:1]:
                if value.strip() in (b"<>", b'""', b'<"">') or value.strip() == b"<MAILER-DAEMON>":
                    return ""
                address = next(iter(parse_addresses(value, self._hint)), None)
                if address is not None:
                    return address.addr_spec
        return None
