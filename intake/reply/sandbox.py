"""What the language of templates allows: showing variables, choosing, and listing. No more.

Templates are edited by support staff through files that others may reach too. So nothing in them
can be called, assigned or included, and nothing multiplies: what a template can cost is bounded
by its own length. What is not allowed is found before anything is rendered, with its line.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from jinja2 import StrictUndefined, nodes
from jinja2.filters import FILTERS
from jinja2.sandbox import ImmutableSandboxedEnvironment

from intake.reply.variables import NAMES

MOST_NESTED_LOOPS = 2

_FILTERS = (
    "abs",
    "capitalize",
    "default",
    "e",
    "escape",
    "first",
    "int",
    "last",
    "length",
    "lower",
    "round",
    "title",
    "trim",
    "upper",
)
_LONGEST_SEPARATOR = 20
_FORBIDDEN: tuple[tuple[type[nodes.Node], str], ...] = (
    (nodes.CallBlock, "calls are not allowed"),
    (nodes.Call, "calls are not allowed"),
    (nodes.Include, "other files cannot be included"),
    (nodes.Import, "other files cannot be imported"),
    (nodes.FromImport, "other files cannot be imported"),
    (nodes.Extends, "templates stand alone; `extends` is not allowed"),
    (nodes.Block, "templates stand alone; `block` is not allowed"),
    (nodes.Macro, "macros are not allowed"),
    (nodes.Assign, "`set` is not allowed"),
    (nodes.AssignBlock, "`set` is not allowed"),
    (nodes.With, "`with` is not allowed"),
    (nodes.Mul, "`*` is not allowed"),
    (nodes.Pow, "`**` is not allowed"),
    (nodes.Mod, "`%` is not allowed"),
)


def make_environment(*, autoescape: bool) -> ImmutableSandboxedEnvironment:
    """An environment without globals and with few filters; `autoescape` for HTML only."""
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=autoescape,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.clear()
    environment.filters.clear()
    environment.filters.update({name: FILTERS[name] for name in _FILTERS})
    environment.filters["join"] = _join
    return environment


def find_faults(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """Line and plain words for everything in a parsed template that is not allowed or unknown."""
    local = {node.name for node in tree.find_all(nodes.Name) if node.ctx != "load"}
    for node in tree.find_all(nodes.Node):
        words = next((text for kind, text in _FORBIDDEN if isinstance(node, kind)), None)
        if words is not None:
            yield node.lineno, words
        elif isinstance(node, nodes.Name) and node.ctx == "load":
            if node.name not in NAMES | local | {"loop"}:
                yield node.lineno, _unknown("variable", node.name, NAMES)
        elif isinstance(node, nodes.Filter) and node.name not in (*_FILTERS, "join"):
            yield node.lineno, _unknown("filter", node.name, (*_FILTERS, "join"))
        elif isinstance(node, nodes.Getattr) and not _is_loop(node.node):
            yield node.lineno, f"`.{node.attr}`: variables have no parts"
        elif isinstance(node, nodes.For) and _depth(node) > MOST_NESTED_LOOPS:
            yield node.lineno, f"loops are nested more than {MOST_NESTED_LOOPS} deep"


def _is_loop(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Name) and node.name == "loop"


def _depth(loop: nodes.For) -> int:
    return 1 + max((_depth(inner) for inner in loop.find_all(nodes.For)), default=0)


def _unknown(kind: str, name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(sorted(known))}"
    return f"unknown {kind} `{name}`; {hint}"


def _join(pieces: tuple[str, ...], separator: str = "") -> str:
    """Jinja's own takes text for a list of letters, and so multiplies lengths."""
    if not isinstance(pieces, tuple) or len(separator) > _LONGEST_SEPARATOR:
        raise ValueError("`join` takes a list and a short separator")
    return separator.join(pieces)
