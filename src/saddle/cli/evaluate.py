"""`saddle evaluate`."""

from rich.console import Console

import saddle
from saddle.cli import options
from saddle.cli.console import show
from saddle.cli.sources import open_source

EXAMPLES = """
Examples:

  saddle evaluate runs/digits-default-001

  saddle evaluate runs/mnist-dcgan-001 mnist/ --split test --features classifier

  saddle evaluate runs/ring-default-001 -n 5000 --of wasserstein,mmd --json
"""


def evaluate(
    run: options.Run,
    data: options.OtherData = None,
    *,
    of: options.Of = None,
    features: options.Features = None,
    n: options.Samples = 1000,
    member: options.Member = 0,
    round_: options.Checkpoint = None,
    split: options.Split = None,
    target: options.Target = None,
    size: options.Size = None,
    json: options.AsJson = False,
) -> None:
    """Measure a trained model against held-out data, each number beside the same number for real data."""
    given = {"split": split, "target": target, "size": size}
    if data is None and (unused := [name for name, value in given.items() if value is not None]):
        raise saddle.InputError(f"--{unused[0]} says how to open DATA, and no DATA are given.")
    model = saddle.load(run, round=round_, like=saddle.recipes.like_run(run))
    other = None if data is None else open_source(data, given)
    with Console(stderr=True).status("Measuring"):
        result = saddle.evaluate(model, other, n=n, member=member, of=of, features=features)
    show(result.to_json() if json else str(result))
