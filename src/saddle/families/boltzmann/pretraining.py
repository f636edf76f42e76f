"""Greedy pretraining: each pair of layers as a restricted machine of its own, from below.

What a hidden layer will hear from its other side in the whole machine is missing here. In its place the pair has the
layer that it does hear twice, with tied weights: the lower one unless the upper is the top of the machine, the upper
one unless the lower is visible. Of the data both copies are the same, the model draws them apart.

Reference: Salakhutdinov & Hinton 2009, Deep Boltzmann Machines, section 3.3; Hinton 2002, Training Products of Experts
by Minimizing Contrastive Divergence.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.core.noise import Draws, Noise
from saddle.core.problem import Batch, Loss, Player
from saddle.core.sampling import Networks
from saddle.families.boltzmann.gradient import descent, offsets, scale_descent, statistics
from saddle.families.boltzmann.machine import NETWORK, Machine, Pair, States, machine_of
from saddle.families.boltzmann.running_means import move_means
from saddle.families.boltzmann.settings import BoltzmannSettings
from saddle.families.boltzmann.visible import Visible
from saddle.families.cadence import DEFAULT_ROUNDS
from saddle.training.optimizers import OptimizerSpec

UP, DOWN = "up", "down"


@dataclass(frozen=True)
class Pretraining:
    """How one pair of layers learns before the whole machine does.

    Attributes:
        below: the lower layer of the pair.
        sizes: units of each layer of the machine.
        visible: how examples become states.
        rounds: that every pair gets; this one comes after those below it.
        batch: examples per update.
        gibbs_steps: steps from the data to the model's phase.
        centered: whether steps are centered.
        optimizer: moves the pair.
    """

    below: int
    sizes: tuple[int, ...]
    visible: Visible
    rounds: int
    batch: int
    gibbs_steps: int
    centered: bool
    optimizer: OptimizerSpec

    def player(self) -> Player:
        """Moves the pair's parameters in its rounds only."""
        first = self.below * self.rounds
        return Player(
            f"pair {self.below + 1}",
            (NETWORK,),
            self.loss,
            self.optimizer.build,
            self._noise(),
            schedule=self.optimizer.settings,
            active=lambda round: first <= round < first + self.rounds,
        )

    def loss(self, networks: Networks, batch: Batch, noise: Draws, carry: dict[str, Tensor]) -> Loss:
        """Contrastive divergence: the energy gap between the data and where a short chain from them ends."""
        machine = machine_of(networks)
        pair = Pair.of(machine, self.below)
        with torch.no_grad():
            visible = machine.standardized(self.visible.states(batch.x, noise.get("binarize")))
            data = self._upwards(machine, visible, batch.y)
            ends = self._walked(machine, data[self.below + 1], batch.y, noise)
            taken_off = [one.clone() for one in offsets(machine, centered=self.centered)[self.below : self.below + 2]]
            each = visible.new_full((len(visible), 1), 1 / len(visible))
            own = data[self.below :]
            gap = statistics(pair, own, batch.y, each, taken_off) - statistics(pair, ends, batch.y, each, taken_off)
            move_means(machine, {self.below + 1: own[1]})
            error = (ends[0] - own[0]).square().mean()
        value = descent(pair, gap, taken_off)
        if pair.gaussian:
            value = value + scale_descent(machine, data, batch.y)
        return Loss(value, {f"{self.player().name} error": error}, {})

    def _upwards(self, machine: Machine, visible: Tensor, y: Tensor | None) -> States:
        """Means of each layer up to the upper one of the pair, given that below."""
        states = [visible]
        for layer in range(1, self.below + 2):
            copies = self._lower_copies(layer)
            total = machine.bias(layer, y) + copies * states[-1] @ machine.weights[layer - 1]
            states.append(machine.mean(layer, total))
        return states

    def _lower_copies(self, layer: int) -> int:
        """How often a hidden layer hears the one below it."""
        return 1 if layer == len(self.sizes) - 1 else 2

    def _walked(self, machine: Machine, above: Tensor, y: Tensor | None, noise: Draws) -> States:
        """A copy of the lower layer drawn after all steps, and the means of the upper one given all copies."""
        weight, layer = machine.weights[self.below], self.below
        below = above
        for step in range(self.gibbs_steps):
            uppers = (noise[UP][step] < above).to(above.dtype)
            lowers = machine.draw(layer, machine.bias(layer, y) + uppers.sum(0) @ weight.mT, noise[DOWN][step])
            above = machine.mean(layer + 1, machine.bias(layer + 1, y) + lowers.sum(0) @ weight)
            below = lowers[0]
        return [below, above]

    def _noise(self) -> dict[str, Noise]:
        kind = "normal" if self.below == 0 and self.visible.gaussian else "uniform"
        lower, upper = self.sizes[self.below : self.below + 2]
        lower_copies, upper_copies = self._lower_copies(self.below + 1), 1 if self.below == 0 else 2
        noise = {
            UP: Noise("uniform", (self.gibbs_steps, upper_copies, self.batch, upper), sharded=2),
            DOWN: Noise(kind, (self.gibbs_steps, lower_copies, self.batch, lower), sharded=2),
        }
        if self.visible.drawn:
            noise["binarize"] = Noise("uniform", (self.batch, self.visible.size))
        return noise


def require_rounds_after(settings: BoltzmannSettings) -> None:
    """Refuse a new run that would end before the machine learns as a whole.

    Raises:
        InputError: when the pairs of layers take all its rounds.
    """
    limit = DEFAULT_ROUNDS if settings.rounds is None and settings.minutes is None else settings.rounds
    pairs = len(settings.hidden)
    if limit is not None and settings.pretrain and pairs > 1 and pairs * settings.pretrain >= limit:
        raise InputError(
            f"pretrain={settings.pretrain} takes {pairs * settings.pretrain} rounds for {pairs} pairs of layers, and "
            f"rounds must be more than that for the machine to learn as a whole, and got {limit}."
        )
