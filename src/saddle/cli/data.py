"""`saddle data`."""

from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

import saddle
from saddle.cli import options
from saddle.cli.console import show_pairs, tell
from saddle.cli.sources import content, open_source

if TYPE_CHECKING:
    from saddle.data import Dataset

EXAMPLES = """
Examples:

  saddle data

  saddle data photos/ --size 64x64

  saddle data wine.csv --target quality
"""
LABELS_SHOWN = 40


def data(source: options.Source = None, *, target: options.Target = None, size: options.Size = None) -> None:
    """List the built-in data sets, or say what saddle sees in a source: kind, size, labels, range, problems."""
    if source is None:
        show_pairs(saddle.data.builtin_names())
        tell("Your own: a .npy, .npz, .csv or .parquet file, a folder of pictures, or a folder of idx files (MNIST).")
        return
    found = open_source(source, {"target": target, "size": size})
    seen = found.describe()
    show_pairs(_lines(found, seen))
    if "columns" in seen:
        _show_columns(seen["columns"])
    for problem in seen["problems"]:
        tell(f"Note: {problem}")


def _lines(found: "Dataset", seen: dict[str, Any]) -> dict[str, str]:
    lines = {"name": seen["name"], "about": seen.get("about", ""), "holds": content(found), "type": seen["dtype"]}
    if found.kind != "table":
        low, high = seen["range"]
        lines["range"] = f"{low:g} to {high:g}"
    if labels := seen["labels"]:
        shown = [f"{one['label']} ({one['count']:,})" for one in labels[:LABELS_SHOWN]]
        rest = len(labels) - len(shown)
        lines["labels"] = ", ".join(shown) + (f", and {rest:,} more" if rest else "")
    return {name: text for name, text in lines.items() if text}


def _show_columns(columns: list[dict[str, Any]]) -> None:
    table = Table("column", "type", "role", "range", box=None, padding=(0, 2, 0, 0))
    for one in columns:
        low, high = one.get("range", (None, None))
        span = "" if low is None else f"{low:g} to {high:g}"
        table.add_row(str(one["name"]), one["dtype"], "label" if one["role"] == "target" else one["role"], span)
    Console().print(table, highlight=False, markup=False)
