"""Plain address headers are read without mail-parser, exactly as it reads them."""

from __future__ import annotations

import mailparser
from hypothesis import example, given
from hypothesis import strategies as st

from intake.mail.parse import parse_mail
from intake.mail.people import PeopleReader

WORDS = st.lists(st.from_regex(r"[A-Za-z0-9]{1,12}", fullmatch=True), min_size=0, max_size=4).map(
    " ".join
)
LOCAL = st.from_regex(r"[A-Za-z0-9]{1,12}([._+-][A-Za-z0-9]{1,8}){0,3}", fullmatch=True)
DOMAIN = st.from_regex(
    r"([A-Za-z0-9]{1,10}(-[A-Za-z0-9]{1,5})?\.){1,3}[A-Za-z]{2,8}", fullmatch=True
)
BLANK = st.sampled_from(["", " ", "  ", "\t"])


@given(WORDS, LOCAL, DOMAIN, BLANK, BLANK, st.booleans())
@example("", "a", "b.example", "", "", False)
@example("Re 2", "x.y", "xn--bcher-kva.example", " ", " ", True)
def test_plain_addresses_are_read_as_mail_parser_reads_them(
    name: str, local: str, domain: str, before: str, after: str, brackets: bool
) -> None:
    spec = f"{local}@{domain}"
    value = f"{name} <{spec}>" if name else (f"<{spec}>" if brackets else spec)
    raw = f"From: {before}{value.strip()}{after}\r\n\r\nhi\r\n".encode()
    ((shown, read),) = mailparser.parse_from_bytes(raw).from_
    author = parse_mail(raw).author
    assert author is not None
    assert (author.display_name, author.addr_spec) == (shown, read)


class Silent:
    """A reader that must not be asked."""

    @property
    def address_header_defects(self) -> list[dict[str, object]]:
        raise AssertionError("asked for a plain header")

    def read(self, name: str) -> list[tuple[str, str]]:
        raise AssertionError("asked for a plain header")


def test_nobody_is_asked_about_a_plain_header() -> None:
    fields = {"from": [b" Ann Lee <ann.lee@mail.example>"], "to": [b"<desk@exchange.example>"]}
    people = PeopleReader(fields, Silent(), None, []).read()
    assert people.author is not None
    assert (people.author.display_name, people.author.key) == ("Ann Lee", "ann.lee@mail.example")
    assert [to.key for to in people.to] == ["desk@exchange.example"]
