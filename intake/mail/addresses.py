"""Addresses out of header values that mail-parser does not read as a person would."""

from __future__ import annotations

import re

from intake.mail.charset import decode
from intake.mail.headers import clean, decode_words, straighten, unfold
from intake.model import Address

_ADDRESS = re.compile(
    r"""("[^"\r\n]{1,200}"|[^\s<>@,;:"'()\[\]{}]{1,200}(?:'[^\s<>@,;:"()\[\]]{1,100})?)"""
    r"""\s?@\s?([^\s<>@,;:"'()\[\]{}]{1,255}|\[[0-9A-Fa-f:.IPv]{2,60}\])"""
)
_ANGLE = re.compile(r"<([^<>]*)>?\s*$")
_WORD = re.compile(r"=\?[^?\s]{1,60}\?[bBqQ]\?[^?]{0,2000}\?=")
# Bounded, and without going back (RFC 5322 3.2.2 nests comments; twice is enough).
_COMMENT = re.compile(r"\(((?:[^()\\]|\\.|\((?:[^()\\]|\\.){0,100}+\)){0,300}+)\)")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.){0,500}+)"')
_EMPTY_ANGLE = re.compile(r"<\s{0,20}>")
_AROUND = re.compile(r"\s{0,20}([@.])\s{0,20}")
_LOCAL_NAME = re.compile(r"[A-Za-z0-9._!+-]{1,64}")
_SYSTEM_NAMES = ("mailer-daemon", "postmaster", "root", "nobody", "daemon", "cron")
_NOBODY = ("undisclosed", "unlisted", "recipient")
_ESCAPED = re.compile(r"\\(.)")
_SCHEME = re.compile(r"^\s*(?:mailto:|smtp:)", re.I)
_MAILTO_LINK = re.compile(r"\[(?:mailto|smtp):\s*([^\[\]\s]{3,320})\]", re.I)
_FIELD_NAME = re.compile(r"^\s*(?:from|to|cc|reply-to|sender|von|an):\s*(?=\S)", re.I)
# Full-width brackets, and brackets that went through a web page.
_BRACKETS = {"＜": "<", "＞": ">", "&lt;": "<", "&gt;": ">"}
# More mailboxes than this in one header are a mailing, not a conversation.
_MOST_ADDRESSES = 500


def make_address(display_name: str, addr_spec: str) -> Address:
    """An Address from a name and `local@domain` as found; control characters removed."""
    spec = clean(addr_spec).strip(" \t<>,;\\")
    local_part, at, domain = spec.rpartition("@")
    if not at:
        local_part, domain = spec, ""
    name = tidy_name(display_name)
    return Address("" if name.lower() == spec.lower() else name, local_part, domain)


def tidy_name(name: str) -> str:
    """A display name without folds, doubled blanks and the quotes or brackets around it."""
    name = " ".join(straighten(clean(unfold(name))).split())
    while len(name) > 1 and _is_wrapped(name):
        name = name[1:-1].strip()
    return name.replace('"', "") if name.count('"') == 1 else name


def _is_wrapped(name: str) -> bool:
    inside = name[1:-1]
    pair = name[0] + name[-1]
    return pair in ('""', "''", "<>", "()") and name[0] not in inside and name[-1] not in inside


def parse_addresses(raw: bytes, hint: str | None = None) -> tuple[Address, ...]:
    """The mailboxes in a raw header value that breaks RFC 5322 3.4, as far as they can be told.

    Group names are dropped, their members kept. `hint` is a charset used elsewhere in the mail.
    Raises nothing.
    """
    # What is raw is decoded first: in East Asian charsets, bytes of a character look like
    # brackets and quotes. What is encoded stays so: a decoded name may hold commas.
    value = raw.decode("ascii") if _is_plain(raw) else decode(raw, None, hint)[0]
    for written, meant in _BRACKETS.items():
        value = value.replace(written, meant)
    value = " ".join(clean(_FIELD_NAME.sub("", value)).split())
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


def find_name(raw: bytes, hint: str | None = None) -> str:
    """The name in a header value that holds no address; "" for none."""
    text = decode_words(raw, hint).replace("<>", "")
    comment = _COMMENT.search(text)
    return tidy_name(comment[1] if comment else text.strip(" \r\n<>,;:\"'"))


def _is_plain(raw: bytes) -> bool:
    """Whether the bytes are ASCII and mean it, which ISO-2022-JP (RFC 1468) does not."""
    return raw.isascii() and b"\x1b" not in raw


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
    has_address = in_group = False
    last_semicolon = value.rfind(";")
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
        elif character in ",;" and (has_address or (character == ";" and in_group)):
            items.append(value[start:at])
            start, has_address = at + 1, False
            in_group = in_group and character == ","
        elif character == ":" and not (has_address or in_group) and at < last_semicolon:
            # RFC 5322 3.4: a group's name says nothing about its members, which ";" ends.
            start, in_group = at + 1, True
        at += 1
    items.append(value[start:])
    return [item.strip() for item in items if item.strip()]


_CLOSED_BY = {'"': '"', "(": ")", "<": ">"}


def _parse_item(item: str, hint: str | None) -> Address | None:
    item = _MAILTO_LINK.sub(r"<\1>", item) if "[" in item else item
    angle = _ANGLE.search(item)
    if angle and "@" in angle[1]:
        return make_address(_name(item[: angle.start()], hint), _spec(angle[1]))
    outside = _COMMENT.sub(" ", item) if "(" in item else item
    found = _search(outside) or _search(item)
    if found:
        comment = _COMMENT.search(item)
        inside = outside if found.string is outside else item
        rest = inside[: found.start()] + " " + inside[found.end() :]
        rest = _EMPTY_ANGLE.sub(" ", _SCHEME.sub("", rest)).strip(" <>\"'()[]{}|:;,-–—")
        name = rest or (comment[1] if comment and found.string is outside else "")
        return make_address(_name(name, hint), f"{found[1]}@{found[2]}")
    return _local_only(item, outside.strip(), angle, hint)


def _local_only(
    item: str, outside: str, angle: re.Match[str] | None, hint: str | None
) -> Address | None:
    """A local name without a domain, as programs on the same host send."""
    if angle and angle[1].strip():
        return make_address(_name(item[: angle.start()], hint), angle[1])
    if angle:
        # "MAILER-DAEMON <>" stands for the system, "Ann <>" for nobody we could reach.
        name = item[: angle.start()].strip()
        return make_address("", name) if name.lower() in _SYSTEM_NAMES else None
    if not _LOCAL_NAME.fullmatch(outside) or outside.lower().startswith(_NOBODY):
        return None
    comment = _COMMENT.search(item)
    return make_address(_name(comment[1], hint) if comment else "", outside)


def _spec(inside: str) -> str:
    """The addr-spec between angle brackets; a route (RFC 5322 4.4) and blanks go."""
    inside = inside.rpartition(":")[2] if inside.lstrip().startswith("@") else inside
    inside = _AROUND.sub(r"\1", _SCHEME.sub("", inside).strip(" '\\"))
    if "=?" in inside:
        inside = decode_words(inside.encode())
    # Quotes around the whole address are none of the local part's (RFC 5322 3.4.1).
    return inside.strip('"') if _QUOTED.fullmatch(inside) else inside


def _name(phrase: str, hint: str | None) -> str:
    text = decode_words(phrase.strip().encode("utf-8", "replace"), hint)
    if '"' in text:
        text = _QUOTED.sub(lambda quoted: _ESCAPED.sub(r"\1", quoted[1]), text)
    return text.replace('\\"', '"').strip(" ,\\")
