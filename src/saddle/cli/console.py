"""Printing for people and for pipes: text as it is, wrapped only where a person reads it on a terminal."""

import sys
from collections.abc import Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text


def tell(sentence: str) -> None:
    """Print prose, wrapped between words on a terminal and on one line elsewhere."""
    console = Console()
    console.print(sentence, markup=False, highlight=False, soft_wrap=not console.is_terminal)


def show(line: str, *, style: str | None = None, error: bool = False) -> None:
    """Print what may be copied, such as a path or a command: never wrapped.

    Args:
        line: the text.
        style: a color or a weight, for terminals.
        error: print on standard error.
    """
    Console(file=sys.stderr if error else sys.stdout).print(
        line, markup=False, highlight=False, soft_wrap=True, style=style
    )


def show_pairs(pairs: Mapping[str, str]) -> None:
    """Print names with what belongs to each, as two columns on a terminal and as lines elsewhere."""
    console = Console()
    widest = max(map(len, pairs))
    if not console.is_terminal:
        for name, text in pairs.items():
            show(f"{name:<{widest}}  {text}")
        return
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column()
    for name, text in pairs.items():
        table.add_row(Text(name), Text(text))
    console.print(table, highlight=False)
