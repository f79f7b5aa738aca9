from __future__ import annotations

import pytest

from intake.mail.addresses import find_address, parse_addresses


@pytest.mark.parametrize(
    "value, expected",
    [
        ("Doe, John <j@x.example>", [("Doe, John", "j@x.example")]),
        (
            '"Doe, John" <j@x.example>, b@y.example',
            [("Doe, John", "j@x.example"), ("", "b@y.example")],
        ),
        ("Team: a@x.example, B <b@x.example>;", [("", "a@x.example"), ("B", "b@x.example")]),
        ("a@x.example (Ann Other)", [("Ann Other", "a@x.example")]),
        ("'Ann' <mailto:a@x.example>", [("Ann", "a@x.example")]),
        ("<@relay.example:a@x.example>", [("", "a@x.example")]),
        ("Ann <a@x.example", [("Ann", "a@x.example")]),
        ("=?utf-8?Q?Eve,_x:_y?= <e@x.example>", [("Eve, x: y", "e@x.example")]),
        ('"a@x.example" <a@x.example>', [("", "a@x.example")]),
        ("MAILER-DAEMON <>", [("", "MAILER-DAEMON")]),
        ("Undisclosed recipients:;", []),
        ("<>", []),
        ("", []),
    ],
)
def test_addresses_people_send(value, expected):
    found = parse_addresses(value.encode())
    assert [(each.display_name, each.addr_spec) for each in found] == expected


def test_an_internationalised_address_is_kept():
    (found,) = parse_addresses("用户 <用户@例子.广告>".encode())
    assert (found.local_part, found.domain) == ("用户", "例子.广告")


def test_an_address_hidden_in_a_name_is_found():
    found = find_address(b"=?utf-8?Q?Ann_=3Ca=40x.example=3E?=")
    assert found is not None
    assert (found.display_name, found.addr_spec) == ("Ann", "a@x.example")
