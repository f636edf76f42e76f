"""Exact values for machines small enough to go through the states of every other layer."""

from collections.abc import Iterator

import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.families.boltzmann.energy import log_mass
from saddle.families.boltzmann.gibbs import EVEN, ODD, layers_of
from saddle.families.boltzmann.machine import Machine, States

MOST_UNITS = 20
PASS = 2**14  # states at a time, those of several examples together


def exact_log_partition(machine: Machine, y: Tensor | None) -> float:
    """log Z in nats: the sum over all states of the even or the odd layers, the others summed out.

    Args:
        machine: whose.
        y: the class index, shape (1,), or None.

    Raises:
        InputError: when both have more than 20 units.
    """
    counted = _fewest_units(machine, _sides(machine))
    free = [layer for layer in machine.layers if layer not in counted]
    nothing = [machine.usual(layer) for layer in machine.layers]
    passes = [log_mass(machine, _beside(nothing, own), y, free=free) for own in _states(machine, counted)]
    return float(torch.cat(passes).logsumexp(0))


def can_be_enumerated(machine: Machine) -> bool:
    """Whether `exact_log_partition` can."""
    return min(_units(machine, side) for side in _sides(machine)) <= MOST_UNITS


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
    rows = max(1, PASS >> sum(machine.sizes[layer] for layer in counted))
    found = []
    for start in range(0, len(visible), rows):
        labels = None if y is None else y[start : start + rows].unsqueeze(1)
        given = [visible[start : start + rows].unsqueeze(1), *(machine.usual(layer) for layer in hidden)]
        passes = [log_mass(machine, _beside(given, own), labels, free=free) for own in _states(machine, counted)]
        found.append(torch.cat(passes, dim=1).logsumexp(1))  # a row for each example, a column for each state
    return torch.cat(found) + machine.log_volume()


def _sides(machine: Machine) -> list[list[int]]:
    """The layers whose states may be gone through, the others summed out."""
    sides = [layers_of(machine, parity) for parity in (ODD, EVEN)]
    return sides[:1] if machine.gaussian else sides  # a Gaussian layer has no states, but it can be integrated out


def _units(machine: Machine, side: list[int]) -> int:
    return sum(machine.sizes[layer] for layer in side)


def _fewest_units(machine: Machine, sides: list[list[int]]) -> list[int]:
    """The side with the fewest units."""
    least = min(sides, key=lambda side: _units(machine, side))
    if _units(machine, least) > MOST_UNITS:
        raise InputError(
            f"Exact values need at most {MOST_UNITS} units in every other layer, and layers of {machine.sizes} units "
            f"leave {_units(machine, least)}; log_partition and log_likelihood_bound estimate them."
        )
    return least


def _states(machine: Machine, counted: list[int]) -> Iterator[dict[int, Tensor]]:
    """All states (m, size) of the layers to go through, so many at a time; of no layers the one state there is."""
    like = machine.biases[0]
    sizes = [machine.sizes[layer] for layer in counted]
    places = torch.arange(sum(sizes), device=like.device)
    for start in range(0, 2 ** len(places), PASS):
        numbers = torch.arange(start, min(start + PASS, 2 ** len(places)), device=like.device)
        bits = ((numbers.unsqueeze(1) >> places) & 1).to(like.dtype)
        yield dict(zip(counted, bits.split(sizes, dim=1) if sizes else (), strict=True))


def _beside(given: States, own: dict[int, Tensor]) -> States:
    """The given states with those of some layers in their place."""
    return [own.get(layer, one) for layer, one in enumerate(given)]
