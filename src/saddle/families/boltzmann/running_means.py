"""The running means of hidden units over the data: offsets of centering, and the base of annealing."""

from collections.abc import Mapping

from torch import Tensor

from saddle.families.boltzmann.machine import Machine

WEIGHT = 0.01  # of one batch


def move_means(machine: Machine, data: Mapping[int, Tensor]) -> None:
    """Move the means of some layers towards those of their states (n, size) given a batch of data."""
    for layer, states in data.items():
        usual = machine.usual(layer)
        usual.copy_(usual + WEIGHT * (states.mean(0) - usual))
