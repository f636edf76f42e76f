"""Claim 27: what the generator of a least squares GAN minimizes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from saddle.claims.check import at_least, at_most, equal, furthest, greatest, least, on_every_seed
from saddle.claims.claim import Claim, Control, Result, Trial
from saddle.claims.drawing import DATA, MADE, SOFT, THIRD, panels
from saddle.claims.playing import critic_between, member, play
from saddle.claims.solutions.fixed_critic import (
    best_critic,
    descent,
    slope_of_descent,
    slope_with_critic_fixed,
    triangular,
)
from saddle.core.noise import Noise
from saddle.core.randomness import Stream
from saddle.measures import f_divergence
from saddle.networks import MLP
from saddle.objectives import LeastSquares, NonSaturating, Objective
from saddle.training.optimizers import Adam
from saddle.training.schedules import Cosine

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Value = Callable[[Tensor, Tensor], Tensor]
SHIFT = 2.0
"""Between the means of the two normal laws that a critic is trained on."""


def two_terms(scheme: LeastSquares, real: Tensor, fake: Tensor) -> Tensor:
    """E (D(x) - c)² + E (D(G(z)) - c)², the generator's loss of the paper's theorem."""
    return 2 * scheme.generator(real, fake) + 2 * scheme.generator(fake, real)


def one_term(scheme: LeastSquares, real: Tensor, fake: Tensor) -> Tensor:
    """E (D(G(z)) - c)², the generator's loss that is run."""
    return 2 * scheme.generator(real, fake)


@dataclass(frozen=True)
class Theory:
    """What is claimed.

    Attributes:
        loss: of the generator, given scheme and scores.
        first: the scheme with b - c = 1 and b - a = 2.
        divergence: what the loss is at the best critic in the first scheme.
        offset: added in the second scheme, a = 0 and b = c = 1.
        share: of the divergence that counts there.
        descended: of KL(p‖(p + q)/2) and of the triangular discrimination, how much a generator that sees a fixed
            critic descends, in either scheme.
    """

    loss: Callable[[LeastSquares, Tensor, Tensor], Tensor]
    first: LeastSquares
    divergence: Value
    offset: float
    share: float
    descended: tuple[tuple[float, float], tuple[float, float]]


TRUE = Theory(two_terms, LeastSquares.pearson(), triangular, 1 / 2, 1 / 4, ((2, -1 / 2), (1, -1 / 8)))


def samples(counts: np.ndarray) -> Tensor:
    """Outcomes as often as counted."""
    return torch.from_numpy(np.repeat(np.arange(len(counts)), counts))


def on_finite_laws(theory: Theory, trial: Trial) -> dict[str, list[float]]:
    """Differences that should be zero, over random pairs of laws on up to 8 outcomes."""
    schemes = (theory.first, LeastSquares.binary())
    found: dict[str, list[float]] = {"first": [], "second": [], "slope 0": [], "slope 1": [], "lowest": []}
    for seed in trial.seeds:
        draw = Stream(seed, ("least squares",)).numpy()
        for _ in range(trial.pick(5, 100)):
            outcomes = int(draw.integers(2, 9))
            counts = [1 + draw.multinomial(200 - outcomes, draw.dirichlet(np.ones(outcomes))) for _ in range(2)]
            p, q = (torch.from_numpy(one / 200) for one in counts)
            real, fake = map(samples, counts)
            critics = [best_critic(one, real, fake, outcomes) for one in schemes]
            losses = [
                float(theory.loss(one, scores[real], scores[fake]))
                for one, scores in zip(schemes, critics, strict=True)
            ]
            between = float(theory.divergence(p, q))
            found["first"].append(losses[0] - between)
            found["second"].append(losses[1] - theory.offset - theory.share * between)
            for place, (scheme, scores) in enumerate(zip(schemes, critics, strict=True)):
                followed = slope_with_critic_fixed(scheme, scores, q)
                apart = followed - slope_of_descent(theory.descended[place], p, q)
                found[f"slope {place}"].append(float(apart.abs().max()))
            found["lowest"].append(float(descent(theory.descended[1], p, q)))
    return found


@cache
def trained(trial: Trial) -> tuple[Tensor, Tensor, Tensor, list[Tensor]]:
    """A grid, what N(0, 1) and N(2, 1) weigh there, and scores of critics trained by the first scheme, by seed."""
    rounds = trial.pick(400, 5_000)
    problem = critic_between(
        lambda draws: draws["real"],
        lambda draws: draws["fake"] + SHIFT,
        {name: Noise("normal", (256, 1)) for name in ("real", "fake")},
        loss=LeastSquares.pearson().critic,
        network=lambda: MLP(width=32, depth=2, activation="silu").critic((1,), 0),
        optimizer=Adam(1e-2, beta1=0.9, schedule=Cosine(rounds)),
        average=0.99,
    )
    state = play(problem, trial.seeds, rounds)
    x = torch.linspace(-6, 8, 1401, dtype=torch.float64)
    p, q = (torch.softmax(-(x - mean).square() / 2, 0) for mean in (0.0, SHIFT))
    critics = [member(state, place)["critic"](x.float().unsqueeze(1)).double() for place in range(len(trial.seeds))]
    return x, p, q, critics


def loss_on_grid(theory: Theory, p: Tensor, q: Tensor, scores: Tensor) -> float:
    """The generator's loss as a mean under p and q on the grid."""
    by_point = torch.func.vmap(lambda real, fake: theory.loss(theory.first, real, fake))
    zero = torch.full_like(scores, theory.first.c)
    return float(
        p @ by_point(scores.unsqueeze(1), zero.unsqueeze(1)) + q @ by_point(zero.unsqueeze(1), scores.unsqueeze(1))
    )


def push(objective: Objective, score: float) -> float:
    """How strongly the generator's loss pushes a sample with this score."""
    at = torch.tensor([score], dtype=torch.float64)
    return abs(float(torch.func.grad(lambda one: objective.generator(one, one))(at)))


def push_at_best(objective: Objective, x: float) -> float:
    """The same on a sample at x, through the best critic between data N(0, 1) and samples N(2, 1)."""

    def loss(at: Tensor) -> Tensor:
        logit = (at - SHIFT).square() / 2 - at.square() / 2
        best = logit
        if isinstance(objective, LeastSquares):
            best = objective.a + (objective.b - objective.a) * torch.sigmoid(logit)
        return objective.generator(best, best)

    return abs(float(torch.func.grad(loss)(torch.tensor([x], dtype=torch.float64))))


def experiment(theory: Theory, trial: Trial) -> Result:
    """Losses at critics found by minimizing against divergences; slopes against slopes; pushes far away."""
    found = on_finite_laws(theory, trial)
    _, p, q, critics = trained(trial)
    between = float(theory.divergence(p, q))
    missed = torch.tensor([0.999, 0.001], dtype=torch.float64), torch.full((2,), 0.5, dtype=torch.float64)
    squares, logistic = LeastSquares.pearson(), NonSaturating()
    checks = (
        equal("first scheme: loss at the best critic - divergence, greatest", furthest(found["first"]), 0),
        equal("second scheme: loss - (½ + ¼ divergence), greatest", furthest(found["second"]), 0),
        on_every_seed(
            "|loss at a trained critic - divergence| of two normals",
            [abs(loss_on_grid(theory, p, q, scores) - between) for scores in critics],
            "≤",
            0.05,
        ),
        equal("first scheme: slope with the critic fixed - that of 2 KL(p‖m) - Δ/2", greatest(found["slope 0"]), 0),
        equal("second scheme: the same - that of KL(p‖m) - Δ/8", greatest(found["slope 1"]), 0),
        at_least("KL(p‖m) - Δ/8, least of all pairs", least(found["lowest"]), 0, within=1e-12),
        at_most(
            "2 KL(p‖m) - Δ/2 where the model lacks one of two modes",
            float(descent(theory.descended[0], missed[1], missed[0])),
            -0.04,
        ),
        at_least("push of least squares on a sample with score 10", push(squares, 10), 1),
        at_most("push of -log D there", push(logistic, 10), 1e-4),
        at_most("push of least squares at x = 10, through its best critic", push_at_best(squares, 10), 1e-4),
        at_least("push of -log D there, through its own", push_at_best(logistic, 10), 1),
    )
    return Result(checks, _series(theory))


def _series(theory: Theory) -> dict[str, Any]:
    """Loss by the distance of two normals, what is descended by the share of a mode, and pushes by the score."""
    x = torch.linspace(-10, 14, 1201, dtype=torch.float64)
    shifts = np.linspace(0, 4, 41)
    laws = [(torch.softmax(-x.square() / 2, 0), torch.softmax(-(x - float(one)).square() / 2, 0)) for one in shifts]
    critics = [(p - q) / (p + q) for p, q in laws]
    shares = np.linspace(0.002, 0.998, 101)
    even = torch.full((2,), 0.5, dtype=torch.float64)
    models = [torch.tensor([1 - one, one], dtype=torch.float64) for one in shares]
    scores = np.linspace(-8, 8, 81)
    return {
        "shift": shifts,
        "divergence": [float(theory.divergence(p, q)) for p, q in laws],
        "loss": [loss_on_grid(theory, p, q, one) for (p, q), one in zip(laws, critics, strict=True)],
        "one term": [
            loss_on_grid(replace(theory, loss=one_term), *pair, one) for pair, one in zip(laws, critics, strict=True)
        ],
        "share": shares,
        "descended": [[float(descent(one, even, q)) for q in models] for one in theory.descended],
        "score": scores,
        "push": [[push(one, float(s)) for s in scores] for one in (LeastSquares.pearson(), NonSaturating())],
    }


def draw(figure: "Figure", series: dict[str, Any]) -> None:
    """The loss on the divergence, what the loss that is run descends, and pushes."""
    first, second, third = panels(figure, 3)
    first.plot(series["shift"], series["divergence"], color=DATA, label="Δ(p, q)")
    first.plot(series["shift"][::2], series["loss"][::2], "o", ms=3.5, color=SOFT, label="two-term loss")
    first.plot(series["shift"], series["one term"], color=MADE, label="one-term loss")
    first.set(xlabel="distance of the means", ylim=(0, 2.3), title="Two terms are Δ, one is not")
    first.legend(loc="upper left")
    for curve, color, label in zip(
        series["descended"], (MADE, THIRD), ("a = -1, b = 1, c = 0", "a = 0, b = c = 1"), strict=True
    ):
        second.plot(series["share"], curve, color=color, label=label)
    second.axhline(0, color=SOFT, lw=0.8)
    second.axvline(0.5, ymax=0.7, color=SOFT, lw=0.8, ls=":")
    second.set(
        xlabel="share of the second mode in the model (data: ½)",
        ylabel="what is descended",
        ylim=(-0.06, 0.11),
        title="The first scheme gains by losing a mode",
    )
    second.legend(loc="upper center")
    for curve, color, label in zip(series["push"], (MADE, DATA), ("least squares, c = 0", "-log D"), strict=True):
        third.plot(series["score"], curve, color=color, label=label)
    third.set(xlabel="score of a sample", ylabel="push", ylim=(0, 8), title="Far scores are still pushed")
    third.legend(loc="upper center")


CLAIM = Claim(
    slug="least-squares",
    title="Least squares: the loss of the theorem is a divergence, the loss that is run follows another function",
    statement=r"""
The critic regresses data to $b$ and samples to $a$; the generator pulls scores to $c$. At the best critic the sum of
$(D - c)^2$ over data and over samples is, for $b - c = 1$ and $b - a = 2$, the triangular discrimination $\Delta$:
Pearson's divergence of $2q$ from $p + q$, not of $q$ from $p$. (The paper writes the law that is divided by first; here
it stands second, as in every other section.) With $a = 0$ and $b = c = 1$ it is $\frac12 + \frac14 \Delta$.

The term over data does not move the generator, so nobody runs it; without it the loss is no longer $\Delta$. And no
generator descends the loss's value at the best critic: it descends at a critic that stays as it is. The slope it
follows belongs to another function. In the second scheme that is $\mathrm{KL}(p \| m) - \frac18 \Delta$ with
$m = (p + q)/2$, again a divergence. In the first it is $2\,\mathrm{KL}(p \| m) - \frac12 \Delta$, which is none: with
two even modes it is greatest where the model has both, and least where it has lost one, since samples in the lost mode
would score $b$, not $c$.

Far from the boundary the push on a sample grows with its score, while that of $-\log D$ dies out on the side of the
data. This holds for scores that grow with the distance, as those of a linear critic do. The best critic of least
squares is bounded, and through it the push on a far sample vanishes on either side.
""",
    formulas=(
        r"2\,C = \int \frac{(p - q)^2}{p + q}\, dx = \Delta(p, q) = \chi^2_{\mathrm{Pearson}}(2q \,\|\, p + q)"
        r" \quad \text{for } b - c = 1,\ b - a = 2",
        r"2\,C = \tfrac12 + \tfrac14 \Delta(p, q) \quad \text{for } a = 0,\ b = c = 1",
        r"\nabla\, \tfrac12 \mathbb{E}_q (D^* - c)^2 \big|_{D^*\,\mathrm{fixed}}"
        r" = \nabla \left[ \mathrm{KL}(p \| m) - \tfrac18 \Delta(p, q) \right] \quad \text{for } a = 0,\ b = c = 1",
    ),
    reference="Mao et al. 2017, Least Squares Generative Adversarial Networks, section 3.2, figure 1, arXiv 1611.04076",
    experiment=experiment,
    variant=TRUE,
    controls=(
        Control(
            "one-term",
            "The loss that is run, without the term over data, is the triangular discrimination.",
            replace(TRUE, loss=one_term),
            r"\mathbb{E}_q (D^* - c)^2 = \Delta(p, q)",
        ),
        Control(
            "pearson",
            "The loss is Pearson's divergence between data and model.",
            replace(TRUE, divergence=lambda p, q: f_divergence(p, q, "pearson")),
            r"2\,C = \int \frac{(p - q)^2}{q}\, dx",
            misprint=True,
        ),
        Control(
            "targets",
            "It is the triangular discrimination also where b - a = 1.",
            replace(TRUE, first=LeastSquares(a=0.0, b=1.0, c=0.0)),
            r"2\,C = \Delta(p, q) \quad \text{for } b - c = 1,\ b - a = 1",
        ),
        Control(
            "share", "The second scheme is ½ + ½ of it.", replace(TRUE, share=0.5), r"2\,C = \tfrac12 + \tfrac12 \Delta"
        ),
        Control(
            "descends-its-value",
            "With the critic fixed, the generator descends the divergence itself: Δ/2 in the first scheme.",
            replace(TRUE, descended=((0, 1 / 2), (1, -1 / 8))),
            r"\nabla\, \tfrac12 \mathbb{E}_q (D^* - c)^2 \big|_{D^*\,\mathrm{fixed}} = \nabla\, \tfrac12 \Delta(p, q)",
        ),
    ),
    draw=draw,
    size=(10.2, 3.2),
)
