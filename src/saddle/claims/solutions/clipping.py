"""Claim 26: clipped weights end at their bounds, and gradients explode or vanish with depth."""

import math
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from saddle.claims.check import over_seeds
from saddle.claims.claim import Claim, Result, Trial
from saddle.claims.drawing import DATA, FOURTH, MADE, SOFT, panels
from saddle.claims.playing import member, play
from saddle.core.gradients import score_and_gradient
from saddle.core.noise import Draws, Noise
from saddle.core.problem import Batch, Loss, Player, Problem
from saddle.core.randomness import Stream
from saddle.core.sampling import Direct, Networks
from saddle.networks import MLP
from saddle.objectives import Wasserstein
from saddle.regularizers import GradientPenalty, WeightClipping
from saddle.training.optimizers import Adam, OptimizerSpec, RMSProp

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DEPTH, WIDTH, BATCH = 12, 64, 64
PUBLISHED_WIDTH = 512
BOUNDS = (0.1, 0.01, 0.001)
"""The paper's; ours are larger by as much as our layers are narrower, as a layer's gain grows with bound and width."""


def bound(published: float) -> float:
    """Ours in place of the paper's."""
    return published * PUBLISHED_WIDTH / WIDTH


def critic() -> nn.Module:
    """Twelve hidden layers of ReLU, started as He et al. do, so that at the start no layer's gain is far from one."""
    network = MLP(width=WIDTH, depth=DEPTH).critic((2,), 0)
    for layer in linear(network):
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        nn.init.zeros_(layer.bias)
    return network


def linear(network: nn.Module) -> list[nn.Linear]:
    """The layers with weights, from the first to the last."""
    return [one for one in network.modules() if isinstance(one, nn.Linear)]


def roll(draws: Draws) -> Tensor:
    """The swiss roll of the paper, shape (n, 2)."""
    t = math.pi * (1.5 + 3 * draws["along"])
    return (torch.cat([t * t.cos(), t * t.sin()], 1) + 0.25 * draws["across"]) / 7.5


def spread(draws: Draws) -> Tensor:
    """The paper's stand-in for a generator: data plus N(0, 1)."""
    return roll({"along": draws["other along"], "across": draws["other across"]}) + draws["noise"]


def problem(optimizer: OptimizerSpec, clipping: WeightClipping | None, penalty: GradientPenalty | None) -> Problem:
    """A Wasserstein critic between the roll and its spread, held by clipping or by a penalty."""

    def loss(networks: Networks, batch: Batch, draws: Draws, carry: dict[str, Tensor]) -> Loss:
        real, fake = roll(draws), spread(draws)
        value = 0.0
        if penalty is not None:
            value = penalty.penalty(*score_and_gradient(networks["critic"], fake + draws["mix"] * (real - fake)))
        return Loss(Wasserstein().critic(networks["critic"](real), networks["critic"](fake)) + value, {}, {})

    columns = {"along": 1, "other along": 1, "mix": 1, "across": 2, "other across": 2, "noise": 2}
    noise = {
        name: Noise("uniform" if name in ("along", "other along", "mix") else "normal", (BATCH, columns[name]))
        for name in columns
    }
    player = Player("critic", ("critic",), loss, optimizer.build, noise, project=clipping.project if clipping else None)
    return Problem(
        networks=lambda: nn.ModuleDict({"critic": critic()}),
        players=(player,),
        sampler=Direct(lambda count: {}, lambda networks, draws, y: torch.empty(0)),
    )


@cache
def trained(trial: Trial) -> dict[str, list[nn.Module]]:
    """Critics of each seed by how they are held; in float64, since squares of exploding gradients overflow float32."""
    rounds = trial.pick(150, 2_000)
    problems = {f"c = {c:g}": problem(RMSProp(bound(c) / 50), WeightClipping(bound(c)), None) for c in BOUNDS}
    problems["penalty"] = problem(Adam(1e-3, beta1=0.0, beta2=0.9), None, GradientPenalty(10.0))
    return {
        name: [member(state, place)["critic"] for place in range(len(trial.seeds))]
        for name, one in problems.items()
        for state in (play(one, trial.seeds, rounds, dtype=torch.float64),)
    }


def gradient_norms(network: nn.Module, seed: int) -> np.ndarray:
    """Log10 of the norm of the critic's gradient by the outputs of each hidden layer, from the first to the last."""
    columns = {"along": 1, "other along": 1, "across": 2, "other across": 2, "noise": 2}
    generator = Stream(seed, ("clipping",)).torch()
    draws = {
        name: (torch.rand if "along" in name else torch.randn)((512, size), generator=generator, dtype=torch.float64)
        for name, size in columns.items()
    }
    outputs: list[Tensor] = []
    x = torch.cat([roll(draws), spread(draws)]).requires_grad_()
    assert isinstance(network.layers, nn.Sequential)
    for layer in network.layers:
        x = layer(x)
        if isinstance(layer, nn.Linear):
            outputs.append(x)
    scores = outputs[-1].flatten()
    loss = Wasserstein().critic(scores[:512], scores[512:])
    gradients = torch.autograd.grad(loss, outputs[:-1])
    return np.array([float(one.norm().log10()) for one in gradients])


def growth(norms: np.ndarray) -> float:
    """Decades by which the gradient grows from one layer to the one before it."""
    return float(norms[0] - norms[-1]) / (len(norms) - 1)


def weights(network: nn.Module) -> np.ndarray:
    """All of a critic's weights but biases."""
    return torch.cat([one.weight.flatten() for one in linear(network)]).numpy()


def share_at_ends(network: nn.Module) -> float:
    """Of the weights, how many lie within a hundredth of the greatest size among them."""
    sizes = np.abs(weights(network))
    return float((sizes >= 0.99 * sizes.max()).mean())


def experiment(variant: None, trial: Trial) -> Result:
    """Gradients by depth and weights of critics that are held by clipping or by a penalty."""
    critics = trained(trial)
    norms = {
        name: [gradient_norms(*one) for one in zip(held, trial.seeds, strict=True)] for name, held in critics.items()
    }
    rates = {name: [growth(one) for one in held] for name, held in norms.items()}
    ends = {name: [share_at_ends(one) for one in held] for name, held in critics.items()}
    large, middle, small = (f"c = {c:g}" for c in BOUNDS)
    per_layer = "decades of the gradient per layer, from the output back"
    figure = "figure 1b"
    checks = (
        over_seeds(f"{per_layer}: {large}", rates[large], "≥", 0.1, published=f"explodes or vanishes ({figure})"),
        over_seeds(
            f"size of the same: {middle}", list(map(abs, rates[middle])), "≥", 0.1, published="explodes or vanishes"
        ),
        over_seeds(f"{per_layer}: {small}", rates[small], "≤", -0.1, published="explodes or vanishes"),
        over_seeds(
            "size of the same: penalty", list(map(abs, rates["penalty"])), "≤", 0.1, published=f"neither ({figure})"
        ),
        over_seeds(f"share of weights at the bounds: {middle}", ends[middle], "≥", 0.5, published="pile up at ±c"),
        over_seeds("share near the greatest weight: penalty", ends["penalty"], "≤", 0.01, published="no such piles"),
    )
    series = {
        "norms": norms,
        "clipped": histogram([weights(one) / bound(BOUNDS[1]) for one in critics[middle]], 1.1),
        "penalized": histogram([weights(one) for one in critics["penalty"]], 1.1),
    }
    return Result(checks, series)


def histogram(sets: list[np.ndarray], end: float) -> dict[str, Any]:
    """Shares of all numbers in 44 bins from -end to end."""
    together = np.concatenate(sets)
    counts, edges = np.histogram(together, np.linspace(-end, end, 45))
    return {"share": counts / len(together), "edges": edges}


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """Gradients by depth, and where weights end."""
    first, second, third = panels(figure, 3)
    for (name, held), color in zip(series["norms"].items(), (MADE, FOURTH, SOFT, DATA), strict=True):
        for place, one in enumerate(held):
            first.plot(range(1, DEPTH + 1), one, color=color, lw=1.1, label=name if place == 0 else None)
    first.set(
        xlabel="layer (12 is next to the score)", ylabel="log₁₀ of the gradient's norm", title="Gradients by depth"
    )
    first.set_ylim(-20, 32)
    first.legend(loc="upper right", ncols=2)
    for axes, name, color, title, label in (
        (second, "clipped", FOURTH, "Clipped weights pile up", "weight / bound, c = 0.01"),
        (third, "penalized", DATA, "Penalized weights do not", "weight"),
    ):
        axes.stairs(series[name]["share"], series[name]["edges"], color=color, fill=True, alpha=0.7)
        axes.set(xlabel=label, ylabel="share of weights", title=title)


CLAIM = Claim(
    slug="clipping",
    title="Clipped weights end at their bounds, and gradients explode or vanish with depth",
    statement=r"""
Weight clipping keeps a critic's slope bounded by keeping every weight within $[-c, c]$. The critic wants the steepest
slope it may have, so its weights go to the bounds and stay there: it becomes a simple function, and most of what its
layers could express is lost.

On the way back through such layers the gradient is multiplied by about the same factor each time. The factor grows with
$c$ and with the width of a layer, so that over a dozen layers the gradient explodes for one bound and vanishes for
another; hardly any is right. A penalty on the slope of the whole critic leaves each layer free, and the gradient keeps
its size.

The paper's twelve layers have 512 units; here they have 64, and the bounds $c$ stand for bounds eight times as large,
which keeps the factor's upper end, $c$ times width, as it was.
""",
    formulas=(
        r"w \leftarrow \mathrm{clip}(w, -c, c) \qquad \text{against} \qquad"
        r" \lambda\, \mathbb{E}_{\hat x} \left( \|\nabla f(\hat x)\| - 1 \right)^2",
        r"\left\| \frac{\partial L}{\partial h_l} \right\| \approx a^{\,12 - l}"
        r" \left\| \frac{\partial L}{\partial h_{12}} \right\|",
    ),
    reference="Gulrajani et al. 2017, Improved Training of Wasserstein GANs, section 3 and figure 1b, arXiv 1704.00028",
    experiment=experiment,
    draw=draw,
    kind="observation",
    size=(10.2, 3.1),
)
