"""Small machines, and their laws by going through every state: from the energy, and from nothing of saddle's."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import pytest
import torch
from torch import Tensor

from saddle.families.boltzmann.machine import Machine

MakeMachine = Callable[..., Machine]


def bits(count: int) -> Tensor:
    """All states of so many bits, shape (2^count, count)."""
    return torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=torch.float64)] * count).reshape(-1, count)


class Enumerated:
    """The law of a Bernoulli machine, or of anything with its sizes, weights and biases, differentiable in these."""

    def __init__(self, machine: Any) -> None:
        self.machine = machine
        self.states = list(bits(sum(machine.sizes)).split(machine.sizes, dim=1))

    def minus_energy(self, states: Sequence[Tensor], label: int | None = None) -> Tensor:
        """-E of states, shape (n,)."""
        total = torch.zeros((), dtype=torch.float64)
        for layer, state in enumerate(states):
            bias = self.machine.biases[layer]
            if label is not None:
                bias = bias + self.machine.class_biases[layer][label]
            total = total + torch.einsum("ni,i->n", state, bias)
        for weight, (below, above) in zip(self.machine.weights, pairwise(states), strict=True):
            total = total + torch.einsum("ni,ij,nj->n", below, weight, above)
        return total

    def log_partition(self, label: int | None = None) -> Tensor:
        """log Z."""
        return self.minus_energy(self.states, label).logsumexp(0)

    def probabilities(self, label: int | None = None) -> Tensor:
        """Of each of the states."""
        return torch.softmax(self.minus_energy(self.states, label), 0)

    def log_likelihood(self, visible: Tensor, label: int | None = None) -> Tensor:
        """Of visible states (n, d), shape (n,)."""
        hidden = bits(sum(self.machine.sizes[1:])).split(self.machine.sizes[1:], dim=1)
        rows = []
        for example in visible:
            states = [example.expand(len(hidden[0]), -1), *hidden]
            rows.append(self.minus_energy(states, label).logsumexp(0))
        return torch.stack(rows) - self.log_partition(label)


@pytest.fixture
def make_machine() -> MakeMachine:
    """A machine with random parameters, in double precision."""

    def make(*sizes: int, gaussian: bool = False, classes: int = 0, scale: float = 1.0, seed: int = 0) -> Machine:
        generator = torch.Generator().manual_seed(seed)
        machine = Machine(sizes, gaussian=gaussian, classes=classes).double()
        with torch.no_grad():
            for parameter in machine.parameters():
                parameter.copy_(scale * torch.randn(parameter.shape, generator=generator, dtype=torch.float64))
            for layer, size in enumerate(sizes):
                mean = 0.1 + 0.8 * torch.rand(size, generator=generator, dtype=torch.float64)
                machine.usual(layer).copy_(mean)
            if machine.log_variance is not None:
                machine.log_variance.mul_(0.3)
                machine.variance.fill_(1.7)
        return machine

    return make


@pytest.fixture
def enumerated() -> Callable[[Any], Enumerated]:
    """The law of a Bernoulli machine by enumeration."""
    return Enumerated
