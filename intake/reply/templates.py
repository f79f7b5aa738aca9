"""Turns a TemplateSource and the variables into a letter, or says what is wrong with it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import TracebackType

from jinja2 import Template, TemplateSyntaxError

from intake.errors import TemplateError
from intake.reply.builtin import Letter
from intake.reply.sandbox import find_faults, make_environment
from intake.reply.variables import NAMES, Value, clean_line, sample_variables
from intake.settings.rules import TemplateSource

MOST_SUBJECT = 200
MOST_TEXT = 20_000
MOST_HTML = 100_000

_TEXT = make_environment(autoescape=False)
_HTML = make_environment(autoescape=True)


@dataclass(frozen=True, slots=True)
class _Piece:
    """One of the up to three things a template consists of; `line` is where it begins."""

    path: str
    line: int
    content: str
    is_html: bool = False


@dataclass(frozen=True, slots=True)
class _Compiled:
    subject: Template
    text: Template
    html: Template | None


def render_template(source: TemplateSource, variables: Mapping[str, Value]) -> Letter:
    """The letter that `source` makes of `variables`.

    Raises TemplateError naming file, line, variable and the nearest right name.
    """
    compiled = _compile(source)
    subject = clean_line(_render(compiled.subject, variables, MOST_TEXT), MOST_SUBJECT)
    text = _tidy(_render(compiled.text, variables, MOST_TEXT))
    html = _tidy(_render(compiled.html, variables, MOST_HTML)) if compiled.html else None
    if not subject or not text.strip():
        what = "text" if subject else "subject"
        raise TemplateError(f"{source.path}: the {what} is empty")
    return Letter(subject, text, html)


def check_template(source: TemplateSource) -> list[str]:
    """Everything wrong with `source`, found by reading it and by rendering it with examples."""
    faults: list[str] = []
    for piece in _pieces(source):
        try:
            faults += _find_faults(piece)
        except TemplateError as error:
            faults.append(str(error))
    if not faults:
        for variables in sample_variables():
            try:
                render_template(source, variables)
            except TemplateError as error:
                faults.append(str(error))
    return list(dict.fromkeys(faults))


@lru_cache(maxsize=512)
def _compile(source: TemplateSource) -> _Compiled:
    templates = [_compile_piece(piece) for piece in _pieces(source)]
    html = templates[2] if len(templates) > 2 else None
    return _Compiled(templates[0], templates[1], html)


def _pieces(source: TemplateSource) -> Iterator[_Piece]:
    yield _Piece(source.path, source.subject_line, source.subject)
    yield _Piece(source.path, source.text_line, source.text)
    if source.html is not None:
        yield _Piece(source.html_path, 1, source.html, is_html=True)


def _find_faults(piece: _Piece) -> list[str]:
    environment = _HTML if piece.is_html else _TEXT
    try:
        tree = environment.parse(_placed(piece), piece.path, piece.path)
    except TemplateSyntaxError as error:
        raise _error(piece.path, error.lineno, error.message or "not understood") from None
    except RecursionError:
        raise _error(piece.path, piece.line, "nested too deep") from None
    return [f"{piece.path}, line {line}: {words}" for line, words in sorted(set(find_faults(tree)))]


def _compile_piece(piece: _Piece) -> Template:
    faults = _find_faults(piece)
    if faults:
        raise TemplateError(faults[0])
    environment = _HTML if piece.is_html else _TEXT
    try:
        code = environment.compile(_placed(piece), piece.path, piece.path)
    except TemplateSyntaxError as error:
        raise _error(piece.path, error.lineno, error.message or "not understood") from None
    return Template.from_code(environment, code, {})


def _placed(piece: _Piece) -> str:
    """The content at its own line numbers, for messages; the empty lines are stripped later."""
    return "\n" * (piece.line - 1) + piece.content


def _render(template: Template, variables: Mapping[str, Value], most: int) -> str:
    path = template.filename or ""
    chunks: list[str] = []
    size = 0
    try:
        for chunk in template.generate(variables):
            size += len(chunk)
            if size > most:
                raise TemplateError(f"{path}: more than {most:,} characters long")
            chunks.append(chunk)
    except TemplateError:
        raise
    except Exception as error:  # whatever a template does wrong, the customer gets an answer
        raise _error(path, _line_of(error.__traceback__, path), _explain(error)) from error
    return "".join(chunks)


def _explain(error: Exception) -> str:
    """The error in words that name the variable and the nearest right one."""
    text = str(error) or type(error).__name__
    named = text.split("'")[1] if text.count("'") >= 2 else ""
    near = difflib.get_close_matches(named, sorted(NAMES), n=1) if named not in NAMES else []
    return f"{text}; did you mean `{near[0]}`?" if near else text


def _line_of(traceback: TracebackType | None, path: str) -> int:
    """The template line an error happened at; Jinja writes them into the traceback."""
    line = 1
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == path:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def _error(path: str, line: int, words: str) -> TemplateError:
    return TemplateError(f"{path}, line {line}: {words}")


def _tidy(text: str) -> str:
    """No spaces at line ends, no empty lines at either end, never two empty lines in a row."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for i, line in enumerate(lines) if line or (i and lines[i - 1])]
    return "\n".join(kept) + "\n"
