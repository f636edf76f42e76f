"""Walkback training and the chain it trains, as a `Problem`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn

from saddle.core.noise import Draws, Noise
from saddle.core.problem import Batch, Loss, Player, Problem
from saddle.core.sampling import Chain, Networks, States
from saddle.families.corruption import Corruption
from saddle.families.gsn.network import Layers, StochasticNetwork
from saddle.training.optimizers import OptimizerSpec

Reading = Literal["mean", "sample"]


class Step(NamedTuple):
    """What one step of the chain leaves.

    Attributes:
        output: what P(x | h1) is made from, shape (n, d).
        even: the hidden layers of even level, which with the next visibles determine the step after.
    """

    output: Tensor
    even: Layers


@dataclass(frozen=True)
class Walkback:
    """Everything that makes up one generative stochastic network; `problem` writes it down for the engine.

    Attributes:
        network: a factory of networks.
        corruption: of the visibles, at every step.
        steps: the walkback steps N of one update.
        optimizer: moves the network.
        batch: examples per update.
        average: decay of the network's moving average; 0 keeps none.
        sample_steps: transitions of a sampling chain before it is read.
        read: whether samples are means of P(x | h1) or draws from it.
    """

    network: Callable[[], StochasticNetwork]
    corruption: Corruption
    steps: int
    optimizer: OptimizerSpec
    batch: int
    average: float
    sample_steps: int
    read: Reading

    def problem(self) -> Problem:
        """One player, which walks its chain back to the examples, and the chain that samples."""
        shapes = self.network()
        player = Player(
            "network",
            ("network",),
            self.loss,
            self.optimizer.build,
            self._noise(shapes),
            schedule=self.optimizer.settings,
        )
        return Problem(
            networks=lambda: nn.ModuleDict({"network": self.network()}),
            players=(player,),
            sampler=self._chain(shapes),
            averaged={"network": self.average} if self.average else {},
            begin=begin,
        )

    def loss(self, networks: Networks, batch: Batch, noise: Draws, carry: dict[str, Tensor]) -> Loss:
        """The cross-entropy of the true examples under the reconstruction of each walkback step, summed over steps.

        Hidden layers start at zero, the visibles at the examples; after each step the visibles are drawn from its
        reconstruction, through which no gradient passes. In nats per example.
        """
        network = network_of(networks)
        offsets = network.offsets(batch.y)
        target = v = network.visible.visibles(batch.x)
        even: Layers = {}
        terms: list[Tensor] = []
        for number in range(self.steps):
            last = number == self.steps - 1
            own = {name: noise[key] for name in STEP_NOISE if (key := f"{name} {number}") in noise}
            output, even = step(network, self.corruption, v, even, offsets, own, upward=not last)
            terms.append(network.visible.cross_entropy(output, target).mean())
            if not last:
                v = network.visible.drawn(output, own["drawn"])
        metrics = {"cross-entropy of step 1": terms[0], f"cross-entropy of step {self.steps}": terms[-1]}
        return Loss(torch.stack(terms).sum(), metrics, {})

    def _noise(self, shapes: StochasticNetwork) -> dict[str, Noise]:
        """That of every walkback step, without what the last one has no use for."""
        noise = {}
        for number in range(self.steps):
            last = number == self.steps - 1
            for name, one in step_noise(shapes, self.corruption, self.batch, upward=not last).items():
                if not (last and name == "drawn"):
                    noise[f"{name} {number}"] = one
        return noise

    def _chain(self, shapes: StochasticNetwork) -> Chain:
        """Chains from noise that fills the range of visibles, hidden layers at zero."""
        kind, width = shapes.visible.noise, shapes.widths[0]

        def start(networks: Networks, noise: Draws, y: Tensor | None) -> States:
            v = noise["start"]
            levels = range(2, shapes.depth + 1, 2)
            return {"v": v, "mean": v} | {f"h{level}": v.new_zeros(len(v), shapes.widths[level]) for level in levels}

        def move(networks: Networks, states: States, noise: Draws, y: Tensor | None, number: int) -> States:
            network = network_of(networks)
            even = {level: states[f"h{level}"] for level in range(2, shapes.depth + 1, 2)}
            output, even = step(network, self.corruption, states["v"], even, network.offsets(y), noise, upward=True)
            visibles = {"v": network.visible.drawn(output, noise["drawn"]), "mean": network.visible.mean(output)}
            return visibles | {f"h{level}": value for level, value in even.items()}

        def read(networks: Networks, states: States, y: Tensor | None) -> Tensor:
            return network_of(networks).visible.examples(states["mean" if self.read == "mean" else "v"])

        return Chain(
            steps=self.sample_steps,
            start_noise=lambda count: {"start": Noise(kind, (count, width))},
            start=start,
            step_noise=lambda count: step_noise(shapes, self.corruption, count, upward=True),
            step=move,
            read=read,
        )


STEP_NOISE = ("corruption", "before", "after", "drawn")


def step_noise(network: StochasticNetwork, corruption: Corruption, count: int, *, upward: bool) -> Mapping[str, Noise]:
    """What one step of so many chains draws; without the upward half no even layer needs any."""
    visibles = (count, network.widths[0])
    noise = {"corruption": Noise(corruption.noise, visibles), "drawn": Noise(network.visible.noise, visibles)}
    if network.hidden_noise and (upward or network.depth % 2):
        noise |= {name: Noise("normal", (count, network.widths[-1])) for name in ("before", "after")}
    return noise


def step(
    network: StochasticNetwork,
    corruption: Corruption,
    v: Tensor,
    even: Layers,
    offsets: list[Tensor],
    noise: Draws,
    *,
    upward: bool,
) -> Step:
    """One step of the chain, short of drawing the next visibles (Bengio et al. 2014, arXiv 1306.1091, figure 3).

    The visibles are corrupted; the odd layers follow from their neighbors, then the even layers from theirs. So what
    the visibles say needs L half-steps to reach the top layer L, and as many to come back.

    Args:
        network: the layers.
        corruption: of the visibles.
        v: visibles, shape (n, d).
        even: the hidden layers of even level; those absent are at zero.
        offsets: the biases.
        noise: as `step_noise` says.
        upward: whether the even hidden layers are wanted.
    """
    top = (noise["before"], noise["after"]) if "before" in noise else None

    def layers(first: int, around: Layers) -> Layers:
        levels = range(first, network.depth + 1, 2)
        return {n: network.hidden(n, around, offsets, top if n == network.depth else None) for n in levels}

    odd = layers(1, {0: corruption.corrupt(v, noise["corruption"]), **even})
    return Step(network.output(odd[1], offsets), layers(2, odd) if upward else {})


def begin(networks: Networks, x: Tensor, y: Tensor | None) -> None:
    """Set the visibles' biases so that the network begins at the means of the examples."""
    network = network_of(networks)
    network.biases[0].copy_(network.visible.bias(network.visible.visibles(x)))


def network_of(networks: Networks) -> StochasticNetwork:
    """The one network of the family."""
    network = networks["network"]
    assert isinstance(network, StochasticNetwork)
    return network
