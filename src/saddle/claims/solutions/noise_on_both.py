"""Claim 17: noise on data and samples makes their supports meet."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from scipy.stats import kstest, wasserstein_distance
from torch import Tensor

from saddle.claims.check import LEVEL, at_least, at_most, equal
from saddle.claims.claim import Claim, Control, Result, Trial
from saddle.claims.drawing import DATA, FOURTH, MADE, SOFT, THIRD, panels
from saddle.claims.solutions.bounded_noise import (
    VARIANCE,
    Atoms,
    cells,
    density,
    drawn,
    nodes,
    noised,
    noised_jsd,
    slope,
)
from saddle.core.randomness import Stream
from saddle.measures import js_divergence

if TYPE_CHECKING:
    from matplotlib.figure import Figure

EDGES = torch.linspace(-1.1, 3.1, 8401, dtype=torch.float64) + 1e-5
"""Of the cells in which parallel lines with noise of reach 1 are compared."""


@dataclass(frozen=True)
class Formulas:
    """What is claimed.

    Attributes:
        reaches: how far the noise on the data goes, and that on the samples, where noise of reach 1 is meant.
        sum_density: of X + ε at x, from the points X and the noise's reach.
        force: what the generator's gradient is, from a times the pull of the data and b times the push of the samples.
        bound: on the earth mover's distance, from V, C and the JSD with noise.
    """

    reaches: tuple[float, float]
    sum_density: Callable[[np.ndarray, Atoms, float], np.ndarray]
    force: Callable[[Tensor, Tensor], Tensor]
    bound: Callable[[float, float, float], float]


TRUE = Formulas(
    (1.0, 1.0),
    noised,
    lambda pull, push: pull - push,
    lambda v, c, jsd: 2 * math.sqrt(v) + 2 * c * math.sqrt(jsd),
)


def lines_jsd(shift: Tensor, reaches: tuple[float, float]) -> Tensor:
    """Of parallel lines so far apart, with noise: that of their first coordinate, the others being alike."""
    return js_divergence(cells(EDGES, torch.zeros(()), reaches[0]), cells(EDGES, shift, reaches[1]))


def slope_by_cells(shift: float, reaches: tuple[float, float]) -> float:
    """Its slope by the shift, by automatic differentiation of a sum over cells."""
    at = torch.tensor(shift, dtype=torch.float64, requires_grad=True)
    return float(torch.autograd.grad(lines_jsd(at, reaches), at)[0])


def slope_by_game(shift: float, reaches: tuple[float, float]) -> float:
    """Half of E d/dθ log(1 - D*(θ + ε)), where the best discriminator D* = p/(p + q) stands still."""
    x, w = nodes(np.concatenate([[-1.0, 1.0], np.linspace(shift - 1, shift + 1, 200)]))
    x, w = x[abs(x - shift) < 1], w[abs(x - shift) < 1]
    p, q = density(x, reaches[0]), density(x - shift, reaches[1])
    # The mean weighs d log(q/(p + q)) = (p dq - q dp) / (q (p + q)) with q.
    return float(w @ ((p * slope(x - shift, reaches[1]) - q * slope(x, reaches[0])) / (p + q))) / 2


def ks_chance(sum_density: Callable[[np.ndarray, Atoms, float], np.ndarray], trial: Trial) -> float:
    """The chance that sums X + ε would lie as far from their density as those drawn do from this one, or farther."""
    law, reach, each = Atoms(np.array([0.0, 0.5, 2.0]), np.array([0.5, 0.2, 0.3])), 0.4, trial.pick(2_000, 20_000)
    sums = []
    for seed in trial.seeds:
        draw = Stream(seed, ("sums",)).numpy()
        sums.append(draw.choice(law.places, each, p=law.weights) + drawn(each, reach, draw))
    grid = np.linspace(-3, 3, 6001)
    mass = np.concatenate([[0], np.cumsum(sum_density((grid[1:] + grid[:-1]) / 2, law, reach))]) * (grid[1] - grid[0])
    return float(kstest(np.concatenate(sums), lambda x: np.interp(x, grid, mass)).pvalue)


def both_forces(force: Callable[[Tensor, Tensor], Tensor], trial: Trial) -> tuple[Tensor, Tensor]:
    """The generator's gradient by automatic differentiation and by theorem 3.2, for an affine G of the plane."""
    draw, width = Stream(trial.seeds[0], ("forces",)).numpy(), 0.7
    data, made, z = (torch.from_numpy(draw.standard_normal((n, 2))) for n in (30, 40, 60))
    matrix = torch.from_numpy(draw.standard_normal((2, 2))).requires_grad_()

    def near(x: Tensor, law: Tensor) -> Tensor:
        return (-(x[:, None] - law).square().sum(2) / (2 * width**2)).exp() / (2 * math.pi * width**2)

    p, q = near(z @ matrix.T, data).mean(1), near(z @ matrix.T, made).mean(1)
    automatic = torch.autograd.grad((q / (p + q)).log().mean(), matrix)[0]
    x, p, q = (z @ matrix.T).detach(), p.detach(), q.detach()

    def mean_pull(law: Tensor) -> Tensor:
        """The mean over the law, weighted by the noise's density, of the gradient of |Az - y|² by A, for each z."""
        away = 2 * (near(x, law)[:, :, None] * (x[:, None] - law)).mean(1)
        return away[:, :, None] * z[:, None]

    a = 1 / (2 * width**2 * (p + q))
    pull, push = a[:, None, None] * mean_pull(data), (a * p / q)[:, None, None] * mean_pull(made)
    return automatic, force(pull, push).mean(0)


def pairs_of_laws(trial: Trial) -> list[tuple[Atoms, Atoms, float]]:
    """Pairs to try the bound on, each with a reach of the noise: two at which it is narrow, and many drawn."""
    found = []
    for d in (0.01, 0.1, 0.3, 0.5):
        p, q = (Atoms(np.array([0.0, 1.0]), np.array([0.5 + side, 0.5 - side])) for side in (d, -d))
        found.append((p, q, 0.01))
    for teeth in (40, 80, 160):
        places = np.linspace(-1, 1, teeth + 2)[1:-1]
        bell, odd = (1 - places**2) ** 4, np.arange(teeth) % 2
        # Noise of this reach evens out a wave whose length is two teeth.
        reach = 9.095 / math.pi * (places[1] - places[0])
        p, q = (Atoms(places, bell * side / (bell @ side)) for side in (odd, 1 - odd))
        found.append((p, q, reach))
    for seed in trial.seeds:
        draw = Stream(seed, ("laws",)).numpy()
        for _ in range(trial.pick(20, 400)):
            p, q = (Atoms(np.sort(draw.uniform(-1, 1, n)), draw.dirichlet(np.ones(n))) for n in draw.integers(1, 9, 2))
            found.append((p, q, float(10 ** draw.uniform(-2, 0.5))))
    return found


@cache
def measured(trial: Trial) -> list[tuple[float, float, float, float]]:
    """Of each pair of laws W(p, q), V, C and the JSD with noise."""
    found = []
    for p, q, reach in pairs_of_laws(trial):
        distance = float(wasserstein_distance(p.places, q.places, p.weights, q.weights))
        places = np.concatenate([p.places, q.places])
        diameter = float(places.max() - places.min()) + 2 * reach
        found.append((distance, VARIANCE * reach**2, diameter, noised_jsd(p, q, reach)))
    return found


@cache
def lines(reaches: tuple[float, float]) -> tuple[np.ndarray, np.ndarray, dict[str, list[float]]]:
    """Of parallel lines the slope by cells and by the game, at distances .1 to 1.8, and curves of the JSD."""
    shifts = np.linspace(0.1, 1.8, 18)
    slopes = [np.array([one(shift, reaches) for shift in shifts]) for one in (slope_by_cells, slope_by_game)]
    curves = {}
    for reach in (0.25, 0.5, 1.0):
        apart = torch.linspace(-2.5, 2.5, 101, dtype=torch.float64).abs() / reach
        curves[f"reach {reach:g}"] = [float(lines_jsd(one, reaches)) for one in apart.clamp(max=2)]
    return slopes[0], slopes[1], curves


def experiment(formulas: Formulas, trial: Trial) -> Result:
    """Parallel lines with noise, sums as drawn, forces by automatic differentiation, and the bound on pairs of laws."""
    by_cells, by_game, curves = lines(formulas.reaches)
    apart = float(lines_jsd(torch.tensor(0.05), formulas.reaches))
    chance = ks_chance(formulas.sum_density, trial)
    automatic, force = both_forces(formulas.force, trial)
    distances = np.array([one[0] for one in measured(trial)])
    allowed = np.array([formulas.bound(*one[1:]) for one in measured(trial)])
    checks = (
        at_most("JSD of lines 0.05 apart under noise of reach 1, nats (without noise log 2)", apart, 0.01),
        at_least("its slope, least of lines 0.1 to 1.8 apart", by_cells.min(), 0.01),
        equal("its slope and half of E d log(1 - D*), greatest gap", abs(by_cells - by_game).max(), 0, within=1e-6),
        at_least("3.1: chance of sums as far from their density as these, Kolmogorov-Smirnov", chance, LEVEL),
        equal("3.2: the gradient and its two forces, greatest gap", float((automatic - force).abs().max()), 0),
        at_least(f"3.3: the bound - W, least of {len(distances)} pairs of laws", (allowed - distances).min(), 0),
    )
    series = {
        "shift": np.linspace(-2.5, 2.5, 101),
        "curves": curves,
        "distances": distances[:200],
        "allowed": allowed[:200],
    }
    return Result(checks, series)


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """The divergence of parallel lines under noise; the distance of pairs of laws beside its bound."""
    first, second = panels(figure, 2)
    first.axhline(math.log(2), color=SOFT, lw=1, label="no noise: log 2")
    for (label, curve), color in zip(series["curves"].items(), (DATA, THIRD, FOURTH), strict=True):
        first.plot(series["shift"], curve, color=color, label=label)
    first.set(xlabel="distance of the lines, signed", ylabel="JSD, nats", ylim=(0, 0.95))
    first.set_title("Noise on both gives the JSD a slope")
    first.legend(loc="upper center", ncols=2)
    second.loglog(series["allowed"], series["distances"], ".", color=MADE, ms=4)
    ends = [1e-3, 30]
    second.plot(ends, ends, color="black", lw=1, ls="--", label="W = bound")
    second.set(xlabel="2 √V + 2 C √JSD", ylabel="W(p, q)", xlim=ends, ylim=ends, title="W never exceeds the bound")
    second.legend(loc="lower right")


CLAIM = Claim(
    slug="noise-on-both",
    title="Noise on data and samples gives the discriminator something to learn from",
    statement=r"""
Two thin sets seldom meet, and then the JSD is $\log 2$ however near they are. Noise $\varepsilon$ added to both, data
and samples, spreads each over a full neighborhood: $X + \varepsilon$ has a density even where $X$ has none, the mean of
the noise's density around the points of $X$ (theorem 3.1). The two densities overlap, their JSD changes smoothly with
the generator, and its gradient is half of what a generator sees that plays against the best discriminator. Noise on the
samples alone does not help: the data's thin set still has probability zero under them.

What moves a sample then (theorem 3.2, with normal noise) are two forces. It is drawn to data within reach of the noise,
and driven from where the generator already makes samples.

A small JSD under noise also means that the laws without noise are near (theorem 3.3). With
$V = \mathbb{E}\|\varepsilon\|^2$ and $C$ the diameter of a ball that holds both noised supports, the earth mover's
distance is at most $2 V^{1/2} + 2 C \sqrt{\mathrm{JSD}}$: the first term is what the noise may hide, and decreases as
the noise is turned down. The noise must be bounded, since $C$ would be infinite for normal noise and the theorem say
nothing.
""",
    formulas=(
        r"p_{X + \varepsilon}(x) = \mathbb{E}_X\, p_\varepsilon(x - X), \qquad \mathbb{E}\, \nabla_\theta \log(1 - "
        r"D^*(g_\theta(z) + \varepsilon)) = 2 \nabla_\theta \mathrm{JSD}(p_{r + \varepsilon} \| p_{g + \varepsilon})",
        r"\mathbb{E}_z \nabla_\theta \log(1 - D^*(g_\theta(z))) = \mathbb{E}_z \left[ a(z)\, \mathbb{E}_{y \sim p_r} "
        r"p_\varepsilon(g_\theta(z) - y) \nabla_\theta \| g_\theta(z) - y \|^2 - b(z)\, \mathbb{E}_{y \sim p_g} "
        r"p_\varepsilon(g_\theta(z) - y) \nabla_\theta \| g_\theta(z) - y \|^2 \right]",
        r"a = \frac{1}{2 \sigma^2 (p_{r + \varepsilon} + p_{g + \varepsilon})}, \qquad b = a\, "
        r"\frac{p_{r + \varepsilon}}{p_{g + \varepsilon}}",
        r"W(p_r, p_g) \le 2 V^{1/2} + 2 C \sqrt{\mathrm{JSD}(p_{r + \varepsilon} \| p_{g + \varepsilon})}",
    ),
    reference="Arjovsky & Bottou 2017, Towards Principled Methods for Training GANs, theorems 3.1 to 3.3",
    experiment=experiment,
    variant=TRUE,
    controls=(
        Control(
            "model-alone",
            "Noise on the samples alone is enough: the JSD has a slope without noise on the data.",
            replace(TRUE, reaches=(0.0, 1.0)),
        ),
        Control(
            "reflected",
            "The density of the sum takes the points of X with the other sign.",
            replace(TRUE, sum_density=lambda x, law, reach: noised(-x, law, reach)),
            r"p_{X + \varepsilon}(x) = \mathbb{E}_X\, p_\varepsilon(x + X)",
        ),
        Control(
            "no-push",
            "A sample is drawn to the samples as it is to the data: the second force has the sign of the first.",
            replace(TRUE, force=lambda pull, push: pull + push),
        ),
        Control(
            "radius",
            "The bound holds with the radius of the ball in place of its diameter.",
            replace(TRUE, bound=lambda v, c, jsd: 2 * math.sqrt(v) + c * math.sqrt(jsd)),
            r"W \le 2 V^{1/2} + C \sqrt{\mathrm{JSD}}",
        ),
        Control(
            "nothing-hidden",
            "The JSD under noise alone bounds the distance, without a term for what the noise hides.",
            replace(TRUE, bound=lambda v, c, jsd: 2 * c * math.sqrt(jsd)),
            r"W \le 2 C \sqrt{\mathrm{JSD}}",
        ),
        Control(
            "no-root",
            "The first term is 2 V, without the root.",
            replace(TRUE, bound=lambda v, c, jsd: 2 * v + 2 * c * math.sqrt(jsd)),
            r"W \le 2 V + 2 C \sqrt{\mathrm{JSD}}",
        ),
    ),
    draw=draw,
    size=(9.0, 3.2),
)
