"""Claim 13, its second theorem: noise in the discriminator makes updates by -log D Cauchy."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from scipy import stats
from torch import Tensor, nn
from torch.func import functional_call, jacrev, vmap

from saddle.claims.check import LEVEL, at_most, estimated
from saddle.claims.claim import Claim, Control, Result, Trial
from saddle.claims.drawing import DATA, MADE, SOFT, panels
from saddle.claims.problems.tail_index import tail_index
from saddle.core.randomness import Stream
from saddle.networks import MLP

if TYPE_CHECKING:
    from matplotlib.figure import Figure

VALUE, SLOPE = 0.05, 0.2
"""Standard deviations of the noise in D and in each coordinate of its slope."""
SAMPLES = (1, 4, 16, 64)


@dataclass(frozen=True)
class Law:
    """The claimed law of one coordinate of the update.

    Attributes:
        scale: from the norms, one for each sample, of its derivative by the parameter.
        shape: of the update divided by the scale: its distribution function.
        index: of its tail.
    """

    scale: Callable[[np.ndarray], float]
    shape: Callable[[np.ndarray], np.ndarray]
    index: float


def mean_scale(norms: np.ndarray) -> float:
    """The ratio of the noises, times the mean of the norms."""
    return SLOPE / VALUE * float(norms.mean())


TRUE = Law(mean_scale, stats.cauchy.cdf, 1.0)


@cache
def derivatives(seed: int) -> Tensor:
    """Of samples of a generator by one of its parameters, shape (samples, 2)."""
    stream = Stream(seed, ("heavy-tails",))
    with stream.governing_torch():
        generator: nn.Module = MLP(width=8, depth=1, activation="tanh").generator(2, (2,), 0).double()
        latents = torch.randn(SAMPLES[-1], 2, dtype=torch.float64)
    name = "layers.0.weight"
    parameters = {key: one.detach() for key, one in generator.named_parameters()}

    def sample(weight: Tensor, z: Tensor) -> Tensor:
        return functional_call(generator, {**parameters, name: weight}, (z.unsqueeze(0),)).squeeze(0)

    found = vmap(jacrev(sample), (None, 0))(parameters[name], latents)
    return found[:, :, 0, 0]


@cache
def updates(seed: int, samples: int, draws: int) -> np.ndarray:
    """The derivative of the mean of -log D by the parameter, for so many draws of the noise of D.

    At a sample D is D* - e = -e and its slope is -r, with e and r normal and independent from sample to sample.
    """
    normal = Stream(seed, ("heavy-tails", "noise", samples)).numpy().standard_normal
    by_parameter = derivatives(seed)[:samples].numpy()
    e, r = VALUE * normal((draws, samples)), SLOPE * normal((draws, samples, 2))
    return -((-r * by_parameter).sum(2) / -e).mean(1)


def experiment(law: Law, trial: Trial) -> Result:
    """Updates under the theorem's own noise against the claimed law."""
    draws = trial.pick(4_000, 40_000)
    pooled = {
        samples: np.concatenate(
            [
                updates(seed, samples, draws) / law.scale(derivatives(seed)[:samples].norm(dim=1).numpy())
                for seed in trial.seeds
            ]
        )
        for samples in SAMPLES
    }
    furthest = float(stats.kstwo.isf(LEVEL / 2, draws * len(trial.seeds)))
    index = tail_index(pooled[64], share=0.05)
    checks = (
        *(
            at_most(
                f"Kolmogorov-Smirnov distance, {samples} in a batch (bound of level {LEVEL / 2:g})",
                float(stats.kstest(pooled[samples], law.shape).statistic),
                furthest,
            )
            for samples in (1, 64)
        ),
        estimated(
            "Hill's index of the tail",
            index.value,
            index.error,
            "=",
            law.index,
            within=0.25,
            counted=f"greatest {index.largest:,} updates",
        ),
    )
    beyond = np.geomspace(0.1, 1000, 60)
    sizes = np.sort(np.abs(pooled[64]))
    series = {
        "size": beyond,
        "beyond": [float((sizes > one).mean()) or None for one in beyond],
        "samples": list(SAMPLES),
        "spread": [float(np.median(np.abs(updates(trial.seeds[0], one, draws)))) for one in SAMPLES],
    }
    return Result(checks, series)


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """How often updates exceed a size, and how little a larger batch helps."""
    first, second = panels(figure, 2)
    size = np.array(series["size"])
    beyond = [math.nan if one is None else one for one in series["beyond"]]
    first.loglog(size, beyond, ".", color=DATA, label="updates")
    first.loglog(size, 1 - 2 / math.pi * np.arctan(size), color="black", lw=1, label="Cauchy")
    normal = 2 * stats.norm.sf(size * stats.norm.isf(0.25))
    first.loglog(size, normal, "--", color=MADE, label="normal")
    first.set(xlabel="size, in units of the scale", ylabel="share of updates beyond", ylim=(3e-4, 1.5))
    first.set(title="Huge updates are no accident")
    first.legend(loc="lower left")
    samples, spread = np.array(series["samples"]), np.array(series["spread"])
    second.loglog(samples, spread, "o-", color=DATA, label="updates")
    second.loglog(samples, spread[0] / np.sqrt(samples), "--", color=SOFT, label="what averaging promises, 1/√n")
    second.set(xlabel="samples n in a batch", ylabel="median size of an update", title="A larger batch does not help")
    second.set(xticks=samples, xticklabels=[str(one) for one in samples], ylim=(spread[0] / 20, spread[0] * 4))
    second.minorticks_off()
    second.legend(loc="lower left")


CLAIM = Claim(
    slug="heavy-tails",
    title="Noise in the discriminator makes updates by -log D Cauchy",
    statement=r"""
Near a perfect discriminator, $D^* = 0$ on the samples with no slope, what a trained $D$ answers there is its error. Let
this be noise: the value and the slope of $D^* - D$ normal with mean zero, independent of one another and from point to
point. The gradient of $-\log D$ is slope divided by value. A normal number divided by another one follows the law of
Cauchy, which has neither mean nor variance.

Nor does a batch help. The mean of independent Cauchy variables is Cauchy again, and its width is the mean of theirs,
where that of normal ones would shrink with the root of their number. So updates of the generator are now and then
larger than all before them taken together.
""",
    formulas=(
        r"\frac{\partial}{\partial \theta_k} \frac{1}{n} \sum_{i=1}^n -\log D(g_\theta(z_i)) \sim "
        r"\mathrm{Cauchy}(0, s), \qquad s = \frac{\sigma_r}{\sigma_\varepsilon} \cdot \frac{1}{n} \sum_{i=1}^n "
        r"\left\| \frac{\partial g_\theta(z_i)}{\partial \theta_k} \right\|",
    ),
    reference="Arjovsky & Bottou 2017, Towards Principled Methods for Training Generative Adversarial Networks, "
    "theorem 2.6",
    experiment=experiment,
    variant=TRUE,
    controls=(
        Control(
            "averaged",
            "A batch of n samples narrows the updates by the root of n.",
            replace(TRUE, scale=lambda norms: mean_scale(norms) / math.sqrt(len(norms))),
            r"s = \frac{\sigma_r}{\sigma_\varepsilon} \cdot \frac{1}{n \sqrt{n}} \sum_i \| \cdot \|",
        ),
        Control(
            "normal",
            "The updates follow another law: they are normal, of the same median size.",
            replace(TRUE, shape=lambda x: stats.norm.cdf(x * stats.norm.isf(0.25)), index=math.inf),
            r"\sim \mathcal{N}(0, s^2)",
        ),
        Control(
            "inverted",
            "The scale is that of the values' noise divided by that of the slopes'.",
            replace(TRUE, scale=lambda norms: mean_scale(norms) * (VALUE / SLOPE) ** 2),
            r"s = \frac{\sigma_\varepsilon}{\sigma_r} \cdot \frac{1}{n} \sum_i \| \cdot \|",
        ),
        Control(
            "variance",
            "The tail falls fast enough for a mean: its index is 2.",
            replace(TRUE, index=2.0),
            r"P(|X| > x) \sim x^{-2}",
        ),
    ),
    draw=draw,
    size=(9.0, 3.2),
)
