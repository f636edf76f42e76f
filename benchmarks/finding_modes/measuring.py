"""What samples of a mixture score, seed by seed."""

import math
from collections.abc import Sequence

import torch

from finding_modes.laws import LAWS
from finding_modes.target import Sampler
from saddle.measures import Estimate, mode_coverage

FEW, MANY = 2_500, 50_000
COLUMNS = ("modes", "high quality", "reverse KL")


def scores(seeds: Sequence[Sampler], data: str) -> dict[str, list[dict[str, float | None]]]:
    """For each number of samples, each seed's modes found, share of high quality and reverse KL."""
    law = LAWS[data]()
    found: dict[str, list[dict[str, float | None]]] = {str(FEW): [], str(MANY): []}
    for seed in seeds:
        drawn = torch.as_tensor(seed.sample(MANY), dtype=torch.float64)
        for count in (FEW, MANY):
            estimates = mode_coverage(drawn[:count], law.means, law.std)
            found[str(count)].append({name: number(one) for name, one in zip(COLUMNS, estimates, strict=True)})
    return found


def number(one: Estimate) -> float | None:
    """A value as a record keeps it: None for the reverse KL of samples none of which lies near a mode."""
    return one.value if math.isfinite(one.value) else None
