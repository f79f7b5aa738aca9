"""Addresses out of header values that mail-parser does not read as a person would."""

from __future__ import annotations

import re

from intake.mail.headers import clean, decode_words, unfold
from intake.model import Address

_ADDRESS = re.compile(
    r"""("[^"\r\n]{1,200}"|[^\s<>@,;:"'()\[\]]{1,200}(?:'[^\s<>@,;:"()\[\]]{1,100})?)"""
    r"""\s?@\s?([^\s<>@,;:"'()\[\]]{1,255}|\[[0-9A-Fa-f:.IPv]{2,60}\])"""
)
_ANGLE = re.compile(r"<([^<>]*)>?\s*$")
_WORD = re.compile(r"=\?[^?\s]{1,60}\?[bBqQ]\?[^?]{0,2000}\?=")
_COMMENT = re.compile(r"\(((?:[^()\\]|\\.)*)\)")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_LOCAL_NAME = re.compile(r"[A-Za-z0-9._+-]{1,64}")
_SYSTEM_NAMES = ("mailer-daemon", "postmaster", "root", "nobody", "daemon", "cron")
_ESCAPED = re.compile(r"\\(.)")
# More mailboxes than this in one header are a mailing, not a conversation.
_MOST_ADDRESSES = 500


def make_address(display_name: str, addr_spec: str) -> Address:
    """An Address from a name and `local@domain` as found; control characters removed."""
    spec = clean(addr_spec).strip(" \t<>,;")
    local_part, at, domain = spec.rpartition("@")
    if not at:
        local_part, domain = spec, ""
    name = tidy_name(display_name)
    return Address("" if name.lower() == spec.lower() else name, local_part, domain)


def tidy_name(name: str) -> str:
    """A display name without folds, doubled blanks and the quotes around it."""
    name = " ".join(clean(unfold(name)).split())
    while len(name) > 1 and name[0] == name[-1] and name[0] in "\"'":
        name = name[1:-1].strip()
    return name


def parse_addresses(raw: bytes, hint: str | None = None) -> tuple[Address, ...]:
    """The mailboxes in a raw header value that breaks RFC 5322 3.4, as far as they can be told.

    Group names are dropped, their members kept. `hint` is a charset used elsewhere in the mail.
    Raises nothing.
    """
    # Structure first, on the undecoded value: a decoded name may hold commas and brackets.
    value = " ".join(raw.decode("latin-1").split())
    found = []
    for item in _split(value)[:_MOST_ADDRESSES]:
        address = _parse_item(item, hint)
        if address is not None:
            found.append(address)
    return tuple(found)


def find_address(raw: bytes, hint: str | None = None) -> Address | None:
    """The first thing that looks like an address in a header value, wherever it stands."""
    text = tidy_name(decode_words(raw, hint))
    found = _search(text)
    if found is None:
        return None
    name = (text[: found.start()] + " " + text[found.end() :]).strip(" <>,;:()\"'")
    return make_address(name, f"{found[1]}@{found[2]}")


def _search(text: str) -> re.Match[str] | None:
    """The first address in `text`, looked for only around its "@"."""
    at = text.find("@")
    return _ADDRESS.search(text, max(0, at - 220)) if at >= 0 else None


def _split(value: str) -> list[str]:
    """At commas and semicolons outside quotes, comments and angle brackets.

    A comma before an address was complete belongs to the name: `Doe, John <j@example.com>`.
    """
    items: list[str] = []
    start = 0
    closing = ""
    closed_by = dict(_CLOSED_BY)
    has_address = False
    at = 0
    while at < len(value):
        character = value[at]
        if character == "=" and (word := _WORD.match(value, at)):
            # What an encoded word holds is no structure (RFC 2047 5).
            at = word.end()
            continue
        if character == "\\" and closing in ('"', ")"):
            at += 1
        elif closing:
            if character == closing:
                closing = ""
            has_address = has_address or (character == "@" and closing == ">")
        elif character in closed_by:
            if value.find(closed_by[character], at + 1) > 0:
                closing = closed_by[character]
                has_address = has_address or character == "<"
            else:
                del closed_by[character]
        elif character == "@":
            has_address = True
        elif character in ",;" and (has_address or character == ";"):
            items.append(value[start:at])
            start, has_address = at + 1, False
        elif character == ":" and not has_address:
            # RFC 5322 3.4: a group's name says nothing about its members.
            start = at + 1
        at += 1
    items.append(value[start:])
    return [item.strip() for item in items if item.strip()]


_CLOSED_BY = {'"': '"', "(": ")", "<": ">"}


def _parse_item(item: str, hint: str | None) -> Address | None:
    angle = _ANGLE.search(item)
    if angle and "@" in angle[1]:
        return make_address(_name(item[: angle.start()], hint), _spec(angle[1]))
    outside = _COMMENT.sub(" ", item)
    found = _search(outside) or _search(item)
    if found:
        comment = _COMMENT.search(item)
        rest = outside[: found.start()] + " " + outside[found.end() :]
        name = rest.strip(" <>\"'") or (comment[1] if comment else "")
        return make_address(_name(name, hint), f"{found[1]}@{found[2]}")
    # A local name without a domain, as programs on the same host send.
    if angle and not angle[1].strip() and item[: angle.start()].strip().lower() in _SYSTEM_NAMES:
        return make_address("", item[: angle.start()])
    if angle and angle[1].strip():
        return make_address(_name(item[: angle.start()], hint), angle[1])
    comment = _COMMENT.search(item)
    if comment and _LOCAL_NAME.fullmatch(outside.strip()):
        return make_address(_name(comment[1], hint), outside)
    if _LOCAL_NAME.fullmatch(item) and item.lower() in _SYSTEM_NAMES:
        return make_address("", item)
    return None


def _spec(inside: str) -> str:
    """The addr-spec between angle brackets; a route (RFC 5322 4.4) and blanks go."""
    inside = inside.rpartition(":")[2] if inside.lstrip().startswith("@") else inside
    inside = re.sub(r"^\s*(?:mailto:|smtp:)", "", inside, flags=re.I)
    found = _search(inside)
    spec = f"{found[1]}@{found[2]}" if found else inside
    return spec.encode("latin-1", "replace").decode("utf-8", "replace")


def _name(phrase: str, hint: str | None) -> str:
    raw = phrase.strip().encode("latin-1", "replace")
    text = decode_words(raw, hint)
    if '"' in text:
        text = _QUOTED.sub(lambda quoted: _ESCAPED.sub(r"\1", quoted[1]), text)
    return text.replace('\\"', '"').strip(" ,")
