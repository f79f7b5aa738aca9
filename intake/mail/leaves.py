"""The bytes of one leaf part, cut straight out of the mail and decoded once."""

from __future__ import annotations

import binascii
import re

from intake.mail.charset import decode, wide_codec
from intake.mail.headers import clean, decode_base64
from intake.mail.parameters import parse_parameters
from intake.mail.part import Part

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s]")
_MEDIA_TYPE = re.compile(rb"[^\s;]*[\s;]*")
_BLANKS_AT_END = re.compile(rb"=[ \t]+(?=\r?\n)")
_PLAIN = ("", "7bit", "8bit", "binary", "7-bit", "8-bit", "none", "plain", "utf-8", "us-ascii")
_UU_BEGIN = re.compile(rb"^begin[ \t]+([0-7]{3,4})[ \t]+([^\r\n]+)\r?\n", re.M)
_UU_LINE_BYTES = 90
_MOST_UUENCODED = 100


def leaf_bytes(raw: bytes, part: Part, defects: list[str]) -> bytes:
    """The decoded content of `part` (RFC 2045 6); undecodable content comes as it lies."""
    body = raw[part.body_start : part.body_end]
    encoding = part.encoding
    if encoding not in ("base64", "binary") and body.isascii():
        # RFC 2045 2.7: 7bit data are lines, and their ends are the transport's, not the file's:
        # its hash is the same whether the mail lies here with CRLF or LF. What has 8-bit bytes
        # may be anything and is left alone.
        body = body.replace(b"\r\n", b"\n")
    if encoding == "base64":
        is_text = part.media_type.startswith("text/")
        return _text_base64(body, part, defects) if is_text else decode_base64(body)
    if encoding in ("quoted-printable", "quoted printable", "qp"):
        # RFC 2045 6.7 (3): blanks at the end of a line were added on the way.
        data = binascii.a2b_qp(_BLANKS_AT_END.sub(b"=", body) if b"= " in body else body)
        return data.replace(b"\r\n", b"\n") if part.media_type.startswith("text/") else data
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        files = find_uuencoded(body)
        if files:
            return files[0][1]
    if encoding not in _PLAIN:
        shown = clean(encoding[:40])
        defects.append(f"The transfer encoding {shown} is not known; left as it came.")
    return body


def _text_base64(body: bytes, part: Part, defects: list[str]) -> bytes:
    """A text said to be base64, which may not be, or only down to a footer that was added."""
    strange = _NOT_BASE64.search(body)
    if strange is None:
        return decode_base64(body)
    start = body.rfind(b"\n", 0, strange.start()) + 1
    if b" " in body[start:].strip():
        if not body[:start].strip() or b" " in body[:start].strip():
            defects.append("A text said to be base64 is not encoded.")
            return body
        defects.append("Text that is not encoded stands behind base64.")
        return _with_footer(decode_base64(body[:start]), b"\n" + body[start:], part)
    return decode_base64(body)


def _with_footer(text: bytes, footer: bytes, part: Part) -> bytes:
    """Both as one text: a footer of single bytes would be other characters in UTF-16."""
    codec = wide_codec(text, type_parameters(part).get("charset"))
    if codec is None:
        return text + footer
    whole = len(text) // _UNIT_BYTES[codec[:6]] * _UNIT_BYTES[codec[:6]]
    return text[:whole] + decode(footer, None)[0].encode(codec, "replace")


_UNIT_BYTES = {"utf-16": 2, "utf-32": 4}


def type_parameters(part: Part) -> dict[str, str]:
    """The parameters of the Content-Type by lower-case name."""
    # Some leave out the ";" behind the type (RFC 2045 5.1).
    raw = part.raw_field("content-type") or b""
    return parse_parameters(b";" + _MEDIA_TYPE.sub(b"", raw, count=1)) if b"=" in raw else {}


def find_uuencoded(data: bytes) -> list[tuple[str, bytes, int, int]]:
    """Files uuencoded in a text: name as written, bytes, and where the block starts and ends."""
    files: list[tuple[str, bytes, int, int]] = []
    at = 0
    for _ in range(_MOST_UUENCODED):
        found = _UU_BEGIN.search(data, at)
        if found is None:
            break
        at = found.end()
        decoded = bytearray()
        while (end := data.find(b"\n", at)) >= 0 and end - at <= _UU_LINE_BYTES:
            line = data[at:end].rstrip(b"\r")
            if line == b"end" or not line:
                break
            try:
                decoded += _uu_line(line)
            except (binascii.Error, ValueError):
                break
            at = end + 1
        if data[at : at + 3] == b"end" and decoded:
            name = found[2].decode("utf-8", "replace").strip().strip('"')
            stop = data.find(b"\n", at)
            at = len(data) if stop < 0 else stop + 1
            files.append((name, bytes(decoded), found.start(), at))
    return files


def _uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        # Some encoders write more characters than the length of the line says.
        length = (((line[0] - 32) & 63) * 4 + 5) // 3
        return binascii.a2b_uu(line[:length])
