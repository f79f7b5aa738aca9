"""What the fuzzer found once, smallest form; every promise has to hold for each of these."""

from __future__ import annotations

import pytest

from tests.fuzz.guard import check

FOUND = {
    "control character in a transfer encoding": b"Content-Transfer-Encoding: 8bit\n 0\x1f\n\na",
    "NUL in a transfer encoding": b"Content-Transfer-Encoding: \0\r\n\r\na",
    "NUL in a type": b"Content-Type: text/plain\0\n\na",
    "escape in a recipient": b"X-Failed-Recipients: \x1b$B",
    "NUL in a recipient": b"X-Failed-Recipients: a\0@b.example",
    "endless name of a charset": (
        b"Content-Type: a; charset=is" + b" " * 700 + b"022_jp_2\r\n\r\na: \xe1ft"
    ),
    "EBCDIC, whose line ends are no line ends": b"Content-Type: t charset=ibm039\n\xa5\n",
    "a JPEG that ends in a segment": (
        b"Content-Type: image/jpeg\nContent-Transfer-Encoding: base64\n\n/9j/SkZJRgB="
    ),
    "a charset guessed from a sample that ends inside a character": (
        b"El 23/11/2026, A escribi\xa8\xae:\r\n\x810\x815\r\n\x816\xa47\r\n"
        + b"El 23/11/2026, A escribi\xa8\xae:\r\n\x810\x815\r\n\xb7\xa2\xcb\xcd\xca\xb1\xbc\xe4: "
        b"2026\xc4\xea11\xd4\xc223\xc8\xd5\r\n\x816\xa47\r\n" * 38
    ),
    "a footer behind UTF-16 in base64": (b"Content-Transfer-Encoding:base64\n//4\n: M\n"),
    "a tab in the name of who is forwarded": b"--Weitergeleitet--\nVon:$\ta<a@k.A\nA:",
    "UTF-16 by another name": b"Content-Type:t charset=unicodebigunmarked\n\xa3\n",
    "endless header name": b"From: a@b.example\n" + b"x" * 900 + b": a\nlost\nTo: a@b.example\n\na",
}


@pytest.mark.parametrize("case", FOUND)
def test_what_was_found_once_keeps_every_promise(case: str) -> None:
    found = check(FOUND[case])
    assert found is None, found
