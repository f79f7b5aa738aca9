"""Reading order, and codes that a narrow dialog broke in two."""

from __future__ import annotations

import pytest

from intake.outside.ocr_lines import Box, lay_out_lines


def line(text: str, top: int, left: int = 10, height: int = 10) -> Box:
    return Box(text, left, top, left + 6 * len(text), top + height)


def test_rows_go_down_and_words_go_right() -> None:
    boxes = [line("OK", 41, 300), line("Failed", 1, 12), line("Error", 40), line("E-17", 43, 90)]
    assert lay_out_lines(boxes) == "Failed\nError E-17 OK"


@pytest.mark.parametrize(
    ("above", "below", "read"),
    [
        ("代码U-", "1207", "代码U-1207"),
        ("7d1f4a52-2b59-", "4b64-9b8f-0e9a6c1d2f33", "7d1f4a52-2b59-4b64-9b8f-0e9a6c1d2f33"),
        ("0x5c504ed432cb51138bcf09", "aa5e8a410dd4", "0x5c504ed432cb51138bcf09aa5e8a410dd4"),
        ("ERR_CONNECTION_", "RESET again", "ERR_CONNECTION_RESET again"),
        ("Error E-17", "1207 left", "Error E-17\n1207 left"),
        ("see the manual -", "page 3", "see the manual -\npage 3"),
        ("Internationalisation", "is hard", "Internationalisation\nis hard"),
        ("U-", "，请更新", "U-\n，请更新"),
    ],
)
def test_only_what_was_broken_is_joined(above: str, below: str, read: str) -> None:
    assert lay_out_lines([line(above, 0), line(below, 14)]) == read


def test_nor_across_a_gap_or_to_the_side() -> None:
    assert lay_out_lines([line("U-", 0), line("1207", 40)]) == "U-\n1207"
    assert lay_out_lines([line("U-", 0), line("1207", 14, 60)]) == "U-\n1207"


def test_a_long_hexadecimal_run_holds_no_letter_l() -> None:
    uuid = "7d1f4a52-2b59-4b64-9b8f-0e9a6cld2f33"
    assert lay_out_lines([line(f"请求编号{uuid}", 0)]) == f"请求编号{uuid.replace('l', '1')}"
    assert lay_out_lines([line("at Ox00007FFA", 0)]) == "at 0x00007FFA"
    assert lay_out_lines([line("Oxford Oxidol", 0)]) == "Oxford Oxidol"
    assert lay_out_lines([line("4a5ele4baab89f3a325l8aO8", 0)]) == "4a5e1e4baab89f3a32518a08"
    assert lay_out_lines([line("Illoilloollillooilloi", 0)]) == "Illoilloollillooilloi"
    assert lay_out_lines([line("label 5ele", 0)]) == "label 5ele"
