"""Small mails of many programs and languages, each with the lines that are new."""

import pytest

from intake.mail.newest import find_newest
from tests.mail.newest_cases import read_cases

CASES = read_cases()


@pytest.mark.parametrize("name", CASES)
def test_newest_reply(name: str) -> None:
    text, new = CASES[name]
    assert find_newest(text).reply == new


@pytest.mark.parametrize("name", CASES)
def test_line_ends_and_a_mark_in_front_change_nothing(name: str) -> None:
    text, new = CASES[name]
    assert find_newest("\n" + text.replace("\n", "\r\n")).reply == new
