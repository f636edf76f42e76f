"""`saddle evaluate`."""

from rich.console import Console

import saddle
from saddle.cli import options
from saddle.cli.console import show
from saddle.core.errors import InputError

EXAMPLES = """
Examples:

  saddle evaluate runs/digits-default-001

  saddle evaluate runs/ring-default-001 -n 5000 --json
"""


def evaluate(
    run: options.Run,
    *,
    n: options.Samples = 1000,
    member: options.Member = 0,
    round_: options.Checkpoint = None,
    json: options.AsJson = False,
) -> None:
    """Measure a trained model against held-out data, each number beside the same number for real data."""
    if n < 10:
        raise InputError(f"-n must be at least 10, and got {n}.")
    gan = saddle.GAN.load(run, round=round_, like=saddle.recipes.like_run(run))
    gan.reopen_data()
    with Console(stderr=True).status("Measuring"):
        result = saddle.evaluate(gan, gan.trained.dataset, n=n, member=member)
    show(result.to_json() if json else str(result))
