"""Texts whose transfer encoding got lost on the way, or says what does not hold."""

from __future__ import annotations

import binascii
import re

from intake.mail.headers import decode_base64

_UNENCODED = ("", "7bit", "8bit", "binary")
_CODE = re.compile(rb"=(?:[0-9A-F]{2}|\r?\n)")
_SOFT_BREAK = re.compile(rb"=\r?\n")
_BASE64_LINES = re.compile(
    rb"\s*+(?:[A-Za-z0-9+/]{40,76}+\r?\n)*+(?:[A-Za-z0-9+/]{1,76}={0,2})?\s*+"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FEWEST_BYTES = 32
_JUDGED_BYTES = 65_536


def restore_encoding(data: bytes, encoding: str, defects: list[str]) -> bytes:
    """`data` decoded where it can only be quoted-printable or base64 that nobody declared."""
    if encoding not in _UNENCODED or not data[:_JUDGED_BYTES].isascii():
        return data
    if _is_quoted_printable(data):
        defects.append("The text is quoted-printable, though it is not said to be.")
        return binascii.a2b_qp(data)
    if _is_base64(data):
        defects.append("The text is base64, though it is not said to be.")
        return decode_base64(data)
    return data


def _is_quoted_printable(data: bytes) -> bool:
    """Whether every "=" begins a code, and the codes make a text."""
    judged = data[:_JUDGED_BYTES]
    signs = judged.count(b"=")
    if signs < 3 or len(_CODE.findall(judged)) < signs - 1:
        return False
    decoded = binascii.a2b_qp(judged)
    soft_breaks = len(_SOFT_BREAK.findall(judged))
    if decoded.isascii():
        return soft_breaks > 1 and b"=3D" in judged
    return soft_breaks > 0 or _is_text(decoded)


def _is_base64(data: bytes) -> bool:
    """Whether there is nothing but base64, and it holds a text."""
    if len(data) < _FEWEST_BYTES or not _BASE64_LINES.fullmatch(data):
        return False
    decoded = decode_base64(data[:_JUDGED_BYTES])
    return b" " in decoded and _is_text(decoded)


def _is_text(decoded: bytes) -> bool:
    try:
        text = decoded.decode("utf-8")
    except UnicodeDecodeError as error:
        # The judged piece may end within a character.
        if error.start < len(decoded) - 4:
            return False
        text = decoded[: error.start].decode("utf-8")
    return not _CONTROL.search(text)
