"""Writes an outgoing mail byte by byte.

The standard library's generator is not used: it makes random boundaries, encodes long References
as RFC 2047 words (which breaks threading), and takes most of the time a reply may cost.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.header import Header

LINE = 76  # RFC 2045 6.7, 6.8
_MOST_QP_SHARE = 1 / 6


@dataclass(frozen=True, slots=True)
class Part:
    """One alternative: a text/`subtype` in UTF-8, lines ending in LF."""

    subtype: str
    text: str


def render_mail(headers: Iterable[tuple[str, str]], parts: Sequence[Part], seed: str) -> bytes:
    """The mail with CRLF line ends; plain where there is one part, else multipart/alternative.

    `headers` are names and finished values (encode_words, fold_ids, quote_name). `seed` gives the
    boundary. Raises ValueError for a value that would break out of its header.
    """
    head = "".join(_header_line(name, value) for name, value in headers) + "MIME-Version: 1.0\r\n"
    if len(parts) == 1:
        return head.encode() + _render_part(parts[0])
    # No quoted-printable or base64 line can hold "=_" (RFC 2045 6.7 (1)).
    boundary = "=_" + hashlib.sha256(f"boundary|{seed}".encode()).hexdigest()[:32]
    head += f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n'
    bodies = [f"--{boundary}\r\n".encode() + _render_part(part) + b"\r\n" for part in parts]
    return head.encode() + b"".join(bodies) + f"--{boundary}--\r\n".encode()


def encode_words(text: str, name: str) -> str:
    """`text` as the value of the unstructured header `name`, RFC 2047 encoded where it must be."""
    charset = "us-ascii" if text.isascii() and "=?" not in text else "utf-8"
    longest_word = max(map(len, text.split()), default=0)
    if charset == "us-ascii" and longest_word > LINE - len(name) - 2:
        charset = "utf-8"  # RFC 5322 2.1.1: encoded words can be folded anywhere
    return Header(text, charset, LINE, name).encode(linesep="\r\n")


def quote_name(display_name: str, addr_spec: str, name: str) -> str:
    """`display_name <addr_spec>` (RFC 5322 3.4), the name quoted or encoded."""
    if not display_name:
        return addr_spec
    if display_name.isascii() and "=?" not in display_name and len(display_name) <= 60:
        escaped = display_name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" <{addr_spec}>'
    encoded = Header(display_name, "utf-8", LINE, name).encode(linesep="\r\n")
    return f"{encoded} <{addr_spec}>"


def fold_ids(message_ids: Iterable[str]) -> str:
    """Message-IDs with brackets, one a line (RFC 5322 2.2.3), never encoded."""
    return "\r\n ".join(f"<{message_id}>" for message_id in message_ids)


def _header_line(name: str, value: str) -> str:
    for line in value.split("\r\n")[1:]:
        if not line.startswith((" ", "\t")) or not line.strip():
            raise ValueError(f"a line break in header {name}")
    if any(letter in "\r\n\0" for letter in value.replace("\r\n ", "")):
        raise ValueError(f"a control character in header {name}")
    return f"{name}: {value}\r\n"


def _render_part(part: Part) -> bytes:
    # b2a_qp takes its line ends from the data, so there must be one.
    data = (part.text.rstrip("\n") + "\n").replace("\n", "\r\n").encode()
    head = f'Content-Type: text/{part.subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: '
    if sum(byte > 126 for byte in data) > len(data) * _MOST_QP_SHARE:
        return f"{head}base64\r\n\r\n".encode() + _base64(data)
    return f"{head}quoted-printable\r\n\r\n".encode() + binascii.b2a_qp(data, istext=True)


def _base64(data: bytes) -> bytes:
    text = base64.b64encode(data)
    return b"".join(text[i : i + LINE] + b"\r\n" for i in range(0, len(text), LINE))
