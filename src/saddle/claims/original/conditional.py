"""Claim 10: a discriminator that sees labels compares the laws under each."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from scipy.special import expit, log_expit
from scipy.stats import norm
from torch import Tensor, nn
from torch.distributions import Normal

from saddle.claims.check import at_most, equal, greatest, on_every_seed
from saddle.claims.claim import Claim, Control, Result, Trial
from saddle.claims.drawing import DATA, MADE, SOFT, panels
from saddle.claims.original.finite_game import best_response
from saddle.claims.original.optimal_discriminator import value
from saddle.claims.playing import critic_between, member, play
from saddle.core.noise import Draws, Noise
from saddle.core.randomness import Stream
from saddle.measures import js_divergence
from saddle.networks import MLP
from saddle.training.optimizers import Adam
from saddle.training.schedules import Cosine

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Best = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Formulas:
    """What is claimed.

    Attributes:
        best: D*(x|y) from p(x|y), q(x|y) and the chances of the labels.
        first: the chance of the first of two labels whose exchange nobody notices who does not see them.
    """

    best: Best
    first: float


SPREAD = 0.7
BATCH = 256
GRID = np.linspace(-7, 7, 1401)
OF_LABEL = np.array([norm.pdf(GRID, -1, SPREAD), norm.pdf(GRID, 1, SPREAD)])
"""The data under each of two labels; the model has them swapped."""


def true_best(p: np.ndarray, q: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """p(x|y)/(p(x|y) + q(x|y)), shape (labels, points); of chances of labels, which are the same for both."""
    return p / (p + q)


TRUE = Formulas(true_best, 0.5)


def blind(p: np.ndarray, q: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """p(x)/(p(x) + q(x)) under each label."""
    return np.broadcast_to(labels @ p / (labels @ p + labels @ q), p.shape)


def half_blind(p: np.ndarray, q: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """p(x|y)/(p(x|y) + q(x))."""
    return p / (p + labels @ q)


def next_label(p: np.ndarray, q: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """p(x|y')/(p(x|y') + q(x|y')) with another label y'."""
    return np.roll(p / (p + q), 1, axis=0)


def average_value(d: np.ndarray, p: np.ndarray, q: np.ndarray, labels: np.ndarray) -> float:
    """V on tables: the mean over labels of Σ p log D + q log(1 - D)."""
    return float(labels @ (p * np.log(d) + q * np.log1p(-d)).sum(axis=1))


class SeeingAndBlind(nn.Module):
    """Two critics of points (n, 2), an example and its label: the first sees both, the second the example alone."""

    def __init__(self) -> None:
        super().__init__()
        spec = MLP(width=24, depth=2, activation="silu")
        self.seeing, self.blind = spec.critic((1,), 2), spec.critic((1,), 0)

    def forward(self, points: Tensor) -> Tensor:
        """Scores (n, 2)."""
        x, y = points[:, :1], points[:, 1].long()
        return torch.stack([self.seeing(x, y), self.blind(x)], dim=1)


def labeled(draws: Draws, which: str, side: float, first: float) -> Tensor:
    """Examples beside their labels 0 and 1, shape (n, 2); label 0 has this chance, label 1 lies on this side."""
    y = (draws[f"{which} label"] >= first).to(draws[which].dtype)
    return torch.cat([side * (2 * y - 1) + SPREAD * draws[which], y], dim=1)


@cache
def trained(first: float, trial: Trial) -> np.ndarray:
    """Logits on the grid, shape (seeds, seeing and blind, labels, points)."""
    rounds = trial.pick(800, 8_000)
    noise = {which: Noise("normal", (BATCH, 1)) for which in ("real", "fake")}
    noise |= {f"{which} label": Noise("uniform", (BATCH, 1)) for which in ("real", "fake")}
    problem = critic_between(
        lambda draws: labeled(draws, "real", 1.0, first),
        lambda draws: labeled(draws, "fake", -1.0, first),
        noise,
        loss=value,
        network=SeeingAndBlind,
        optimizer=Adam(1e-2, beta1=0.9, schedule=Cosine(rounds)),
        average=0.99,
    )
    state = play(problem, trial.seeds, rounds)
    x = torch.from_numpy(GRID).float()
    found = []
    for place in range(len(trial.seeds)):
        critic = member(state, place)["critic"]
        scores = [critic(torch.stack([x, torch.full_like(x, y)], dim=1)).double().numpy().T for y in (0.0, 1.0)]
        found.append(np.stack(scores, axis=1))
    return np.array(found)


def experiment(formulas: Formulas, trial: Trial) -> Result:
    """The formula against an optimizer on tables, trained networks, and the divergence under each label."""
    draw = Stream(trial.seeds[0], ("tables",)).numpy()
    short = []
    for _ in range(trial.pick(40, 400)):
        labels = draw.dirichlet(np.full(draw.integers(2, 5), 3.0))
        p, q = draw.dirichlet(np.ones(6), (2, len(labels))).clip(1e-9)
        most, _ = best_response((labels[:, None] * p).ravel(), (labels[:, None] * q).ravel())
        short.append(most - average_value(formulas.best(p, q, labels), p, q, labels))
    p, q, labels = OF_LABEL, OF_LABEL[::-1], np.array([formulas.first, 1 - formulas.first])
    step = GRID[1] - GRID[0]
    formula = formulas.best(p, q, labels)
    reached = average_value(formula, p, q, labels) * step
    laws = [Normal(torch.tensor(center, dtype=torch.float64), SPREAD) for center in (-1.0, 1.0)]
    divergence = [js_divergence(law, other).value for law, other in zip(laws, laws[::-1], strict=True)]
    logits = trained(formulas.first, trial)
    found = expit(logits)
    errors = [float(labels @ ((p + q) / 2 * np.abs(one[0] - formula)).sum(axis=1) * step) for one in found]
    right = [[share_right(one, p, q, labels) * step for one in both] for both in found]
    values = [float(labels @ (p * log_expit(one[1]) + q * log_expit(-one[1])).sum(axis=1)) * step for one in logits]
    checks = (
        equal("greatest V on tables less V at the formula, greatest of all", greatest(short), 0),
        equal(
            "V at the formula, labels swapped, and mean of 2 JSD under a label - log 4",
            reached,
            value_from(divergence, labels),
        ),
        on_every_seed("mean |D - D*| of trained D that sees labels", errors, "≤", 0.02),
        on_every_seed("its share of right guesses", [one[0] for one in right], "≥", 0.9),
        equal(
            "share of right guesses of trained D that does not, worst seed",
            max((one[1] for one in right), key=lambda share: abs(share - 0.5)),
            0.5,
        ),
        at_most("its V + log 4, greatest of all seeds", greatest(values) + math.log(4), 0, within=1e-9),
    )
    return Result(checks, series_of(p, q, formula, found))


def value_from(divergence: list[float], labels: np.ndarray) -> float:
    """The value, from the JSD under each label."""
    return 2 * float(labels @ np.array(divergence)) - math.log(4)


def share_right(d: np.ndarray, p: np.ndarray, q: np.ndarray, labels: np.ndarray) -> float:
    """Of examples and samples in equal number, those that are told right by D above and below 1/2."""
    return float(labels @ np.where(d > 0.5, p, q).sum(axis=1)) / 2


def series_of(p: np.ndarray, q: np.ndarray, formula: np.ndarray, found: np.ndarray) -> dict[str, Any]:
    """What the picture shows, every tenth point."""
    inside = np.abs(GRID) <= 3.5
    thin = np.flatnonzero(inside)[::7]
    return {
        "x": GRID[thin],
        "p": p[:, thin],
        "q": q[:, thin],
        "best": formula[:, thin],
        "seeing": found[:, 0][:, :, thin],
        "blind": found[:, 1, 0][:, thin],
    }


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """Under each label, and without labels."""
    x = series["x"]
    p, q = np.array(series["p"]), np.array(series["q"])
    *with_label, without = panels(figure, 3)
    for label, axes in enumerate(with_label):
        axes.fill_between(x, p[label], color=DATA, alpha=0.25, lw=0, label="data")
        axes.fill_between(x, q[label], color=MADE, alpha=0.25, lw=0, label="model")
        for one in series["seeing"]:
            axes.plot(x, one[label], color=SOFT, lw=1)
        axes.plot(x, series["best"][label], color="black", lw=1.2, ls="--", label="D*(x|y)")
        axes.set(xlabel="x", title=f"Label {label}: told apart")
    without.fill_between(x, p.mean(axis=0), color=DATA, alpha=0.25, lw=0)
    without.fill_between(x, q.mean(axis=0), color=MADE, alpha=0.25, lw=0)
    for place, one in enumerate(series["blind"]):
        without.plot(x, one, color=SOFT, lw=1, label="trained D, each seed" if place == 0 else None)
    without.set(xlabel="x", title="Labels unseen: no difference")
    for axes in (*with_label, without):
        axes.set(ylim=(0, 1.3), yticks=np.linspace(0, 1, 6))
    with_label[0].legend(loc="upper center", ncols=3, handlelength=1.4, columnspacing=1)
    without.legend(loc="upper center")


CLAIM = Claim(
    slug="conditional",
    title="A discriminator that sees the label compares the laws under each label",
    statement=r"""
In a conditional GAN both players are told a label $y$. The discriminator then has a problem of its own for each label,
and the best answer to each is that of before, with the laws under this label. So the generator is led to
$q(x|y) = p(x|y)$ for every $y$. (The labels of samples are drawn as the data's are; otherwise their chances stay in the
formula as a prior does.)

Let the model make everything right except that it swaps two labels, which come equally often. All its samples together
are then distributed exactly as the data: no function of $x$ alone, trained or not, guesses better than a coin, and its
value is at most $-\log\,4$, that of the finished game. The discriminator that sees $y$ tells them apart at once.
""",
    formulas=(
        r"D^*(x|y) = \frac{p(x|y)}{p(x|y) + q(x|y)}",
        r"\max_D V = \mathbb{E}_y \left[ 2\,\mathrm{JSD}(p(\cdot|y), q(\cdot|y)) \right] - \log\,4",
    ),
    reference="Mirza & Osindero 2014, Conditional Generative Adversarial Nets, equation 2",
    experiment=experiment,
    variant=TRUE,
    controls=(
        Control(
            "blind",
            "The best discriminator need not see the label: the laws of all labels together will do.",
            replace(TRUE, best=blind),
            r"D^*(x|y) = \frac{p(x)}{p(x) + q(x)}",
        ),
        Control(
            "half-blind",
            "Samples are compared without their label: q(x) in place of q(x|y).",
            replace(TRUE, best=half_blind),
            r"D^*(x|y) = \frac{p(x|y)}{p(x|y) + q(x)}",
        ),
        Control(
            "next-label",
            "The laws are those under another label.",
            replace(TRUE, best=next_label),
            r"D^*(x|y) = \frac{p(x|y')}{p(x|y') + q(x|y')}, \quad y' \ne y",
        ),
        Control(
            "unequal",
            "Whoever does not see labels does not notice that two are swapped, though one is three times as frequent.",
            replace(TRUE, first=0.25),
            r"p(y)\, p(x|y) + p(y')\, p(x|y') = p(y)\, p(x|y') + p(y')\, p(x|y)",
        ),
    ),
    draw=draw,
    size=(10.2, 3.1),
)
