"""The one score that every family has."""

from typing import Any

import torch

from saddle.core.errors import InputError
from saddle.data import Dataset
from saddle.families.examples import in_model_units
from saddle.families.fitted import Fitted
from saddle.families.label_choice import class_indices
from saddle.measures import energy_distance

SCORED = 10_000


def minus_energy_distance(fitted: Fitted, data: Dataset, y: Any, member: int) -> float:
    """Minus the energy distance between examples and as many samples, at most 10,000 of each, at a fixed seed.

    Both are in the model's units: the data may be others than those it was fitted on. Samples of a conditional model
    have the labels of the examples where these have any, and else labels in the shares that it was trained with.

    Args:
        fitted: the model.
        data: the examples.
        y: labels of the examples in the user's own terms, one for all or one for each; None for those in `data`.
        member: which of a population.

    Raises:
        InputError: when the examples have another shape or range than the model's, or labels are unknown or not wanted.
    """
    if y is not None and fitted.shares is None:
        raise InputError("A model trained without labels is asked without them; leave y out.")
    count = min(len(data), SCORED)
    examples = in_model_units(fitted, data, count)
    own = None if fitted.shares is None else data.labels_of(torch.arange(len(data)))
    given = y if y is not None or own is None else data.layout.labels(own)
    labels = None if given is None else class_indices(given, len(data), fitted.layout, of="examples")[:count]
    samples, _ = fitted.sample(count, y=labels, seed=0, member=member)
    return -energy_distance(samples.flatten(1), examples.flatten(1)).value
