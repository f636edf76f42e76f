"""`saddle evaluate`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

import saddle
from saddle.core.errors import InputError


def evaluate(
    run: Annotated[Path, typer.Argument(help="A run folder.")],
    n: Annotated[int, typer.Option("-n", help="Samples to measure.")] = 1000,
    member: Annotated[int, typer.Option(help="Of a population.")] = 0,
    round_: Annotated[
        int | None, typer.Option("--round", help="An earlier checkpoint.", show_default="the last")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print a JSON record instead of a table.")] = False,
) -> None:
    """Measure a trained model against held-out data, each number beside the same number for real data."""
    if n < 10:
        raise InputError(f"-n must be at least 10, and got {n}.")
    gan = saddle.GAN.load(run, round=round_, like=saddle.recipes.like_run(run))
    gan.reopen_data()
    train, held_out = gan.trained.data(member)
    result = saddle.evaluation.evaluate(gan.member(member), held_out, train, n=n)
    if json:
        typer.echo(result.to_json())
    else:
        Console().print(str(result), highlight=False, markup=False, soft_wrap=True)
