from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from intake.outside.imap_structure import render_parts

ATOMS = st.none() | st.integers() | st.binary(max_size=5)
ANYTHING = st.recursive(ATOMS, lambda inner: st.lists(inner) | st.lists(inner).map(tuple))


@given(ANYTHING)
def test_nothing_a_server_says_raises(structure: object) -> None:
    render_parts(structure)


def test_many_parts_are_cut_short() -> None:
    leaf = (b"TEXT", b"PLAIN", (b"NAME", b"a\r\nb"), None, None, b"7BIT", 1234)
    lines = render_parts(([leaf] * 150, b"MIXED"))
    assert lines[0] == "text/plain, ab, 1,234 bytes encoded"
    assert len(lines) == 101
    assert lines[-1] == "... and 50 more"
