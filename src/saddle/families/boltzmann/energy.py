"""Energies of states, with some layers summed out where that has a closed form, and the variational bound."""

from collections.abc import Collection

import torch
from torch import Tensor

from saddle.families.boltzmann.machine import Machine, States


def log_mass(machine: Machine, states: States, y: Tensor | None, *, free: Collection[int] = ()) -> Tensor:
    """Minus the energy of states, or log of the sum of exp(-E) over all states of the free layers; shape (n,), float64.

    Since the energy is linear in each layer, independent means of hidden layers give minus the mean energy. Further
    leading axes are broadcast: states (n, 1, d) of one layer beside (m, size) of another give every pair, (n, m).

    Args:
        machine: whose.
        states: one tensor (n, size) for each layer; those of free layers are not read.
        y: class indices (n,) or None.
        free: layers to sum out (a Gaussian one is integrated out), no two of them neighbors.
    """
    total = torch.zeros((), dtype=torch.float64, device=machine.biases[0].device)
    for layer in machine.layers:
        if layer in free:
            total = total + machine.log_sum(layer, machine.input(layer, states, y))
            continue
        gains = machine.bias(layer, y)
        if layer == 0 and machine.gaussian:
            gains = gains - states[0] / 2
        if layer > 0 and layer - 1 not in free:
            gains = gains + states[layer - 1] @ machine.weights[layer - 1]
        total = total + (states[layer] * gains).sum(-1, dtype=torch.float64)
    return total


def entropy(means: States) -> Tensor:
    """The entropy of independent bits with these means in some layers, in nats, shape (n,), float64."""
    total = torch.zeros((), dtype=torch.float64, device=means[0].device)
    for mean in means:
        total = total - (torch.xlogy(mean, mean) + torch.xlogy(1 - mean, 1 - mean)).sum(-1, dtype=torch.float64)
    return total
