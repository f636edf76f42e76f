"""Examples from a trained machine: annealed from independent units, then walked at the machine's own law."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from torch import Tensor

from saddle.core.noise import Draws, Noise
from saddle.core.sampling import Chain, Networks
from saddle.core.sampling import States as ChainStates
from saddle.families.boltzmann.gibbs import EVEN, ODD, drawn, name_of, noise_of
from saddle.families.boltzmann.machine import States, machine_of
from saddle.families.boltzmann.visible import Visible

Reading = Literal["mean", "sample"]


@dataclass(frozen=True)
class Annealed:
    """Chains that pass from independent units to the machine during the first half of their steps.

    Attributes:
        visible: how states become examples.
        steps: of block Gibbs sampling; in the second half they leave the machine's law as it is.
        read: whether an example is the mean of the visible units given the layer above at the end, or their last draw,
            which alone has the machine's law.
    """

    visible: Visible
    steps: int
    read: Reading

    def chain(self, sizes: Sequence[int]) -> Chain:
        """The chain for a machine whose layers have these sizes."""

        def noise(count: int) -> dict[str, Noise]:
            return noise_of(sizes, gaussian=self.visible.gaussian, leading=(count,))

        return Chain(self.steps, noise, self._start, noise, self._step, self._read)

    def _start(self, networks: Networks, noise: Draws, y: Tensor | None) -> ChainStates:
        machine = machine_of(networks)
        count = len(noise[name_of(0)])
        totals = [machine.usual(layer).expand(count, -1) for layer in machine.layers]
        return _named([machine.draw(layer, total, noise[name_of(layer)], 0.0) for layer, total in enumerate(totals)])

    def _step(
        self, networks: Networks, states: ChainStates, noise: Draws, y: Tensor | None, number: int
    ) -> ChainStates:
        machine = machine_of(networks)
        share = min(1.0, 2 * (number + 1) / self.steps)
        current = [states[name_of(layer)] for layer in machine.layers]
        for parity in (EVEN, ODD):
            current = drawn(machine, current, y, noise, parity, share)
        return _named(current)

    def _read(self, networks: Networks, states: ChainStates, y: Tensor | None) -> Tensor:
        machine = machine_of(networks)
        current = [states[name_of(layer)] for layer in machine.layers]
        visible = current[0] if self.read == "sample" else machine.mean(0, machine.input(0, current, y))
        return self.visible.examples(machine.restored(visible))


def _named(states: States) -> ChainStates:
    return {name_of(layer): state for layer, state in enumerate(states)}
