"""What samples of a mixture score, seed by seed."""

import math
from typing import Any

import numpy as np
import torch

from finding_modes.laws import LAWS
from saddle.families import Estimator
from saddle.measures import Estimate, mode_coverage

FEW, MANY = 2_500, 50_000
COLUMNS = ("modes", "high quality", "reverse KL")


def scores(model: Estimator, data: str, members: int) -> dict[str, list[dict[str, float | None]]]:
    """For each number of samples, each seed's modes found, share of high quality and reverse KL."""
    law = LAWS[data]()
    found: dict[str, list[dict[str, float | None]]] = {str(FEW): [], str(MANY): []}
    for member in range(members):
        which: dict[str, Any] = {"member": member} if members > 1 else {}
        drawn = torch.as_tensor(np.asarray(model.sample(MANY, seed=1, **which)), dtype=torch.float64)
        for count in (FEW, MANY):
            estimates = mode_coverage(drawn[:count], law.means, law.std)
            found[str(count)].append({name: number(one) for name, one in zip(COLUMNS, estimates, strict=True)})
    return found


def number(one: Estimate) -> float | None:
    """A value as a record keeps it: None for the reverse KL of samples none of which lies near a mode."""
    return one.value if math.isfinite(one.value) else None
