r"""Annealed importance sampling between independent units and a machine, in either direction.

On the way stand laws p_k of the odd layers alone, the even ones summed out: with shares 0 = beta_0 < ... < beta_K = 1,

    log p*_k(odd) = (odd layers' biases at beta_k) . odd + sum_even log sum_states exp(beta_k-mixture of their inputs).

A chain passes through them, one step of block Gibbs sampling at each; the weight of a run is the product of
p*_k / p*_{k-1} at the states on its way, and its mean over runs is Z_K / Z_0. Backwards, from states of the machine's
own law, the mean of the inverse weight is Z_0 / Z_K.

References: Neal 2001, Annealed Importance Sampling; Salakhutdinov & Murray 2008, On the Quantitative Analysis of Deep
Belief Networks; Salakhutdinov & Hinton 2009, section 3.4; backwards: Burda, Grosse & Salakhutdinov 2015, Accurate and
Conservative Estimates of MRF Log-likelihood using Reverse Annealing, arXiv 1412.8566.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from saddle.core.randomness import Stream
from saddle.core.sampling import Networks as Networks
from saddle.families.boltzmann.gibbs import EVEN, ODD, layers_of
from saddle.families.boltzmann.machine import Machine, States


class Path:
    """The laws between independent units and a machine, for chains of one label.

    Args:
        machine: in evaluation.
        y: the class index of every chain, shape (n,), or None.
    """

    def __init__(self, machine: Machine, y: Tensor | None) -> None:
        self._machine = machine
        self._y = y
        self._even, self._odd = layers_of(machine, EVEN), layers_of(machine, ODD)

    def inputs(self, states: States) -> dict[int, Tensor]:
        """The inputs of the even layers from the odd ones."""
        return {layer: self._machine.input(layer, states, self._y) for layer in self._even}

    def log_weight(self, states: States, inputs: dict[int, Tensor], share: float) -> Tensor:
        """log p* of the odd layers at a share, shape (n,), in double precision."""
        total = torch.zeros(len(states[1]), dtype=torch.float64)
        for layer, own in inputs.items():
            total += self._machine.log_sum(layer, own, share).double()
        for layer in self._odd:
            bias, base = self._machine.bias(layer, self._y), self._machine.base_logit(layer)
            total += (states[layer].double() * torch.lerp(base.double(), bias.double(), share)).sum(-1)
        return total

    def moved(self, states: States, inputs: dict[int, Tensor], share: float, generator: torch.Generator) -> States:
        """The states after a step that leaves the law at a share as it is: even layers first, then odd ones."""
        states = list(states)
        for layer, own in inputs.items():
            states[layer] = self._machine.draw(layer, own, self._noise(layer, own, generator), share)
        for layer in self._odd:
            own = self._machine.input(layer, states, self._y)
            states[layer] = self._machine.draw(layer, own, self._noise(layer, own, generator), share)
        return states

    def base_states(self, runs: int, generator: torch.Generator) -> States:
        """States of independent units."""
        machine = self._machine
        totals = [machine.usual(layer).expand(runs, -1) for layer in machine.layers]
        return [machine.draw(layer, own, self._noise(layer, own, generator), 0.0) for layer, own in enumerate(totals)]

    def base_log_partition(self) -> float:
        """log Z of the independent units."""
        machine = self._machine
        totals = [machine.usual(layer).unsqueeze(0) for layer in machine.layers]
        return sum(float(machine.log_sum(layer, own, 0.0)) for layer, own in enumerate(totals))

    def _noise(self, layer: int, like: Tensor, generator: torch.Generator) -> Tensor:
        draw = torch.randn if layer == 0 and self._machine.gaussian else torch.rand
        return draw(like.shape, generator=generator, dtype=like.dtype)


def forward(path: Path, shares: Sequence[float], runs: int, stream: Stream) -> Tensor:
    """Log weights (runs,) of runs from independent units to the machine; their mean weight is Z / Z_base."""
    generator = stream.torch()
    states = path.base_states(runs, generator)
    total = torch.zeros(runs, dtype=torch.float64)
    for before, share in zip(shares, shares[1:], strict=False):
        inputs = path.inputs(states)
        total += path.log_weight(states, inputs, share) - path.log_weight(states, inputs, before)
        states = path.moved(states, inputs, share, generator)
    return total
