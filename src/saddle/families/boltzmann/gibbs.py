"""Block Gibbs sampling: all even layers given the odd ones, then all odd ones given the even."""

from collections.abc import Mapping, Sequence

from torch import Tensor

from saddle.core.noise import Noise
from saddle.families.boltzmann.machine import Machine, States

EVEN, ODD = 0, 1


def layers_of(machine: Machine, parity: int) -> list[int]:
    """The even or the odd layers."""
    return [layer for layer in machine.layers if layer % 2 == parity]


def name_of(layer: int) -> str:
    """The name under which a layer's states and noise are kept."""
    return f"layer {layer}"


def noise_of(sizes: Sequence[int], *, gaussian: bool, leading: tuple[int, ...]) -> dict[str, Noise]:
    """What one step needs for each layer, shape (*leading, size)."""
    return {
        name_of(layer): Noise("normal" if layer == 0 and gaussian else "uniform", (*leading, size), sharded=None)
        for layer, size in enumerate(sizes)
    }


def drawn(
    machine: Machine, states: States, y: Tensor | None, noise: Mapping[str, Tensor], parity: int, share: float = 1.0
) -> States:
    """The states after the layers of one parity are drawn given those of the other."""
    moved = list(states)
    for layer in layers_of(machine, parity):
        moved[layer] = machine.draw(layer, machine.input(layer, states, y), noise[name_of(layer)], share)
    return moved


def expected(machine: Machine, states: States, y: Tensor | None, parity: int) -> States:
    """The states with the means of the layers of one parity given those of the other in their place."""
    moved = list(states)
    for layer in layers_of(machine, parity):
        moved[layer] = machine.mean(layer, machine.input(layer, states, y))
    return moved
