"""Claim 11: laws whose supports do not meet are all equally far apart."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.distributions import Independent, Uniform

from saddle.claims.check import at_least, equal, furthest, greatest, least, on_every_seed
from saddle.claims.claim import Claim, Control, Result, Trial
from saddle.claims.drawing import DATA, MADE, SOFT, THIRD, panels
from saddle.claims.playing import member, play
from saddle.claims.problems.thin_pairs import CIRCLES, LINES, PAIRS, Pair, along, critic, in_cells
from saddle.core.problem import Networks
from saddle.measures import js_divergence, kl_divergence
from saddle.objectives import Minimax

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Divergence = Callable[[float, float], float]
DISTANCES = (0.1, 0.3, 0.7, 1.0)
SIDE = 0.0371
STEP = 1e-3
STRIP = 0.4


@dataclass(frozen=True)
class Formulas:
    """What is claimed of two strips of some width at distance θ; lines and circles have width 0.

    Attributes:
        js: JSD(p, q) from θ and the width.
        kl: KL(p‖q), the same as KL(q‖p).
    """

    js: Divergence
    kl: Divergence


def apart(theta: float, width: float) -> float:
    """The share of either law that lies where the other has nothing."""
    return float(theta != 0) if width == 0 else min(abs(theta) / width, 1.0)


def infinite(theta: float, width: float) -> float:
    """∞ as soon as the laws differ."""
    return math.inf if theta else 0.0


TRUE = Formulas(lambda theta, width: apart(theta, width) * math.log(2), infinite)


def strip(theta: float) -> Independent:
    """The uniform law on the strip of width .4 around the line at θ."""
    low, high = torch.tensor([[theta - STRIP / 2, 0.0], [theta + STRIP / 2, 1.0]], dtype=torch.float64)
    return Independent(Uniform(low, high), 1)


def divergences(pair: Pair, theta: float) -> tuple[float, float, float]:
    """JSD, KL(p‖q) and KL(q‖p) of the shares of cells too small to be visited by both laws.

    No division into cells can show more than there is; this one already shows the most that a divergence can be.
    """
    p, q = in_cells(pair, theta, SIDE)
    return float(js_divergence(p, q)), float(kl_divergence(p, q)), float(kl_divergence(q, p))


@cache
def trained(trial: Trial) -> dict[str, list[list[float]]]:
    """What discriminators show of the JSD while they train, for each pair and distance, seed by seed."""
    rounds = trial.pick(210, 2_100)
    every = rounds // 30
    return {
        f"{pair.name}, θ = {theta:g}": _bounds(pair, theta, trial, rounds, every)
        for pair in PAIRS
        for theta in (0.3, 1.0)
    }


def _bounds(pair: Pair, theta: float, trial: Trial, rounds: int, every: int) -> list[list[float]]:
    points = along(pair, 0.0, 1000), along(pair, theta, 1000)
    curves: list[list[float]] = [[] for _ in trial.seeds]
    problem = critic(pair, theta, rounds)
    state = None
    for _ in range(rounds // every):
        state = play(problem, trial.seeds, every, state=state)
        for place, curve in enumerate(curves):
            curve.append(shown(member(state, place), *points))
    return curves


def shown(networks: Networks, real: Tensor, fake: Tensor) -> float:
    """V(D)/2 + log 2, which no discriminator D brings above the JSD."""
    scores = (networks["critic"](points).double() for points in (real, fake))
    return math.log(2) - float(Minimax().critic(*scores)) / 2


def experiment(formulas: Formulas, trial: Trial) -> Result:
    """The formulas against cells of a grid, quadrature over strips, and trained discriminators."""
    found = {(pair, theta): divergences(pair, theta) for pair in PAIRS for theta in DISTANCES}
    js_gap = greatest(abs(one[0] - formulas.js(theta, 0.0)) for (_, theta), one in found.items())
    kl = least(both for one in found.values() for both in one[1:])
    slopes = [_slope(lambda t, pair=pair: divergences(pair, t)[0], theta) for pair in PAIRS for theta in DISTANCES[1:]]
    claimed = [_slope(lambda t: formulas.js(t, 0.0), theta) for theta in DISTANCES[1:]]
    strips = [i * STRIP / 4 for i in range(7)]
    by_quadrature = [js_divergence(strip(0.0), strip(theta)).value for theta in strips]
    strip_gap = greatest(abs(one - formulas.js(theta, STRIP)) for one, theta in zip(by_quadrature, strips, strict=True))
    curves = trained(trial)
    missing = [[_missing(formulas, name, curves[name][place]) for name in curves] for place in range(len(trial.seeds))]
    checks = (
        equal("JSD claimed and of cells, lines and circles, greatest difference", js_gap, 0),
        equal("KL both ways of cells, least, and the claimed", kl, formulas.kl(0.3, 0.0)),
        equal("JSD of cells at θ = 0 and the claimed", divergences(LINES, 0.0)[0], formulas.js(0.0, 0.0)),
        equal("KL of cells at θ = 0 and the claimed", divergences(LINES, 0.0)[1], formulas.kl(0.0, 0.0)),
        equal("slope of the JSD of cells in θ, steepest, and the claimed", furthest(slopes), furthest(claimed)),
        equal("JSD claimed and by quadrature, strips of width 0.4, greatest difference", strip_gap, 0),
        on_every_seed("JSD claimed - what trained discriminators show of it", list(map(greatest, missing)), "≤", 0.01),
        at_least("the same, least", least(map(least, missing)), 0),
    )
    series = {
        "strip θ": [i * STRIP / 20 for i in range(-50, 51)],
        "strip JSD": [formulas.js(i * STRIP / 20, STRIP) for i in range(-50, 51)],
        "quadrature": [strips, by_quadrature],
        "cells": [[theta for _, theta in found], [one[0] for one in found.values()]],
        "round": [(step + 1) * trial.pick(210, 2_100) // 30 for step in range(30)],
        "trained": {name: curve[0] for name, curve in curves.items()},
    }
    return Result(checks, series)


def _slope(js: Callable[[float], float], theta: float) -> float:
    return (js(theta + STEP) - js(theta - STEP)) / (2 * STEP)


def _missing(formulas: Formulas, name: str, curve: list[float]) -> float:
    return formulas.js(float(name.rpartition(" ")[2]), 0.0) - greatest(curve)


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """The laws, the JSD over the distance, and discriminators on their way to log 2."""
    first, second, third = panels(figure, 3)
    for pair, shift in ((LINES, -2.6), (CIRCLES, 0.6)):
        for theta, color in ((0.0, DATA), (0.5, MADE)):
            x, y = along(pair, theta, 200).T.tolist()
            first.plot([one + shift for one in x], y, color=color)
    first.text(-2.68, 0.5, "data", color=DATA, ha="right", va="center")
    first.text(-2.02, 0.5, "model", color=MADE, ha="left", va="center")
    first.set(title="Data and model do not meet", aspect="equal")
    first.set_axis_off()
    log2 = math.log(2)
    for left, right in ((-1.0, 0.0), (0.0, 1.0)):
        second.plot([left, right], [log2, log2], color=DATA, label="curves" if left else None)
    second.plot([0], [log2], "o", mfc="white", color=DATA, ms=5)
    second.plot([0], [0], "o", color=DATA, ms=5)
    second.plot(series["strip θ"], series["strip JSD"], color=SOFT, lw=1.2, label="strips 0.4 wide")
    second.plot(*series["quadrature"], ".", color="black", ms=5, label="by quadrature")
    second.plot(*series["cells"], "x", color=MADE, ms=5, label="by cells")
    second.set(
        xlabel="distance θ", ylabel="JSD, nats", xlim=(-1.05, 1.05), ylim=(-0.04, 0.8), title="Flat but for one point"
    )
    second.legend(loc="center left", bbox_to_anchor=(0.6, 0.35), handlelength=1.2)
    for (name, curve), color in zip(series["trained"].items(), (DATA, THIRD, MADE, SOFT), strict=True):
        third.plot(series["round"], curve, color=color, label=name)
    third.axhline(log2, color="black", lw=1, ls=":")
    third.set(xlabel="updates", ylabel="V(D)/2 + log 2, nats", ylim=(0, 0.8), title="Discriminators find log 2")
    third.legend(loc="lower right")


CLAIM = Claim(
    slug="parallel-lines",
    title="Laws that do not meet are all equally far apart",
    statement=r"""
Let the data lie on a line, or on a circle, and the model's samples on another one at the distance $\theta$. Where the
data are, the model has nothing, and the other way round. Then each logarithm in $\mathrm{KL}(p \| q)$ is of a division
by zero, and $\mathrm{KL}$ is infinite both ways. A point of the mixture $(p + q)/2$ shows for certain from which of the
two it comes, which is one bit: the $\mathrm{JSD}$ is $\log 2$, the most it can be, and a discriminator that knows every
answer finds as much.

All this holds for every $\theta$ but zero, where both are $0$. So neither says whether the model is near or far: they
have no slope that a generator could follow, and jump only once it has arrived. Strips of width $w$ must overlap before
their $\mathrm{JSD}$ falls.

Real pictures are in this case. They fill no volume among all pictures, and neither do the samples of a generator with
fewer inputs than pixels; two such thin sets miss each other, or cross in a set that has no weight.
""",
    formulas=(
        r"\theta \ne 0: \qquad \mathrm{KL}(p_0 \| p_\theta) = \mathrm{KL}(p_\theta \| p_0) = \infty, \qquad "
        r"\mathrm{JSD}(p_0, p_\theta) = \log 2, \qquad \frac{d}{d\theta} \mathrm{JSD}(p_0, p_\theta) = 0",
        r"\mathrm{JSD} = \frac{|\theta|}{w} \log 2 \quad \text{for strips of width } w \ge |\theta|",
    ),
    reference="Arjovsky, Chintala & Bottou 2017, Wasserstein GAN, example 1; Arjovsky & Bottou 2017, Towards "
    "Principled Methods for Training Generative Adversarial Networks, theorem 2.3",
    experiment=experiment,
    variant=TRUE,
    controls=(
        Control(
            "no-halves",
            "The JSD is the sum of both divergences from the mixture, without the halves: 2 log 2.",
            replace(TRUE, js=lambda theta, width: 2 * apart(theta, width) * math.log(2)),
            r"\mathrm{JSD} = \mathrm{KL}(p \| m) + \mathrm{KL}(q \| m)",
            misprint=True,
        ),
        Control(
            "sloped",
            "The JSD is smaller the nearer the lines are: a factor |θ| too much.",
            replace(TRUE, js=lambda theta, width: abs(theta) * apart(theta, width) * math.log(2)),
            r"\mathrm{JSD}(p_0, p_\theta) = |\theta| \log 2",
        ),
        Control(
            "overlapping",
            "Strips too are log 2 apart as soon as they differ, whether they overlap or not.",
            replace(TRUE, js=lambda theta, width: math.log(2) if theta else 0.0),
            r"\mathrm{JSD} = \log 2 \quad \text{for strips at every } \theta \ne 0",
        ),
        Control(
            "finite",
            "KL is finite too, since its logarithm is of p/m, m = (p + q)/2.",
            replace(TRUE, kl=lambda theta, width: apart(theta, width) * math.log(2)),
            r"\mathrm{KL}(p \| q) = \int p \log \frac{p}{(p+q)/2} = \log 2",
        ),
    ),
    draw=draw,
    size=(10.0, 3.1),
)
