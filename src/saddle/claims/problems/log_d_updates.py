"""Claim 13, its observation: updates by -log D on a network grow, and how heavy their tail is."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from saddle.claims.check import Check, over_seeds
from saddle.claims.claim import Claim, Result, Trial
from saddle.claims.drawing import DATA, MADE, SOFT, THIRD, panels
from saddle.claims.problems.frozen_generator import EPOCHS, Watched, epochs_of, watched
from saddle.claims.problems.tail_index import tail_index

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def in_own_units(gradients: np.ndarray) -> np.ndarray:
    """Each parameter's derivatives divided by their median size, all together."""
    sizes = np.median(np.abs(gradients), axis=0)
    return (gradients[:, sizes > 0] / sizes[sizes > 0]).ravel()


def experiment(variant: None, trial: Trial) -> Result:
    """The frozen generators of figure 1, now with the loss -log D."""
    found = watched(trial)
    checks = [check for epochs in EPOCHS for check in _numbers(found, epochs)]
    beyond = np.geomspace(0.1, 100, 50)
    sizes = {str(epochs): np.abs(in_own_units(found.coordinates[epochs][0])) for epochs in EPOCHS}
    series = {
        "updates": found.updates,
        "gradient": {
            str(epochs): [[one.alternative for one in stages] for stages in found.stages[epochs]] for epochs in EPOCHS
        },
        "size": beyond,
        "beyond": {name: [float((one > size).mean()) or None for size in beyond] for name, one in sizes.items()},
        "source": found.source,
    }
    return Result(tuple(checks), series)


def _numbers(found: Watched, epochs: int) -> list[Check]:
    stages, last = found.stages[epochs], found.updates[-1]
    where = f"{epochs_of(epochs)} on {found.source}"
    return [
        over_seeds(
            f"orders of magnitude that the gradient of -log D grows by in {last:,} updates, {where}",
            [math.log10(one[-1].alternative / one[0].alternative) for one in stages],
            "≥",
            0,
            published="grows quickly (figure 3; DCGAN)",
        ),
        over_seeds(
            f"orders of magnitude that its variance between batches grows by, {where}",
            [2 * math.log10(one[-1].spread / one[0].spread) for one in stages],
            "≥",
            0,
            published="grows as well (figure 3; DCGAN)",
        ),
        over_seeds(
            f"Hill's index of the tail of single derivatives, {where}",
            [tail_index(in_own_units(one)).value for one in found.coordinates[epochs]],
            "=",
            1,
            within=0.25,
            published="1, if the error of D were the noise of theorem 2.6",
        ),
    ]


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """The gradient as the discriminator trains, and how often single derivatives exceed a size."""
    first, second = panels(figure, 2)
    size = np.array(series["size"])
    for (name, gradients), color in zip(series["gradient"].items(), (DATA, MADE, THIRD), strict=True):
        label = f"G after {name} epoch{'s' if name != '1' else ''}"
        for place, gradient in enumerate(gradients):
            updates = [one + 1 for one in series["updates"]]
            first.loglog(updates, gradient, color=color, lw=1, label=label if place == 0 else None)
        beyond = [math.nan if one is None else one for one in series["beyond"][name]]
        second.loglog(size, beyond, ".", color=color, ms=4, label=label)
    first.set(xlabel="updates of the new discriminator + 1", ylabel="norm of the gradient of E[-log D]")
    first.set(title=f"The gradient of -log D grows ({series['source']})")
    first.legend(loc="upper left")
    second.loglog(size, 1 - 2 / math.pi * np.arctan(size), color="black", lw=1, label="Cauchy")
    second.loglog(size, np.vectorize(math.erfc)(size * 0.6745 / math.sqrt(2)), "--", color=SOFT, label="normal")
    second.set(xlabel="size of a derivative, in medians", ylabel="share beyond", ylim=(1e-5, 1.5))
    second.set(title="The tail of single derivatives")
    second.legend(loc="lower left")


CLAIM = Claim(
    slug="log-d-updates",
    title="On a network updates by -log D grow, and how heavy their tail is",
    statement=r"""
With the loss $-\log D$ a generator whose discriminator wins is not left without a gradient. On the contrary: while a
new discriminator trains against a frozen generator, the gradient grows, and its variance from batch to batch with it.
In the paper such updates made samples worse.

The theorem on noise says that the updates are Cauchy if the discriminator's errors are normal noise, independent from
point to point. A network is smooth, so its errors at near points are alike, and whether its updates are that wild must
be measured. The index of the tail tells: 1 for Cauchy, at most 2 for any law without a variance. It is taken from the
derivatives at single samples, each parameter's in units of its own median.
""",
    formulas=(
        r"P\left( \left| \frac{\partial}{\partial \theta_k} \log D(g_\theta(z)) \right| > x \right) \sim x^{-\alpha}, "
        r"\qquad \hat\alpha = \left( \frac{1}{m} \sum_{i=1}^m \log \frac{x_{(i)}}{x_{(m+1)}} \right)^{-1}",
    ),
    reference="Arjovsky & Bottou 2017, Towards Principled Methods for Training Generative Adversarial Networks, "
    "theorem 2.6 and figure 3; Hill 1975",
    experiment=experiment,
    kind="observation",
    draw=draw,
    size=(9.0, 3.2),
)
