"""What of a machine is set from the data before it learns."""

import torch
from torch import Tensor

from saddle.families.boltzmann.machine import GREATEST_VARIANCE, LEAST_VARIANCE, Machine

COUNTED = 10.0  # examples of the whole that steady the mean of a class


def set_from_data(machine: Machine, states: Tensor, y: Tensor | None) -> None:
    """Set the visible biases, means and variances so that the machine without weights has the data's.

    Args:
        machine: changed in place.
        states: expected states (n, d) of examples, not standardized.
        y: their class indices (n,) or None.
    """
    count = len(states)
    mean = states.mean(0) if machine.gaussian else (states.sum(0) + 0.5) / (count + 1)
    machine.usual(0).copy_(mean)
    if machine.log_variance is not None:
        variance = states.var(0, correction=0).clamp(LEAST_VARIANCE, GREATEST_VARIANCE)
        machine.variance.copy_(variance)
        machine.log_variance.copy_(variance.log())
    machine.biases[0].copy_(_bias(machine, mean))
    for label in range(machine.classes):
        assert y is not None
        own = states[y == label]
        mean_of_class = (own.sum(0) + COUNTED * mean) / (len(own) + COUNTED)
        machine.class_biases[0][label].copy_(_bias(machine, mean_of_class) - machine.biases[0])


def _bias(machine: Machine, mean: Tensor) -> Tensor:
    return machine.standardized(mean) if machine.gaussian else torch.logit(mean)
