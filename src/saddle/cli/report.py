"""`saddle report`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

import saddle


def report(
    run: Annotated[Path, typer.Argument(help="A run folder.")],
    member: Annotated[int, typer.Option(help="Of a population.")] = 0,
) -> None:
    """Write a run's report anew, from its last checkpoint."""
    console = Console()
    gan = saddle.GAN.load(run, like=saddle.recipes.like_run(run))
    gan.reopen_data()
    with console.status("Writing the report"):
        path = saddle.reports.write_report(gan, member=member)
    console.print(f"Report: {path}", highlight=False, soft_wrap=True)
