"""Header values as a person would read them: unfolded, decoded, free of control characters."""

from __future__ import annotations

import binascii
import re

import pybase64

from intake.mail.charset import decode

# RFC 2047 2, and what people send: spaces in the text, a language (RFC 2231 5), no end.
_WORD = re.compile(rb"=\?([^?\s]{0,60})\?([bBqQ])\?([^?]*(?:\?(?!=)[^?]{0,200}){0,3})\?=")
# One that was cut off, with the header or before the "<" of an address.
_CUT_WORD = re.compile(rb"=\?([^?\s]{0,60})\?([bBqQ])\?([^?]{1,2000})\??\s*\Z")
_LONGEST_CUT_WORD = 2100
# A fold within a character of UTF-8, by programs that count bytes.
_FOLDED_CHARACTER = re.compile(rb"([\xc2-\xf4][\x80-\xbf]{0,2})\r?\n[ \t]+(?=[\x80-\xbf])")
_LINE_BREAK = re.compile(rb"[\r\n]+")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# They turn text around for the reader (Unicode Bidirectional Algorithm 2), or are not seen at all.
_TURNING = re.compile("[\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]+")
_MOST_PIECES = 1000
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_BASE64 = bytes(byte for byte in range(256) if byte not in _BASE64)
_BLANK = b" \t\r\n"
# Past this a header is noise; the raw mail keeps the rest.
LONGEST_VALUE_BYTES = 60_000
_LONGEST_VALUE_CHARACTERS = 20_000


def read_value(raw: bytes, hint: str | None = None, *, as_written: bool = False) -> str:
    """The readable text of a raw header value; `hint` is a charset used elsewhere in the mail.

    Marks that turn text around are left out unless it is wanted `as_written`.
    """
    raw = raw[:LONGEST_VALUE_BYTES]
    if raw.isascii() and b"=?" not in raw and b"\x1b" not in raw:
        text = raw.decode("ascii")
        if "\n" not in text and text.isprintable():
            return text[:_LONGEST_VALUE_CHARACTERS]
    else:
        if b"\n" in raw and not raw.isascii():
            raw = _FOLDED_CHARACTER.sub(rb"\1", raw)
        text = decode_words(raw, hint)
    text = clean(unfold(text))
    if not (as_written or text.isascii()):
        text = straighten(text)
    return text[:_LONGEST_VALUE_CHARACTERS]


def straighten(text: str) -> str:
    """`text` without the marks that turn it around, which a name or subject has no need of."""
    return _TURNING.sub("", text)


def unfold(text: str) -> str:
    """RFC 5322 2.2.3: a line break before white space goes."""
    return re.sub(r"\r?\n(?=[ \t])", "", text) if "\n" in text else text


def clean(text: str) -> str:
    """`text` without control characters and lone surrogates; what they parted stays parted."""
    if not text.isprintable():
        text = _CONTROL.sub(" ", text)
        if not text.isascii():
            text = text.encode("utf-8", "replace").decode("utf-8")
    return text.strip(" \t")


def decode_words(raw: bytes, hint: str | None = None) -> str:
    """`raw` with its RFC 2047 encoded words decoded, folds kept; charsets found where they lie."""
    if b"=?" not in raw:
        return decode(raw, None, hint)[0]
    out: list[str] = []
    # Adjacent words of one charset are joined before decoding: many programs cut characters.
    pending: list[bytes] = []
    charset = ""
    at = 0
    for found in _WORD.finditer(raw):
        between = raw[at : found.start()]
        declared = found[1].partition(b"*")[0].decode("ascii", "replace").lower()
        adjacent = not between.strip(_BLANK)
        if pending and not (adjacent and declared == charset):
            out.append(decode(b"".join(pending), charset, hint)[0])
            pending.clear()
        # RFC 2047 6.2: white space between adjacent encoded words goes.
        if between and not (adjacent and at):
            out.append(decode(between, None, hint)[0])
        charset = declared
        pending.append(_word_bytes(found[2], found[3]))
        at = found.end()
    if pending:
        out.append(decode(b"".join(pending), charset, hint)[0])
    if at < len(raw):
        out.append(_rest(raw[at:], hint, bool(at)))
    return "".join(out)


def _rest(raw: bytes, hint: str | None, follows_word: bool) -> str:
    """What stands after the last whole encoded word, which may be a piece of another."""
    found = _CUT_WORD.search(raw, max(0, len(raw) - _LONGEST_CUT_WORD)) if b"=?" in raw else None
    if found is None:
        return decode(raw, None, hint)[0]
    before = raw[: found.start()]
    if follows_word and not before.strip(_BLANK):
        before = b""
    declared = found[1].partition(b"*")[0].decode("ascii", "replace")
    text = decode(_word_bytes(found[2], found[3]), declared, hint)[0].rstrip("\ufffd")
    return decode(before, None, hint)[0] + text


def _word_bytes(encoding: bytes, text: bytes) -> bytes:
    if encoding in b"bB":
        return decode_base64(text)
    # RFC 2047 4.2: "_" is a space. A fold inside a word is none of its own making.
    return binascii.a2b_qp(_LINE_BREAK.sub(b"", text), header=True)


def decode_base64(data: bytes) -> bytes:
    """RFC 2045 6.8, lenient: strange characters skipped, lacking padding added, pieces joined."""
    end = len(data.rstrip(b"=\r\n \t"))
    if data.count(b"=") > _MOST_PIECES:
        return _decode_base64_piece(data)
    if data.find(b"=", 0, end) < 0:
        try:
            return pybase64.b64decode(data)
        except binascii.Error:
            return _decode_base64_piece(data)
    # Several encoded pieces one after the other, as some programs write an attachment.
    return b"".join(_decode_base64_piece(piece) for piece in re.split(rb"=+", data[:end]))


def _decode_base64_piece(piece: bytes) -> bytes:
    letters = piece.translate(None, _NOT_BASE64)
    # One letter over carries no complete byte.
    letters = letters[:-1] if len(letters) % 4 == 1 else letters
    return binascii.a2b_base64(letters + b"==")
