"""`saddle data`."""

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

import saddle
from saddle.cli.sources import open_source


def data(
    source: Annotated[str | None, typer.Argument(help="A file, a folder or a built-in set.")] = None,
    target: Annotated[str | None, typer.Option(help="The label column of a table.")] = None,
    size: Annotated[str | None, typer.Option(help="Size of the pictures of a folder, as HxW.")] = None,
) -> None:
    """List the built-in data sets, or say what saddle sees in a source."""
    console = Console()
    if source is None:
        for name, about in saddle.data.builtin_names().items():
            console.print(f"[bold]{name}[/bold]  {about}", highlight=False)
        console.print("Your own: a .npy, .npz, .csv or .parquet file, a folder of pictures, a folder of idx files.")
        return
    found = open_source(console, source, {"target": target, "size": size})
    _print(console, found.describe())


def _print(console: Console, seen: dict[str, Any]) -> None:
    low, high = seen["range"]
    lines = {
        "name": seen["name"],
        "about": seen.get("about"),
        "kind": seen["kind"],
        "count": f"{seen['count']:,}",
        "shape": " x ".join(map(str, seen["shape"])),
        "type": seen["dtype"],
        "range": f"{low:g} to {high:g}",
    }
    if seen["labels"]:
        lines["labels"] = ", ".join(f"{one['label']} ({one['count']:,})" for one in seen["labels"][:40])
    table = Table.grid(padding=(0, 2))
    for key, value in lines.items():
        if value is not None:
            table.add_row(f"[bold]{key}[/bold]", str(value))
    console.print(table, highlight=False)
    if "columns" in seen:
        columns = Table("column", "type", "role", "range", box=None, padding=(0, 2))
        for one in seen["columns"]:
            span = f"{one['range'][0]:g} to {one['range'][1]:g}" if "range" in one else ""
            columns.add_row(str(one["name"]), one["dtype"], one["role"], span)
        console.print(columns, highlight=False)
    for problem in seen["problems"]:
        console.print(f"Note: {problem}", highlight=False, soft_wrap=True, markup=False)
