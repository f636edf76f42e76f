"""Claim 13, its first theorem: what a generator descends that minimizes -log D."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.distributions import Categorical, MixtureSameFamily, Normal
from torch.nn.functional import softplus

from saddle.claims.check import equal, greatest
from saddle.claims.claim import Claim, Control, Result, Trial
from saddle.claims.drawing import DATA, MADE, SOFT, THIRD, panels
from saddle.core.randomness import Stream
from saddle.measures import js_divergence, kl_divergence

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Place = tuple[float, float]
STEP = 1e-3
WIDTH = 0.7


class Divergences(NamedTuple):
    """How far the model is from the data, or how fast each of these grows.

    Attributes:
        kl: KL(model‖data).
        reverse: KL(data‖model).
        js: JSD(model, data).
    """

    kl: float
    reverse: float
    js: float


@dataclass(frozen=True)
class Formulas:
    """What is claimed.

    Attributes:
        held: the generator's parameters, as the discriminator of the loss knows them while the loss is differentiated.
        target: what the generator descends.
    """

    held: Callable[[Tensor], Tensor]
    target: Callable[[Divergences], float]


TRUE = Formulas(Tensor.detach, lambda of: of.kl - 2 * of.js)


def data() -> MixtureSameFamily:
    """Half N(-1.5, 0.6²), half N(1.5, 0.6²)."""
    means, widths = torch.tensor([[-1.5, 1.5], [0.6, 0.6]], dtype=torch.float64)
    return MixtureSameFamily(Categorical(torch.full_like(means, 0.5)), Normal(means, widths))


def model(place: Place) -> Normal:
    """N(μ, σ²), the law of g(z) = μ + σz."""
    mean, width = torch.tensor(place, dtype=torch.float64)
    return Normal(mean, width)


@cache
def divergences(place: Place) -> Divergences:
    """By adaptive quadrature over x."""
    p, q = data(), model(place)
    return Divergences(kl_divergence(q, p).value, kl_divergence(p, q).value, js_divergence(q, p).value)


@cache
def slopes(place: Place) -> tuple[Divergences, Divergences]:
    """Of the divergences by μ and by σ: differences of fourth order, which know nothing of a discriminator."""
    found = []
    for coordinate in (0, 1):
        near = []
        for steps in (-2, -1, 1, 2):
            moved = list(place)
            moved[coordinate] += steps * STEP
            near.append(np.array(divergences((moved[0], moved[1]))))
        found.append(Divergences(*((near[0] - 8 * near[1] + 8 * near[2] - near[3]) / (12 * STEP)).tolist()))
    return found[0], found[1]


def gradient(held: Callable[[Tensor], Tensor], place: Place, loss: Callable[[Tensor], Tensor]) -> np.ndarray:
    """Of E_z loss(score of D* at g(z)) by μ and σ, by differentiation under a sum over z.

    The sum is over even steps from -12 to 12, which for so smooth a function is exact to rounding.
    """
    z = torch.linspace(-12, 12, 4001, dtype=torch.float64)
    weight = torch.exp(-z.square() / 2) / math.sqrt(2 * math.pi) * (z[1] - z[0])
    parameters = torch.tensor(place, dtype=torch.float64, requires_grad=True)
    x = parameters[0] + parameters[1] * z
    known = held(parameters)
    score = data().log_prob(x) - Normal(known[0], known[1]).log_prob(x)
    (found,) = torch.autograd.grad((weight * loss(score)).sum(), parameters)
    return found.numpy()


def minus_log_d(score: Tensor) -> Tensor:
    """-log D for D = σ(score)."""
    return softplus(-score)


def log_rest(score: Tensor) -> Tensor:
    """log(1 - D)."""
    return -softplus(score)


def experiment(formulas: Formulas, trial: Trial) -> Result:
    """Differentiation under the sum over z against differences of quadratures over x, at random parameters."""
    places = []
    for seed in trial.seeds:
        draw = Stream(seed, ("log-d",)).numpy()
        places += [(float(draw.uniform(-2, 2)), float(draw.uniform(0.5, 1.5))) for _ in range(trial.pick(1, 10))]
    apart: dict[str, list[float]] = {"-log D*": [], "log(1 - D*)": []}
    for place in places:
        by_hand = gradient(formulas.held, place, minus_log_d), gradient(formulas.held, place, log_rest)
        for name, one, target in zip(apart, by_hand, (formulas.target, lambda of: 2 * of.js), strict=True):
            claimed = np.array([target(slope) for slope in slopes(place)])
            apart[name].append(np.abs(one - claimed).max())
    checks = (
        equal("gradient of E[-log D*(g(z))] and the claimed one, greatest difference", greatest(apart["-log D*"]), 0),
        equal(
            "gradient of E log(1 - D*(g(z))) and that of 2 JSD, greatest difference", greatest(apart["log(1 - D*)"]), 0
        ),
    )
    return Result(checks, {**curves(), "claimed": claimed_slopes(formulas)})


@cache
def curves() -> dict[str, list[float]]:
    """The divergences of N(μ, 0.7²), and between these means the gradients of -log D* by μ with D* held and not."""
    means = np.linspace(-3, 3, 41)
    found = [divergences((mean, WIDTH)) for mean in means.tolist()]
    middles = ((means[1:] + means[:-1]) / 2)[1:-1].tolist()
    held, through = (
        [float(gradient(one, (mean, WIDTH), minus_log_d)[0]) for mean in middles]
        for one in (Tensor.detach, Tensor.clone)
    )
    return {
        "mean": means.tolist(),
        "KL": [one.kl for one in found],
        "JSD": [one.js for one in found],
        "middle": middles,
        "held": held,
        "through": through,
    }


def claimed_slopes(formulas: Formulas) -> list[float]:
    """At the middles: differences of fourth order of what is claimed to be descended."""
    means = curves()["mean"]
    f = np.array([formulas.target(divergences((mean, WIDTH))) for mean in means])
    return ((f[:-3] - 27 * f[1:-2] + 27 * f[2:-1] - f[3:]) / (24 * (means[1] - means[0]))).tolist()


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """The divergences over the model's mean, and how far the slope that the generator feels is from the claimed one."""
    first, second = panels(figure, 2)
    means, kl, js = (np.array(series[name]) for name in ("mean", "KL", "JSD"))
    first.plot(means, kl, color=SOFT, label="KL(model‖data)")
    first.plot(means, -2 * js, color=MADE, label="-2 JSD")
    first.plot(means, kl - 2 * js, color=DATA, lw=2.2, label="KL - 2 JSD")
    first.set(xlabel="mean μ of the model", ylabel="nats", title="The JSD enters with the wrong sign")
    first.legend(loc="upper center")
    claimed = np.array(series["claimed"])
    second.axhline(0, color=DATA, label="claimed, slope of KL - 2 JSD")
    second.plot(series["middle"], series["held"] - claimed, "o", color="black", ms=3, label="-log D*, D* held")
    second.plot(series["middle"], series["through"] - claimed, "--", color=THIRD, label="-log D*, through D*")
    second.set(xlabel="mean μ of the model", ylabel="off the claimed slope, nats per unit of μ")
    second.set(title="D* must be held while one differentiates")
    second.legend(loc="upper left")


CLAIM = Claim(
    slug="log-d",
    title="Minimizing -log D descends KL - 2 JSD",
    statement=r"""
Where the discriminator wins, $\log(1 - D)$ is flat, so that in practice the generator minimizes $-\log D$ instead. At
the best discriminator of the moment, $D^*_0$, which is held while the generator takes its step, the gradient is that
of $\mathrm{KL}(q_\theta \| p) - 2\, \mathrm{JSD}(q_\theta, p)$.

It follows from $q/p = (1 - D^*)/D^*$: the gradient of $\mathrm{KL}$ is that of $\mathbb{E}[\log(1 - D^*_0) - \log
D^*_0]$, and $\mathbb{E} \log(1 - D^*_0)$ has the gradient of $2\, \mathrm{JSD}$. This $\mathrm{KL}$ costs much where
the model makes what the data do not have, and little where it leaves out what they have; and the $\mathrm{JSD}$ has the
wrong sign, it pushes the laws apart.

The words "which is held" matter. Whoever lets $D^*$ move along with $\theta$, and differentiates through it, gets the
gradient of something else.
""",
    formulas=(
        r"\nabla_\theta \, \mathbb{E}_z [-\log D^*_{\theta_0}(g_\theta(z))] \big|_{\theta = \theta_0} = "
        r"\nabla_\theta \, [ \mathrm{KL}(q_\theta \| p) - 2\, \mathrm{JSD}(q_\theta, p) ] \big|_{\theta = \theta_0}",
        r"\nabla_\theta \, \mathbb{E}_z [\log(1 - D^*_{\theta_0}(g_\theta(z)))] \big|_{\theta = \theta_0} = "
        r"\nabla_\theta \, 2\, \mathrm{JSD}(q_\theta, p) \big|_{\theta = \theta_0}",
    ),
    reference="Arjovsky & Bottou 2017, Towards Principled Methods for Training Generative Adversarial Networks, "
    "theorem 2.5",
    experiment=experiment,
    variant=TRUE,
    controls=(
        Control(
            "through",
            "D* moves along with the generator and is differentiated through.",
            replace(TRUE, held=Tensor.clone),
            r"\nabla_\theta \, \mathbb{E}_z [-\log D^*_\theta(g_\theta(z))] = "
            r"\nabla_\theta [\mathrm{KL} - 2\, \mathrm{JSD}]",
        ),
        Control(
            "plus",
            "The generator descends KL + 2 JSD: the other sign.",
            replace(TRUE, target=lambda of: of.kl + 2 * of.js),
            r"\nabla_\theta [\mathrm{KL}(q_\theta \| p) + 2\, \mathrm{JSD}(q_\theta, p)]",
        ),
        Control(
            "once",
            "The generator descends KL - JSD: the factor 2 left out.",
            replace(TRUE, target=lambda of: of.kl - of.js),
            r"\nabla_\theta [\mathrm{KL}(q_\theta \| p) - \mathrm{JSD}(q_\theta, p)]",
        ),
        Control(
            "reverse",
            "The KL is that of the data from the model, the one of maximum likelihood.",
            replace(TRUE, target=lambda of: of.reverse - 2 * of.js),
            r"\nabla_\theta [\mathrm{KL}(p \| q_\theta) - 2\, \mathrm{JSD}(q_\theta, p)]",
        ),
    ),
    draw=draw,
    size=(9.0, 3.2),
)
