"""Claim 20: a critic of slope at most one measures the earth mover's distance."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from scipy.stats import norm
from torch import Tensor, nn

from saddle.claims.check import at_least, at_most, equal, greatest, least, over_seeds
from saddle.claims.claim import Claim, Control, Result, Trial
from saddle.claims.drawing import DATA, FOURTH, MADE, SOFT, THIRD, panels
from saddle.claims.solutions.linear_programs import best_prices, cheapest_plan
from saddle.claims.solutions.piecewise_linear import steepest
from saddle.claims.solutions.wasserstein_critics import critics_between, gap, norm_bound
from saddle.core.gradients import score_and_gradient
from saddle.core.noise import Draws, Noise
from saddle.core.randomness import Stream
from saddle.measures import dual_potential, wasserstein
from saddle.networks import MLP
from saddle.regularizers import OneSidedGradientPenalty, Penalty, Projection, WeightClipping
from saddle.training.optimizers import Adam
from saddle.training.schedules import Cosine

if TYPE_CHECKING:
    from matplotlib.figure import Figure

POINTS = 64
LOW, HIGH = -3.0, 3.0
STARTS = 4
"""Critics a seed, from different starts."""
HELD: dict[str, tuple[int, Penalty | Projection]] = {
    "penalty, line": (1, OneSidedGradientPenalty(10.0)),
    "clipping, line": (1, WeightClipping(0.1)),
    "penalty, plane": (2, OneSidedGradientPenalty(10.0)),
}
"""What is trained: in so many dimensions, held so."""


class Found(NamedTuple):
    """Of a trained critic.

    Attributes:
        share: its gap over W.
        certified: what no slope of it exceeds: the steepest on the line, in the plane the product of its layers' norms.
        typical: the mean length of its gradient between the laws.
    """

    share: float
    certified: float
    typical: float


@dataclass(frozen=True)
class Formulas:
    """What is claimed.

    Attributes:
        slope: the largest that the dual allows.
        divisor: of a critic's gap, from its certified and its typical slope.
    """

    slope: float
    divisor: Callable[[float, float], float]


TRUE = Formulas(1.0, lambda certified, typical: certified)


@cache
def clouds(dimension: int) -> tuple[Tensor, Tensor]:
    """Points of the data, which lie to both sides, and as many samples between; shape (64, d) each."""
    u = norm.ppf((np.arange(POINTS) + 0.5) / POINTS)
    x, y = u * 0.3 + np.where(np.arange(POINTS) % 2, 1.5, -1.5), u[::-1] * 0.3 + 0.4
    draw = Stream(0, ("clouds",)).numpy()
    rest = draw.normal(0, 0.5, (2, POINTS, dimension - 1))
    return torch.from_numpy(np.column_stack([x, rest[0]])), torch.from_numpy(np.column_stack([y, rest[1]]))


def between(x: Tensor, y: Tensor) -> Tensor:
    """Points on the ways between all pairs, eight on each."""
    shares = (torch.arange(8, dtype=x.dtype) + 0.5) / 8
    return (y + shares[:, None, None, None] * (x[:, None] - y)).flatten(0, 2)


@cache
def trained(name: str, trial: Trial) -> list[nn.Module]:
    """Four critics a seed, all of the first start before those of the second."""
    rounds = trial.pick(250, 3_000)
    dimension, held = HELD[name]
    x, y = clouds(dimension)

    def shuffled(draws: Draws) -> Tensor:
        return y[draws["order"].argsort()]

    return critics_between(
        lambda draws: x,
        shuffled,
        {"order": Noise("uniform", (POINTS,))},
        held=held,
        network=lambda: MLP(width=16, depth=2, activation="relu").critic((dimension,), 0),
        optimizer=Adam(1e-2, beta1=0.5, schedule=Cosine(rounds)),
        rounds=rounds,
        seeds=[seed + 100_000 * start for start in range(STARTS) for seed in trial.seeds],
    )


@cache
def found(name: str, trial: Trial) -> list[Found]:
    """What each critic gives."""
    dimension, _ = HELD[name]
    x, y = clouds(dimension)
    distance, ways, results = wasserstein(x, y).value, between(x, y), []
    for critic in trained(name, trial):
        bound = steepest(critic, LOW, HIGH) if dimension == 1 else norm_bound(critic)
        typical = float(score_and_gradient(critic, ways)[1].norm(dim=1).mean())
        results.append(Found(gap(critic, x, y) / distance, bound, typical))
    return results


def largest_difference(slope: float, trial: Trial) -> tuple[float, float]:
    """Of the primal from the dual, both by linear programming, and from POT, over small clouds of the plane."""
    apart, from_pot = [], []
    for seed in trial.seeds:
        draw = Stream(seed, ("duality",)).numpy()
        for _ in range(trial.pick(2, 10)):
            n, m = draw.integers(5, 16, 2)
            x, y = draw.normal(0, 1, (n, 2)), draw.normal(0.5, 2, (m, 2))
            primal = cheapest_plan(x, y).cost
            apart.append(abs(best_prices(x, y, slope).gap - primal))
            from_pot.append(abs(wasserstein(x, y).value - primal))
    return greatest(apart), greatest(from_pot)


def curves(trial: Trial) -> dict[str, Any]:
    """The best prices on the line, and one critic of each kind over its certified slope."""
    x, y = clouds(1)
    grid = torch.linspace(-2.5, 2.5, 151, dtype=torch.float64)
    lines = {"best prices": dual_potential(x, y)(grid[:, None])}
    for name in ("penalty, line", "clipping, line"):
        lines[name] = trained(name, trial)[0](grid[:, None]) / found(name, trial)[0].certified
    series = {name: (line - line.mean()).tolist() for name, line in lines.items()}
    return {"grid": grid.tolist(), "curves": series, "data": x.flatten().tolist(), "made": y.flatten().tolist()}


def experiment(formulas: Formulas, trial: Trial) -> Result:
    """Primal against dual, and what trained critics give, divided, against the distance."""
    apart, from_pot = largest_difference(formulas.slope, trial)
    divided = {
        name: np.array([one.share / formulas.divisor(one.certified, one.typical) for one in found(name, trial)])
        for name in HELD
    }
    undivided = {name: [one.share for one in found(name, trial)] for name in HELD}
    gained = (divided["penalty, line"] - divided["clipping, line"]).tolist()
    checks = (
        equal("cheapest plan and best prices, greatest difference", apart, 0),
        equal("cheapest plan and saddle's `wasserstein`, by POT", from_pot, 0),
        *(
            at_most(f"{name}: divided gap over W, greatest", float(one.max()), 1 + 1e-9)
            for name, one in divided.items()
        ),
        at_least("penalty, line: divided gap over W, least", float(divided["penalty, line"].min()), 0.85),
        at_least("penalty, line: the gap itself over W, least", least(undivided["penalty, line"]), 1.02),
        over_seeds("penalty's divided gap over W less clipping's", gained, "≥", 0),
    )
    return Result(checks, {"divided": divided, "undivided": undivided} | curves(trial))


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """Best prices and trained critics on the line; gaps over the distance, as they are and divided."""
    first, second = panels(figure, 2)
    first.plot(series["data"], [-1.55] * len(series["data"]), "|", color=DATA, ms=9, label="data")
    first.plot(series["made"], [-1.55] * len(series["made"]), "|", color=MADE, ms=9, label="model")
    for (name, curve), color, style in zip(
        series["curves"].items(), ("black", THIRD, FOURTH), ("--", "-", "-"), strict=True
    ):
        first.plot(series["grid"], curve, style, color=color, label=name.removesuffix(", line"))
    first.set(
        xlabel="x", ylabel="f(x), of slope at most one", ylim=(-1.8, 2.1), title="Critics over their steepest slope"
    )
    first.legend(loc="upper center", ncols=3, columnspacing=1)
    spread = np.linspace(-0.12, 0.12, len(next(iter(series["divided"].values()))))
    for place, name in enumerate(series["divided"]):
        second.plot(
            place + spread - 0.17, series["undivided"][name], ".", color=SOFT, ms=5, label="gap" if not place else None
        )
        second.plot(
            place + spread + 0.17,
            series["divided"][name],
            ".",
            color=THIRD,
            ms=5,
            label="gap over certified slope" if not place else None,
        )
    second.axhline(1, color="black", lw=1, ls="--")
    second.set_xticks(range(len(series["divided"])), [name.replace(", ", ",\n") for name in series["divided"]])
    second.set(ylabel="of W", ylim=(0, 1.45), title="Divided, no critic exceeds W")
    second.legend(loc="upper center", ncols=2)


CLAIM = Claim(
    slug="duality",
    title="A critic of slope at most one measures the earth mover's distance",
    statement=r"""
Kantorovich and Rubinstein: the least cost of carrying one law to another equals the greatest
$\mathbb{E} f(x) - \mathbb{E} f(y)$ over functions $f$ that are 1-Lipschitz, whose value never changes by more than the
way is long. This turns a search over plans, with a number for each pair of points, into a search over functions, which
is what networks are for.

Any function whose slope is at most $L$ becomes such an $f$ when divided by $L$. So a trained critic's gap over a bound
of its slope never exceeds $W$, however badly it was trained: it is a certified lower bound. On the line the slope of a
ReLU network is found exactly, piece by piece. In more dimensions the product of its layers' largest singular values
bounds it, and is far too large: the bound holds, but much is lost.

A gradient penalty is soft. It pays to let the slope exceed one a little, in proportion to $1/\lambda$, and the gap that
training reports then exceeds $W$. Nor is it enough to divide by the typical slope, since the critic is steepest where
most is carried. Normalized alike, each by its own steepest slope, critics held by a penalty come near $W$ here, and
those held by clipping their weights stay well below on average.
""",
    formulas=(
        r"W(p, q) = \inf_{\gamma \in \Pi(p, q)} \mathbb{E}_\gamma \| x - y \| = \sup_{\| f \|_L \le 1} "
        r"\mathbb{E}_{x \sim p} f(x) - \mathbb{E}_{y \sim q} f(y)",
        r"\frac{\mathbb{E}_p f - \mathbb{E}_q f}{L} \le W(p, q) \quad \text{for } \| f \|_L \le L",
    ),
    reference="Kantorovich & Rubinstein 1958; Arjovsky et al. 2017, Wasserstein GAN, equation 2; Gulrajani et al. 2017",
    experiment=experiment,
    variant=TRUE,
    controls=(
        Control(
            "slope-two",
            "The dual allows slopes up to two.",
            replace(TRUE, slope=2.0),
            r"W = \sup_{\| f \|_L \le 2} \mathbb{E}_p f - \mathbb{E}_q f",
        ),
        Control(
            "undivided",
            "The gap of a critic trained with a gradient penalty, as it is, never exceeds W.",
            replace(TRUE, divisor=lambda certified, typical: 1.0),
            r"\mathbb{E}_p f - \mathbb{E}_q f \le W(p, q)",
        ),
        Control(
            "typical-slope",
            "It is enough to divide by the mean length of the critic's gradient, which the penalty holds near one.",
            replace(TRUE, divisor=lambda certified, typical: typical),
            r"\frac{\mathbb{E}_p f - \mathbb{E}_q f}{\mathbb{E} \| \nabla f \|} \le W(p, q)",
        ),
    ),
    draw=draw,
    size=(9.6, 3.4),
)
