"""Exact values for machines small enough to go through the states of every other layer."""

from collections.abc import Iterator

import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.families.boltzmann.energy import log_mass
from saddle.families.boltzmann.gibbs import EVEN, ODD, layers_of
from saddle.families.boltzmann.machine import Machine, States

MOST_UNITS = 20
PASS = 2**14  # states at a time


def exact_log_partition(machine: Machine, y: Tensor | None) -> float:
    """log Z in nats: the sum over all states of the even or the odd layers, the others summed out.

    Args:
        machine: whose.
        y: the class index, shape (1,), or None.

    Raises:
        InputError: when both have more than 20 units.
    """
    sides = [layers_of(machine, parity) for parity in (ODD, EVEN)]
    if machine.gaussian:
        sides = sides[:1]  # a Gaussian layer has no states to go through, but it can be integrated out
    counted = _fewest_units(machine, sides)
    free = [layer for layer in machine.layers if layer not in counted]
    nothing = [machine.usual(layer) for layer in machine.layers]
    return float(torch.cat([log_mass(machine, one, y, free=free) for one in _states(counted, nothing)]).logsumexp(0))


def exact_log_mass(machine: Machine, visible: Tensor, y: Tensor | None) -> Tensor:
    """log of the sum of exp(-E) over all hidden states, shape (n,), float64: the log-likelihood but for log Z.

    Of Gaussian units it is a density in model units.

    Args:
        machine: whose.
        visible: states (n, d), standardized.
        y: class indices (n,) or None.

    Raises:
        InputError: when neither the odd nor the even hidden layers have at most 20 units.
    """
    hidden = machine.layers[1:]
    sides = [[layer for layer in hidden if layer % 2 == parity] for parity in (EVEN, ODD)]
    counted = _fewest_units(machine, sides)
    free = [layer for layer in hidden if layer not in counted]
    found = []
    for row, example in enumerate(visible):
        label = None if y is None else y[row : row + 1]
        given = [example, *(machine.usual(layer) for layer in hidden)]
        passes = [log_mass(machine, one, label, free=free) for one in _states(counted, given)]
        found.append(torch.cat(passes).logsumexp(0))
    return torch.stack(found) + machine.log_volume()


def _fewest_units(machine: Machine, sides: list[list[int]]) -> list[int]:
    """The side with the fewest units."""

    def units(side: list[int]) -> int:
        return sum(machine.sizes[layer] for layer in side)

    least = min(sides, key=units)
    if units(least) > MOST_UNITS:
        raise InputError(
            f"Exact values need at most {MOST_UNITS} units in every other layer, and layers of {machine.sizes} units "
            f"leave {units(least)}; log_partition and log_likelihood_bound estimate them."
        )
    return least


def _states(counted: list[int], given: States) -> Iterator[States]:
    """All states of the layers to go through, beside one given state (size,) of each other layer."""
    sizes = [given[layer].shape[-1] for layer in counted]
    places = torch.arange(sum(sizes), device=given[0].device)
    for start in range(0, 2 ** len(places), PASS):
        numbers = torch.arange(start, min(start + PASS, 2 ** len(places)), device=places.device)
        bits = ((numbers.unsqueeze(1) >> places) & 1).to(given[0].dtype)
        states = [one.expand(len(numbers), -1) for one in given]
        for layer, own in zip(counted, bits.split(sizes, dim=1) if sizes else (), strict=True):
            states[layer] = own
        yield states
