"""Claim 16: noise on the model makes the likelihood finite, and blurs."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from scipy.optimize import root_scalar
from scipy.special import i0e, i1e
from scipy.stats import rice
from torch import Tensor, nn

from saddle.claims.check import at_most, equal, on_every_seed
from saddle.claims.claim import Claim, Control, Result, Trial
from saddle.claims.drawing import DATA, MADE, SOFT, THIRD, panels
from saddle.claims.playing import member, play
from saddle.core.noise import Draws, Noise
from saddle.core.problem import Batch, Loss, Player, Problem
from saddle.core.randomness import Stream
from saddle.core.sampling import Direct, Networks
from saddle.training.optimizers import Adam
from saddle.training.schedules import Cosine

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RADII, SHARES, OWN = (1.0, 1.5), (0.8, 0.2), 0.05
"""The data: rings of these radii hold these shares, each blurred by noise of this width."""
WIDTHS = np.geomspace(0.08, 1, 24)
ANGLES = 2 * math.pi * torch.arange(48, dtype=torch.float64) / 48
BATCH = 256


@dataclass(frozen=True)
class Formulas:
    """What is claimed.

    Attributes:
        applied: the width of the noise on the model, from that asked for.
        squared: the square of the likeliest width from the mean of |x - G(z)|² in the plane.
    """

    applied: Callable[[float], float]
    squared: Callable[[float], float]


TRUE = Formulas(lambda width: width, lambda mean_square: mean_square / 2)


def log_density(r: np.ndarray, radius: float, width: float) -> np.ndarray:
    """Of a ring with noise N(0, width²), by area, at the distance r from its center; a bare ring has no area."""
    if width == 0:
        return np.full_like(r, -math.inf)
    near = -((r - radius) ** 2) / (2 * width**2)
    return near + np.log(i0e(r * radius / width**2)) - math.log(2 * math.pi * width**2)


@cache
def radial() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Nodes r, the data's log density there, and its mass at each node, by Gauss-Legendre quadrature."""
    cuts = np.linspace(0.4, 2.1, 35)
    x, w = np.polynomial.legendre.leggauss(20)
    half = (cuts[1:] - cuts[:-1])[:, None] / 2
    r = ((cuts[1:] + cuts[:-1])[:, None] / 2 + half * x).ravel()
    logs = [math.log(share) + log_density(r, radius, OWN) for radius, share in zip(RADII, SHARES, strict=True)]
    log_p = np.logaddexp(*logs)
    return r, log_p, 2 * math.pi * r * np.exp(log_p) * (half * w).ravel()


def divergence(width: float) -> float:
    """KL(data‖model) of a model on the ring of radius 1 with noise of this width."""
    r, log_p, mass = radial()
    return float(mass @ (log_p - log_density(r, 1.0, width)))


def ceiling(width: float) -> float:
    """What that is at most: the mean over z of KL(data‖N(G(z), width²)), by Jensen's inequality."""
    r, log_p, mass = radial()
    return float(mass @ (log_p + math.log(2 * math.pi * width**2) + (r**2 + 1) / (2 * width**2)))


def width_of_zero_slope() -> float:
    """Where the slope of the divergence by the width, found by automatic differentiation, is zero."""
    r, _, mass = (torch.from_numpy(one) for one in radial())

    def slope(width: float) -> float:
        s = torch.tensor(width, dtype=torch.float64, requires_grad=True)
        logs = -((r - 1) ** 2) / (2 * s**2) + torch.special.i0e(r / s**2).log() - 2 * s.log()
        return float(torch.autograd.grad(-(mass * logs).sum(), s)[0])

    return float(root_scalar(slope, bracket=(0.02, 2), xtol=1e-14).root)


def expected_width(squared: Callable[[float], float]) -> float:
    """The width σ whose square is what `squared` makes of E|x - G(z)|², with z as likely as x and σ leave it."""
    r, _, mass = radial()

    def excess(width: float) -> float:
        cosine = i1e(r / width**2) / i0e(r / width**2)
        return squared(float(mass @ (r**2 + 1 - 2 * r * cosine))) - width**2

    return float(root_scalar(excess, bracket=(0.02, 2), xtol=1e-14).root)


class Width(nn.Module):
    """One learned number: the logarithm of the noise's width."""

    def __init__(self) -> None:
        super().__init__()
        self.log = nn.Parameter(torch.zeros(()))

    def forward(self, x: Tensor) -> Tensor:
        """The log likelihood of points (n, 2), the mean over all z taken on a grid of angles."""
        ring = torch.stack([ANGLES.cos(), ANGLES.sin()], 1).to(x)
        squares = (x[:, None] - ring).square().sum(2)
        return (-squares / (2 * (2 * self.log).exp()) - 2 * self.log).logsumexp(1)


def data(draws: Draws) -> Tensor:
    """Points of the data, shape (n, 2)."""
    angle = 2 * math.pi * draws["angle"]
    radius = torch.where(draws["ring"] < SHARES[0], RADII[0], RADII[1])
    return radius * torch.cat([angle.cos(), angle.sin()], 1) + OWN * draws["own"]


@cache
def trained(trial: Trial) -> list[float]:
    """The width that gradient ascent on the likelihood of samples arrives at, for each seed."""
    rounds = trial.pick(300, 3_000)

    def loss(networks: Networks, batch: Batch, draws: Draws, carry: dict[str, Tensor]) -> Loss:
        return Loss(-networks["width"](data(draws)).mean(), {}, {})

    noise = {name: Noise("uniform", (BATCH, 1)) for name in ("angle", "ring")} | {"own": Noise("normal", (BATCH, 2))}
    optimizer = Adam(0.05, beta1=0.9, schedule=Cosine(rounds))
    player = Player("width", ("width",), loss, optimizer.build, noise, schedule=optimizer.settings)
    problem = Problem(
        networks=lambda: nn.ModuleDict({"width": Width()}),
        players=(player,),
        sampler=Direct(lambda count: {}, lambda networks, draws, y: torch.empty(0)),
        averaged={"width": 0.98},
    )
    state = play(problem, trial.seeds, rounds)
    return [math.exp(float(member(state, place).get_parameter("width.log"))) for place in range(len(trial.seeds))]


def share_near(width: float) -> float:
    """Of the model's samples, how many lie no farther than three of the data's own widths from a ring of theirs."""
    near = [(radius - 3 * OWN, radius + 3 * OWN) for radius in RADII]
    if width == 0:
        return float(sum(low <= 1.0 <= high for low, high in near))
    law = rice(1 / width, scale=width)
    return float(sum(law.cdf(high) - law.cdf(low) for low, high in near))


def experiment(formulas: Formulas, trial: Trial) -> Result:
    """The divergence over widths against a bound, its best width by three routes, and where the samples lie."""
    found = np.array([divergence(formulas.applied(width)) for width in WIDTHS])
    bound = np.array([ceiling(width) for width in WIDTHS])
    best, by_slope = expected_width(formulas.squared), width_of_zero_slope()
    errors = [abs(width / best - 1) for width in trained(trial)]
    checks = (
        at_most("KL(data‖model) - its bound by Jensen's inequality, greatest of 24 widths", (found - bound).max(), 0),
        equal("the width from E|x - G(z)|² and where the slope of KL is zero", best, by_slope),
        on_every_seed("relative error of the width that training finds", errors, "≤", 0.05),
        at_most("share of samples where the data lie, at the best width", share_near(formulas.applied(best)), 0.8),
    )
    return Result(checks, {"widths": WIDTHS, "divergence": found, "best": best} | cloud(formulas, best))


def cloud(formulas: Formulas, width: float) -> dict[str, Any]:
    """A few points of the data, of the bare model, and of the model with noise, for the picture."""
    draw = Stream(0, ("noise on model",)).numpy()
    angle, ring = 2 * math.pi * draw.random((2, 250)), np.where(draw.random(250) < SHARES[0], *RADII)
    unit, normal = np.stack([np.cos(angle), np.sin(angle)]), draw.standard_normal((2, 2, 250))
    return {
        "data": ring * unit[:, 0] + OWN * normal[0],
        "noisy": unit[:, 1] + formulas.applied(width) * normal[1],
    }


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """The divergence over the width; data, and samples with the noise of the best width."""
    first, second, third = panels(figure, 3)
    first.plot(series["widths"], series["divergence"], color=THIRD)
    first.axvline(series["best"], color=SOFT, lw=1, ls="--", label=f"likeliest, σ = {series['best']:.2f}")
    first.set(xscale="log", ylim=(0, 4), xlabel="width σ of the noise", ylabel="KL(data‖model), nats")
    first.set_title("Finite with noise, ∞ without")
    first.set_xticks([0.1, 0.2, 0.5, 1], ["0.1", "0.2", "0.5", "1"])
    first.legend(loc="upper right")
    angle = np.linspace(0, 2 * math.pi, 120)
    for axes, name, color, title in (
        (second, "data", DATA, "Data: two rings of width 0.05"),
        (third, "noisy", MADE, "Samples at the likeliest width"),
    ):
        axes.plot(np.cos(angle), np.sin(angle), color="black", lw=0.8, label="model without noise")
        axes.plot(*series[name], ".", color=color, ms=3)
        axes.set(aspect="equal", xlim=(-2, 2), ylim=(-2, 2), title=title, xlabel="x₁", ylabel="x₂")
    second.legend(loc="lower center")


CLAIM = Claim(
    slug="noise-on-model",
    title="Noise on the model makes its likelihood finite and its samples blurred",
    statement=r"""
A generator with few latent numbers makes a thin set. Data that fall beside it have probability zero under the model, so
that $\mathrm{KL}(p_{\text{data}} \| p_g)$ is infinite and says nothing about how far beside. Models trained by maximum
likelihood therefore add noise of width $\sigma$ to what the generator makes. Each $G(z)$ becomes a small normal law
that is positive everywhere. If the data have a density with finite entropy and variance, the divergence is then finite:
at most the mean over $z$ of those to the small laws. Data on a thin set would keep it infinite; of these the next
section speaks. The rings of data here have a width of their own.

What width is best? The likeliest one has as its square, per coordinate, the mean squared distance from an example to
the $G(z)$ that may lie behind it: the noise must stand for all that the generator misses.

Here the generator makes one ring of the data's two. The noise that its likelihood asks for is several times wider than
the data's own, to reach the ring that was missed, and nearly half of the samples fall where no data are. Samples shown
without that noise are sharp, but then their likelihood is that of the first paragraph: zero.
""",
    formulas=(
        r"p_\sigma(x) = \mathbb{E}_z\, \mathcal{N}(x; G(z), \sigma^2 I), \qquad "
        r"\mathrm{KL}(p \| p_\sigma) \le \mathbb{E}_z\, \mathrm{KL}(p \| \mathcal{N}(G(z), \sigma^2 I)) < \infty"
        r" \quad \text{where } p \text{ has a density}",
        r"\sigma_*^2 = \frac{1}{d}\, \mathbb{E}_{x \sim p}\, \mathbb{E}_{z | x} \| x - G(z) \|^2",
    ),
    reference="Arjovsky, Chintala & Bottou 2017, Wasserstein GAN, section 1",
    experiment=experiment,
    variant=TRUE,
    controls=(
        Control(
            "no-width",
            "The divergence is finite without noise too: its term left out, the width is 0.",
            replace(TRUE, applied=lambda width: 0.0),
            r"\sigma = 0",
        ),
        Control(
            "all-coordinates",
            "The square of the likeliest width is the whole mean squared distance, not that per coordinate.",
            replace(TRUE, squared=lambda mean_square: mean_square),
            r"\sigma_*^2 = \mathbb{E}_{x \sim p}\, \mathbb{E}_{z | x} \| x - G(z) \|^2",
        ),
    ),
    draw=draw,
    size=(9.6, 3.2),
)
