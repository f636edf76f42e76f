r"""Annealed importance sampling between independent units and a machine, in either direction.

On the way stand laws p_k of the odd layers alone, the even ones summed out: with shares 0 = b_0 < ... < b_K = 1 of the
way, p*_k(odd) is the sum over even states of exp(-(1 - b_k) E_base - b_k E). A chain passes through them, one step of
block Gibbs sampling at each; a run's weight is the product of p*_k / p*_{k-1} at the states where it goes from one to
the next, and its mean over runs is Z_K / Z_0. Backwards, from states of the machine's own law, the mean of the inverse
is Z_0 / Z_K.

References: Neal 2001, Annealed Importance Sampling; Salakhutdinov & Murray 2008, On the Quantitative Analysis of Deep
Belief Networks; Salakhutdinov & Hinton 2009, Deep Boltzmann Machines, section 3.4; backwards: Burda, Grosse &
Salakhutdinov 2015, Accurate and Conservative Estimates of MRF Log-likelihood using Reverse Annealing, arXiv 1412.8566.
"""

from itertools import pairwise

import torch
from torch import Tensor

from saddle.core.randomness import Stream
from saddle.families.boltzmann.gibbs import EVEN, ODD, layers_of
from saddle.families.boltzmann.machine import Machine, States

Inputs = dict[int, Tensor]


class Path:
    """The laws between independent units and a machine, and chains through them.

    Args:
        machine: in evaluation.
        y: the class index of every chain, shape (1,), or None.
        stream: of all the chains' noise.
    """

    def __init__(self, machine: Machine, y: Tensor | None, stream: Stream) -> None:
        self._machine = machine
        self._y = y
        self._generator = stream.torch(machine.biases[0].device)
        self._even, self._odd = layers_of(machine, EVEN), layers_of(machine, ODD)
        self._gains = {layer: machine.bias(layer, y) - machine.base_logit(layer) for layer in self._odd}

    def start(self, runs: int) -> States:
        """States of independent units."""
        machine = self._machine
        totals = [machine.usual(layer).expand(runs, -1) for layer in machine.layers]
        return [machine.draw(layer, total, self._noise(layer, total), 0.0) for layer, total in enumerate(totals)]

    def base_log_partition(self) -> float:
        """log Z_0, of independent units."""
        machine = self._machine
        totals = [machine.usual(layer).unsqueeze(0) for layer in machine.layers]
        return sum(float(machine.log_sum(layer, total, 0.0)) for layer, total in enumerate(totals))

    def inputs(self, states: States) -> Inputs:
        """The inputs of the even layers from the odd ones."""
        return {layer: self._machine.input(layer, states, self._y) for layer in self._even}

    def gain(self, states: States, inputs: Inputs, before: float, after: float) -> Tensor:
        """log p* of the odd layers at one share less that at another, shape (n,), float64."""
        total = torch.zeros((), dtype=torch.float64, device=states[0].device)
        for layer, own in inputs.items():
            total = total + self._machine.log_sum(layer, own, after) - self._machine.log_sum(layer, own, before)
        for layer, gains in self._gains.items():
            total = total + (after - before) * (states[layer] * gains).sum(-1, dtype=torch.float64)
        return total

    def moved(self, states: States, inputs: Inputs, share: float) -> States:
        """The states after a step that leaves the law at a share as it is: even layers first, then odd ones."""
        moved = list(states)
        for layer, own in inputs.items():
            moved[layer] = self._machine.draw(layer, own, self._noise(layer, own), share)
        for layer in self._odd:
            own = self._machine.input(layer, moved, self._y)
            moved[layer] = self._machine.draw(layer, own, self._noise(layer, own), share)
        return moved

    def _noise(self, layer: int, like: Tensor) -> Tensor:
        draw = torch.randn if layer == 0 and self._machine.gaussian else torch.rand
        return draw(like.shape, generator=self._generator, dtype=like.dtype, device=like.device)


def shares_of(temperatures: int) -> list[float]:
    """The shares of the way: 0, so many between, and 1, the denser the nearer to the machine, where chains are slow."""
    return (1 - torch.linspace(1, 0, temperatures + 2, dtype=torch.float64).square()).tolist()


def forwards(path: Path, shares: list[float], runs: int) -> Tensor:
    """Log weights (runs,), float64, of runs from independent units to the machine: their mean weight is Z / Z_0."""
    states = path.start(runs)
    total = torch.zeros(runs, dtype=torch.float64, device=states[0].device)
    for before, after in pairwise(shares):
        inputs = path.inputs(states)
        total += path.gain(states, inputs, before, after)
        if after < 1:
            states = path.moved(states, inputs, after)
    return total


def backwards(path: Path, shares: list[float], states: States) -> Tensor:
    """Log weights (runs,), float64, of runs from the machine to independent units: their mean weight is Z_0 / Z."""
    total = torch.zeros(len(states[1]), dtype=torch.float64, device=states[1].device)
    for before, after in pairwise(reversed(shares)):
        inputs = path.inputs(states)
        if before < 1:
            states = path.moved(states, inputs, before)
            inputs = path.inputs(states)
        total += path.gain(states, inputs, before, after)
    return total
