"""`saddle sample`."""

from pathlib import Path

import saddle
from saddle.cli import options
from saddle.cli.console import show
from saddle.core.errors import InputError

EXAMPLES = """
Examples:

  saddle sample runs/digits-default-001

  saddle sample runs/digits-default-001 -n 1000 --label 7 --out sevens.npz

  saddle sample runs/wine-default-001 -n 500 --seed 1 --out wine.csv
"""


def sample(
    run: options.Run,
    *,
    n: options.Samples = 64,
    label: options.SampleLabel = None,
    seed: options.SampleSeed = None,
    round_: options.Checkpoint = None,
    member: options.Member = 0,
    interpolate: options.Interpolate = False,
    out: options.SamplesOut = None,
) -> None:
    """Draw samples from a trained model, in the data's own units."""
    model = saddle.load(run, round=round_, like=saddle.recipes.like_run(run))
    layout = model.trained.fitted.layout
    target = out or _free(run, ".csv" if layout.kind == "table" else ".png")
    saddle.reports.require_writable(target, layout)
    draw = model.walk_model if interpolate else model.sample_model
    x, y = draw(n, y=label, seed=seed, member=member)
    saddle.reports.write_samples(target, x, y, layout)
    show(f"{n:,} sample{'s' if n > 1 else ''}: {target}")


def _free(run: Path, suffix: str) -> Path:
    """A name in the run folder that is not taken."""
    for number in range(1, 10_000):
        path = run / f"samples-{number:03d}{suffix}"
        if not path.exists():
            return path
    raise InputError(f"{run} holds 9,999 files of samples; name one with --out.")
