"""Claim 6: the best discriminator is p/(p + q)."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from scipy.integrate import quad
from scipy.stats import norm
from torch import Tensor
from torch.nn.functional import softplus

from saddle.claims.check import equal, on_every_seed
from saddle.claims.claim import Claim, Control, Result, Trial
from saddle.claims.drawing import DATA, MADE, SOFT, THIRD, panels
from saddle.claims.original.golden_section import NEAR, tops
from saddle.claims.playing import critic_between, member, play
from saddle.core.noise import Draws, Noise
from saddle.core.randomness import Stream
from saddle.networks import MLP
from saddle.training.optimizers import Adam
from saddle.training.schedules import Cosine

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Formula = Callable[[np.ndarray, np.ndarray], np.ndarray]
GRID = np.linspace(-6, 6, 1201)
BATCH = 256


@dataclass(frozen=True)
class Formulas:
    """What is claimed.

    Attributes:
        best: D* from the two densities.
        density: that of G(z) = sinh z at x, z standard normal.
    """

    best: Formula
    density: Callable[[float], float]


def true_best(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """p/(p + q)."""
    return p / (p + q)


def of_sinh(x: float) -> float:
    """p_z(G⁻¹(x)) |dG⁻¹/dx|."""
    return float(norm.pdf(math.asinh(x))) / math.hypot(1, x)


TRUE = Formulas(true_best, of_sinh)


def data_density(x: np.ndarray) -> np.ndarray:
    """Half N(-1.5, 0.6²), half N(1.5, 0.6²)."""
    return (norm.pdf(x, -1.5, 0.6) + norm.pdf(x, 1.5, 0.6)) / 2


def model_density(x: np.ndarray) -> np.ndarray:
    """N(0.5, 1.2²)."""
    return norm.pdf(x, 0.5, 1.2)


def data(draws: Draws) -> Tensor:
    """Examples of the first, shape (n, 1)."""
    side = (draws["side"] < 0.5).to(draws["real"].dtype) * 2 - 1
    return 1.5 * side + 0.6 * draws["real"]


def made(draws: Draws) -> Tensor:
    """Examples of the second, shape (n, 1)."""
    return 0.5 + 1.2 * draws["fake"]


def value(real: Tensor, fake: Tensor) -> Tensor:
    """Minus V(D) = E log D(x) + E log(1 - D(x')), for scores that are logits."""
    return softplus(-real).mean() + softplus(fake).mean()


@cache
def trained(trial: Trial) -> list[np.ndarray]:
    """D on the grid after training, for each seed."""
    rounds = trial.pick(3_000, 20_000)
    noise = {name: Noise("normal", (BATCH, 1)) for name in ("real", "fake")} | {"side": Noise("uniform", (BATCH, 1))}
    problem = critic_between(
        data,
        made,
        noise,
        loss=value,
        network=lambda: MLP(width=64, depth=2, activation="silu").critic((1,), 0),
        optimizer=Adam(5e-3, beta1=0.9, schedule=Cosine(rounds)),
        average=0.99,
    )
    state = play(problem, trial.seeds, rounds)
    x = torch.from_numpy(GRID).float().unsqueeze(1)
    return [member(state, place)["critic"](x).sigmoid().double().numpy() for place in range(len(trial.seeds))]


def experiment(formulas: Formulas, trial: Trial) -> Result:
    """The formula against a search for the top, a trained network, and an integral in z against one in x."""
    a, b = Stream(trial.seeds[0], ("pairs",)).numpy().uniform(0.01, 1, (2, trial.pick(200, 2_000)))
    apart = np.abs(formulas.best(a, b) - tops(lambda d: height(d, a, b), len(a))).max()
    p, q = data_density(GRID), model_density(GRID)
    best = formulas.best(p, q)
    found = trained(trial)
    weight = (p + q) / (p + q).sum()
    errors = [float(weight @ np.abs(one - best)) for one in found]
    by_z, by_x = both_integrals(formulas.density)
    checks = (
        equal(
            "a/(a + b) and the D that golden section finds for a log D + b log(1 - D), greatest difference",
            apart,
            0,
            within=NEAR,
        ),
        on_every_seed("mean |D - D*| of trained discriminators under (p + q)/2", errors, "≤", 0.01),
        equal("E log(1 - D(G(z))) over z and over x = G(z)", by_z, by_x),
    )
    d = np.linspace(0.01, 0.99, 99)
    series = {
        "x": GRID[::6],
        "p": p[::6],
        "q": q[::6],
        "best": best[::6],
        "trained": [one[::6] for one in found],
        "d": d,
        "curves": {f"a = {one}, b = {two}": height(d, one, two) for one, two in ((1, 1), (1, 3), (3, 1))},
        "tops": [0.5, 0.25, 0.75],
    }
    return Result(checks, series)


def height(d: np.ndarray, a: np.ndarray | float, b: np.ndarray | float) -> np.ndarray:
    """a log D + b log(1 - D)."""
    return a * np.log(d) + b * np.log1p(-d)


def both_integrals(density: Callable[[float], float]) -> tuple[float, float]:
    """E log(1 - D(G(z))) for G = sinh and D(x) = 1/(1 + exp(-x/4)), over z and over x."""

    def log_rest(x: float) -> float:
        return -float(np.logaddexp(0, x / 4))

    by_z = quad(lambda z: norm.pdf(z) * log_rest(math.sinh(z)), -12, 12, epsabs=1e-13, epsrel=1e-13, limit=400)[0]
    edges = [-1e5, -1e3, -50, -5, 0, 5, 50, 1e3, 1e5]
    pieces = [
        quad(lambda x: density(x) * log_rest(x), a, b, epsabs=1e-14, epsrel=1e-13, limit=400)[0]
        for a, b in pairwise(edges)
    ]
    return by_z, sum(pieces)


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """The curve with its maximum, and trained discriminators on D*."""
    first, second = panels(figure, 2)
    for (label, curve), top, color in zip(series["curves"].items(), series["tops"], (DATA, MADE, THIRD), strict=True):
        first.plot(series["d"], curve, color=color, label=label)
        first.axvline(top, color=color, lw=0.8, ls=":")
    first.set(xlabel="D", ylabel="a log D + b log(1 - D)", ylim=(-6, 0), title="The top is at a/(a + b)")
    first.legend()
    second.fill_between(series["x"], series["p"], color=DATA, alpha=0.25, lw=0, label="p, data")
    second.fill_between(series["x"], series["q"], color=MADE, alpha=0.25, lw=0, label="q, model")
    for place, one in enumerate(series["trained"]):
        second.plot(series["x"], one, color=SOFT, lw=1, label="trained D, each seed" if place == 0 else None)
    second.plot(series["x"], series["best"], color="black", lw=1.2, ls="--", label="D* = p/(p + q)")
    second.set(
        xlabel="x", title="Where examples are, trained discriminators lie on D*", xlim=(-3.3, 3.8), ylim=(0, 1.4)
    )
    second.set_yticks(np.linspace(0, 1, 6))
    second.legend(loc="upper center", ncols=2)


CLAIM = Claim(
    slug="optimal-discriminator",
    title="The best discriminator is p/(p + q)",
    statement=r"""
For a fixed generator, whose samples have density $q$, the discriminator that maximizes $V$ knows at each point $x$ only
how often data and samples fall there. It maximizes $a \log D + b \log(1 - D)$ with $a = p(x)$ and $b = q(x)$, a curve
with one top, at $a/(a+b)$. A network trained by the same objective, which is never told the densities, arrives at the
same function.

The proof needs one step that is often passed over: the expectation over the generator's noise $z$ equals one over its
samples $x = G(z)$, whose density is that of $z$ times the factor by which $G$ stretches space, inverted.
""",
    formulas=(
        r"V(D) = \mathbb{E}_{x \sim p}[\log D(x)] + \mathbb{E}_{z}[\log(1 - D(G(z)))]",
        r"D^*(x) = \frac{p(x)}{p(x) + q(x)}, \qquad q(x) = p_z(G^{-1}(x)) \left| \frac{d G^{-1}(x)}{dx} \right|",
    ),
    reference="Goodfellow et al. 2014, Generative Adversarial Nets, proposition 1",
    experiment=experiment,
    variant=TRUE,
    controls=(
        Control(
            "swapped",
            "D* = q/(p + q): data and samples change places.",
            replace(TRUE, best=lambda p, q: q / (p + q)),
            r"D^*(x) = \frac{q(x)}{p(x) + q(x)}",
        ),
        Control(
            "twice",
            "D* = p/(p + 2q): a factor too much.",
            replace(TRUE, best=lambda p, q: p / (p + 2 * q)),
            r"D^*(x) = \frac{p(x)}{p(x) + 2 q(x)}",
        ),
        Control(
            "no-stretch",
            "The density of G(z) is that of z at the same point, without the factor by which G stretches space.",
            replace(TRUE, density=lambda x: float(norm.pdf(math.asinh(x)))),
            r"q(x) = p_z(G^{-1}(x))",
        ),
    ),
    draw=draw,
    size=(9.0, 3.2),
)
