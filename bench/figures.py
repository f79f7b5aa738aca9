"""Figures beside the best known floor and our goal, as one small table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

CORPORA = Path(__file__).parent.parent.parent / "shared" / "corpora"
NOT_HERE = "skipped: ../shared/corpora is not here"


@dataclass(frozen=True)
class Figure:
    """`right` of `total`. `floor` and `goal` are shares from 0 to 1, None where none is set."""

    name: str
    right: int
    total: int
    floor: float | None = None
    goal: float | None = None
    missed: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        return self.right / self.total if self.total else 0.0

    @property
    def reached(self) -> bool:
        return self.goal is None or self.share >= self.goal


def print_figures(title: str, figures: Iterable[Figure], *, show_missed: int = 3) -> None:
    """The table, and under it the first `show_missed` names of what was missed in each row."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column("what")
    for heading in ("right", "of", "share", "floor", "goal", ""):
        table.add_column(heading, justify="right")
    notes = []
    for figure in figures:
        mark = "[green]reached[/]" if figure.reached else "[red]missed[/]"
        table.add_row(
            figure.name,
            str(figure.right),
            str(figure.total),
            f"{figure.share:.2%}",
            "" if figure.floor is None else f"{figure.floor:.1%}",
            "" if figure.goal is None else f"{figure.goal:.1%}",
            "" if figure.goal is None else mark,
        )
        if figure.missed:
            more = len(figure.missed) - show_missed
            shown = ", ".join(figure.missed[:show_missed])
            notes.append(f"{figure.name}: {shown}" + (f" and {more} more" if more > 0 else ""))
    console = Console()
    console.print(table)
    for note in notes:
        console.print(f"  [dim]{note}[/]", highlight=False)
    console.print()
