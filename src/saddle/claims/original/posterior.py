"""Claim 9: the best discriminator is the posterior chance that an example is real, whatever the prior."""

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from scipy.integrate import quad
from scipy.special import expit, logit
from scipy.stats import norm
from torch import Tensor
from torch.nn.functional import softplus

from saddle.claims.check import Check, equal, estimated, furthest, on_every_seed
from saddle.claims.claim import Claim, Control, Result, Trial
from saddle.claims.drawing import DATA, MADE, SOFT, THIRD, panels
from saddle.claims.original.golden_section import NEAR, tops
from saddle.claims.original.optimal_discriminator import GRID, data, data_density, height, made, model_density
from saddle.claims.playing import critic_between, member, play
from saddle.core.noise import Noise
from saddle.core.randomness import Stream
from saddle.networks import MLP
from saddle.training.optimizers import Adam
from saddle.training.schedules import Cosine

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Posterior = Callable[[float, Any, Any], Any]
PRIOR = 0.25
REAL, UNREAL = 128, 384
"""Examples and samples in a batch: one in four is real."""

BINS = np.linspace(0, 1, 11)


def true_posterior(prior: float, p: Any, q: Any) -> Any:
    """πp/(πp + (1 - π)q)."""
    return prior * p / (prior * p + (1 - prior) * q)


def of_batch(real: Tensor, fake: Tensor) -> Tensor:
    """Minus the mean over the whole batch of log D at examples and log(1 - D) at samples, for logits."""
    return (softplus(-real).sum() + softplus(fake).sum()) / (REAL + UNREAL)


@cache
def trained(trial: Trial) -> list[np.ndarray]:
    """Logits of D on the grid after training on batches of which a quarter is real, for each seed."""
    rounds = trial.pick(1_000, 10_000)
    noise = {"real": Noise("normal", (REAL, 1)), "side": Noise("uniform", (REAL, 1))}
    problem = critic_between(
        data,
        made,
        noise | {"fake": Noise("normal", (UNREAL, 1))},
        loss=of_batch,
        network=lambda: MLP(width=32, depth=2, activation="silu").critic((1,), 0),
        optimizer=Adam(1e-2, beta1=0.9, schedule=Cosine(rounds)),
        average=0.99,
    )
    state = play(problem, trial.seeds, rounds)
    x = torch.from_numpy(GRID).float().unsqueeze(1)
    return [member(state, place)["critic"](x).double().numpy() for place in range(len(trial.seeds))]


def data_below(x: float) -> float:
    """The chance that an example is below x, in closed form."""
    return float(norm.cdf(x, -1.5, 0.6) + norm.cdf(x, 1.5, 0.6)) / 2


def experiment(posterior: Posterior, trial: Trial) -> Result:
    """The formula against a search for the top, the chances of intervals, counted examples and trained networks."""
    draw = Stream(trial.seeds[0], ("posterior",)).numpy()
    prior, a, b = draw.uniform(0.02, 0.98, (3, trial.pick(200, 2_000)))
    missed = posterior(prior, a, b) - tops(lambda d: height(d, prior * a, (1 - prior) * b), len(a))
    apart = []
    for share in draw.uniform(0.05, 0.95, trial.pick(20, 200)):
        low, high = np.sort(draw.uniform(-4, 4, 2))
        apart.append(share_of_real(posterior, share, low, high) - share * (data_below(high) - data_below(low)))
    label, guess = counted(posterior, draw, trial.pick(100_000, 1_000_000))
    p, q = data_density(GRID), model_density(GRID)
    logits = trained(trial)
    moved = [one + logit(0.75) - logit(PRIOR) for one in logits]
    checks = (
        equal(
            "formula and the D that golden section finds for πa log D + (1 - π)b log(1 - D), greatest difference",
            furthest(missed),
            0,
            within=NEAR,
        ),
        equal("∫ D* dm over an interval and the chance of real and there, greatest difference", furthest(apart), 0),
        mean_zero("mean of Y - D*, where Y is 1 for real and 0 otherwise", label - guess),
        mean_zero("mean of (Y - D*) D*", (label - guess) * guess),
        on_every_seed("mean |D - D*| after training on a quarter of real", errors(logits, posterior, PRIOR), "≤", 0.02),
        on_every_seed("the same, its log-odds moved to three quarters", errors(moved, posterior, 0.75), "≤", 0.02),
    )
    inside = [(guess >= low) & (guess < high) for low, high in pairwise(BINS)]
    series = {
        "x": GRID[::6],
        "best": {str(prior): posterior(prior, p, q)[::6] for prior in (0.05, 0.25, 0.5, 0.75, 0.95)},
        "trained": [expit(one)[::6] for one in logits],
        "said": [float(guess[one].mean()) for one in inside if one.sum() > 100],
        "came": [float(label[one].mean()) for one in inside if one.sum() > 100],
    }
    return Result(checks, series)


def share_of_real(posterior: Posterior, prior: float, low: float, high: float) -> float:
    """The posterior integrated over an interval, by the law of examples and samples together."""

    def density(x: float) -> float:
        p, q = data_density(np.array(x)), model_density(np.array(x))
        return float(posterior(prior, p, q) * (prior * p + (1 - prior) * q))

    return quad(density, low, high, epsabs=1e-13, epsrel=1e-12, limit=200)[0]


def counted(posterior: Posterior, draw: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Labels, 1 for real, drawn first, and what the formula says of examples drawn by them."""
    label = draw.random(n) < PRIOR
    real = 1.5 * draw.choice([-1, 1], n) + 0.6 * draw.standard_normal(n)
    x = np.where(label, real, 0.5 + 1.2 * draw.standard_normal(n))
    return label.astype(float), posterior(PRIOR, data_density(x), model_density(x))


def mean_zero(what: str, values: np.ndarray) -> Check:
    """That numbers are zero in the mean."""
    error = float(values.std(ddof=1)) / len(values) ** 0.5
    return estimated(what, values.mean(), error, "=", 0, within=0.01, counted=f"{len(values):,} examples")


def errors(logits: list[np.ndarray], posterior: Posterior, prior: float) -> list[float]:
    """Mean |D - D*| under the law of examples and samples together, for each seed."""
    p, q = data_density(GRID), model_density(GRID)
    weight = prior * p + (1 - prior) * q
    weight /= weight.sum()
    return [float(weight @ np.abs(expit(one) - posterior(prior, p, q))) for one in logits]


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """D* at several priors; trained discriminators; what was said and what came true."""
    first, second, third = panels(figure, 3)
    for (prior, best), color in zip(series["best"].items(), (SOFT, DATA, "black", MADE, THIRD), strict=True):
        first.plot(series["x"], best, color=color, label=f"π = {prior}")
    first.set(xlabel="x", ylabel="D*", title="The prior moves the posterior")
    first.legend(loc="upper center", ncols=3, handlelength=1.2, columnspacing=1)
    for place, one in enumerate(series["trained"]):
        second.plot(series["x"], one, color=SOFT, lw=1, label="trained, each seed" if place == 0 else None)
    second.plot(series["x"], series["best"]["0.25"], color=DATA, ls="--", label="D* at π = 1/4")
    second.plot(series["x"], series["best"]["0.5"], color=MADE, ls=":", label="p/(p + q)")
    second.set(xlabel="x", ylabel="D", title="Trained where one in four is real")
    second.legend(loc="upper center", ncols=2, handlelength=1.6, columnspacing=1)
    for axes in (first, second):
        axes.set(xlim=(-4.5, 5), ylim=(0, 1.35), yticks=np.linspace(0, 1, 6))
    third.plot([0, 1], [0, 1], color=SOFT, lw=0.8)
    third.plot(series["said"], series["came"], "o", color=DATA, ms=5)
    third.set(xlabel="D*, in tenths", ylabel="share that is real", title="What it says comes true as often")
    third.set(xlim=(0, 1), ylim=(0, 1))


CLAIM = Claim(
    slug="posterior",
    title="The best discriminator is the posterior chance of real",
    statement=r"""
Toss a coin with chance $\pi$ for heads; on heads show an example of the data, on tails a sample of the model. By Bayes'
rule, an example at $x$ is real with the chance below. That is the best discriminator when a share $\pi$ of what it sees
is real: of all examples to which it gives 0.3, three in ten are real. The original GAN shows as many examples as
samples, $\pi = 1/2$, and the prior cancels: $D^* = p/(p+q)$.

In log-odds the prior is a constant that is added to $\log(p/q)$. So a discriminator trained at one prior serves at any
other after adding a constant to its score; and a trained discriminator knows the ratio of two densities, of which it
knows neither.
""",
    formulas=(
        r"D^*(x) = P(\text{real} \mid x) = \frac{\pi p(x)}{\pi p(x) + (1 - \pi) q(x)}",
        r"\log \frac{D^*(x)}{1 - D^*(x)} = \log \frac{p(x)}{q(x)} + \log \frac{\pi}{1 - \pi}",
    ),
    reference="Goodfellow et al. 2014, Generative Adversarial Nets, section 4.1 (D estimates P(Y = y | x)); Bayes 1763",
    experiment=experiment,
    variant=true_posterior,
    controls=(
        Control(
            "no-prior",
            "D* = p/(p + q) at any prior: the prior left out.",
            lambda prior, p, q: p / (p + q),
            r"P(\text{real} \mid x) = \frac{p(x)}{p(x) + q(x)}",
        ),
        Control(
            "wrong-side",
            "The prior weighs the model, its rest the data: they change places.",
            lambda prior, p, q: (1 - prior) * p / ((1 - prior) * p + prior * q),
            r"P(\text{real} \mid x) = \frac{(1 - \pi) p(x)}{(1 - \pi) p(x) + \pi q(x)}",
        ),
        Control(
            "not-normalized",
            "The posterior is the prior times p/(p + q): the prior left out below the line.",
            lambda prior, p, q: prior * p / (p + q),
            r"P(\text{real} \mid x) = \frac{\pi p(x)}{p(x) + q(x)}",
        ),
        Control(
            "odds",
            "The posterior is πp/((1 - π)q), which are the odds: a term left out below the line.",
            lambda prior, p, q: prior * p / ((1 - prior) * q),
            r"P(\text{real} \mid x) = \frac{\pi p(x)}{(1 - \pi) q(x)}",
        ),
    ),
    draw=draw,
    size=(10.2, 3.1),
)
