"""`saddle sample`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

import saddle
from saddle.core.errors import InputError


def sample(
    run: Annotated[Path, typer.Argument(help="A run folder.")],
    n: Annotated[int, typer.Option("-n", help="How many samples.")] = 64,
    label: Annotated[str | None, typer.Option(help="Only this label, of a conditional model.")] = None,
    seed: Annotated[
        int | None, typer.Option(help="With a seed, sample i is always the same.", show_default="different every time")
    ] = None,
    round_: Annotated[
        int | None, typer.Option("--round", help="An earlier checkpoint.", show_default="the last")
    ] = None,
    member: Annotated[int, typer.Option(help="Of a population.")] = 0,
    interpolate: Annotated[bool, typer.Option("--interpolate", help="Walk between latents.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            help="A .png, .csv, .parquet, .npy or .npz file, or a folder.", show_default="RUN/samples.png or .csv"
        ),
    ] = None,
) -> None:
    """Draw samples from a trained model, in the data's own units."""
    gan = saddle.GAN.load(run, round=round_, like=saddle.recipes.like_run(run))
    layout = gan.trained.fitted.layout
    target = out or _free(run, ".csv" if layout.kind == "table" else ".png")
    saddle.reports.require_writable(target, layout)
    if interpolate:
        x, y = gan.walk_model(n, y=label, seed=seed, member=member)
    else:
        x, y = gan.sample_model(n, y=label, seed=seed, member=member)
    saddle.reports.write_samples(target, x, y, layout)
    Console().print(f"{n:,} samples: {target}", highlight=False, soft_wrap=True)


def _free(run: Path, suffix: str) -> Path:
    """A name in the run folder that is not taken."""
    for number in range(1, 10_000):
        path = run / f"samples-{number:03d}{suffix}"
        if not path.exists():
            return path
    raise InputError(f"{run} holds 9,999 files of samples; name one with --out.")
