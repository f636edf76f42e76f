"""How trained networks are sampled: at once from noise, or at the end of a Markov chain."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from saddle.core.noise import Draws, Noise, draw
from saddle.core.randomness import Stream

Networks = nn.ModuleDict
States = dict[str, Tensor]
CPU = torch.device("cpu")


@dataclass(frozen=True)
class Direct:
    """Examples made from noise in one pass.

    Attributes:
        noise: what `make` needs for so many examples.
        make: examples in model units, from networks, noise and labels.
    """

    noise: Callable[[int], Mapping[str, Noise]]
    make: Callable[[Networks, Draws, Tensor | None], Tensor]

    def draw(self, networks: Networks, stream: Stream, count: int, y: Tensor | None) -> Tensor:
        """So many examples in model units; `y` are their class indices or None."""
        return self.make(networks, drawn(networks, self.noise(count), stream), y)


@dataclass(frozen=True)
class Chain:
    """Examples read off independent Markov chains, one chain each, after a fixed number of steps.

    Noise is drawn step by step, since that of a whole chain would not fit in memory. Labels stay with their chains.

    Attributes:
        steps: transitions before an example is read.
        start_noise: what `start` needs for so many chains.
        start: the first states, tensors whose first axis counts chains.
        step_noise: what one `step` needs.
        step: the next states, from networks, states, noise, labels and the number of the step from 0; after `steps`
            it must leave the model's law as it is.
        read: examples in model units, from networks, states and labels.
    """

    steps: int
    start_noise: Callable[[int], Mapping[str, Noise]]
    start: Callable[[Networks, Draws, Tensor | None], States]
    step_noise: Callable[[int], Mapping[str, Noise]]
    step: Callable[[Networks, States, Draws, Tensor | None, int], States]
    read: Callable[[Networks, States, Tensor | None], Tensor]

    def draw(self, networks: Networks, stream: Stream, count: int, y: Tensor | None) -> Tensor:
        """So many examples in model units; `y` are their class indices or None."""
        return self.read(networks, self.burnt_in(networks, stream, count, y), y)

    def path(self, networks: Networks, stream: Stream, count: int, y: Tensor | None, length: int) -> Tensor:
        """Examples at successive steps of `count` chains, the first as `draw` gives it, shape (length, count, ...)."""
        states = self.burnt_in(networks, stream, count, y)
        seen = [self.read(networks, states, y)]
        for number in range(self.steps, self.steps + length - 1):
            states = self._moved(networks, states, stream, count, y, number)
            seen.append(self.read(networks, states, y))
        return torch.stack(seen)

    def burnt_in(self, networks: Networks, stream: Stream, count: int, y: Tensor | None) -> States:
        """The states of `count` chains after `steps` steps."""
        states = self.start(networks, drawn(networks, self.start_noise(count), stream.child("start")), y)
        for number in range(self.steps):
            states = self._moved(networks, states, stream, count, y, number)
        return states

    def _moved(
        self, networks: Networks, states: States, stream: Stream, count: int, y: Tensor | None, number: int
    ) -> States:
        noise = drawn(networks, self.step_noise(count), stream.child("step", number))
        return self.step(networks, states, noise, y, number)


Sampler = Direct | Chain


def drawn(networks: Networks, noise: Mapping[str, Noise], stream: Stream) -> dict[str, Tensor]:
    """Noise for networks, in their type and on their device; drawn on the CPU, so that every device gets the same."""
    first = next(networks.parameters())
    return {name: value.to(first.device) for name, value in draw(noise, stream, first.dtype, CPU).items()}
