"""Claim 21: at the optimal critic the generator's gradient is that of the earth mover's distance."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from scipy.integrate import quad
from scipy.optimize import linprog
from scipy.stats import norm
from torch import Tensor

from saddle.claims.check import equal, greatest, on_every_seed
from saddle.claims.claim import Claim, Control, Result, Trial
from saddle.claims.drawing import DATA, MADE, SOFT, THIRD, panels
from saddle.claims.solutions.linear_programs import cheapest_plan, distances
from saddle.claims.solutions.wasserstein_critics import critics_between
from saddle.core.gradients import score_and_gradient
from saddle.core.noise import Noise
from saddle.core.randomness import Stream
from saddle.measures import wasserstein
from saddle.networks import MLP
from saddle.regularizers import OneSidedGradientPenalty
from saddle.training.optimizers import Adam
from saddle.training.schedules import Cosine

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BATCH = 128
PLACES = ((1.0, 0.5), (0.3, 0.4), (-0.5, 1.6), (0.4, 1.0), (-1.2, 2.0))
"""Generators g(z) = m + s z by their m and s; the data are N(0, 1)."""
TRAINED_AT = PLACES[1]


@dataclass(frozen=True)
class Formula:
    """What is claimed of the gradient of W by the generator's parameters.

    Attributes:
        sign: of E ∇f(g(z)), with a factor if there is one.
        critic_of: the parameters of the generator for which f is the best critic, from the generator's own.
    """

    sign: float
    critic_of: Callable[[np.ndarray], np.ndarray]


TRUE = Formula(-1.0, lambda parameters: parameters)


def distance_gradient(m: float, s: float) -> np.ndarray:
    """Of W(N(0, 1), N(m, s²)) = E|m + (s - 1) z|, a folded normal's mean, by m and by s."""
    t = s - 1
    if t == 0:
        return np.array([np.sign(m), 0.0])
    return np.array([math.erf(m / (abs(t) * math.sqrt(2))), 2 * np.sign(t) * norm.pdf(m / t)])


def best_slope(x: float, m: float, s: float) -> float:
    """f'(x) of the best critic between N(0, 1) and N(m, s²): up where more of the model lies to the left than of the
    data, so that what is carried climbs."""
    return float(np.sign(norm.cdf(x, m, s) - norm.cdf(x)))


def critic_gradient(m: float, s: float, critic: np.ndarray) -> np.ndarray:
    """E ∇f(m + s z) by m and s, where f is the best critic of the generator with the parameters `critic`."""
    crossing = critic[0] / (1 - critic[1]) if critic[1] != 1 else math.inf
    cut = (crossing - m) / s
    ends = sorted({-12.0, 12.0, *([cut] if abs(cut) < 12 else [])})

    def part(power: int) -> float:
        pieces = pairwise(ends)
        return sum(
            quad(lambda z: best_slope(m + s * z, *critic) * z**power * norm.pdf(z), a, b, epsabs=1e-13, limit=200)[0]
            for a, b in pieces
        )

    return np.array([part(0), part(1)])


@cache
def trained(m: float, s: float, trial: Trial) -> list[torch.nn.Module]:
    """Critics between N(0, 1) and N(m, s²), one a seed, held by a penalty."""
    rounds = trial.pick(200, 3_000)
    return critics_between(
        lambda draws: draws["data"],
        lambda draws: m + s * draws["made"],
        {name: Noise("normal", (BATCH, 1)) for name in ("data", "made")},
        held=OneSidedGradientPenalty(10.0),
        network=lambda: MLP(width=16, depth=2, activation="relu").critic((1,), 0),
        optimizer=Adam(1e-2, beta1=0.5, schedule=Cosine(rounds)),
        rounds=rounds,
        seeds=trial.seeds,
    )


def trained_gradients(critic: np.ndarray, trial: Trial) -> np.ndarray:
    """E ∇f(m + s z) by m and s with trained critics for f, shape (seeds, 2), z taken evenly from N(0, 1)."""
    z = torch.from_numpy(norm.ppf((np.arange(2_000) + 0.5) / 2_000))
    slopes = [
        score_and_gradient(one, (TRAINED_AT[0] + TRAINED_AT[1] * z)[:, None])[1][:, 0]
        for one in trained(float(critic[0]), float(critic[1]), trial)
    ]
    return np.array([[float(one.mean()), float((one * z).mean())] for one in slopes])


class Plane:
    """As many data as samples in the plane, and an affine generator with six parameters."""

    def __init__(self, seed: int, points: int) -> None:
        draw = Stream(seed, ("plane",)).numpy()
        self.data, self.z = draw.normal(0, 1, (points, 2)), draw.normal(0, 1, (points, 2))
        self.parameters = draw.normal(0, 1, 6)

    def made(self, parameters: Tensor) -> Tensor:
        """The samples, shape (points, 2)."""
        return torch.from_numpy(self.z) @ parameters[:4].reshape(2, 2) + parameters[4:]

    def distance(self, parameters: np.ndarray) -> float:
        """W of the samples from the data, by POT."""
        return wasserstein(self.made(torch.from_numpy(parameters)), self.data).value

    def slopes(self, step: float = 1e-6) -> np.ndarray:
        """Of W by the parameters, from differences."""
        ways = step * np.eye(6)
        return np.array([self.distance(self.parameters + e) - self.distance(self.parameters - e) for e in ways]) / (
            2 * step
        )

    def critic(self, parameters: np.ndarray) -> Callable[[Tensor], Tensor]:
        """The best critic f(x) = max_j (f_j - ‖x - y_j‖), with heights f_j that leave each sample one nearest slope."""
        made = self.made(torch.from_numpy(parameters)).numpy()
        heights, data = torch.from_numpy(clearest_heights(made, self.data)), torch.from_numpy(self.data)
        return lambda x: (heights - (x[:, None] - data).square().sum(2).sqrt()).amax(1)

    def gradient(self, critic: Callable[[Tensor], Tensor]) -> np.ndarray:
        """E ∇f(g(z)) by the parameters, f standing still."""
        at = torch.from_numpy(self.parameters).requires_grad_()
        return torch.autograd.grad(critic(self.made(at)).mean(), at)[0].numpy()


def clearest_heights(made: np.ndarray, data: np.ndarray) -> np.ndarray:
    """A solution of the dual, by linear programming: of all, one at which every sample is tied to its own datum alone.

    The cheapest plan pairs sample i with datum π(i). Any f_j with f_j - f_π(i) ≤ d_ij - d_iπ(i) are best; what
    remains of the inequalities, at least, is made as large as it can be.
    """
    n, ways = len(data), distances(made, data)
    own = cheapest_plan(made, data).moved.argmax(1)
    rows, bounds = [], []
    for i in range(n):
        for j in range(n):
            if j != own[i]:
                row = np.zeros(n + 1)
                row[j], row[own[i]], row[n] = 1, -1, 1
                rows.append(row)
                bounds.append(ways[i, j] - ways[i, own[i]])
    gain = np.zeros(n + 1)
    gain[n] = -1
    free = [(0, 0), *[(None, None)] * (n - 1), (0, None)]
    return linprog(gain, A_ub=np.array(rows), b_ub=np.array(bounds), bounds=free).x[:n]


def pictured(formula: Formula, trial: Trial) -> dict[str, Any]:
    """The best critic and trained ones; W over m, with slopes that the formula gives."""
    m, s = TRAINED_AT
    grid = np.linspace(-2.5, 2.5, 161)
    best = np.cumsum([best_slope(x, m, s) for x in grid]) * (grid[1] - grid[0])
    x = torch.from_numpy(grid)[:, None]
    lines = [critic(x).numpy() for critic in trained(m, s, trial)]
    means, at = np.linspace(-2, 2, 81), np.array([-1.5, -0.6, 0.0, 0.6, 1.5])

    def distance(mean: float) -> float:
        sd = abs(s - 1)
        return sd * math.sqrt(2 / math.pi) * math.exp(-((mean / sd) ** 2) / 2) + mean * math.erf(
            mean / (sd * math.sqrt(2))
        )

    slopes = [formula.sign * critic_gradient(one, s, formula.critic_of(np.array([one, s])))[0] for one in at]
    return {
        "x": grid,
        "data": norm.pdf(grid),
        "made": norm.pdf(grid, m, s),
        "best": best - best.mean(),
        "trained": [one - one.mean() for one in lines],
        "means": means,
        "distance": [distance(one) for one in means],
        "at": at,
        "heights": [distance(one) for one in at],
        "slopes": slopes,
    }


def experiment(formula: Formula, trial: Trial) -> Result:
    """The gradient through a critic against the closed form, differences of POT, and again with trained critics."""
    exact = np.array([distance_gradient(m, s) for m, s in PLACES])
    through = np.array([formula.sign * critic_gradient(m, s, formula.critic_of(np.array([m, s]))) for m, s in PLACES])
    planes = [Plane(seed, trial.pick(12, 30)) for seed in trial.seeds]
    apart = [
        abs(formula.sign * plane.gradient(plane.critic(formula.critic_of(plane.parameters))) - plane.slopes()).max()
        for plane in planes
    ]
    learned = formula.sign * trained_gradients(formula.critic_of(np.array(TRAINED_AT)), trial)
    errors = np.linalg.norm(learned - exact[1], axis=1).tolist()
    checks = (
        equal(
            "line: closed form of ∇W and the formula at the best critic, 5 generators", abs(exact - through).max(), 0
        ),
        equal("plane: differences of W by POT and the formula at a dual solution", greatest(apart), 0, within=1e-6),
        on_every_seed(
            "line: distance of the formula with a trained critic from ∇W, whose length is .80", errors, "≤", 0.1
        ),
    )
    return Result(checks, pictured(formula, trial))


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """The best critic and trained ones; the distance with the slopes found through the critic."""
    first, second = panels(figure, 2)
    first.fill_between(series["x"], series["data"], color=DATA, alpha=0.25, lw=0, label="data, N(0, 1)")
    first.fill_between(series["x"], series["made"], color=MADE, alpha=0.25, lw=0, label="model, N(0.3, 0.4²)")
    for place, one in enumerate(series["trained"]):
        first.plot(series["x"], one, color=SOFT, lw=1, label=None if place else "trained f, each seed")
    first.plot(series["x"], series["best"], color="black", lw=1.2, ls="--", label="best f")
    first.set(xlabel="x", title="The best critic slopes down to the model", ylim=(-1.6, 3))
    first.legend(loc="upper center", ncols=2)
    second.plot(series["means"], series["distance"], color=THIRD, label="W over the mean of the model")
    for place, (x, y, slope) in enumerate(zip(series["at"], series["heights"], series["slopes"], strict=True)):
        run = 0.35 * np.array([-1, 1])
        second.plot(x + run, y + slope * run, color=MADE, lw=2.2, label=None if place else "slope -E f'(g(z))")
    second.set(xlabel="mean m of the model", ylabel="W", ylim=(0, 2.5), title="The critic gives the slope of W")
    second.legend(loc="upper center")


CLAIM = Claim(
    slug="generator-gradient",
    title="The best critic gives the generator the gradient of the earth mover's distance",
    statement=r"""
$W$ is the greatest gap $\mathbb{E} f(x) - \mathbb{E} f(g_\theta(z))$ of 1-Lipschitz functions. When the generator moves
a little, the best $f$ moves too, but since it stands at a maximum that changes the gap only in second order. So to find
the gradient of $W$ one may hold the best critic still and differentiate through the samples alone, which is what
backpropagation through the critic does.

The theorem asks that both gradients exist: where several critics are best and pull samples different ways, $W$ has a
kink and no gradient.

Two things are needed. The sign is negative: raising $f$ on samples makes $W$ smaller. And the critic must be the best
one for the generator as it is now: the best of an earlier generator gives another direction. That is why a Wasserstein
GAN takes several steps of the critic for each of the generator.
""",
    formulas=(
        r"\nabla_\theta W(p, p_\theta) = -\mathbb{E}_z\, \nabla_\theta f(g_\theta(z))",
        r"\mathbb{E}_{x \sim p} f(x) - \mathbb{E}_z f(g_\theta(z)) = \max_{\| h \|_L \le 1} \mathbb{E}_{x \sim p} h(x) "
        r"- \mathbb{E}_z h(g_\theta(z))",
    ),
    reference="Arjovsky, Chintala & Bottou 2017, Wasserstein GAN, theorem 3",
    experiment=experiment,
    variant=TRUE,
    controls=(
        Control(
            "sign",
            "The gradient has the other sign: the generator lowers the distance by lowering the critic.",
            replace(TRUE, sign=1.0),
            r"\nabla_\theta W(p, p_\theta) = \mathbb{E}_z\, \nabla_\theta f(g_\theta(z))",
        ),
        Control(
            "half",
            "Only half of it is the generator's, the other half being the critic's.",
            replace(TRUE, sign=-0.5),
            r"\nabla_\theta W(p, p_\theta) = -\tfrac{1}{2} \mathbb{E}_z\, \nabla_\theta f(g_\theta(z))",
        ),
        Control(
            "stale-critic",
            "Any critic that was the best once will do: here that of a generator whose parameters are .5 higher.",
            replace(TRUE, critic_of=lambda parameters: parameters + 0.5),
        ),
    ),
    draw=draw,
    size=(9.0, 3.2),
)
