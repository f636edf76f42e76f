"""Claim 3: the Kullback-Leibler divergence, what it costs to take one law for another."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from scipy.stats import norm
from torch import Tensor

from saddle.claims.check import Check, at_least, equal, greatest, on_every_seed
from saddle.claims.claim import Claim, Control, Result, Trial
from saddle.claims.drawing import DATA, MADE, SOFT, THIRD, panels
from saddle.claims.information.codes import dyadic
from saddle.claims.information.covering_and_seeking import (
    GRID,
    MODE,
    WIDTH,
    Fit,
    Term,
    integral,
    log_normal,
    log_two_modes,
    nearest,
)
from saddle.claims.information.entropy import code_lengths
from saddle.claims.information.exchange import agree, differ, never_shortened, shortened
from saddle.core.randomness import Stream
from saddle.measures import cross_entropy, entropy, total_variation

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Direction = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]


@dataclass(frozen=True)
class Formulas:
    """What is claimed.

    Attributes:
        term: what a point adds to KL(p‖q), from log p and log q.
        by_entropies: KL from probabilities p and q (n, k), in nats.
        exchanging: of the greatest difference between KL(p‖q) and KL(q‖p).
        detour: of KL(p‖r) less KL(p‖q) and KL(q‖r), for normals of one width with q halfway.
        covering: which of data and model stands first where the model must cover all data.
    """

    term: Term
    by_entropies: Callable[[np.ndarray, np.ndarray], np.ndarray]
    exchanging: Callable[[str, float], Check]
    detour: Callable[[str, float], Check]
    covering: Direction


def true_term(log_p: Tensor, log_q: Tensor) -> Tensor:
    """p log(p/q)."""
    return log_p.exp() * (log_p - log_q)


def true_difference(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """H(p, q) - H(p)."""
    return cross_entropy(p, q) - entropy(p)


TRUE = Formulas(true_term, true_difference, differ, shortened, lambda data, model: (data, model))


def of_normals(p: tuple[float, float], q: tuple[float, float]) -> float:
    """KL(p‖q) in closed form, of normals given by mean and standard deviation."""
    (a, s), (b, t) = p, q
    return math.log(t / s) + (s**2 + (a - b) ** 2) / (2 * t**2) - 1 / 2


def experiment(formulas: Formulas, trial: Trial) -> Result:
    """The formula against codes, closed forms and moments; its two directions; its two nearest normals."""
    by_sum, by_entropies, excess, slack = np.concatenate([_discrete(formulas, one, trial) for one in trial.seeds], 1)
    integrals, closed, apart = np.concatenate([_of_densities(formulas.term, seed, trial) for seed in trial.seeds], 1)
    straight, first, second = (_shifted(formulas.term, *ends) for ends in ((0, 2), (0, 1), (1, 2)))
    covering, seeking = _fits(formulas, trial)
    spread = math.hypot(MODE, WIDTH)
    misses = greatest(one for fit in covering for one in (abs(fit.mean), abs(fit.deviation - spread)))
    checks = (
        equal("Σ p log(p/q) and the bits wasted by q's Huffman code, greatest difference", _most(by_sum - excess), 0),
        equal("H(p, q) - H(p) and the same bits, greatest difference", _most(by_entropies - excess), 0),
        at_least("KL - 2 TV², least of all pairs of laws", slack.min(), 0, within=1e-12),
        equal("∫ p log(p/q) and the closed form of normals, greatest difference", _most(integrals - closed), 0),
        formulas.exchanging("|KL(p‖q) - KL(q‖p)|, greatest of all pairs of normals", _most(apart)),
        formulas.detour("KL from N(0, 1) to N(2, 1) less that by way of N(1, 1)", straight - first - second),
        equal("mean and deviation of the covering normal and of the data, greatest difference", misses, 0),
        on_every_seed("its chance of the valley |x| < 1", [_between(one) for one in covering], "≥", 0.3),
        on_every_seed(
            "chance of the other mode's side by the seeking normal", [_lesser(s) for s in seeking], "≤", 1e-3
        ),
        on_every_seed("divergence by which it is nearest", [one.divergence for one in seeking], "≤", math.log(2)),
        on_every_seed("its divergence in the other direction", [_other(formulas, s) for s in seeking], "≥", 10),
    )
    return Result(checks, {**_coin(formulas), **_pictured(covering[0], seeking[0])})


def _most(differences: np.ndarray) -> float:
    return float(np.abs(differences).max())


def _discrete(formulas: Formulas, seed: int, trial: Trial) -> np.ndarray:
    """Of pairs of laws: KL by both formulas and by wasted bits, at powers of 1/2; KL - 2 TV² ever nearer to q = p."""
    draw = Stream(seed, ("divergence",)).numpy()
    letters, pairs = int(draw.integers(3, 24)), trial.pick(40, 400)
    p, q = (np.stack([dyadic(draw, letters) for _ in range(pairs)]) for _ in range(2))
    wasted = [a @ (code_lengths(b) - code_lengths(a)) * math.log(2) for a, b in zip(p, q, strict=True)]
    share = 10 ** draw.uniform(-3, 0, (pairs, 1))
    mixed = (1 - share) * p + share * q
    slack = _sum(formulas.term, p, mixed) - 2 * total_variation(p, mixed) ** 2
    return np.stack([_sum(formulas.term, p, q), formulas.by_entropies(p, q), np.array(wasted), slack])


def _sum(term: Term, p: np.ndarray, q: np.ndarray) -> np.ndarray:
    return term(torch.from_numpy(p).log(), torch.from_numpy(q).log()).sum(-1).numpy()


def _of_densities(term: Term, seed: int, trial: Trial) -> np.ndarray:
    """Of pairs of normals: KL by an integral and in closed form, and what its two directions differ by."""
    draw = Stream(seed, ("normals",)).numpy()
    found = []
    for _ in range(trial.pick(10, 100)):
        p, q = ((float(draw.uniform(-2, 2)), float(draw.uniform(0.5, 2))) for _ in range(2))
        a, b = (log_normal(mean, math.log(deviation)) for mean, deviation in (p, q))
        forward, backward = float(integral(term(a, b))), float(integral(term(b, a)))
        found.append((forward, of_normals(p, q), forward - backward))
    return np.array(found).T


def _shifted(term: Term, a: float, b: float) -> float:
    return float(integral(term(log_normal(a, 0.0), log_normal(b, 0.0))))


def _fits(formulas: Formulas, trial: Trial) -> tuple[list[Fit], list[Fit]]:
    """For each seed the normal nearest to the data in the direction said to cover, and in the other."""
    data = log_two_modes()

    def one(model: Tensor) -> Tensor:
        return integral(formulas.term(*formulas.covering(data, model)))

    def other(model: Tensor) -> Tensor:
        return integral(formulas.term(*formulas.covering(model, data)))

    starts = trial.pick(4, 20)
    sources = [Stream(seed, ("starts",)) for seed in trial.seeds]
    first, second = (
        [nearest(divergence, source.child(name).numpy(), starts) for source in sources]
        for name, divergence in (("covering", one), ("seeking", other))
    )
    return first, second


def _between(fit: Fit) -> float:
    return float(norm.cdf(1, fit.mean, fit.deviation) - norm.cdf(-1, fit.mean, fit.deviation))


def _lesser(fit: Fit) -> float:
    return float(norm.cdf(-abs(fit.mean) / fit.deviation))


def _other(formulas: Formulas, fit: Fit) -> float:
    model = log_normal(fit.mean, math.log(fit.deviation))
    return float(integral(formulas.term(*formulas.covering(log_two_modes(), model))))


def _coin(formulas: Formulas) -> dict[str, Any]:
    """Both directions between a coin of chance .3 and others, and the entropy of the first."""
    chance = np.linspace(0.02, 0.98, 97)
    coins, fixed = np.stack([chance, 1 - chance], 1), np.tile([0.3, 0.7], (97, 1))
    kl = partial(_sum, formulas.term)
    return {"q": chance, "to q": kl(fixed, coins), "from q": kl(coins, fixed), "entropy": float(entropy(fixed[0]))}


def _pictured(covering: Fit, seeking: Fit) -> dict[str, Any]:
    x = GRID[900:1501:4]
    densities = {"data": log_two_modes()[900:1501:4].exp()} | {
        name: torch.from_numpy(norm.pdf(x.numpy(), fit.mean, fit.deviation))
        for name, fit in (("covering", covering), ("seeking", seeking))
    }
    return {"x": x.tolist(), "densities": {name: one.tolist() for name, one in densities.items()}}


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """KL on top of entropy; its two directions; the nearest normal in each."""
    first, second, third = panels(figure, 3)
    floor, total = series["entropy"], [one + series["entropy"] for one in series["to q"]]
    first.fill_between(series["q"], 0, floor, color=DATA, alpha=0.25, lw=0, label="H(p)")
    first.fill_between(series["q"], floor, total, color=MADE, alpha=0.3, lw=0, label="KL(p‖q)")
    first.plot(series["q"], total, color="black", lw=1.2, label="H(p, q)")
    first.set(xlabel="chance q of heads, p = 0.3", ylabel="nats", title="KL is cross-entropy less entropy", ylim=(0, 3))
    first.legend(loc="upper center")
    second.plot(series["q"], series["to q"], color=DATA, label="KL(p‖q)")
    second.plot(series["q"], series["from q"], color=MADE, label="KL(q‖p)")
    second.set(xlabel="chance q of heads, p = 0.3", ylabel="nats", title="Its two directions differ", ylim=(0, 2.2))
    second.legend(loc="upper center")
    third.fill_between(series["x"], series["densities"]["data"], color=SOFT, alpha=0.3, lw=0, label="data")
    third.plot(series["x"], series["densities"]["covering"], color=DATA, label="least KL(data‖model)")
    third.plot(series["x"], series["densities"]["seeking"], color=THIRD, label="least KL(model‖data)")
    third.set(xlabel="x", ylabel="density", title="One covers both modes, one seeks one", ylim=(0, 1.35))
    third.legend(loc="upper center")


CLAIM = Claim(
    slug="kl-divergence",
    title="KL is cross-entropy less entropy, and no distance",
    statement=r"""
Of the cross-entropy, $H(p)$ would have been spent by anyone who knew $p$; the rest is the price of believing $q$, the
Kullback-Leibler divergence. It is never negative and zero only for $q = p$.

It is not symmetric, since the mean is taken under $p$ alone. Nor does it obey the triangle inequality: between normal
laws of width 1 it is half the square of the shift, so that two steps of length one together cost half as much as one
step of length two. It is called a divergence because it is no distance.

The asymmetry decides what a model with too little room does. Fit one normal law $q$ to data $p$ with two modes. To
minimize $\mathrm{KL}(p \| q)$, which is maximum likelihood, $q$ must be large wherever data are: it takes their mean
and variance, covers both modes and puts much of its weight between them, where there are hardly any. To minimize
$\mathrm{KL}(q \| p)$, $q$ must be small wherever data are not: it seeks one mode and leaves the other. That costs it
less than $\log(2)$, though by $\mathrm{KL}(p \| q)$ the same model is off by more than ten. Models trained by
likelihood blur, models trained toward the other end drop modes; what GANs do in between, later claims ask.
""",
    formulas=(
        r"\mathrm{KL}(p \| q) = \sum_x p(x) \ln \frac{p(x)}{q(x)} = H(p, q) - H(p) \ge 2 \, \mathrm{TV}(p, q)^2",
        r"\mathrm{KL}(p \| q) \ne \mathrm{KL}(q \| p)",
        r"\min_{\mu, \sigma} \mathrm{KL}(p \| N(\mu, \sigma^2)) \quad \text{at} \quad \mu = \mathbb{E}_p[x], \; "
        r"\sigma^2 = \mathbb{E}_p[(x - \mu)^2]",
    ),
    reference="Kullback & Leibler 1951, On Information and Sufficiency; Cover & Thomas 2006, section 2.3 and "
    "lemma 11.6.1; Bishop 2006, Pattern Recognition and Machine Learning, section 10.1.2 (the two directions)",
    experiment=experiment,
    variant=TRUE,
    controls=(
        Control(
            "sign",
            "KL(p‖q) is the integral of p ln(q/p).",
            replace(TRUE, term=lambda a, b: a.exp() * (b - a)),
            r"\mathrm{KL}(p \| q) = \int p(x) \ln \frac{q(x)}{p(x)} \, dx",
            misprint=True,
        ),
        Control(
            "mixed-bases",
            "One of the two logarithms has base 2, the other is natural.",
            replace(TRUE, term=lambda a, b: a.exp() * (a / math.log(2) - b)),
            r"\mathrm{KL}(p \| q) = \sum_x p(x) \log_2 p(x) - \sum_x p(x) \ln q(x)",
            misprint=True,
        ),
        Control(
            "entropy-of-q",
            "KL is cross-entropy less the entropy of q.",
            replace(TRUE, by_entropies=lambda p, q: cross_entropy(p, q) - entropy(q)),
            r"\mathrm{KL}(p \| q) = H(p, q) - H(q)",
            misprint=True,
        ),
        Control(
            "symmetric",
            "KL is not asymmetric: its two directions are equal.",
            replace(TRUE, exchanging=agree),
            r"\mathrm{KL}(p \| q) = \mathrm{KL}(q \| p)",
            misprint=True,
        ),
        Control(
            "triangle",
            "KL is a distance: no way through a third law is shorter than the straight one.",
            replace(TRUE, detour=never_shortened),
            r"\mathrm{KL}(p \| r) \le \mathrm{KL}(p \| q) + \mathrm{KL}(q \| r)",
            misprint=True,
        ),
        Control(
            "directions",
            "To minimize KL(model‖data) is to cover all modes, to minimize KL(data‖model) is to seek one.",
            replace(TRUE, covering=lambda data, model: (model, data)),
        ),
    ),
    draw=draw,
    size=(9.6, 3.0),
)
