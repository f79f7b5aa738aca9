"""Mails from mails: each mutation changes one thing at a joint, a round makes several."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from random import Random

from tests.fuzz import soups
from tests.fuzz.containers import damage
from tests.fuzz.pieces import base64_blocks, cut, cut_at_delimiters, joints

Mutation = Callable[[Random, bytes, bytes], bytes]
MOST_BYTES = 300_000
_BOUNDARY = re.compile(rb"boundary\s*=\s*\"?([^\";\r\n]*)\"?", re.I)
_CHARSET = re.compile(rb"charset\s*=\s*\"?([^\";\s]*)\"?", re.I)
_ENCODING = re.compile(rb"(?mi)^Content-Transfer-Encoding:[^\n]*")
_TYPE = re.compile(rb"(?mi)^Content-Type:[ \t]*([^;\s]*)")
_WORD = re.compile(rb"=\?[^?\s]+\?[bBqQ]\?[^?]*\?=")


def mutate(dice: Random, raw: bytes, other: bytes) -> bytes:
    """`raw` after one to five mutations; `other` is a second mail to take pieces from."""
    for _ in range(dice.choice((1, 1, 2, 3, 5))):
        raw = dice.choice(MUTATIONS)(dice, raw, other)[:MOST_BYTES]
    return raw


def move_fields(dice: Random, raw: bytes, other: bytes) -> bytes:
    """Drop, duplicate, swap or take over header fields."""
    pieces = cut(raw)
    fields = pieces.fields
    if not fields:
        return raw
    at, to = dice.randrange(len(fields)), dice.randrange(len(fields))
    action = dice.randrange(5)
    if action == 0:
        del fields[at]
    elif action == 1:
        fields.insert(to, fields[at])
    elif action == 2:
        fields[at], fields[to] = fields[to], fields[at]
    elif action == 3:
        fields[at:at] = cut(other).fields[: dice.randint(1, 9)]
    else:
        fields[at] *= dice.choice((2, 30, 300))
    return pieces.whole()


def change_value(dice: Random, raw: bytes, _: bytes) -> bytes:
    """A header, here or of a part, gets another value or is added."""
    name = dice.choice(soups.FIELDS)
    line = name.encode() + b": " + soups.field_value(dice, name)
    places = [
        found.span() for found in re.finditer(rb"(?mi)^[A-Z][A-Z-]{1,30}:[^\n]*", raw[:50_000])
    ]
    same = [span for span in places if raw[span[0] :].lower().startswith(name.lower().encode())]
    if not places or dice.random() < 0.2:
        return line + b"\r\n" + raw
    start, end = dice.choice(same or places)
    return raw[:start] + line + raw[end:]


def damage_value(dice: Random, raw: bytes, _: bytes) -> bytes:
    """Something that does not belong there is put into a header field."""
    pieces = cut(raw)
    if not pieces.fields:
        return raw
    at = dice.randrange(len(pieces.fields))
    field = pieces.fields[at]
    where = dice.randrange(len(field) + 1)
    stuff = dice.choice(
        (
            *(
                b"\0",
                b"\r",
                b"\n",
                b"\n ",
                b"\r\n\t",
                b"\xff\xfe",
                b"\xe4\xb8",
                b"=?",
                b"?=",
                b'"',
                b"(",
            ),
            *(b"\\", b"a" * 1000, b" " * 3000, b"<" * 200, b"\r\n" + b" \r\n" * 20, b";" * 500),
        )
    )
    drop = dice.choice((0, 0, 1, 5))
    pieces.fields[at] = field[:where] + stuff + field[where + drop :]
    return pieces.whole()


def damage_word(dice: Random, raw: bytes, _: bytes) -> bytes:
    """An encoded word loses a byte, is cut, said twice or said in another charset."""
    words = list(_WORD.finditer(raw))
    if not words:
        return change_value(dice, raw, b"")
    found = dice.choice(words)
    word = found[0]
    at = dice.randrange(len(word))
    charset = dice.choice(soups.CHARSETS).encode("utf-8")
    changed = dice.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at],
            word + word,
            word + b" " + word,
            word[:at] + b"\r\n " + word[at:],
            re.sub(rb"^=\?[^?]*", lambda _: b"=?" + charset, word),
            word.replace(b"?b?", b"?q?").replace(b"?B?", b"?Q?"),
            word.swapcase(),
        )
    )
    return raw[: found.start()] + changed + raw[found.end() :]


def move_parts(dice: Random, raw: bytes, other: bytes) -> bytes:
    """Drop, duplicate, swap, shuffle, take over or nest parts."""
    parts = cut_at_delimiters(raw)
    if len(parts) < 2:
        return nest(dice, raw, other)
    at, to = dice.randrange(len(parts)), dice.randrange(len(parts))
    action = dice.randrange(6)
    if action == 0:
        del parts[at]
    elif action == 1:
        parts[to:to] = [parts[at]] * dice.choice((1, 1, 20))
    elif action == 2:
        parts[at], parts[to] = parts[to], parts[at]
    elif action == 3:
        dice.shuffle(parts)
    elif action == 4:
        parts[at:to] = cut_at_delimiters(other)
    else:
        delimiter, _, rest = parts[at].partition(b"\n")
        parts[at] = delimiter + b"\nContent-Type: message/rfc822\n\n" + rest
    return b"".join(parts)


def change_boundary(dice: Random, raw: bytes, _: bytes) -> bytes:
    """Boundaries that are missing, equal, a piece of each other, quoted strangely, never opened."""
    found = list(_BOUNDARY.finditer(raw))
    if not found:
        return raw
    one = dice.choice(found)
    name = one[1]
    others = [each[1] for each in found]
    new = dice.choice(
        (
            *(
                b"",
                dice.choice(others),
                name[: len(name) // 2],
                name + b"--",
                name + b" ",
                b" " + name,
            ),
            *(name + b"x", b'"' + name + b'"', name.upper(), b"-" * 60, name * 20, b"\0", b".*("),
        )
    )
    quoted = dice.choice((b"boundary=" + new, b'boundary="' + new + b'"', b'boundary="' + new))
    raw = raw[: one.start()] + quoted + raw[one.end() :]
    if name and dice.random() < 0.4:
        mark = b"--" + name
        to = dice.choice((b"--" + new, mark + b"--", mark + b" ", b"-" + name, mark + b"\r", b""))
        raw = raw.replace(mark, to, dice.choice((-1, 1)))
    return raw


def lie(dice: Random, raw: bytes, _: bytes) -> bytes:
    """A charset, a transfer encoding or a type that is not the one of the content."""
    pattern, choices, form = dice.choice(
        (
            (_CHARSET, soups.CHARSETS, b"charset=%s"),
            (_ENCODING, soups.ENCODINGS, b"Content-Transfer-Encoding: %s"),
            (_TYPE, soups.TYPES, b"Content-Type: %s"),
        )
    )
    found = list(pattern.finditer(raw[:MOST_BYTES]))
    value = form % dice.choice(choices).encode("utf-8")
    if not found:
        return b"Content-Type: text/plain; " + value + b"\r\n" + raw
    one = dice.choice(found)
    return raw[: one.start()] + value + raw[one.end() :]


def change_file(dice: Random, raw: bytes, _: bytes) -> bytes:
    """What lies in base64 is damaged before it is encoded again."""
    blocks = base64_blocks(raw)
    if not blocks:
        return flip(dice, raw, b"")
    start, end, data = dice.choice(blocks)
    return raw[:start] + base64.encodebytes(damage(dice, data)) + raw[end:]


def damage_body(dice: Random, raw: bytes, _: bytes) -> bytes:
    """Broken quoted-printable, base64 and uuencoded lines somewhere in the body."""
    pieces = cut(raw)
    where = dice.randrange(len(pieces.body) + 1)
    stuff = dice.choice(
        (
            *(
                b"=",
                b"=\n",
                b"=ZZ",
                b"=0D=0A",
                b"=00",
                b"====",
                b"=\r",
                b"=E4=B8",
                b"\xff",
                b"\0" * 9,
            ),
            *(b"begin 644 a\n", b"\nbegin 644 \n!\nend\n", b"~" * 70, b"\nend\n", b"A" * 77, b"-"),
        )
    )
    pieces.body = pieces.body[:where] + stuff + pieces.body[where + dice.choice((0, 2)) :]
    return pieces.whole()


def change_text(dice: Random, raw: bytes, _: bytes) -> bytes:
    """Lines of replies, forwards and signatures, or tags, are put among the text."""
    pieces = cut(raw)
    lines = pieces.body.split(b"\n")
    at = dice.randrange(len(lines) + 1)
    if dice.random() < 0.5:
        made = soups.soup(dice, soups.TAGS, 40)
    else:
        made = soups.soup(dice, soups.LINES, 12, dice.choice(("\n", "\r\n")))
    lines[at:at] = [made] * dice.choice((1, 1, 1, 50))
    pieces.body = b"\n".join(lines)
    return pieces.whole()


def truncate(dice: Random, raw: bytes, _: bytes) -> bytes:
    """The mail ends, or begins, at a joint."""
    at = dice.choice(joints(raw))
    return raw[:at] if dice.random() < 0.8 else raw[at:]


def flip(dice: Random, raw: bytes, _: bytes) -> bytes:
    """A few bits fall over."""
    data = bytearray(raw or b"\0")
    for _ in range(dice.choice((1, 2, 10))):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    return bytes(data)


def splice(dice: Random, raw: bytes, other: bytes) -> bytes:
    """The beginning of one mail and the end of another."""
    return raw[: dice.choice(joints(raw))] + other[dice.choice(joints(other)) :]


def nest(dice: Random, raw: bytes, other: bytes) -> bytes:
    """The mail as a part or an attached message of a new one, several times over."""
    for level in range(dice.choice((1, 2, 10, 60))):
        if dice.random() < 0.5:
            raw = b"Content-Type: message/rfc822\r\n\r\n" + raw
        else:
            mark = dice.choice((b"n%d" % level, b"n"))
            head = b'Content-Type: multipart/mixed; boundary="' + mark + b'"\r\n\r\n--'
            raw = head + mark + b"\r\n" + raw + b"\r\n--" + mark + b"--\r\n"
    return raw


def change_line_ends(dice: Random, raw: bytes, _: bytes) -> bytes:
    """All line ends of another kind, or one of them."""
    new = dice.choice((b"\r\n", b"\n", b"\r", b"\r\r\n", b"\n\r", b"\x85"))
    if dice.random() < 0.5:
        return re.sub(rb"\r?\n", lambda _: new, raw)
    return raw.replace(b"\n", new, dice.randint(1, 5))


MUTATIONS: tuple[Mutation, ...] = (
    move_fields,
    change_value,
    change_value,
    damage_value,
    damage_word,
    move_parts,
    move_parts,
    change_boundary,
    lie,
    lie,
    change_file,
    change_file,
    damage_body,
    change_text,
    change_text,
    truncate,
    flip,
    splice,
    nest,
    change_line_ends,
)
