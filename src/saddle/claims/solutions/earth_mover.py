"""Claim 18: the earth mover's distance of parallel lines is |θ|, with a slope everywhere but at 0."""

import math
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from scipy.integrate import quad
from torch import Tensor

from saddle.claims.check import equal, on_every_seed
from saddle.claims.claim import Claim, Control, Result, Trial
from saddle.claims.drawing import DATA, MADE, SOFT, THIRD, panels
from saddle.claims.solutions.linear_programs import best_prices, cheapest_plan, distances
from saddle.claims.solutions.wasserstein_critics import critics_between, gap, norm_bound
from saddle.core.noise import Draws, Noise
from saddle.core.randomness import Stream
from saddle.measures import wasserstein
from saddle.networks import MLP
from saddle.regularizers import OneSidedGradientPenalty
from saddle.training.optimizers import Adam
from saddle.training.schedules import Cosine

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from saddle.claims.solutions.linear_programs import Plan

Distance = Callable[[float], float]
SHIFTS = (-1.5, -0.8, -0.3, -0.05, 0.0, 0.05, 0.3, 0.8, 1.5)
TRAINED_AT = 0.7
BATCH = 64


def without_infimum(shift: float) -> float:
    """E ‖x - y‖ for a point of each line drawn apart from the other."""
    # The difference of two uniform numbers has density 1 - |t| on [-1, 1].
    return 2 * quad(lambda t: (1 - t) * math.hypot(shift, t), 0, 1, epsabs=1e-12, points=[min(abs(shift), 1)])[0]


def line(shift: float, points: int) -> np.ndarray:
    """So many points of the line x₁ = θ, 0 ≤ x₂ ≤ 1, evenly spread."""
    return np.stack([np.full(points, shift), (np.arange(points) + 0.5) / points], axis=1)


@cache
def planned(shift: float, points: int) -> "Plan":
    """The cheapest plan from the line at θ to that at 0, by linear programming."""
    return cheapest_plan(line(shift, points), line(0, points))


def slope_of_plan(shift: float, points: int) -> float:
    """How the plan's cost changes as each point of the first line moves on: the mean of the carrying's direction."""
    x, y = line(shift, points), line(0, points)
    along = (x[:, None, 0] - y[None, :, 0]) / distances(x, y)
    return float((planned(shift, points).moved * along).sum())


def line_at(shift: float, name: str) -> Callable[[Draws], Tensor]:
    """Draws from the line at θ, shape (n, 2)."""
    return lambda draws: torch.cat([torch.full_like(draws[name], shift), draws[name]], 1)


@cache
def trained(trial: Trial) -> list[float]:
    """A linear critic's gap between the lines over the norm of its weights, for each seed."""
    rounds = trial.pick(150, 2_000)
    critics = critics_between(
        line_at(TRAINED_AT, "data"),
        line_at(0.0, "made"),
        {name: Noise("uniform", (BATCH, 1)) for name in ("data", "made")},
        held=OneSidedGradientPenalty(10.0),
        network=lambda: MLP(depth=0).critic((2,), 0),
        optimizer=Adam(0.05, beta1=0.5, schedule=Cosine(rounds)),
        rounds=rounds,
        seeds=trial.seeds,
    )
    x, y = (torch.from_numpy(line(shift, 500)) for shift in (TRAINED_AT, 0.0))
    return [gap(critic, x, y) / norm_bound(critic) for critic in critics]


def experiment(distance: Distance, trial: Trial) -> Result:
    """The formula against two linear programs, POT, a trained critic and the plan's slope."""
    points, many = trial.pick(12, 24), trial.pick(60, 400)
    formula = np.array([distance(shift) for shift in SHIFTS])
    primal = np.array([planned(shift, points).cost for shift in SHIFTS])
    dual = np.array([best_prices(line(shift, points), line(0, points)).gap for shift in SHIFTS])
    exact = np.array([wasserstein(line(shift, many), line(0, many)).value for shift in SHIFTS])
    moving = [shift for shift in SHIFTS if shift]
    step = 1e-3
    slopes = np.array([(distance(shift + step) - distance(shift - step)) / (2 * step) for shift in moving])
    directions = np.array([slope_of_plan(shift, points) for shift in moving])
    shares = [found / distance(TRAINED_AT) for found in trained(trial)]
    cloud = two_clouds()
    checks = (
        equal("formula and the cheapest plan, greatest difference of 9 shifts", abs(formula - primal).max(), 0),
        equal("formula and the best prices", abs(formula - dual).max(), 0),
        equal("formula and saddle's `wasserstein`, by POT", abs(formula - exact).max(), 0),
        equal("slope of the formula and of the cheapest plan", abs(slopes - directions).max(), 0),
        on_every_seed("trained critic's gap over the norm of its weights, of the formula", shares, "≤", 1 + 1e-9),
        on_every_seed("the same, least", shares, "≥", 0.99),
    )
    grid = np.linspace(-1.5, 1.5, 61)
    series = {"shift": grid, "formula": [distance(x) for x in grid], "at": SHIFTS, "exact": exact, "cloud": cloud}
    return Result(checks, series)


def two_clouds() -> dict[str, Any]:
    """Two clouds of the plane, and to which point of the second the cheapest plan carries each of the first."""
    draw = Stream(0, ("clouds",)).numpy()
    x, y = draw.normal(0, 0.5, (40, 2)), draw.normal(0, 0.3, (40, 2)) + np.where(draw.random((40, 1)) < 0.5, 1.5, -1.5)
    return {"x": x, "y": y, "to": cheapest_plan(x, y).moved.argmax(1)}


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """The plan between lines, the distance over the shift, and the plan between two clouds."""
    first, second, third = panels(figure, 3)
    for height in np.linspace(0.05, 0.95, 10):
        first.annotate("", (0.02, height), (0.68, height), arrowprops={"arrowstyle": "->", "color": SOFT, "lw": 0.8})
    first.plot([0, 0], [0, 1], color=DATA, lw=3)
    first.plot([0.7, 0.7], [0, 1], color=MADE, lw=3)
    first.text(0, 1.05, "data", color=DATA, ha="center")
    first.text(0.7, 1.05, "model", color=MADE, ha="center")
    first.set(xlim=(-0.3, 1), ylim=(0, 1.2), xlabel="x₁", ylabel="x₂", title="Each point straight across: cost |θ|")
    second.plot(series["shift"], series["formula"], color=MADE, label="W = |θ|")
    second.plot(series["at"], series["exact"], "o", color=THIRD, ms=4, label="by POT")
    jump = [math.log(2) if shift else 0 for shift in series["shift"]]
    second.plot(series["shift"], jump, ".", color=SOFT, ms=3, label="JSD")
    second.set(xlabel="shift θ", ylabel="distance (JSD: nats)", title="W has a slope, the JSD none", ylim=(-0.05, 2.1))
    second.legend(loc="upper center", ncols=3, columnspacing=1, handlelength=1.2)
    cloud = {name: np.array(one) for name, one in series["cloud"].items()}
    for start, to in zip(cloud["x"], cloud["to"], strict=True):
        third.plot(*np.stack([start, cloud["y"][to]]).T, color=SOFT, lw=0.8, zorder=1)
    third.plot(*cloud["x"].T, "o", color=MADE, ms=4)
    third.plot(*cloud["y"].T, "o", color=DATA, ms=4)
    third.set(xlabel="x₁", ylabel="x₂", title="The cheapest plan of two clouds", aspect="equal")


CLAIM = Claim(
    slug="earth-mover",
    title="The earth mover's distance knows how far",
    statement=r"""
Think of the model as heaps of earth and of the data as holes. A plan says how much is carried from where to where, and
costs the mean distance it is carried. The earth mover's distance $W$ is the cost of the cheapest plan.

Let the data lie on a line and the model on a parallel one at distance $\theta$. However thin they are and however far
apart, the cheapest plan carries each point straight across, and $W = |\theta|$: continuous, $0$ only where the lines
coincide, with slope $1$ or $-1$ everywhere else. The JSD is $\log 2$ for every $\theta$ but $0$ and gives a generator
no direction; $W$ does.

The plan has a dual: prices $f$ at all points, which nowhere rise faster than the way is long. The greatest difference
$\mathbb{E} f(x) - \mathbb{E} f(y)$ such prices can make is $W$ again. A critic learns them.
""",
    formulas=(
        r"W(p, q) = \inf_{\gamma \in \Pi(p, q)} \mathbb{E}_{(x, y) \sim \gamma} \| x - y \|",
        r"W(P_0, P_\theta) = |\theta|, \qquad \mathrm{JSD}(P_0 \| P_\theta) = \log 2 \quad (\theta \neq 0)",
    ),
    reference="Arjovsky, Chintala & Bottou 2017, Wasserstein GAN, definition of EM and example 1",
    experiment=experiment,
    variant=abs,
    controls=(
        Control("signed", "W = θ, which is negative to one side.", lambda shift: shift, r"W = \theta"),
        Control("squared", "W = θ²: the mean squared distance.", lambda shift: shift**2, r"W = \theta^2"),
        Control(
            "no-infimum",
            "W is the mean distance of a point of one law from a point of the other, without choosing the plan.",
            without_infimum,
            r"W(p, q) = \mathbb{E}_{x \sim p,\, y \sim q} \| x - y \|",
        ),
        Control(
            "per-coordinate",
            "W is the mean over coordinates of the distance, not the length of the way.",
            lambda shift: abs(shift) / 2,
            r"W = |\theta| / 2",
        ),
    ),
    draw=draw,
    size=(9.6, 3.2),
)
