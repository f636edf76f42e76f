"""`saddle measure`."""

from rich.console import Console

import saddle
from saddle.cli import options
from saddle.cli.console import show, show_pairs, tell
from saddle.cli.sources import content, open_source

EXAMPLES = """
Examples:

  saddle measure real.csv synthetic.csv

  saddle measure photos/ generated/ --size 32x32 --features classifier

  saddle measure ring points.npy --of energy_distance,wasserstein --json
"""


def measure(
    a: options.FirstSource = None,
    b: options.SecondSource = None,
    *,
    of: options.Of = None,
    features: options.Features = None,
    n: options.Examples = 1000,
    seed: options.MeasureSeed = 0,
    target: options.Target = None,
    size: options.Size = None,
    json: options.AsJson = False,
) -> None:
    """Say how far B is from A, each number beside what A scores against itself; alone, list the measures."""
    if a is None:
        show_pairs({name: offer.about for name, offer in saddle.evaluation.MENU.items()})
        return
    if b is None:
        raise saddle.InputError(f"B, what is to be compared with {a}, must be given too; found one source only.")
    first, second = (open_source(one, {"target": target, "size": size}) for one in (a, b))
    with Console(stderr=True).status("Measuring"):
        result = saddle.measure(first, second, of=of, features=features, n=n, seed=seed)
    if json:
        show(result.to_json())
        return
    tell(f"A: {first.name}, {content(first)}.")
    tell(f"B: {second.name}, {content(second)}.")
    show(str(result))
