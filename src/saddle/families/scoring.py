"""The one score that every family has."""

import torch

from saddle.core.errors import InputError
from saddle.data import Dataset
from saddle.families.fitted import Fitted
from saddle.measures import energy_distance

SCORED = 10_000


def minus_energy_distance(fitted: Fitted, data: Dataset, member: int) -> float:
    """Minus the energy distance between examples and as many samples, at most 10,000 of each, at a fixed seed.

    Both are in the model's units: the data may be others than those it was fitted on.

    Raises:
        InputError: when the examples have another shape than the model's.
    """
    wanted = fitted.layout.model_shape
    if data.model_shape != wanted:
        raise InputError(f"X has examples of shape {data.model_shape} in model units; the model makes {wanted}.")
    count = min(len(data), SCORED)
    examples = fitted.layout.transform.encode(data.take(torch.arange(count))).float()
    samples, _ = fitted.sample(count, seed=0, member=member)
    return -energy_distance(samples.flatten(1), examples.flatten(1)).value
