"""Small files, short functions, names on everything: the bar of the house."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "intake").rglob("*.py"))
LONGEST_FILE, LONGEST_FUNCTION, USUAL_FUNCTION = 300, 60, 35


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of code: the docstring is free, so that nobody saves on it."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function):
        first = function.body[0]
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def test_no_file_is_over_300_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in FILES
        if "versions" not in path.parts
        and (count := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    assert not long


def test_no_function_is_over_60_lines() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{function.name}": length(function)
        for path in FILES
        if "versions" not in path.parts
        for function in functions(path)
        if length(function) > LONGEST_FUNCTION
    }
    assert not long


def test_95_percent_of_functions_are_under_35_lines() -> None:
    lengths = [length(function) for path in FILES for function in functions(path)]
    short = sum(count <= USUAL_FUNCTION for count in lengths)
    assert short / len(lengths) >= 0.95


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is_for(path: Path) -> None:
    source = path.read_text()
    assert not source.strip() or ast.get_docstring(ast.parse(source))


def test_nothing_is_put_off_or_hidden() -> None:
    marks = ("TODO", "FIXME", "XXX", "NotImplementedError")
    found = [
        f"{path.relative_to(ROOT)}: {mark}"
        for path in FILES
        for mark in marks
        if mark in path.read_text()
    ]
    assert not found


def test_no_import_hides_inside_a_function_to_dodge_a_cycle() -> None:
    """Verbs import what they need when they run, so that `intake --help` is quick; no one else."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in FILES
        if path.parent.name not in ("cli",)
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not found
